#include "codec/datapacker/vector.hpp"

namespace packhouse::datapacker {
namespace {

tl::unexpected<Error> refuse(const std::string& why) {
  return fail(Status::argument_error, why);
}

Result<void> check_shape(const Dtype& d, const ArrayView& a) {
  if (a.shape == d.shape) return {};
  return refuse("Shape mismatch: expected " + shape_text(d.shape) + ", got " + shape_text(a.shape));
}

std::byte code_of(Scalar element) {
  return static_cast<std::byte>(vector_code(element).value_or(0));
}

/// The element type that begins a packed vector must be the declared one.
Result<void> check_code(const Dtype& d, Bytes in) {
  if (in.empty()) return refuse("Not enough data: a vector begins with its element type");
  const auto found = std::to_integer<std::uint8_t>(in[0]);
  if (!scalar_of_vector_code(found)) return refuse("Unknown element type: " + std::to_string(found));
  const auto declared = *vector_code(d.scalar);
  if (found != declared) {
    return refuse("Type mismatch: expected " + std::to_string(declared) + " (" + std::string(name_of(d.scalar)) +
                  "), got " + std::to_string(found) + " (" + std::string(name_of(*scalar_of_vector_code(found))) + ")");
  }
  return {};
}

}  // namespace

Result<void> pack_fixed_vector(const Dtype& d, const ArrayView& a, Cast cast, std::byte* out) {
  PACKHOUSE_CHECK(check_shape(d, a));
  out[0] = code_of(d.scalar);
  return convert(a.element, a.data.data(), d.scalar, out + 1, a.data.size() / size_of(a.element), cast);
}

Result<void> pack_vector(const Dtype& d, const ArrayView& a, Cast cast, Buffer& out) {
  PACKHOUSE_TRY(const std::uint64_t n, element_count(a.shape, size_of(a.element)));
  if (a.data.size() != n * size_of(a.element)) {
    return refuse("an array of shape " + shape_text(a.shape) + " came with " + std::to_string(a.data.size()) +
                  " bytes");
  }
  if (!d.shape.empty()) {
    PACKHOUSE_CHECK(check_shape(d, a));
    return pack_fixed_vector(d, a, cast, out.extend(1 + n * size_of(d.scalar)));
  }
  if (a.shape.size() > most_dimensions)
    return refuse("a vector of more than " + std::to_string(most_dimensions) + " dimensions");
  std::byte* at = out.extend(2 + 4 * a.shape.size() + n * size_of(d.scalar));
  *at++ = code_of(d.scalar);
  *at++ = static_cast<std::byte>(a.shape.size());
  for (const std::uint64_t length : a.shape) {
    if (length > UINT32_MAX)
      return refuse("a dimension of " + std::to_string(length) + " elements; 4294967295 is the most");
    store(at, static_cast<std::uint32_t>(length));
    at += 4;
  }
  return convert(a.element, a.data.data(), d.scalar, at, n, cast);
}

Result<ArrayView> unpack_vector(const Dtype& d, Bytes in) {
  PACKHOUSE_CHECK(check_code(d, in));
  ArrayView a{.element = d.scalar, .shape = d.shape};
  std::size_t head = 1;
  if (d.shape.empty()) {
    if (in.size() < 2) return refuse("Not enough data for ndim");
    const auto dimensions = std::to_integer<std::size_t>(in[1]);
    head = 2 + 4 * dimensions;
    if (in.size() < head) return refuse("Not enough data for shape");
    for (std::size_t i = 0; i < dimensions; ++i) a.shape.push_back(load<std::uint32_t>(in.data() + 2 + 4 * i));
  }
  PACKHOUSE_TRY(const std::uint64_t n, element_count(a.shape, size_of(d.scalar)));
  const std::uint64_t need = n * size_of(d.scalar);
  if (in.size() - head < need) {
    return refuse("Not enough data: need " + std::to_string(need) + " bytes, have " + std::to_string(in.size() - head));
  }
  a.data = in.subspan(head, need);
  return a;
}

}  // namespace packhouse::datapacker
