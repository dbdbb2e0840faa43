#pragma once
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>

#include "base/arena.hpp"
#include "base/error.hpp"
#include "codec/datapacker/schema/check.hpp"

namespace re2 {
class RE2;
}

namespace packhouse::datapacker::schema {

using Pattern = std::shared_ptr<const re2::RE2>;

/// Which rules a schema is read by. `open` is draft 7 with the newer keywords that it has not: without `$schema`.
enum class Draft : std::uint8_t { d4, d6, d7, open, d2019, d2020 };

/// Compiles one schema. The nodes refer to values of the schema (enum, const, names), which must outlive them.
class Compiler {
 public:
  Compiler(const Value& schema, std::deque<Node>& nodes) : root_(schema), nodes_(nodes) {}

  Result<const Node*> compile();
  /// How many patterns there are, each of which may need memory of its own for as long as the nodes live.
  std::size_t pattern_count() const { return patterns_.size(); }

  // For the keywords (keywords_*.cpp):

  Draft draft() const { return draft_; }
  bool has(Draft first) const { return draft_ == Draft::open || draft_ >= first; }
  /// The node of a subschema; made on first use, so that references may go round in circles.
  Result<const Node*> node(const Value& schema, const std::string& base);
  /// The same for keywords that take booleans in draft 4 too.
  Result<const Node*> node_or_flag(const Value& schema, const std::string& base);
  Result<std::vector<const Node*>> nodes(std::string_view keyword, const Value& list, const std::string& base);
  /// The compiled pattern; one for all places where it stands.
  Result<Pattern> pattern(std::string_view text);
  tl::unexpected<Error> refuse(const std::string& why) const;

 private:
  Result<Draft> draft_of(const Value& schema) const;
  /// Notes every place that has a name of its own, and the base of every subschema.
  void index(const Value& schema, const std::string& base, std::uint32_t depth);
  void index_children(const Value& schema, const std::string& base, std::uint32_t depth);
  std::string base_of(const Value& schema, const std::string& outer) const;
  Result<const Node*> refer(std::string_view reference, const std::string& base);
  const Node* constant(bool accepts);
  Result<void> fill(Node& node, const Value& schema, const std::string& base);

  const Value& root_;
  std::deque<Node>& nodes_;
  Draft draft_ = Draft::open;
  std::map<std::string, std::pair<const Value*, std::string>> places_;  // by URI: the schema and its base
  std::unordered_map<const MapEntry*, std::string> bases_;              // of indexed subschemas, by their entries
  std::map<std::pair<const MapEntry*, std::string>, const Node*> made_;
  std::map<std::string, Pattern, std::less<>> patterns_;
  std::uint32_t depth_ = 0;
  bool unevaluated_ = false;  // some subschema has unevaluatedProperties or unevaluatedItems
};

/// What a keyword's compiler gets: its own value, the schema around it, and the base of its references.
struct Keyword {
  std::string_view name;
  const Value& value;
  std::span<const MapEntry> schema;
  const std::string& base;
  /// A neighbour of the keyword, or null.
  const Value* other(std::string_view key) const { return find(schema, key); }
};

/// Nothing: the keyword means nothing here by itself.
using Compiled = Result<std::optional<Check>>;
Compiled compile_number(Compiler& c, const Keyword& k);  ///< type, enum, const, minimum, multipleOf …
Compiled compile_string(Compiler& c, const Keyword& k);  ///< minLength, pattern, format …
Compiled compile_list(Compiler& c, const Keyword& k);    ///< items, contains, uniqueItems …
Compiled compile_map(Compiler& c, const Keyword& k);     ///< properties, required, dependencies …
Compiled compile_logic(Compiler& c, const Keyword& k);   ///< allOf, anyOf, oneOf, not, if

/// A number of things: an integer of at least 0.
Result<std::uint64_t> size_limit(const Compiler& c, const Keyword& k);

}  // namespace packhouse::datapacker::schema
