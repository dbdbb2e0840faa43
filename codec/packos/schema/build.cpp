#include "codec/packos/schema/build.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "codec/json/writer.hpp"
#include "codec/packos/schema/schema.hpp"
#include "value/write.hpp"

namespace packhouse::packos {
namespace {

tl::unexpected<Error> malformed(const std::string& path, std::string_view what) {
  return fail(Status::argument_error, fmt::format("PackOS schema{}: {}", path.empty() ? "" : " at " + path, what));
}

/// Digits of fixed length, then what separates them.
bool digits(std::string_view& in, std::size_t n, int& out) {
  if (in.size() < n) return false;
  out = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (in[i] < '0' || in[i] > '9') return false;
    out = out * 10 + (in[i] - '0');
  }
  in.remove_prefix(n);
  return true;
}
bool skip(std::string_view& in, char c) {
  if (!in.starts_with(c)) return false;
  in.remove_prefix(1);
  return true;
}

/// Unix seconds of a time as RFC 3339 writes it; a fraction is dropped.
std::optional<std::int64_t> rfc3339(std::string_view in) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zone_hour = 0, zone_minute = 0;
  const bool read = digits(in, 4, year) && skip(in, '-') && digits(in, 2, month) && skip(in, '-') && digits(in, 2, day) &&
                    skip(in, 'T') && digits(in, 2, hour) && skip(in, ':') && digits(in, 2, minute) && skip(in, ':') &&
                    digits(in, 2, second);
  if (!read) return std::nullopt;
  if (skip(in, '.')) {
    const std::size_t end = std::min(in.find_first_not_of("0123456789"), in.size());
    if (end == 0) return std::nullopt;
    in.remove_prefix(end);
  }
  const int sign = in.starts_with('-') ? -1 : 1;
  if (in != "Z" && in != "z") {
    if (!skip(in, sign < 0 ? '-' : '+') || !digits(in, 2, zone_hour) || !skip(in, ':') || !digits(in, 2, zone_minute) || !in.empty()) {
      return std::nullopt;
    }
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59 || zone_hour > 23 || zone_minute > 59) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * 86'400 + hour * 3600 + minute * 60 + second - sign * (zone_hour * 3600 + zone_minute * 60);
}

/// Reads the members of one schema object into a Node.
class NodeBuilder {
 public:
  NodeBuilder(std::string path, int depth, const SchemaTypes* types) : path_(std::move(path)), depth_(depth), types_(types) {}

  Result<Node> build(std::span<const MapEntry> json) {
    const Value* type = find(json, "type");
    if (!type || !type->is(Kind::string)) return malformed(path_, "'type' is missing or not a string");
    std::string_view name = type->as_string();
    if (name == "optionalMap") {  // P8
      name = "mapUnordered";
      node_.nullable = true;
    }
    const auto rule = rule_of(name);
    if (!rule) {
      const Node* custom = types_ ? types_->find(name) : nullptr;
      if (custom && json.size() == 1) return *custom;
      if (custom) return malformed(path_, fmt::format("'{}' stands for a whole schema and takes no other members", name));
      return malformed(path_, fmt::format("unknown schema type: {}", name));
    }
    node_.rule = *rule;
    for (const auto& [key, v] : json) PACKHOUSE_CHECK(member(key, v));
    PACKHOUSE_CHECK(finish());
    node_.seal();
    return std::move(node_);
  }

 private:
  Result<void> member(std::string_view key, const Value& v) {
    if (v.is_null() || key == "type") return ok;
    if (key == "extra") return extra(v);
    struct Flag { std::string_view key; bool* to; };
    for (const auto& [name, to] : std::array{Flag{"nullable", &node_.nullable}, Flag{"variableLength", &node_.variable_length},
                                             Flag{"flatten", &node_.flatten}}) {
      if (key != name) continue;
      if (!v.is(Kind::boolean)) return wrong(key, v, "a boolean");
      *to = v.as_boolean();
      return ok;
    }
    struct Text { std::string_view key; std::string* to; };
    for (const auto& [name, to] :
         std::array{Text{"exact", &node_.exact}, Text{"prefix", &node_.prefix}, Text{"suffix", &node_.suffix},
                    Text{"pattern", &node_.pattern}, Text{"decodeDefault", &node_.decode_default},
                    Text{"dateFrom", &node_.date_from}, Text{"dateTo", &node_.date_to}}) {
      if (key != name) continue;
      if (!v.is(Kind::string)) return wrong(key, v, "a string");
      *to = v.as_string();
      return ok;
    }
    return number_or_list(key, v);
  }

  Result<void> extra(const Value& v) {
    Buffer text;
    codec::json::Writer writer(text, {.typed = false});
    PACKHOUSE_CHECK(write(v, writer, max_depth));
    node_.extra = as_text(text);
    return ok;
  }

