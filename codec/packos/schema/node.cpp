#include "codec/packos/schema/node.hpp"

#include <array>

#include "codec/packos/schema/failure.hpp"

namespace packhouse::packos {
namespace {

struct RuleName {
  Rule rule;
  std::string_view json, schema;
};
constexpr std::array rules{
    RuleName{Rule::any, "any", "SchemaAny"},
    RuleName{Rule::boolean, "bool", "SchemaBool"},
    RuleName{Rule::int8, "int8", "SchemaInt8"},
    RuleName{Rule::int16, "int16", "SchemaInt16"},
    RuleName{Rule::int32, "int32", "SchemaInt32"},
    RuleName{Rule::int64, "int64", "SchemaInt64"},
    RuleName{Rule::float32, "float32", "SchemaFloat32"},
    RuleName{Rule::float64, "float64", "SchemaFloat64"},
    RuleName{Rule::number, "number", "SchemaNumber"},
    RuleName{Rule::number_string, "numberString", "SchemaNumber"},
    RuleName{Rule::string, "string", "SchemaString"},
    RuleName{Rule::bytes, "bytes", "SchemaBytes"},
    RuleName{Rule::date, "date", "SchemaDate"},
    RuleName{Rule::email, "email", "SchemaString"},
    RuleName{Rule::uri, "uri", "SchemaString"},
    RuleName{Rule::lang, "lang", "SchemaString"},
    RuleName{Rule::color, "color", "SchemaString"},
    RuleName{Rule::multicheck, "multicheck", "SchemaMultiCheckNamesSchemaNamed"},
    RuleName{Rule::enumeration, "enum", "SchemaEnumNamedList"},
    RuleName{Rule::tuple, "tuple", "TupleSchema"},
    RuleName{Rule::map, "map", "SchemaMap"},
    RuleName{Rule::map_unordered, "mapUnordered", "SchemaMapUnordered"},
    RuleName{Rule::map_repeat, "mapRepeat", "SchemaMapRepeat"},
    RuleName{Rule::repeat, "repeat", "SRepeatSchema"},
    RuleName{Rule::only, "", "SchemaTypeOnly"},
};

}  // namespace

std::string_view Node::name() const {
  if (rule == Rule::tuple && !names.empty()) return "TupleSchemaNamed";
  return rules[static_cast<std::size_t>(rule)].schema;
}

std::string_view json_type(Rule r) { return rules[static_cast<std::size_t>(r)].json; }

std::optional<Rule> rule_of(std::string_view json_type) {
  for (const RuleName& r : rules) {
    if (r.json == json_type && !r.json.empty()) return r.rule;
  }
  return std::nullopt;
}

namespace {

bool accepts_null(const Node& n) {
  switch (n.rule) {
    case Rule::boolean:
    case Rule::int8:
    case Rule::float32:
    case Rule::float64:
    case Rule::date:
    case Rule::enumeration: return n.nullable;
    case Rule::int16:
    case Rule::int32:
    case Rule::int64: return n.nullable && !n.min && !n.max;  // a range drops it, as in the original
    case Rule::string:
    case Rule::email:
    case Rule::uri:
    case Rule::lang:
    case Rule::color:
    case Rule::bytes: return n.nullable || n.width <= 0;
    case Rule::repeat: return false;
    case Rule::any:
    case Rule::number:
    case Rule::number_string:
    case Rule::multicheck:
    case Rule::tuple:
    case Rule::map:
    case Rule::map_unordered:
    case Rule::map_repeat:
    case Rule::only: break;
  }
  return true;
}

TextTest test_of(const Node& n) {
  switch (n.rule) {
    case Rule::email: return TextTest::email;
    case Rule::uri: return TextTest::uri;
    case Rule::lang: return TextTest::lang;
    default: break;
  }
  return !n.exact.empty() ? TextTest::exact : !n.prefix.empty() ? TextTest::prefix : !n.suffix.empty() ? TextTest::suffix
         : n.regex ? TextTest::pattern : TextTest::none;
}

/// The alternatives of a pattern that consists of nothing else, as lists of allowed words do: ^(admin|guest)$.
std::vector<std::string> choices_of(std::string_view pattern) {
  if (pattern.size() < 2 || pattern.front() != '^' || pattern.back() != '$') return {};
  pattern = pattern.substr(1, pattern.size() - 2);
  const std::size_t open = pattern.starts_with("(?:") ? 3 : pattern.starts_with('(') ? 1 : 0;
  if (open > 0) {
    if (!pattern.ends_with(')')) return {};
    pattern = pattern.substr(open, pattern.size() - open - 1);
  }
  std::vector<std::string> out(1);
  for (const char c : pattern) {
    if (c == '|') {
      if (open == 0) return {};  // ^a|b$ means something else
      out.emplace_back();
    } else if (std::string_view("\\^$.?*+()[]{}").find(c) != std::string_view::npos) {
      return {};
    } else {
      out.back() += c;
    }
  }
  return out;
}

Node::Quick quick_of(const Node& n) {
  using enum Node::Quick::Then;
  const bool bounded = n.min || n.max;
  switch (n.rule) {
    case Rule::boolean: return {valid, Tag::boolean, 1};
    case Rule::int8: return {valid, Tag::integer, 1};
    case Rule::int16: return {bounded ? range : valid, Tag::integer, 2};
    case Rule::int32: return {bounded ? range : valid, Tag::integer, 4};
    case Rule::int64: return {bounded ? range : valid, Tag::integer, 8};
    case Rule::float32: return {valid, Tag::floating, 4};
    case Rule::float64: return {valid, Tag::floating, 8};
    case Rule::bytes:
    case Rule::string:
    case Rule::color: break;
    default: return {};
  }
  // A text of width 0 goes the long way: it may stand for null, or for a default.
  const auto width = static_cast<std::uint32_t>(n.fixed_width);
  if (n.fixed_width != width) return {};
  if (n.rule == Rule::bytes || n.test == TextTest::none) return {valid, Tag::string, width};
  if (n.test == TextTest::exact) return {exact, Tag::string, width};
  return {n.choices.empty() ? never : choice, Tag::string, width};
}

}  // namespace

void Node::seal() {
  null_ok = accepts_null(*this);
  test = test_of(*this);
  fixed_width = width > 0 && !nullable ? static_cast<std::size_t>(width) : 0;
  choices = test == TextTest::pattern ? choices_of(pattern) : std::vector<std::string>();
  quick = quick_of(*this);
}

std::string_view name(Code c) {
  constexpr std::string_view names[] = {
      "ErrUnknown", "ErrInvalidFormat", "ErrUnexpectedEOF", "ErrConstraintViolated", "ErrEncode", "ErrStringMismatch",
      "ErrStringPrefix", "ErrStringSuffix", "ErrStringPattern", "ErrStringMatch", "ErrStringEmail", "ErrStringURL",
      "ErrStringLang", "ErrOutOfRange", "ErrDateOutOfRange"};
  return names[static_cast<std::size_t>(c)];
}

}  // namespace packhouse::packos
