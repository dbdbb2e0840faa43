#include <doctest/doctest.h>

#include "packstream/decode.hpp"
#include "protocol/failure.hpp"
#include "tests/protocol/peer.hpp"
#include "value/value.hpp"

using namespace packhouse;
using namespace packhouse::tests;

namespace {

/// The map of a FAILURE.
struct Failure {
  explicit Failure(const Error& e, Version v = {5, 8}) {
    Buffer out;
    write_failure(out, e, features_of(v));
    Dechunker in;
    in.feed(out, 1 << 20);
    REQUIRE(in.size() == 1);
    message = in.pop();
    REQUIRE(message->bytes[1] == std::byte{0x7F});
    const auto v_ = packstream::decode_value(message->bytes.view().subspan(2), message->arena);
    REQUIRE(v_);
    map = *v_;
  }
  std::string text(std::string_view key) const { return std::string(text_of(map, key).value_or("(absent)")); }
  MessagePtr message;
  Value map;
};

std::string text(const Value& map, std::string_view key) {
  return std::string(text_of(map, key).value_or("(absent)"));
}

/// "08N06 > 22N05 > 22004"
std::string chain(const Error& e) {
  return std::string(e.gql_status()) + (e.cause() ? " > " + chain(*e.cause()) : std::string());
}

}  // namespace

TEST_CASE("FAILURE in bytes, before 5.7") {
  Buffer out;
  write_failure(out, Error(Status::syntax_error, "no").with_gql("42001").at({1, 1, 2}), features_of({5, 6}));
  CHECK(hex(out.view()) ==
        "00 3A B1 7F A2 84 63 6F 64 65 D0 25 4E 65 6F 2E 43 6C 69 65 6E 74 45 72 72 6F 72 2E 53 74 61 74 65 6D 65 6E "
        "74 2E 53 79 "
        "6E 74 61 78 45 72 72 6F 72 87 6D 65 73 73 61 67 65 82 6E 6F 00 00");
}

TEST_CASE("FAILURE from 5.7 on carries status, description, record and causes") {
  Error e = Error(Status::syntax_error, "Invalid input 'RETRUN'\n\"RETRUN 1\"\n ^")
                .with_gql("42001")
                .at({0, 1, 1})
                .caused_by(Error(Status::syntax_error, "Invalid input 'RETRUN', expected: 'RETURN'.")
                               .with_gql("42I06")
                               .at({0, 1, 1}));
  const Failure f(e);
  CHECK(f.map.as_map().size() == 6);
  CHECK(f.text("code") == "(absent)");
  CHECK(f.text("neo4j_code") == "Neo.ClientError.Statement.SyntaxError");
  CHECK(f.text("gql_status") == "42001");
  CHECK(f.text("message") == "Invalid input 'RETRUN'\n\"RETRUN 1\"\n ^");
  CHECK(f.text("description") == "error: syntax error or access rule violation - invalid syntax");
  const Value record = *find(f.map.as_map(), "diagnostic_record");
  CHECK(record.as_map().size() == 2);
  CHECK(text(record, "_classification") == "CLIENT_ERROR");
  const Value position = *find(record.as_map(), "_position");
  CHECK(find(position.as_map(), "offset")->as_integer() == 0);
  CHECK(find(position.as_map(), "line")->as_integer() == 1);
  CHECK(find(position.as_map(), "column")->as_integer() == 1);
  const Value cause = *find(f.map.as_map(), "cause");
  CHECK(cause.as_map().size() == 4);  // no neo4j_code, no cause
  CHECK(text(cause, "message") == "42I06: Invalid input 'RETRUN', expected: 'RETURN'.");
  CHECK(text(cause, "description") ==
        "error: syntax error or access rule violation - invalid input. Invalid input 'RETRUN', expected: 'RETURN'.");
}

TEST_CASE("the catch-all has no record, a cause without words is its status alone") {
  const Failure f(Error(Status::internal, "boom").with_gql("50N42"));
  CHECK(f.map.as_map().size() == 4);
  CHECK(f.text("description") == "error: general processing exception - unexpected error. boom");
  const Failure g(unknown_result(7));
  CHECK(text(*find(g.map.as_map(), "cause"), "message") == "22004");
  CHECK(text(*find(g.map.as_map(), "cause"), "description") == "error: data exception - null value not allowed");
}

TEST_CASE("classification follows the code") {
  const std::pair<Status, const char*> cases[] = {{Status::deadlock, "TRANSIENT_ERROR"},
                                                  {Status::type_error, "CLIENT_ERROR"},
                                                  {Status::index_drop_failed, "DATABASE_ERROR"}};
  for (const auto& [status, expected] : cases) {
    const Failure f(Error(status, "x"));
    CHECK(text(*find(f.map.as_map(), "diagnostic_record"), "_classification") == expected);
  }
}

TEST_CASE("a chain of causes without end is cut") {
  Error e(Status::internal, "bottom");
  for (int i = 0; i < 100; ++i) e = Error(Status::internal, "up").caused_by(std::move(e));
  CHECK(Failure(e).text("message") == "up");
}

TEST_CASE("the protocol's own errors") {
  const std::tuple<Error, const char*, const char*> cases[] = {
      {wrong_state("RUN", "STREAMING"), "Neo.ClientError.Request.Invalid", "08N06 > 08N10"},
      {unknown_message(0x0E, {5, 4}), "Neo.ClientError.Request.Invalid", "08N06 > 22N97"},
      {unknown_result(3), "Neo.ClientError.Request.InvalidFormat", "08N06 > 22004"},
      {wrong_type("`n` of PULL", "an integer", "of type STRING"), "Neo.ClientError.Request.Invalid",
       "08N06 > 22G03 > 22N01"},
      {wrong_field_count("RUN", 3, 2), "Neo.ClientError.Request.InvalidFormat", "08N11 > 22N57"},
      {missing_key("user_agent", "HELLO"), "Neo.ClientError.Request.Invalid", "08N06 > 22N05 > 22004"},
      {bad_value("`mode` of BEGIN", "\"x\"", "\"r\" or \"w\""), "Neo.ClientError.Request.Invalid", "08N06 > 22N05"},
      {message_too_large(8192), "Neo.ClientError.Request.Invalid", "22N56"},
  };
  for (const auto& [error, code, statuses] : cases) {
    CHECK(error.code() == code);
    CHECK(chain(error) == statuses);
    CHECK_FALSE(error.message().empty());
  }
}

TEST_CASE("every status in use has a condition and, but for the general ones, a subcondition") {
  for (int i = 0; i < static_cast<int>(Status::count_); ++i) {
    const std::string_view status = default_gql_status(static_cast<Status>(i));
    CAPTURE(std::string(status));
    const std::string condition = gql_condition(status);
    CHECK((status.ends_with("000") || condition.find(" - ") != std::string::npos));
  }
  const std::pair<const char*, const char*> cases[] = {
      {"22012", "data exception - division by zero"},
      {"22000", "data exception"},
      {"G1001", "dependent object error - edges still exist"},
      {"08N06", "connection exception - protocol error"},
      {"51N30", "system configuration or operation exception - not supported with this configuration"},
      {"42ZZZ", "syntax error or access rule violation"},
      {"ZZZZZ", "general processing exception"},
      {"", "general processing exception"},
  };
  for (const auto& [status, condition] : cases) CHECK(gql_condition(status) == condition);
}
