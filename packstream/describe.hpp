#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.hpp"

// How C++ types declare what they are in PackStream, once for both directions:
//
//   struct Person {
//     std::string name;
//     std::optional<std::int64_t> age;
//     static constexpr auto fields() { return std::tuple(field("name", &Person::name), field("age", &Person::age)); }
//   };                                          // a map {"name": ..., "age": ...}
//
//   struct Pull {
//     std::int64_t n;
//     static constexpr std::uint8_t structure_tag = 0x3F;
//     static constexpr auto fields() { return std::tuple(field("n", &Pull::n)); }
//   };                                          // a structure, its fields in this order
//
// Types of others are described by specialising Description<T> with the same two members.
namespace packhouse::packstream {

template <class T, class M>
struct Field {
  std::string_view name;
  M T::*member;
};
template <class T, class M>
constexpr Field<T, M> field(std::string_view name, M T::*member) {
  return {name, member};
}

/// What is known of T; by default what T says itself.
template <class T>
struct Description : T {};

template <class T>
concept Described = std::is_class_v<T> && !std::is_final_v<T> && requires { Description<T>::fields(); };
template <class T>
concept TaggedStructure = Described<T> && requires { Description<T>::structure_tag; };

template <class T>
inline constexpr std::size_t field_count = std::tuple_size_v<decltype(Description<T>::fields())>;

/// Calls f(name, member) for each field of a described value, in order, until one gives an error.
template <Described T, class V, class F>
Result<void> for_each_field(V& value, F&& f) {
  Result<void> r;
  std::apply([&](const auto&... fields) { (void)((r = f(fields.name, value.*(fields.member)), r.has_value()) && ...); },
             Description<T>::fields());
  return r;
}

namespace shape {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_tuple = false;
template <class... T>
inline constexpr bool is_tuple<std::tuple<T...>> = true;
template <class A, class B>
inline constexpr bool is_tuple<std::pair<A, B>> = true;
template <class T, std::size_t N>
inline constexpr bool is_tuple<std::array<T, N>> = true;

template <class T>
inline constexpr bool is_pair = false;
template <class A, class B>
inline constexpr bool is_pair<std::pair<A, B>> = true;
template <class A, class B>
inline constexpr bool is_pair<std::tuple<A, B>> = true;

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class T>
inline constexpr bool is_map = false;
template <class K, class V, class... A>
inline constexpr bool is_map<std::map<K, V, A...>> = true;
template <class K, class V, class... A>
inline constexpr bool is_map<std::unordered_map<K, V, A...>> = true;

template <class T>
inline constexpr bool is_variant = false;
template <class... T>
inline constexpr bool is_variant<std::variant<T...>> = true;

template <class T>
concept Text = std::is_convertible_v<const T&, std::string_view>;
template <class T>
concept Number = std::is_arithmetic_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char> &&
                 !std::is_same_v<T, char32_t>;

}  // namespace shape
}  // namespace packhouse::packstream