  Result<void> number_or_list(std::string_view key, const Value& v) {
    if (key == "width" || key == "min" || key == "max" || key == "rangeMin" || key == "rangeMax") {
      if (!v.is(Kind::integer)) return wrong(key, v, "an integer");
      const auto i = v.as_integer();
      if (key == "width") node_.width = i;
      if (key == "min") node_.min = i;
      if (key == "max") node_.max = i;
      if (key == "rangeMin") old_min_ = i;
      if (key == "rangeMax") old_max_ = i;
      return ok;
    }
    if (key == "fieldNames") {
      if (!v.is(Kind::list)) return wrong(key, v, "a list of strings");
      for (const Value& name : v.as_list()) {
        if (!name.is(Kind::string)) return wrong(key, name, "a list of strings");
        node_.names.emplace_back(name.as_string());
      }
      return ok;
    }
    if (key != "schema") return malformed(path_, fmt::format("unknown member '{}'", key));
    if (!v.is(Kind::list)) return wrong(key, v, "a list of schemas");
    for (std::size_t i = 0; i < v.as_list().size(); ++i) {
      PACKHOUSE_TRY(Node child, build_node(v.as_list()[i], fmt::format("{}.schema[{}]", path_, i), depth_ - 1, types_));
      node_.children.push_back(std::move(child));
    }
    return ok;
  }

  Result<void> wrong(std::string_view key, const Value& v, std::string_view expected) {
    return malformed(path_, fmt::format("'{}' is {}, expected {}", key, type_name(v.kind()), expected));
  }

  Result<void> finish() {
    if (old_min_ != 0 || old_max_ != 0) {  // P8: 0 and 0 meant none
      if (!node_.min) node_.min = old_min_;
      if (!node_.max) node_.max = old_max_;
    }
    const bool unlimited = node_.rule == Rule::repeat || node_.rule == Rule::map_repeat;
    if (node_.min && node_.max && *node_.min > *node_.max && !(unlimited && *node_.max < 0)) {
      return malformed(path_, fmt::format("min {} is greater than max {}", *node_.min, *node_.max));
    }
    if (unlimited && std::max(node_.min.value_or(0), node_.max.value_or(0)) > 0xFFFFFFFF) {
      return malformed(path_, "min or max is beyond what a frame can hold");
    }
    node_.has_default = !node_.decode_default.empty();
    PACKHOUSE_CHECK(names());
    PACKHOUSE_CHECK(pattern());
    return dates();
  }

  Result<void> names() {
    auto sorted = node_.names;
    std::ranges::sort(sorted);
    if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end()) {
      return malformed(path_, fmt::format("the field name '{}' is given twice", *twice));
    }
    const std::size_t n = node_.children.size(), names = node_.names.size();
    switch (node_.rule) {
      case Rule::tuple:
        if (names != 0 && names != n) return malformed(path_, fmt::format("{} field names for {} schemas", names, n));
        return ok;
      case Rule::map_unordered:
        if (names != n) return malformed(path_, fmt::format("{} field names for {} schemas", names, n));
        return ok;
      case Rule::map:
        if (n % 2 != 0) return malformed(path_, fmt::format("{} schemas are no pairs of key and value", n));
        return ok;
      case Rule::map_repeat:
        if (n != 2) return malformed(path_, fmt::format("mapRepeat has {} schemas, expected one for keys and one for values", n));
        return ok;
      case Rule::repeat:
        if (n == 0) return malformed(path_, "repeat has no schema");
        return ok;
      case Rule::enumeration:
        if (names > 65'536) return malformed(path_, fmt::format("enum has {} names, at most 65536 fit", names));
        return ok;
      default:
        if (n != 0) return malformed(path_, fmt::format("a {} has no schemas inside", json_type(node_.rule)));
        return ok;
    }
  }

  Result<void> pattern() {
    if (node_.rule == Rule::color) node_.pattern = "^#(?:[0-9a-fA-F]{3}){1,2}$";
    if (node_.pattern.empty()) return ok;
    re2::RE2::Options options;
    options.set_log_errors(false);
    auto regex = std::make_shared<re2::RE2>(node_.pattern, options);
    if (!regex->ok()) return malformed(path_, fmt::format("the pattern '{}' does not compile: {}", node_.pattern, regex->error()));
    node_.regex = std::move(regex);
    return ok;
  }

  Result<void> dates() {
    if (node_.date_from.empty() && node_.date_to.empty()) return ok;
    if (node_.date_from.empty() || node_.date_to.empty()) return malformed(path_, "dateFrom and dateTo go together");
    PACKHOUSE_TRY(node_.from, moment("dateFrom", node_.date_from));
    PACKHOUSE_TRY(node_.to, moment("dateTo", node_.date_to));
    if (*node_.from > *node_.to) return malformed(path_, "dateFrom is after dateTo");
    return ok;
  }

  Result<std::int64_t> moment(std::string_view key, const std::string& text) {
    if (const auto seconds = rfc3339(text)) return *seconds;
    return malformed(path_, fmt::format("{} '{}' is not of the form 2025-01-31T00:00:00Z", key, text));
  }

  std::string path_;
  int depth_;
  const SchemaTypes* types_;
  Node node_;
  std::int64_t old_min_ = 0, old_max_ = 0;
};

}  // namespace

Result<Node> build_node(const Value& json, const std::string& path, int depth, const SchemaTypes* types) {
  if (depth <= 0) return malformed(path, "schemas are nested too deeply");
  if (!json.is(Kind::map)) return malformed(path, fmt::format("expected a schema object, found {}", type_name(json.kind())));
  return NodeBuilder(path, depth, types).build(json.as_map());
}

}  // namespace packhouse::packos
