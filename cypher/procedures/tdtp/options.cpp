#include "cypher/procedures/tdtp/options.hpp"

namespace packhouse::cypher {

ProcedureOptions::ProcedureOptions(std::string_view procedure, const Value& map) : procedure_(procedure) {
  if (map.is(Kind::map)) entries_ = map.as_map();
}

void ProcedureOptions::refuse(std::string_view name, std::string_view expected) const {
  throw QueryError(Status::argument_error,
                   procedure_ + ": the option '" + std::string(name) + "' must be " + std::string(expected));
}

const Value* ProcedureOptions::any(std::string_view name) {
  asked_.emplace(name);
  const Value* v = find(entries_, name);
  return v && v->is_null() ? nullptr : v;
}

bool ProcedureOptions::flag(std::string_view name, bool otherwise) {
  const Value* v = any(name);
  if (!v) return otherwise;
  if (!v->is(Kind::boolean)) refuse(name, "true or false");
  return v->as_boolean();
}

std::optional<std::int64_t> ProcedureOptions::count(std::string_view name) {
  const Value* v = any(name);
  if (!v) return std::nullopt;
  if (!v->is(Kind::integer) || v->as_integer() < 0) refuse(name, "an integer from 0 on");
  return v->as_integer();
}

std::optional<std::string> ProcedureOptions::text(std::string_view name) {
  const Value* v = any(name);
  if (!v) return std::nullopt;
  if (!v->is(Kind::string)) refuse(name, "a string");
  return std::string(v->as_string());
}

std::vector<std::string> ProcedureOptions::texts(std::string_view name) {
  std::vector<std::string> out;
  const Value* v = any(name);
  if (!v) return out;
  if (!v->is(Kind::list)) refuse(name, "a list of strings");
  for (const Value& item : v->as_list()) {
    if (!item.is(Kind::string)) refuse(name, "a list of strings");
    out.emplace_back(item.as_string());
  }
  return out;
}

void ProcedureOptions::done() const {
  for (const auto& [key, value] : entries_) {
    if (asked_.contains(key)) continue;
    std::string known;
    for (const auto& name : asked_) known += (known.empty() ? "" : ", ") + name;
    throw QueryError(Status::argument_error,
                     procedure_ + ": there is no option '" + std::string(key) + "'; it knows " + known);
  }
}

tdtp::tdtql::Query row_query(ProcedureOptions& options, std::optional<std::string_view> where) {
  namespace tdtql = tdtp::tdtql;
  const auto refuse = [](const Error& e, std::string_view what) {
    std::string message = "invalid " + std::string(what) + ": " + e.message();
    if (e.position()) message += " (character " + std::to_string(e.position()->column) + ")";
    throw QueryError(Status::argument_error, std::move(message));
  };
  tdtql::Query query;
  const std::string text = where ? std::string(*where) : options.text("where").value_or("");
  if (!text.empty()) {
    auto parsed = tdtql::parse(text);
    if (!parsed) refuse(parsed.error(), "WHERE clause");
    query = std::move(*parsed);
  }
  if (const auto order = options.text("orderBy")) {
    auto parsed = tdtql::parse_order(*order);
    if (!parsed) refuse(parsed.error(), "ORDER BY clause");
    query.order = std::move(*parsed);
  }
  if (const auto limit = options.count("limit")) query.limit = limit;
  if (const auto offset = options.count("offset")) query.offset = offset;
  return query;
}

CellOptions cell_options(ProcedureOptions& options) {
  CellOptions out;
  out.typed = options.flag("typed", true);
  out.exact_decimal = options.flag("exactDecimal", false);
  out.empty_is_null = options.flag("emptyAsNull", false);
  return out;
}

tdtp::ExportOptions export_options(ProcedureOptions& options) {
  tdtp::ExportOptions out;
  out.follow_links = false;  // what is reached must lie in the import folder
  out.compress = options.flag("compress", false);
  out.checksum = options.flag("checksum", true);
  if (const auto level = options.count("level")) {
    if (*level < 1 || *level > 22) options.refuse("level", "an integer from 1 to 22");
    out.level = *level;
  }
  if (const auto bytes = options.count("partBytes")) {
    constexpr auto most = static_cast<std::int64_t>(tdtp::Limits{}.decompressed_bytes);  // a part is made in memory
    if (*bytes == 0 || *bytes > most) options.refuse("partBytes", "an integer from 1 to " + std::to_string(most));
    out.part_bytes = static_cast<std::size_t>(*bytes);
  }
  return out;
}

}  // namespace packhouse::cypher
