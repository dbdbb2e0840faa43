#include "protocol/failure.hpp"

#include <utility>

#include "packstream/writer.hpp"
#include "protocol/chunking.hpp"

namespace packhouse::protocol {
namespace {

using packstream::Writer;

constexpr int deepest_cause = 8;
constexpr std::string_view unclassified = "50N42";

std::string_view classification(std::string_view code) {
  if (code.starts_with("Neo.ClientError.")) return "CLIENT_ERROR";
  if (code.starts_with("Neo.TransientError.")) return "TRANSIENT_ERROR";
  return "DATABASE_ERROR";
}

/// The finer status behind a status that was not refined where the error happened (BOLT.md section 8); empty: none.
std::string_view usual_cause(const Error& e) {
  if (e.cause() || e.gql_status() != default_gql_status(e.status())) return {};
  switch (e.status()) {
    case Status::parameter_missing: return "42N81";
    case Status::procedure_not_found: return "42N08";
    case Status::access_mode: return "42N02";
    case Status::database_not_found: return "42N00";
    case Status::type_error: return "22N01";
    case Status::semantic_error: return "22N31";
    case Status::index_drop_failed: return "22N69";
    case Status::constraint_drop_failed: return "22N64";
    default: return {};
  }
}

/// Messages may draw the place of the error on further lines; a description is one line.
std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

void write_position(Writer& w, const Position& p) {
  w.write_map_header(3);
  w.write_string("offset"), w.write_integer(p.offset);
  w.write_string("line"), w.write_integer(p.line);
  w.write_string("column"), w.write_integer(p.column);
}

bool has_diagnostic_record(const Error& e) {
  return e.gql_status() != unclassified || e.position();
}

/// Only what differs from the defaults.
void write_diagnostic_record(Writer& w, const Error& e) {
  const bool classified = e.gql_status() != unclassified;
  w.write_string("diagnostic_record");
  w.write_map_header((classified ? 1u : 0u) + (e.position() ? 1u : 0u));
  if (classified) w.write_string("_classification"), w.write_string(classification(e.code()));
  if (e.position()) w.write_string("_position"), write_position(w, *e.position());
}

void write_gql(Writer& w, const Error& e, int depth) {
  if (const std::string_view finer = depth == 0 ? usual_cause(e) : std::string_view(); !finer.empty()) {
    return write_gql(w, Error(e).with_gql(e.gql_status()).caused_by(Error(e.status(), e.message()).with_gql(finer)), depth);
  }
  const bool top = depth == 0;
  const Error* const cause = depth < deepest_cause ? e.cause() : nullptr;
  const bool record = has_diagnostic_record(e);
  w.write_map_header((top ? 4u : 3u) + (record ? 1u : 0u) + (cause ? 1u : 0u));
  if (top) w.write_string("neo4j_code"), w.write_string(e.code());
  w.write_string("message");
  if (top) {
    w.write_string(e.message());
  } else {
    std::string text(e.gql_status());
    if (!e.message().empty()) text.append(": ").append(e.message());
    w.write_string(text);
  }
  w.write_string("gql_status"), w.write_string(e.gql_status());
  // What a cause says in detail need not be said twice.
  w.write_string("description"), w.write_string(gql_description(e.gql_status(), cause ? "" : first_line(e.message())));
  if (record) write_diagnostic_record(w, e);
  if (cause) w.write_string("cause"), write_gql(w, *cause, depth + 1);
}

Error cause(std::string_view gql, std::string text = {}) {
  return Error(Status::request_invalid, std::move(text)).with_gql(gql);
}

std::string quoted(std::string_view s) {
  return '`' + std::string(s) + '`';
}

}  // namespace

void write_failure(Buffer& out, const Error& error, const Features& features) {
  ChunkFrame frame(out);
  Writer w(out);
  w.write_structure_header(static_cast<std::uint8_t>(Answer::failure), 1);
  if (features.has(Feature::gql_failures)) {
    write_gql(w, error, 0);
  } else {
    w.write_map_header(2);
    w.write_string("code"), w.write_string(error.code());
    w.write_string("message"), w.write_string(error.message());
  }
  frame.close();
}

Error wrong_state(std::string_view message, std::string_view state) {
  std::string text =
      "Message " + quoted(message) + " cannot be handled by a session in the " + quoted(state) + " state.";
  return Error(Status::request_invalid, text).with_gql("08N06").caused_by(cause("08N10", text));
}

Error unknown_message(std::uint8_t tag, Version version) {
  std::string text = "Bolt " + to_string(version) + " has no message with the tag " + std::to_string(tag);
  return Error(Status::request_invalid, text).with_gql("08N06").caused_by(cause("22N97", text));
}

Error unknown_result(std::int64_t qid) {
  std::string text = qid == -1 ? std::string("there is no open result to PULL or DISCARD")
                               : "no open result has the qid " + std::to_string(qid);
  return Error(Status::request_invalid_format, std::move(text)).with_gql("08N06").caused_by(cause("22004"));
}

Error wrong_type(std::string_view what, std::string_view expected, std::string_view found) {
  std::string text = std::string(what) + " must be " + std::string(expected) + ", but is " + std::string(found);
  Error inner = cause("22G03").caused_by(cause("22N01", text));
  return Error(Status::request_invalid, std::move(text)).with_gql("08N06").caused_by(std::move(inner));
}

Error missing_key(std::string_view key, std::string_view message) {
  std::string text = "the mandatory key " + quoted(key) + " of " + std::string(message) + " is missing";
  Error inner = cause("22N05", text).caused_by(cause("22004"));
  return Error(Status::request_invalid, std::move(text)).with_gql("08N06").caused_by(std::move(inner));
}

Error bad_value(std::string_view what, std::string_view found, std::string_view expected) {
  std::string text = std::string(what) + " must be " + std::string(expected) + ", but is " + std::string(found);
  return Error(Status::request_invalid, text).with_gql("08N06").caused_by(cause("22N05", text));
}

Error wrong_field_count(std::string_view message, std::size_t expected, std::size_t found) {
  std::string text = std::string(message) + " has " + std::to_string(expected) +
                     " fields in this version of Bolt, but came with " + std::to_string(found);
  return Error(Status::request_invalid_format, text).with_gql("08N11").caused_by(cause("22N57", text));
}

Error message_too_large(std::size_t limit) {
  return Error(Status::request_invalid, "the message is larger than the limit of " + std::to_string(limit) + " bytes")
      .with_gql("22N56");
}

}  // namespace packhouse::protocol
