#include "codec/datapacker/auto_pack.hpp"

#include <array>

#include "base/utf8.hpp"
#include "codec/datapacker/spaced_json.hpp"
#include "codec/datapacker/structured.hpp"
#include "codec/datapacker/vector.hpp"
#include "codec/json/reader.hpp"

namespace packhouse::datapacker {
namespace {

constexpr std::array<std::string_view, 7> names = {"raw", "pickle", "datapacker", "json", "msgpack", "cbor", "text"};
constexpr std::uint8_t dtype_recorded = 1;  // a flag

tl::unexpected<Error> damaged(const std::string& why) {
  return fail(Status::request_invalid, "stored value: " + why);
}

bool has_header(Bytes b) {
  const auto is = [&](std::size_t i, std::uint8_t wanted) { return b[i] == std::byte{wanted}; };
  return b.size() >= header_size && is(0, 0x89) && is(1, 0x4B) && is(8, 0x56) && is(9, 0x4B);
}

/// Eight bytes without a record are an integer if they are a small one: no usual float has such bits.
bool small(std::int64_t n) {
  constexpr std::int64_t limit = std::int64_t{1} << 52;
  return n > -limit && n < limit;
}

void put_packed(Recorded dtype, bool guessed_right, const std::byte* payload, std::size_t size, Buffer& out) {
  put_header(Stored::packed, guessed_right ? Recorded::guess : dtype, out);
  out.append({payload, size});
}

template <class T>
void put_number(Recorded dtype, bool guessed_right, T v, Buffer& out) {
  std::byte bytes[sizeof(T)];
  store(bytes, v);
  put_packed(dtype, guessed_right, bytes, sizeof(T), out);
}

Result<void> put_structured(Stored encoding, Dtype::Kind format, const Value& v, Buffer& out) {
  put_header(encoding, Recorded::guess, out);
  return write_structured(format, v, KeyOrder::sorted, out);
}

tl::unexpected<Error> wrong(Stored encoding, std::string_view wanted, const Value& v) {
  return fail(Status::type_error, std::string(names[static_cast<std::size_t>(encoding)]) + " takes " +
                                      std::string(wanted) + ", found " + std::string(type_name(v.kind())));
}

Result<void> put_as(Stored encoding, const Value& v, Buffer& out) {
  switch (encoding) {
    case Stored::raw:
      if (!v.is(Kind::bytes)) return wrong(encoding, "bytes", v);
      if (has_header(v.as_bytes())) put_header(Stored::raw, Recorded::guess, out);
      out.append(v.as_bytes());
      return {};
    case Stored::json: put_header(encoding, Recorded::guess, out); return write_spaced_json(v, out);
    case Stored::msgpack: return put_structured(encoding, Dtype::Kind::msgpack, v, out);
    case Stored::cbor: return put_structured(encoding, Dtype::Kind::cbor, v, out);
    case Stored::text:
      if (!v.is(Kind::string)) return wrong(encoding, "a string", v);
      put_header(encoding, Recorded::guess, out);
      out.append(as_bytes(v.as_string()));
      return {};
    case Stored::pickle:
      return fail(Status::argument_error,
                  "pickle is refused: reading it would run foreign code; use msgpack, json or cbor");
    case Stored::packed: break;
  }
  return fail(Status::argument_error, "the encoding 'datapacker' is chosen by itself for numbers and vectors");
}

Result<void> put_vector(const Value& v, Buffer& out) {
  Buffer scratch;
  PACKHOUSE_TRY(const ArrayView a, array_of(v, scalar_of(v.vector_element()), Cast::exact, scratch));
  return auto_pack_array(a, out);
}

Result<void> put_auto(const Value& v, Buffer& out) {
  switch (v.kind()) {
    case Kind::bytes: return put_as(Stored::raw, v, out);
    case Kind::string: return put_as(Stored::text, v, out);
    case Kind::integer: return put_number(Recorded::i64, small(v.as_integer()), v.as_integer(), out), Result<void>();
    case Kind::real:
      return put_number(Recorded::f64, !small(std::bit_cast<std::int64_t>(v.as_real())), v.as_real(), out),
             Result<void>();
    case Kind::boolean:
      return put_number(Recorded::boolean, false, static_cast<std::uint8_t>(v.as_boolean()), out), Result<void>();
    case Kind::null:
    case Kind::list:
    case Kind::map: return put_as(Stored::msgpack, v, out);
    case Kind::vector: return put_vector(v, out);
    default: break;
  }
  return fail(
      Status::type_error,
      "a value of type " + std::string(type_name(v.kind())) +
          " can't be packed automatically; null, booleans, numbers, strings, bytes, lists, maps and vectors can");
}

Recorded guess(Bytes payload) {
  if (payload.size() != 8) return Recorded::vector;
  return small(load<std::int64_t>(payload.data())) ? Recorded::i64 : Recorded::f64;
}

Result<Value> packed_value(const Unwrapped& u, Arena& arena) {
  const std::size_t size = u.dtype == Recorded::boolean ? 1 : 8;
  if (u.dtype == Recorded::vector) {
    PACKHOUSE_TRY(const ArrayView a, unpack_any_vector(u.payload));
    std::uint64_t spare = spare_items;
    return value_of(a, arena, spare);
  }
  if (u.payload.size() != size)
    return damaged("a number of " + std::to_string(u.payload.size()) + " bytes, expected " + std::to_string(size));
  constexpr Scalar scalars[] = {Scalar::i64, Scalar::i64, Scalar::f64, Scalar::boolean, Scalar::u64};
  return scalar_value(scalars[static_cast<std::size_t>(u.dtype)], u.payload.data());
}

}  // namespace

Result<Stored> stored_from_name(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<Stored>(i);
  }
  return fail(Status::argument_error,
              "unknown encoding '" + std::string(name) + "', expected raw, text, json, msgpack or cbor");
}

