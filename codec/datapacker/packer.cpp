#include "codec/datapacker/packer.hpp"

#include "codec/datapacker/vector.hpp"

namespace packhouse::datapacker {
namespace {

tl::unexpected<Error> wrong_kind(const Dtype& d, std::string_view wanted, const Value& found) {
  return fail(Status::type_error,
              d.text() + " needs " + std::string(wanted) + ", found " + std::string(type_name(found.kind())));
}

/// Bytes as such, or from a list of integers 0 to 255, which are put into `scratch`.
Result<Bytes> bytes_of(const Dtype& d, const Value& v, Buffer& scratch) {
  if (v.is(Kind::bytes)) return v.as_bytes();
  if (!v.is(Kind::list)) return wrong_kind(d, "bytes, or a list of integers from 0 to 255", v);
  scratch.clear();
  for (const Value& item : v.as_list()) {
    if (!item.is(Kind::integer)) return wrong_kind(d, "bytes, or a list of integers from 0 to 255", item);
    const std::int64_t n = item.as_integer();
    if (n < 0 || n > 255) {
      return fail(Status::arithmetic_error,
                  "element " + std::to_string(scratch.size()) + " is " + std::to_string(n) + ", a byte is 0 to 255");
    }
    scratch.put(static_cast<std::uint8_t>(n));
  }
  return scratch.view();
}

Result<std::string_view> text_of(const Dtype& d, const Value& v) {
  if (!v.is(Kind::string)) return wrong_kind(d, "a string", v);
  return v.as_string();
}

}  // namespace

Result<Packer> Packer::make(std::string_view dtype, const PackOptions& options) {
  PACKHOUSE_TRY(Dtype d, parse_dtype(dtype));
  return Packer(std::move(d), options);
}

Packer::Packer(Dtype dtype, const PackOptions& options)
    : dtype_(std::move(dtype)), options_(options), elem_size_(dtype_.elem_size()) {}

/// A vector value that is just what the dtype says: as it comes from a client in batches.
bool Packer::put_same_vector(const Value& v, std::byte* out) const {
  const bool same = v.is(Kind::vector) && dtype_.shape.size() == 1 && dtype_.shape[0] == v.vector_dimensions() &&
                    scalar_of(v.vector_element()) == dtype_.scalar;
  if (!same) return false;
  out[0] = static_cast<std::byte>(*vector_code(dtype_.scalar));
  std::memcpy(out + 1, v.vector_data().data(), elem_size_ - 1);
  return true;
}

/// Exactly the bytes of a dtype of fixed size.
Result<void> Packer::put_fixed(const Value& v, std::byte* out, Buffer& scratch) const {
  switch (dtype_.kind) {
    case Dtype::Kind::scalar: return put_scalar(dtype_.scalar, v, options_.cast, out);
    case Dtype::Kind::string: {
      PACKHOUSE_TRY(const std::string_view s, text_of(dtype_, v));
      return put_fixed_text(dtype_, options_.overlong, s, out);
    }
    case Dtype::Kind::bytes: {
      PACKHOUSE_TRY(const Bytes b, bytes_of(dtype_, v, scratch));
      return put_padded(b, {out, elem_size_});
    }
    case Dtype::Kind::msgpack:
    case Dtype::Kind::cbor:
      scratch.clear();
      PACKHOUSE_CHECK(write_structured(dtype_.kind, v, options_.keys, scratch));
      return put_padded(scratch, {out, elem_size_});
    case Dtype::Kind::vector: break;
  }
  if (put_same_vector(v, out)) return {};
  PACKHOUSE_TRY(const ArrayView a, array_of(v, dtype_.scalar, options_.cast, scratch));
  return pack_fixed_vector(dtype_, a, options_.cast, out);
}

Result<void> Packer::put_variable(const Value& v, Buffer& out) const {
  Buffer scratch;
  switch (dtype_.kind) {
    case Dtype::Kind::scalar: break;
    case Dtype::Kind::string: {
      PACKHOUSE_TRY(const std::string_view s, text_of(dtype_, v));
      PACKHOUSE_TRY(const std::size_t size, encoded_size(dtype_.encoding, s));
      encode_text(dtype_.encoding, s, out.extend(size));
      return {};
    }
    case Dtype::Kind::bytes: {
      PACKHOUSE_TRY(const Bytes b, bytes_of(dtype_, v, scratch));
      out.append(b);
      return {};
    }
    case Dtype::Kind::msgpack:
    case Dtype::Kind::cbor: return write_structured(dtype_.kind, v, options_.keys, out);
    case Dtype::Kind::vector: {
      PACKHOUSE_TRY(const ArrayView a, array_of(v, dtype_.scalar, options_.cast, scratch));
      return pack_vector(dtype_, a, options_.cast, out);
    }
  }
  return fail(Status::internal, dtype_.text() + " has a fixed size");
}

Result<void> Packer::pack(const Value& v, Buffer& out) const {
  const std::size_t before = out.size();
  Buffer scratch;
  auto done = is_varsize() && !dtype_.size ? put_variable(v, out) : put_fixed(v, out.extend(elem_size_), scratch);
  if (!done) out.truncate(before);
  return done;
}

Result<std::size_t> Packer::pack_into(const Value& v, std::span<std::byte> out) const {
  Buffer packed;
  PACKHOUSE_CHECK(pack(v, packed));
  if (packed.size() > out.size()) {
    return fail(Status::argument_error, "Buffer too small: need " + std::to_string(packed.size()) + " bytes, have " +
                                            std::to_string(out.size()));
  }
  if (!packed.empty()) std::memcpy(out.data(), packed.data(), packed.size());
  return packed.size();
}

/// `in` is exactly one value, or begins with one if its size is in itself. For `spare` see value_of().
Result<Value> Packer::take(Bytes in, Arena& arena, std::uint64_t& spare) const {
  switch (dtype_.kind) {
    case Dtype::Kind::scalar: return scalar_value(dtype_.scalar, in.data());
    case Dtype::Kind::string: {
      PACKHOUSE_TRY(const std::string_view s, decode_text(dtype_.encoding, in, dtype_.size.has_value(), arena));
      return Value::string(s);
    }
    case Dtype::Kind::bytes: return Value::bytes(in);
    case Dtype::Kind::msgpack:
    case Dtype::Kind::cbor: return read_structured(dtype_.kind, in, arena);
    case Dtype::Kind::vector: break;
  }
  PACKHOUSE_TRY(const ArrayView a, unpack_vector(dtype_, in));
  return value_of(a, arena, spare);
}

Result<Value> Packer::unpack(Bytes in, std::uint64_t offset, Arena& arena) const {
  if (offset > in.size()) {
    return fail(Status::argument_error, "Not enough data: offset " + std::to_string(offset) + " is beyond the " +
                                            std::to_string(in.size()) + " bytes");
  }
  const Bytes rest = in.subspan(offset);
  std::uint64_t spare = spare_items;
  if (is_varsize() && !dtype_.size) return take(rest, arena, spare);
  // A fixed vector says itself what is missing.
  if (rest.size() < elem_size_ && dtype_.kind != Dtype::Kind::vector) {
    return fail(Status::argument_error, "Not enough data: " + dtype_.text() + " needs " + std::to_string(elem_size_) +
                                            " bytes, have " + std::to_string(rest.size()));
  }
  return take(dtype_.kind == Dtype::Kind::vector ? rest : rest.first(elem_size_), arena, spare);
}

}  // namespace packhouse::datapacker
