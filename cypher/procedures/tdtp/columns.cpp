#include "cypher/procedures/tdtp/columns.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "base/ascii.hpp"
#include "base/ascii_upper.hpp"
#include "cypher/exec/expressions/entity.hpp"

namespace packhouse::cypher {
namespace {

/// Names in the order they are met, with what their values are.
class Guesses {
 public:
  void see(std::string_view name, const Value& v) { guess(name).see(v); }
  TypeGuess& guess(std::string_view name) {
    if (const auto at = by_name_.find(name); at != by_name_.end()) return guesses_[at->second].second;
    by_name_.emplace(name, guesses_.size());
    return guesses_.emplace_back(name, TypeGuess{}).second;
  }
  tdtp::Schema schema() const {
    tdtp::Schema out;
    for (const auto& [name, guess] : guesses_) out.fields.push_back(field(name, guess));
    return out;
  }
  void fill(tdtp::Field& f) {
    if (f.type.empty()) f.type = tdtp::type_name(guess(f.name).type());
  }

 private:
  static tdtp::Field field(const std::string& name, const TypeGuess& guess) {
    tdtp::Field f;
    f.name = name;
    f.type = tdtp::type_name(guess.type());
    return f;
  }
  std::map<std::string, std::size_t, std::less<>> by_name_;
  std::vector<std::pair<std::string, TypeGuess>> guesses_;
};

void mark_keys(tdtp::Schema& schema, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    const auto at = schema.find(key);
    if (!at) throw QueryError(Status::argument_error, "There is no column '" + key + "' that could be a key");
    schema.fields[*at].key = true;
  }
}

/// The properties that a constraint makes the key of a label.
std::vector<std::string> constrained_keys(ExecContext& c, LabelId label) {
  const storage::Constraint* found = nullptr;
  for (const auto& constraint : c.tx.schema().constraints) {
    if (constraint.entity != storage::EntityType::node || constraint.token != raw(label) || !constraint.index) continue;
    if (!found || constraint.type == storage::ConstraintType::key) found = &constraint;
  }
  std::vector<std::string> out;
  if (!found) return out;
  for (const KeyId key : found->keys) out.emplace_back(c.store.name(key));
  return out;
}

[[noreturn]] void wrong_field(std::string_view procedure, const std::string& why) {
  throw QueryError(Status::argument_error,
                   std::string(procedure) + ": a field must be a name or a map with a name" + why);
}

tdtp::Field field_of(std::string_view procedure, const Value& v) {
  tdtp::Field f;
  if (v.is(Kind::string)) {
    f.name = v.as_string();
    return f;
  }
  if (!v.is(Kind::map)) wrong_field(procedure, ", got " + std::string(type_name(v.kind())));
  for (const auto& [key, value] : v.as_map()) {
    const auto number = [&](std::string_view name, std::int64_t& to) {
      return key == name && value.is(Kind::integer) && value.as_integer() >= 0 ? to = value.as_integer(), true : false;
    };
    const auto text = [&](std::string_view name, std::string& to) {
      return key == name && value.is(Kind::string) ? to = value.as_string(), true : false;
    };
    const auto flag = [&](std::string_view name, bool& to) {
      return key == name && value.is(Kind::boolean) ? to = value.as_boolean(), true : false;
    };
    const bool known = text("name", f.name) || text("type", f.type) || text("timezone", f.timezone) ||
                       text("subtype", f.subtype) || flag("key", f.key) || flag("readonly", f.readonly) ||
                       number("length", f.length) || number("precision", f.precision) || number("scale", f.scale);
    if (!known && !value.is_null())
      wrong_field(procedure, ": '" + std::string(key) + "' is unknown, or its value of a wrong kind");
  }
  if (f.name.empty()) wrong_field(procedure, "");
  f.type = ascii_upper(f.type);
  return f;
}

tdtp::Schema checked(tdtp::Schema schema) {
  or_throw(schema.check());
  return schema;
}

/// Whether values have to be looked at to know the columns.
bool has_open_types(const tdtp::Schema& schema) {
  return schema.fields.empty() || std::ranges::any_of(schema.fields, [](const auto& f) { return f.type.empty(); });
}

}  // namespace

tdtp::Schema given_columns(std::string_view procedure, const Value& fields) {
  tdtp::Schema out;
  if (fields.is_null()) return out;
  if (!fields.is(Kind::list)) {
    throw QueryError(Status::argument_error, std::string(procedure) + ": expected a list of fields, or null");
  }
  for (const Value& f : fields.as_list()) out.fields.push_back(field_of(procedure, f));
  return out;
}

