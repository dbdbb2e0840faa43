#include "codec/datapacker/array.hpp"

#include <charconv>
#include <iterator>

#include "codec/datapacker/half_batch.hpp"
#include "codec/datapacker/narrow.hpp"

namespace packhouse::datapacker {
namespace {

template <class T>
std::string number_text(T v) {
  if constexpr (std::same_as<T, Half>) {
    return number_text(codec::half_to_double(v.bits));
  } else if constexpr (std::same_as<T, bool>) {
    return v ? "true" : "false";
  } else {
    char digits[32];
    return {digits, std::to_chars(digits, std::end(digits), v).ptr};
  }
}

/// Bytes that are not 0 or 1 must not become a bool.
template <class T>
T load_element(const std::byte* at) {
  if constexpr (std::same_as<T, bool>) {
    return *at != std::byte{0};
  } else {
    return load<T>(at);
  }
}

template <class From, class To>
[[gnu::cold]] Result<void> first_inexact(const std::byte* in, Scalar to, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const From v = load_element<From>(in + i * sizeof(From));
    if (narrow<To>(v).exact) continue;
    return fail(Status::argument_error, "element " + std::to_string(i) + " is " + number_text(v) + ", which " +
                                            std::string(name_of(to)) + " can't hold");
  }
  return {};
}

template <class From, class To>
Result<void> convert_typed(const std::byte* in, std::byte* out, Scalar to, std::size_t n, Cast cast) {
  bool exact = true;
  for (std::size_t i = 0; i < n; ++i) {
    const Narrowed<To> r = narrow<To>(load_element<From>(in + i * sizeof(From)));
    store(out + i * sizeof(To), r.value);
    exact &= r.exact;
  }
  if (exact || cast == Cast::wrap) return {};
  return first_inexact<From, To>(in, to, n);
}

Result<void> check_booleans(const std::byte* in, std::size_t n) {
  std::uint8_t bits = 0;
  for (std::size_t i = 0; i < n; ++i) bits |= std::to_integer<std::uint8_t>(in[i]);
  if (bits <= 1) return {};
  return fail(Status::argument_error, "a boolean that is neither 0 nor 1");
}

}  // namespace

std::string shortest_text(double v) {
  return number_text(v);
}

Result<std::uint64_t> element_count(const std::vector<std::uint64_t>& shape, std::size_t width) {
  constexpr std::uint64_t most = std::uint64_t{1} << 63;
  std::uint64_t n = 1;
  bool empty = false;
  for (const std::uint64_t d : shape) {
    empty |= d == 0;
    if (d != 0 && n > most / width / d)
      return fail(Status::argument_error, "the shape " + shape_text(shape) + " is too large");
    if (d != 0) n *= d;
  }
  return empty ? 0 : n;
}

Result<void> convert(Scalar from, const std::byte* in, Scalar to, std::byte* out, std::size_t n, Cast cast) {
  if (n == 0) return {};
  if (from == to) {
    if (from == Scalar::boolean) PACKHOUSE_CHECK(check_booleans(in, n));
    std::memcpy(out, in, n * size_of(from));
    return {};
  }
  if (from == Scalar::f32 && to == Scalar::f16 && floats_to_halves(in, out, n, cast == Cast::wrap)) return {};
  if (from == Scalar::f16 && to == Scalar::f32 && halves_to_floats(in, out, n)) return {};
  return with_type(from, [&](auto f) {
    return with_type(to, [&](auto t) { return convert_typed<decltype(f), decltype(t)>(in, out, to, n, cast); });
  });
}

}  // namespace packhouse::datapacker