void put_header(Stored encoding, Recorded dtype, Buffer& out) {
  const auto flags = dtype == Recorded::guess ? std::uint8_t{0} : dtype_recorded;
  for (const std::uint8_t b :
       {std::uint8_t{0x89}, std::uint8_t{0x4B}, std::uint8_t{1}, static_cast<std::uint8_t>(encoding), flags,
        static_cast<std::uint8_t>(dtype), std::uint8_t{0}, std::uint8_t{0}, std::uint8_t{0x56}, std::uint8_t{0x4B}}) {
    out.put(b);
  }
}

Result<Unwrapped> unwrap(Bytes stored) {
  if (!has_header(stored)) return Unwrapped{.payload = stored};
  const auto at = [&](std::size_t i) { return std::to_integer<std::uint8_t>(stored[i]); };
  if (at(2) != 1) return damaged("header of version " + std::to_string(at(2)) + ", known is 1");
  if (at(3) >= names.size()) return damaged("unknown encoding " + std::to_string(at(3)));
  Unwrapped u{.encoding = static_cast<Stored>(at(3)), .payload = stored.subspan(header_size)};
  const bool recorded = at(4) == dtype_recorded;
  const bool fine = recorded ? u.encoding == Stored::packed && at(5) >= 1 && at(5) <= 5 : at(4) == 0 && at(5) == 0;
  if (!fine || at(6) != 0 || at(7) != 0) return damaged("damaged header");
  if (u.encoding == Stored::packed) u.dtype = recorded ? static_cast<Recorded>(at(5)) : guess(u.payload);
  return u;
}

Result<void> auto_pack(const Value& v, Buffer& out) {
  const std::size_t before = out.size();
  auto done = put_auto(v, out);
  if (!done) out.truncate(before);
  return done;
}

Result<void> auto_pack_as(Stored encoding, const Value& v, Buffer& out) {
  const std::size_t before = out.size();
  auto done = put_as(encoding, v, out);
  if (!done) out.truncate(before);
  return done;
}

Result<void> auto_pack_array(const ArrayView& a, Buffer& out) {
  if (!vector_code(a.element)) {
    return fail(Status::type_error, "an array of " + std::string(name_of(a.element)) +
                                        " can't be packed automatically; i8 to i64, u8 to u64, f32 and f64 can");
  }
  const std::size_t before = out.size();
  PACKHOUSE_TRY(const std::uint64_t n, element_count(a.shape, size_of(a.element)));
  const std::size_t size = 2 + 4 * a.shape.size() + n * size_of(a.element);
  put_header(Stored::packed, size == 8 ? Recorded::vector : Recorded::guess, out);
  auto done = pack_vector(Dtype{.kind = Dtype::Kind::vector, .scalar = a.element}, a, Cast::exact, out);
  if (!done) out.truncate(before);
  return done;
}

Result<void> auto_pack_unsigned(std::uint64_t n, Buffer& out) {
  put_number(Recorded::u64, false, n, out);
  return {};
}

Result<ArrayView> unpack_any_vector(Bytes payload) {
  if (payload.empty()) return damaged("an empty vector record");
  const auto element = scalar_of_vector_code(std::to_integer<std::uint8_t>(payload[0]));
  if (!element) return damaged("unknown element type " + std::to_string(std::to_integer<int>(payload[0])));
  return unpack_vector(Dtype{.kind = Dtype::Kind::vector, .scalar = *element}, payload);
}

Result<Value> auto_unpack(Bytes stored, Arena& arena) {
  PACKHOUSE_TRY(const Unwrapped u, unwrap(stored));
  switch (u.encoding) {
    case Stored::raw: return Value::bytes(u.payload);
    case Stored::pickle:
      return fail(Status::argument_error,
                  "the value was stored as a Python pickle, which is refused: reading it would run foreign code");
    case Stored::packed: return packed_value(u, arena);
    case Stored::json: return codec::json::read_value(u.payload, arena, {.typed = false});
    case Stored::msgpack: return read_structured(Dtype::Kind::msgpack, u.payload, arena);
    case Stored::cbor: return read_structured(Dtype::Kind::cbor, u.payload, arena);
    case Stored::text: break;
  }
  if (!utf8::is_valid(as_text(u.payload))) return damaged("text that is not valid UTF-8");
  return Value::string(as_text(u.payload));
}

}  // namespace packhouse::datapacker
