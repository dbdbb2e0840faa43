#include "tdtp/processors/normalizer.hpp"

#include <algorithm>
#include <array>

#include "tdtp/text.hpp"

namespace packhouse::tdtp {

namespace {

std::string normalize_phone(std::string_view value) {
  std::string digits;
  std::ranges::copy_if(value, std::back_inserter(digits), [](char c) { return (c >= '0' && c <= '9') || c == '+'; });
  if (digits.starts_with('+')) digits.erase(0, 1);
  return digits.size() < 7 ? std::string(value) : digits;
}

std::string normalize_email(std::string_view value) {
  std::string address = lower(trimmed(value));
  const bool good = address.find('@') != std::string::npos && address.find('.') != std::string::npos;
  return good ? address : std::string(value);
}

std::string normalize_whitespace(std::string_view value) {
  std::string out;
  bool space = false;
  for (const char c : trimmed(value)) {
    const bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
    if (!is_space) out += c;
    if (is_space && !space) out += ' ';
    space = is_space;
  }
  return out;
}

/// D[D] sep M[M] sep YY[Y[Y]] becomes YYYY-MM-DD; the separators . / - may differ.
std::string normalize_date(std::string_view value) {
  std::array<std::string, 3> parts;
  std::size_t part = 0;
  for (const char c : value) {
    if (c >= '0' && c <= '9') {
      parts[part] += c;
    } else if ((c == '.' || c == '/' || c == '-') && part < 2) {
      ++part;
    } else {
      return std::string(value);
    }
  }
  auto& [day, month, year] = parts;
  const auto two = [](std::string& s) {
    if (s.size() == 1) s.insert(0, 1, '0');
    return s.size() == 2;
  };
  if (!two(day) || !two(month) || year.size() < 2 || year.size() > 4) return std::string(value);
  return (year.size() == 2 ? "20" + year : year) + "-" + month + "-" + day;
}

std::string normalize_trim(std::string_view value) {
  return std::string(trimmed(value));
}

using Rule = std::string (*)(std::string_view);
struct Named {
  std::string_view name;
  Rule rule;
  bool in_map, in_list;
};
constexpr std::array<Named, 9> rules{{
    {"phone", normalize_phone, true, true},
    {"email", normalize_email, true, true},
    {"whitespace", normalize_whitespace, true, true},
    {"uppercase", upper, true, true},
    {"lowercase", lower, true, true},
    {"date", normalize_date, true, true},
    {"trim", normalize_trim, false, true},
    {"upper", upper, false, true},
    {"lower", lower, false, true},
}};

Result<Rule> find_rule(const json::Node& node, const std::string& field, bool in_list) {
  if (node.is(json::Node::Kind::string)) {
    for (const Named& r : rules) {
      if (r.name == node.text && (in_list ? r.in_list : r.in_map)) return r.rule;
    }
  }
  return fail(Status::argument_error, "invalid normalize rule '" + node.shown() + "' for field '" + field + "'");
}

/// Rewrites the cells of some columns.
class Normalizer : public Processor {
 public:
  std::vector<std::pair<std::string, std::vector<Rule>>> fields;

  std::string_view name() const override { return "field_normalizer"; }

  Result<void> process(Packet& packet, std::uint64_t) const override {
    for (const auto& [field, steps] : fields) {
      PACKHOUSE_TRY(const std::size_t column, processed_column(packet.schema, field));
      for (std::size_t i = 0; i < packet.rows.size(); ++i) {
        const auto row = packet.rows.edit(i);
        if (column >= row.size() || row[column].empty()) continue;
        std::string value(row[column]);
        for (const Rule step : steps) value = step(value);
        if (value != row[column]) row[column] = packet.rows.keep(value);
      }
    }
    return ok;
  }
};

}  // namespace

Result<std::unique_ptr<Processor>> make_normalizer(const json::Node& config) {
  using Kind = json::Node::Kind;
  auto normalizer = std::make_unique<Normalizer>();
  const json::Node* field = config.find("field");
  const json::Node* list = config.find("rules");
  if (field != nullptr && field->is(Kind::string) && list != nullptr && list->is(Kind::array)) {
    auto& steps = normalizer->fields.emplace_back(field->text, std::vector<Rule>()).second;
    for (const json::Node& node : list->elements) {
      PACKHOUSE_TRY(const Rule rule, find_rule(node, field->text, true));
      steps.push_back(rule);
    }
    return std::unique_ptr<Processor>(std::move(normalizer));
  }
  const json::Node* fields = config.find("fields");
  if (fields == nullptr || !fields->is(Kind::object))
    return fail(Status::argument_error, "missing or invalid 'fields' parameter");
  for (const auto& [name, node] : fields->members) {
    PACKHOUSE_TRY(const Rule rule, find_rule(node, name, false));
    normalizer->fields.emplace_back(name, std::vector<Rule>{rule});
  }
  return std::unique_ptr<Processor>(std::move(normalizer));
}

}  // namespace packhouse::tdtp
