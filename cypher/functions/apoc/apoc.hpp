#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cypher/functions/families.hpp"

// What the functions apoc.* share (docs/APOC.md).
namespace packhouse::cypher::apoc {

using Arguments = std::span<const Value>;

/// What apoc.version answers: the APOC whose functions and procedures these are like.
inline constexpr std::string_view version = "5.26.0";

/// How deep values may nest that functions go into.
inline constexpr int most_depth = 200;

/// ProcedureCallFailed, worded as APOC's errors reach clients.
[[noreturn]] void function_failed(std::string_view function, const std::string& why);

// Arguments that may be left out or null. A value of a wrong kind is a TypeError that names the function.
inline Value argument(Arguments a, std::size_t i) { return i < a.size() ? a[i] : Value(); }
std::string_view text_or(std::string_view function, Arguments a, std::size_t i, std::string_view fallback);
std::int64_t integer_or(std::string_view function, Arguments a, std::size_t i, std::int64_t fallback);
bool flag_or(std::string_view function, Arguments a, std::size_t i, bool fallback);
std::span<const Value> list_or_empty(std::string_view function, const Value& v);
std::span<const MapEntry> map_or_empty(std::string_view function, const Value& v);

Value list_value(CallContext& c, std::span<const Value> items);
Value map_value(CallContext& c, std::span<const MapEntry> entries);
Value text_list(CallContext& c, std::span<const std::string> items);
inline Value integer_value(std::size_t n) { return Value::integer(static_cast<std::int64_t>(n)); }
/// Text as toString() gives it, for kinds that have one; otherwise as a literal.
std::string text_of(const Value& v);

/// Refuses what would take more memory than a query may have: `count` pieces of `each` bytes beside what is there.
void bound_copies(const CallContext& c, std::uint64_t count, std::uint64_t each);
/// Of texts that are compared character by character with each other: the work is the product of their lengths.
void bound_comparisons(std::string_view function, std::size_t one, std::size_t other);
/// Values may nest without end and hold the same list many times. To be called for each one that a function goes into:
/// its depth is bounded, and so is what the results take so far.
void enter(CallContext& c, std::string_view function, int depth);

/// Adds functions of one part of APOC; their lower-case names are kept for ever.
class FunctionFamily {
 public:
  using Call = Value (*)(CallContext&, Arguments);
  FunctionFamily(Functions& out, std::string_view prefix) : out_(out), prefix_(prefix) {}
  /// `name` follows the prefix. Nulls reach `call`.
  Function& add(std::string_view name, std::vector<Argument> arguments, std::size_t required, Type result,
                std::string_view description, Call call);

 private:
  Functions& out_;
  std::string prefix_;
};

void add_entity_functions(Functions& out);      ///< apoc.any, .node, .rel, .label, .meta.cypher, .version …
void add_map_functions(Functions& out);         ///< apoc.map
void add_coll_functions(Functions& out);        ///< apoc.coll: sets, counts, numbers
void add_coll_order_functions(Functions& out);  ///< apoc.coll: order, pieces, pairs
void add_convert_functions(Functions& out);     ///< apoc.convert
void add_date_functions(Functions& out);        ///< apoc.date, apoc.temporal
void add_text_functions(Functions& out);        ///< apoc.text
void add_text_case_functions(Functions& out);
void add_text_codec_functions(Functions& out);
void add_util_functions(Functions& out);        ///< apoc.util

}  // namespace packhouse::cypher::apoc

namespace packhouse::cypher {
void add_apoc_functions(Functions& out);
}  // namespace packhouse::cypher
