#include "tdtp/processors/validator.hpp"

#include "tdtp/processors/rules.hpp"

namespace packhouse::tdtp {

namespace {

using Kind = json::Node::Kind;

/// A rule and the message that replaces its own, if any.
struct Check {
  std::unique_ptr<Rule> rule;
  std::string message;
};

/// Checks the cells of some columns.
class Validator : public Processor {
 public:
  std::vector<std::pair<std::string, std::vector<Check>>> fields;
  bool stop_at_first = false;

  std::string_view name() const override { return "field_validator"; }

  Result<void> process(Packet& packet, std::uint64_t first_row) const override {
    std::vector<std::size_t> columns;
    for (const auto& [field, checks] : fields) {
      PACKHOUSE_TRY(const std::size_t column, processed_column(packet.schema, field));
      columns.push_back(column);
    }
    std::string faults;
    std::size_t count = 0;
    for (std::size_t i = 0; i < packet.rows.size(); ++i) {
      count += check_row(packet.rows[i], first_row + i + 1, columns, faults);
      if (count > 0 && stop_at_first) return fail(Status::argument_error, "validation failed: " + faults.substr(3));
    }
    if (count == 0) return ok;
    return fail(Status::argument_error, "validation failed with " + std::to_string(count) + " errors:" + faults);
  }

 private:
  /// Appends "\n- row R, field 'F': …" for every fault, at most one if the first one ends it.
  std::size_t check_row(Rows::Row row, std::uint64_t number, const std::vector<std::size_t>& columns,
                        std::string& out) const {
    std::size_t count = 0;
    for (std::size_t f = 0; f < fields.size(); ++f) {
      if (columns[f] >= row.size()) continue;
      for (const Check& check : fields[f].second) {
        const auto fault = check.rule->fault(row[columns[f]]);
        if (!fault) continue;
        out += "\n- row " + std::to_string(number) + ", field '" + fields[f].first + "': ";
        out += check.message.empty() ? *fault : check.message;
        if (++count > 0 && stop_at_first) return count;
      }
    }
    return count;
  }
};

Result<Check> read_rule(const std::string& field, std::string_view text, std::string message) {
  auto rule = make_rule(text);
  if (rule) return Check{std::move(*rule), std::move(message)};
  Error e = std::move(rule).error();
  if (e.message().starts_with("invalid regex")) return tl::make_unexpected(std::move(e));
  return tl::make_unexpected(std::move(e).in("invalid rule for field '" + field + "': "));
}

Result<Check> read_rule_map(const std::string& field, const json::Node& node) {
  const json::Node* type = node.find("type");
  if (type == nullptr || !type->is(Kind::string)) {
    return fail(Status::argument_error, "invalid rule for field '" + field + "': missing 'type' in rule map");
  }
  const json::Node* message = node.find("error");
  return read_rule(field, type->text, message != nullptr && message->is(Kind::string) ? message->text : "");
}

Result<std::vector<Check>> read_rules(const std::string& field, const json::Node& node) {
  std::vector<Check> out;
  const auto add = [&](Result<Check> check) -> Result<void> {
    PACKHOUSE_TRY(Check c, std::move(check));
    out.push_back(std::move(c));
    return ok;
  };
  if (node.is(Kind::string)) {
    PACKHOUSE_CHECK(add(read_rule(field, node.text, "")));
  } else if (node.is(Kind::object)) {
    PACKHOUSE_CHECK(add(read_rule_map(field, node)));
  } else if (node.is(Kind::array)) {
    for (const json::Node& one : node.elements) {
      if (one.is(Kind::string)) {
        PACKHOUSE_CHECK(add(read_rule(field, one.text, "")));
      } else if (one.is(Kind::object)) {
        PACKHOUSE_CHECK(add(read_rule_map(field, one)));
      } else {
        return fail(Status::argument_error, "invalid rule format for field '" + field + "'");
      }
    }
  } else {
    return fail(Status::argument_error, "unsupported rule format for field '" + field + "'");
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<Processor>> make_validator(const json::Node& config) {
  auto validator = std::make_unique<Validator>();
  const json::Node* stop = config.find("stop_on_first_error");
  validator->stop_at_first = stop != nullptr && stop->is(Kind::boolean) && stop->truth;
  const json::Node* field = config.find("field");
  const json::Node* rules = config.find("rules");
  if (rules != nullptr && rules->is(Kind::array) && field != nullptr && field->is(Kind::string)) {
    PACKHOUSE_TRY(auto checks, read_rules(field->text, *rules));
    validator->fields.emplace_back(field->text, std::move(checks));
    return std::unique_ptr<Processor>(std::move(validator));
  }
  if (rules == nullptr || !rules->is(Kind::object))
    return fail(Status::argument_error, "missing or invalid 'rules' parameter");
  for (const auto& [name, node] : rules->members) {
    PACKHOUSE_TRY(auto checks, read_rules(name, node));
    validator->fields.emplace_back(name, std::move(checks));
  }
  return std::unique_ptr<Processor>(std::move(validator));
}

}  // namespace packhouse::tdtp
