#include "storage/index_encoding.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "base/int128.hpp"

namespace packhouse::storage::keys {
namespace {

constexpr double two_53 = 9007199254740992.0;
constexpr double two_63 = 9223372036854775808.0;
constexpr int deepest = 64;

/// Doubles in the order of unsigned integers: -0.0 is 0.0, NaN is the greatest.
std::uint64_t sortable(double d) {
  if (std::isnan(d)) return std::numeric_limits<std::uint64_t>::max();
  if (d == 0) d = 0;
  const auto bits = std::bit_cast<std::uint64_t>(d);
  return (bits >> 63) != 0 ? ~bits : bits | std::uint64_t{1} << 63;
}

std::uint32_t sortable(float f) {
  if (std::isnan(f)) return std::numeric_limits<std::uint32_t>::max();
  if (f == 0) f = 0;
  const auto bits = std::bit_cast<std::uint32_t>(f);
  return (bits >> 31) != 0 ? ~bits : bits | std::uint32_t{1} << 31;
}

template <class T>
T element(const std::byte* data, std::size_t i) {
  T out;
  std::memcpy(&out, data + i * sizeof(T), sizeof(T));
  return out;
}

/// The same order, unsigned.
template <class T>
auto biased(T v) {
  using U = std::make_unsigned_t<T>;
  return static_cast<U>(static_cast<U>(v) ^ static_cast<U>(U{1} << (sizeof(T) * 8 - 1)));
}

}  // namespace

Group group_of(const Value& v) {
  switch (v.kind()) {
    case Kind::list: return Group::list;
    case Kind::datetime: return Group::datetime;
    case Kind::local_datetime: return Group::local_datetime;
    case Kind::date: return Group::date;
    case Kind::time: return Group::time;
    case Kind::local_time: return Group::local_time;
    case Kind::duration: return Group::duration;
    case Kind::point: return Group::point;
    case Kind::vector: return Group::vector;
    case Kind::bytes: return Group::bytes;
    case Kind::string: return Group::string;
    case Kind::boolean: return Group::boolean;
    case Kind::integer: return Group::number;
    case Kind::real: return std::isnan(v.as_real()) ? Group::nan : Group::number;
    case Kind::null: return Group::null;
    case Kind::map:
    case Kind::node:
    case Kind::relationship:
    case Kind::path: break;
  }
  return Group::end;
}

void Encoder::hash(Bytes b) {
  for (const std::byte x : b) hash_ = (hash_ ^ std::to_integer<std::uint64_t>(x)) * 0x100000001B3U;
}

void Encoder::put(Bytes b) {
  if (b.empty()) return;
  if (length_ + b.size() <= longest) [[likely]] {
    std::memcpy(bytes_.data() + length_, b.data(), b.size());
  } else {
    // The hash begins with what is kept and is only needed from here on.
    if (length_ <= longest) hash({bytes_.data(), length_});
    hash(b);
    if (length_ < longest) std::memcpy(bytes_.data() + length_, b.data(), longest - length_);
  }
  length_ += b.size();
}

void Encoder::put(std::uint8_t v) {
  const auto b = static_cast<std::byte>(v);
  put(Bytes(&b, 1));
}

template <class T>
void Encoder::big_endian(T v) {
  std::array<std::byte, sizeof(T)> out;
  for (std::size_t i = 0; i < sizeof(T); ++i) out[i] = static_cast<std::byte>(v >> (8 * (sizeof(T) - 1 - i)));
  put(Bytes(out));
}

void Encoder::number(double floor, std::uint16_t beyond) {
  group(Group::number);
  big_endian(sortable(floor));
  if (floor >= -two_63 && floor < two_63 && std::abs(floor) >= two_53) big_endian(beyond);
}

void Encoder::real(double d) {
  if (std::isnan(d)) return group(Group::nan);
  number(d, 0);
}

void Encoder::integer(std::int64_t i) {
  auto floor = static_cast<double>(i);
  if (floor >= two_63 || static_cast<std::int64_t>(floor) > i) floor = std::nextafter(floor, -two_63);
  number(floor, static_cast<std::uint16_t>(i - static_cast<std::int64_t>(floor)));
}

void Encoder::escaped(Bytes b) {
  static constexpr std::byte zero[] = {std::byte{0}, std::byte{0xFF}};
  while (!b.empty()) {
    const void* at = std::memchr(b.data(), 0, b.size());
    if (at == nullptr) return put(b);
    const auto n = static_cast<std::size_t>(static_cast<const std::byte*>(at) - b.data());
    put(b.first(n));
    put(Bytes(zero));
    b = b.subspan(n + 1);
  }
}

void Encoder::string_prefix(std::string_view text) {
  group(Group::string);
  escaped(as_bytes(text));
}

void Encoder::moment(const DateTime& t) {
  group(Group::datetime);
  signed64(t.seconds);
  big_endian(biased(t.nanos));
}

void Encoder::vector(const Value& v) {
  group(Group::vector);
  big_endian(v.vector_dimensions());
  put(static_cast<std::uint8_t>(v.vector_element()));
  const std::byte* data = v.vector_data().data();
  for (std::size_t i = 0; i < v.vector_dimensions(); ++i) {
    switch (v.vector_element()) {
      case Element::i8: big_endian(biased(element<std::int8_t>(data, i))); break;
      case Element::i16: big_endian(biased(element<std::int16_t>(data, i))); break;
      case Element::i32: big_endian(biased(element<std::int32_t>(data, i))); break;
      case Element::i64: big_endian(biased(element<std::int64_t>(data, i))); break;
      case Element::f32: big_endian(sortable(element<float>(data, i))); break;
      case Element::f64: big_endian(sortable(element<double>(data, i))); break;
    }
  }
}

void Encoder::duration(const Duration& d) {
  // The order of value/compare.hpp: average length first, a month being 30.436875 days.
  const int128 length = int128{d.months} * 2'629'746 + int128{d.days} * 86'400 + int128{d.seconds};
  group(Group::duration);
  signed64(static_cast<std::int64_t>(length >> 64));
  big_endian(static_cast<std::uint64_t>(length));
  big_endian(biased(d.nanos));
  signed64(d.months);
  signed64(d.days);
}

void Encoder::point(const Point& p) {
  group(Group::point);
  big_endian(static_cast<std::uint16_t>(p.crs));
  big_endian(sortable(p.x));
  big_endian(sortable(p.y));
  if (p.three_d()) big_endian(sortable(p.z));
}

Result<void> Encoder::value(const Value& v, int depth) {
  static constexpr std::byte terminator[] = {std::byte{0}, std::byte{0}};
  switch (v.kind()) {
    case Kind::integer: integer(v.as_integer()); return ok;
    case Kind::real: real(v.as_real()); return ok;
    case Kind::string: string_prefix(v.as_string()), put(Bytes(terminator)); return ok;
    case Kind::bytes: group(Group::bytes), escaped(v.as_bytes()), put(Bytes(terminator)); return ok;
    case Kind::boolean: group(Group::boolean), put(static_cast<std::uint8_t>(v.as_boolean())); return ok;
    case Kind::date: group(Group::date), signed64(v.as_date().days); return ok;
    case Kind::local_time: group(Group::local_time), signed64(v.as_local_time().nanos); return ok;
    case Kind::time: {
      const Time t = v.as_time();
      group(Group::time), signed64(t.nanos - t.offset * std::int64_t{1'000'000'000}), big_endian(biased(t.offset));
      return ok;
    }
    case Kind::local_datetime: {
      const LocalDateTime t = v.as_local_datetime();
      group(Group::local_datetime), signed64(t.seconds), big_endian(biased(t.nanos));
      return ok;
    }
    case Kind::datetime: {
      // Ids of named zones belong to this process and their offsets change with laws, so neither can be on disk.
      const DateTime t = v.as_datetime();
      moment(t);
      big_endian(biased(t.zone.is_named() ? std::numeric_limits<std::int32_t>::max() : t.zone.offset_seconds()));
      exact_ = exact_ && !t.zone.is_named();
      return ok;
    }
    case Kind::duration: duration(v.as_duration()); return ok;
    case Kind::point: point(v.as_point()); return ok;
    case Kind::vector: vector(v); return ok;
    case Kind::null: group(Group::null); return ok;
    case Kind::list:
      if (depth >= deepest) return fail(Status::type_error, "the list is nested too deeply for an index");
      group(Group::list);
      for (const Value& item : v.as_list()) PACKHOUSE_CHECK(value(item, depth + 1));
      group(Group::end);
      return ok;
    case Kind::map:
    case Kind::node:
    case Kind::relationship:
    case Kind::path: break;
  }
  return fail(Status::type_error, "a value of type " + std::string(type_name(v.kind())) + " can't be indexed");
}

void Encoder::append_to(IndexKey& key) const {
  if (!cut()) {
    key.append({bytes_.data(), length_});
    return;
  }
  key.append({bytes_.data(), cut_at});
  key.put(hash_);
}

bool Encoder::append_bound_to(IndexKey& key) const {
  key.append({bytes_.data(), std::min(length_, cut_at)});
  return length_ <= cut_at;
}

}  // namespace packhouse::storage::keys