tdtp::Schema columns_of_label(ExecContext& c, LabelId label, tdtp::Schema given, std::vector<std::string> keys) {
  Guesses guesses;
  const bool open = given.fields.empty();
  if (has_open_types(given)) {
    std::array<NodeId, 256> ids;
    std::vector<LabelId> labels;
    std::vector<std::pair<KeyId, Value>> properties;
    Arena scratch;
    const auto cursor = or_throw(c.tx.scan_label(label));
    while (const std::size_t n = or_throw(cursor->next(ids))) {
      c.check();
      for (std::size_t i = 0; i < n; ++i) {
        scratch.reset();
        or_throw(node_view(c, ids[i]).contents(labels, properties, scratch));
        for (const auto& [key, value] : properties) {
          const std::string_view name = c.store.name(key);
          if (open || given.find(name)) guesses.see(name, value);
        }
      }
    }
  }
  tdtp::Schema schema = open ? guesses.schema() : std::move(given);
  for (tdtp::Field& f : schema.fields) guesses.fill(f);
  if (keys.empty() && std::ranges::none_of(schema.fields, &tdtp::Field::key)) {
    keys = constrained_keys(c, label);
    std::erase_if(keys, [&](const std::string& k) { return !schema.find(k); });
  }
  mark_keys(schema, keys);
  return checked(std::move(schema));
}

QueryColumns columns_of_query(ExecContext& c, std::string_view procedure, NestedQuery& query, tdtp::Schema given,
                              const std::vector<std::string>& keys) {
  const auto& names = query.columns();
  if (names.empty()) throw QueryError(Status::argument_error, std::string(procedure) + ": the query returns nothing");
  const bool open = given.fields.empty(), lone = names.size() == 1 && !given.find(names[0]);
  QueryColumns out;
  out.of_one = lone && !open;
  Guesses guesses;
  for (std::size_t i = 0; i < names.size() && open && !lone; ++i) guesses.guess(names[i]);
  Arena scratch;
  while (has_open_types(given)) {
    const auto state = query.advance();
    if (state == NestedQuery::State::done) break;
    if (state == NestedQuery::State::paused) continue;
    for (RowIndex i = 0; i < query.rows(); ++i) {
      const Value& first = query.value(0, i);
      if (lone && first.is_null()) continue;  // says nothing, neither of a row's fields nor of a value's type
      const bool of_rows = first.is(Kind::map) || first.is(Kind::node) || first.is(Kind::relationship);
      if (lone && of_rows) {
        scratch.reset();
        out.of_one = true;
        for (const auto& [key, value] : properties_of(c, first, scratch).as_map()) guesses.see(key, value);
        continue;
      }
      for (std::size_t column = 0; column < names.size(); ++column) guesses.see(names[column], query.value(column, i));
    }
  }
  if (open && lone && !out.of_one) guesses.guess(names[0]);
  out.schema = open ? guesses.schema() : std::move(given);
  for (tdtp::Field& f : out.schema.fields) {
    if (!out.of_one && std::ranges::find(names, f.name) == names.end()) {
      throw QueryError(Status::argument_error,
                       std::string(procedure) + ": the query returns no column '" + f.name + "'");
    }
    guesses.fill(f);
  }
  mark_keys(out.schema, keys);
  out.schema = checked(std::move(out.schema));
  return out;
}

tdtp::Schema columns_of_list(ExecContext& c, std::string_view procedure, std::span<const Value> rows,
                             const Value& fields, const std::vector<std::string>& keys) {
  tdtp::Schema schema = given_columns(procedure, fields);
  const bool open = schema.fields.empty();
  Guesses guesses;
  Arena scratch;
  for (const Value& row : rows) {
    scratch.reset();
    if (row.is(Kind::list)) {
      if (open) throw QueryError(Status::argument_error, std::string(procedure) + ": rows that are lists need fields");
      for (std::size_t i = 0; i < std::min(row.as_list().size(), schema.fields.size()); ++i)
        guesses.see(schema.fields[i].name, row.as_list()[i]);
      continue;
    }
    const Value map = properties_of(c, row, scratch);
    if (!map.is(Kind::map)) throw QueryError(Status::argument_error, std::string(procedure) + ": a row is null");
    for (const auto& [key, value] : map.as_map()) guesses.see(key, value);
  }
  if (open) schema = guesses.schema();
  for (tdtp::Field& f : schema.fields) guesses.fill(f);
  mark_keys(schema, keys);
  return checked(std::move(schema));
}

}  // namespace packhouse::cypher
