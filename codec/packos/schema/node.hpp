#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/packos/wire.hpp"

namespace re2 {
class RE2;
}

namespace packhouse::packos {

enum class Rule : std::uint8_t {
  any, boolean, int8, int16, int32, int64, float32, float64, number, number_string, string, bytes, date,
  email, uri, lang, color, multicheck, enumeration, tuple, map, map_unordered, map_repeat, repeat, only,
};

/// How a text is tested: the first of exact, prefix, suffix and pattern that is set, or by its rule.
enum class TextTest : std::uint8_t { none, exact, prefix, suffix, pattern, email, uri, lang };

/// One schema of the tree that a Schema owns; built once, never changed, shared freely between threads.
struct Node {
  Rule rule = Rule::any;
  bool nullable = false, variable_length = false, flatten = false;
  bool has_default = false;
  bool null_ok = true;                   ///< seal(): a field of it may be missing from a map or be null
  TextTest test = TextTest::none;        ///< seal()
  std::size_t fixed_width = 0;           ///< seal(): bytes of a text or bytes field, 0 = any
  /// seal(): what a field needs at least in order to be valid; `width` 0 = any. Most fields are decided by this alone.
  struct Quick {
    enum class Then : std::uint8_t { never, valid, range, exact, choice } then = Then::never;
    Tag tag = Tag::end;
    std::uint32_t width = 0;
  } quick;
  std::vector<std::string> choices;      ///< seal(): all texts that a pattern like ^(a|b)$ matches; empty: another pattern
  std::int64_t width = 0;  ///< of string and bytes; 0 and less = any
  std::optional<std::int64_t> min, max;
  std::string exact, prefix, suffix, pattern, decode_default;
  std::shared_ptr<const re2::RE2> regex;        ///< of `pattern`
  std::optional<std::int64_t> from, to;         ///< of date, unix seconds
  std::string date_from, date_to;               ///< as given
  std::string extra;                            ///< as given, in JSON: carried along for other programs
  Tag tag = Tag::end;                           ///< of `only`
  std::vector<std::string> names;
  std::vector<Node> children;

  /// Derives what is asked for often; call once, after the last change.
  void seal();
  /// "SchemaInt32", for messages.
  std::string_view name() const;
};

/// JSON "type" of a rule ("int32"), and back.
std::string_view json_type(Rule r);
std::optional<Rule> rule_of(std::string_view json_type);

}  // namespace packhouse::packos
