#pragma once
#include "packstream/typed_write.hpp"

namespace packhouse::packstream {

/// Several arguments written as one map: see as_map().
template <class... A>
class AsMap {
 public:
  explicit AsMap(const A&... a) : parts_(a...) {}

  Result<void> packstream_encode(Writer& out) const {
    PACKHOUSE_CHECK(out.map_begin(unknown_size));
    PACKHOUSE_CHECK(std::apply([&](const auto&... p) { return entries(out, p...); }, parts_));
    return out.map_end();
  }

 private:
  static Result<void> entries(Writer&) { return {}; }

  template <class First, class... Rest>
  static Result<void> entries(Writer& out, const First& first, const Rest&... rest) {
    if constexpr (shape::Text<First>) {
      static_assert(sizeof...(rest) > 0, "a key without a value");
      return entry(out, first, rest...);
    } else {
      PACKHOUSE_CHECK(part(out, first));
      return entries(out, rest...);
    }
  }

  template <class V, class... Rest>
  static Result<void> entry(Writer& out, std::string_view key, const V& value, const Rest&... rest) {
    PACKHOUSE_CHECK(out.key(key));
    PACKHOUSE_CHECK(encode(value, out));
    return entries(out, rest...);
  }

  template <class P>
  static Result<void> part(Writer& out, const P& p) {
    if constexpr (std::is_same_v<P, std::monostate> || std::is_same_v<P, std::nullopt_t>) {
      return {};
    } else if constexpr (shape::is_optional<P>) {
      return p ? part(out, *p) : Result<void>{};
    } else if constexpr (Described<P> && !TaggedStructure<P>) {
      return for_each_field<P>(p, [&](std::string_view name, const auto& m) { return entry(out, name, m); });
    } else if constexpr (std::ranges::input_range<const P>) {  // a map, or pairs
      for (const auto& item : p) PACKHOUSE_CHECK(entries(out, item));
      return {};
    } else if constexpr (shape::is_tuple<P>) {
      return std::apply([&](const auto&... items) { return entries(out, items...); }, p);
    } else {
      static_assert(sizeof(P) == 0, "not a map entry: expected a key and a value, pairs, a map or a described struct");
    }
  }

  std::tuple<const A&...> parts_;
};

/// Puts together one map from keys and values in turn, pairs, ranges of pairs, maps and described
/// structs, in this order: encode(as_map("server", agent, hints, std::pair("db", name)), out). Empty
/// parts add nothing; a null value is a null value. Use it within the expression: it keeps references.
/// A key that comes twice is written twice.
template <class... A>
AsMap<A...> as_map(const A&... a) {
  return AsMap<A...>(a...);
}

}  // namespace packhouse::packstream
