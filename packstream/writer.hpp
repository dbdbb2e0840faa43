#pragma once
#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <span>

#include "base/buffer.hpp"
#include "packstream/backpatch.hpp"
#include "packstream/dialect.hpp"
#include "packstream/markers.hpp"
#include "value/sink.hpp"

namespace packhouse::packstream {

/// Appends PackStream to a buffer, always in the shortest form, with the structures of one Dialect.
/// It is a ValueSink, so that any reader can drive it; the write_ calls beneath are for callers that
/// know what they write (one record after the other): they can't fail and must not be used inside a
/// list or map of unknown size. Strings must be valid UTF-8. Not to be shared between threads.
class Writer {
 public:
  explicit Writer(Buffer& out, const Dialect& dialect = {}) : out_(&out), dialect_(dialect) {}

  const Dialect& dialect() const { return dialect_; }
  Buffer& out() { return *out_; }

  // Calls that never fail.
  void write_null() { out_->put(marker::null); }
  void write_boolean(bool v) { out_->put(v ? marker::true_ : marker::false_); }
  void write_integer(std::int64_t v) {
    if (is_tiny(v)) {
      out_->put(static_cast<std::uint8_t>(v));
    } else {
      std::byte* const p = out_->extend(9);
      shrink_to(put_integer(p, v));
    }
  }
  void write_real(double v) {
    std::byte* const p = out_->extend(9);
    *p = std::byte{marker::real};
    store(p + 1, std::bit_cast<std::uint64_t>(v));
  }
  void write_string(std::string_view v) { write_text(as_bytes(v), marker::tiny_string, marker::string8); }
  void write_bytes(Bytes v) { write_text(v, no_tiny_form, marker::bytes8); }
  void write_list_header(std::size_t n) { write_header(n, marker::tiny_list, marker::list8); }
  void write_map_header(std::size_t n) { write_header(n, marker::tiny_map, marker::map8); }
  /// At most 15 fields.
  void write_structure_header(std::uint8_t tag, std::uint8_t fields) {
    std::byte* const p = out_->extend(2);
    p[0] = static_cast<std::byte>(marker::structure | fields);
    p[1] = static_cast<std::byte>(tag);
  }
  /// A list of integers, about 1 ns each.
  void write_integers(std::span<const std::int64_t> values) {
    write_list_header(values.size());
    write_run(values.size(), [values](std::size_t i) { return values[i]; });
  }
  /// `n` integers one after the other: get(i) gives each.
  template <class Get>
  void write_run(std::size_t n, Get get) {
    constexpr std::size_t step = 1024;  // so that small numbers never reserve nine bytes each for all
    for (std::size_t i = 0; i < n; i += step) {
      const std::size_t end = std::min(n, i + step);
      std::byte* const p = out_->extend(9 * (end - i));
      shrink_to(put_run(p, i, end, get));
    }
  }
  /// One item that is PackStream already, or several.
  void write_raw(Bytes items) { out_->append(items); }
  void write_date(Date v);
  void write_local_time(LocalTime v);
  void write_time(Time v);
  void write_local_datetime(LocalDateTime v);
  void write_datetime(const DateTime& v);
  void write_duration(const Duration& v);
  void write_point(const Point& v);
  /// A list of numbers in dialects without vectors.
  void write_vector(Element e, std::uint32_t dimensions, Bytes little_endian);

  // ValueSink.
  Result<void> null() { return open_.item(), write_null(), Result<void>{}; }
  Result<void> boolean(bool v) { return open_.item(), write_boolean(v), Result<void>{}; }
  Result<void> integer(std::int64_t v) { return open_.item(), write_integer(v), Result<void>{}; }
  Result<void> real(double v) { return open_.item(), write_real(v), Result<void>{}; }
  Result<void> string(std::string_view v) {
    if (v.size() > max_size) [[unlikely]] return too_large(v.size());
    return open_.item(), write_string(v), Result<void>{};
  }
  Result<void> bytes(Bytes v) {
    if (v.size() > max_size) [[unlikely]] return too_large(v.size());
    return open_.item(), write_bytes(v), Result<void>{};
  }
  Result<void> list_begin(std::uint32_t n) {
    return begin(n, OpenContainers::Shape::list, marker::tiny_list, marker::list8);
  }
  Result<void> list_end() { return end(); }
  Result<void> map_begin(std::uint32_t n) {
    return begin(n, OpenContainers::Shape::map, marker::tiny_map, marker::map8);
  }
  Result<void> key(std::string_view k) {
    if (k.size() > max_size) [[unlikely]] return too_large(k.size());
    return open_.key(), write_string(k), Result<void>{};
  }
  Result<void> map_end() { return end(); }
  Result<void> structure_begin(std::uint8_t tag, std::uint32_t fields) {
    if (fields > max_fields) [[unlikely]] return too_many_fields(fields);
    open_.item();
    open_.begin(out_->size(), OpenContainers::Shape::structure, false);
    write_structure_header(tag, static_cast<std::uint8_t>(fields));
    return {};
  }
  Result<void> structure_end() { return end(); }
  Result<void> date(Date v) { return open_.item(), write_date(v), Result<void>{}; }
  Result<void> local_time(LocalTime v) { return open_.item(), write_local_time(v), Result<void>{}; }
  Result<void> time(Time v) { return open_.item(), write_time(v), Result<void>{}; }
  Result<void> local_datetime(LocalDateTime v) { return open_.item(), write_local_datetime(v), Result<void>{}; }
  Result<void> datetime(const DateTime& v) { return open_.item(), write_datetime(v), Result<void>{}; }
  Result<void> duration(const Duration& v) { return open_.item(), write_duration(v), Result<void>{}; }
  Result<void> point(const Point& v) { return open_.item(), write_point(v), Result<void>{}; }
  /// `little_endian` must hold `dimensions` elements.
  Result<void> vector(Element e, std::uint32_t dimensions, Bytes little_endian);
  /// One item that is PackStream already.
  Result<void> raw(Bytes item) { return open_.item(), write_raw(item), Result<void>{}; }
  /// A list of integers.
  Result<void> integers(std::span<const std::int64_t> values) {
    if (values.size() > max_size) [[unlikely]] return too_large(values.size());
    return open_.item(), write_integers(values), Result<void>{};
  }
  /// 16 bytes; an error in dialects without UUIDs.
  Result<void> uuid(Bytes sixteen);

 private:
  static constexpr std::uint8_t no_tiny_form = 0;

  static bool is_tiny(std::int64_t v) { return v >= -16 && v <= 127; }
  template <class T>
  static bool fits(std::int64_t v) {
    return v >= std::numeric_limits<T>::min() && v <= std::numeric_limits<T>::max();
  }
  template <class U>
  static std::byte* store(std::byte* p, U v) {
    if constexpr (sizeof(U) == 2) v = __builtin_bswap16(v);
    if constexpr (sizeof(U) == 4) v = __builtin_bswap32(v);
    if constexpr (sizeof(U) == 8) v = __builtin_bswap64(v);
    std::memcpy(p, &v, sizeof v);
    return p + sizeof v;
  }
  static std::byte* put_integer(std::byte* p, std::int64_t v) {
    if (is_tiny(v)) return store(p, static_cast<std::uint8_t>(v));
    if (fits<std::int8_t>(v)) return store(store(p, marker::int8), static_cast<std::uint8_t>(v));
    if (fits<std::int16_t>(v)) return store(store(p, marker::int16), static_cast<std::uint16_t>(v));
    if (fits<std::int32_t>(v)) return store(store(p, marker::int32), static_cast<std::uint32_t>(v));
    return store(store(p, marker::int64), static_cast<std::uint64_t>(v));
  }
  /// Integers of one width that follow each other: at least one, `fits` tells whether the next is one more.
  template <class U, class Fits, class Get>
  static void put_same(std::byte*& p, std::uint8_t m, std::size_t& i, std::size_t n, Fits fits, Get& get) {
    std::int64_t v = get(i);
    do {
      p = store(store(p, m), static_cast<U>(v));
    } while (++i < n && fits(v = get(i)));
  }
  template <class Get>
  static std::byte* put_run(std::byte* p, std::size_t i, std::size_t n, Get& get) {
    const auto wide = [](std::int64_t v) { return !fits<std::int32_t>(v); };
    const auto medium = [](std::int64_t v) { return fits<std::int32_t>(v) && !fits<std::int16_t>(v); };
    const auto small = [](std::int64_t v) { return fits<std::int16_t>(v) && !is_tiny(v) && !fits<std::int8_t>(v); };
    while (i < n) {
      const std::int64_t v = get(i);
      if (wide(v)) {
        put_same<std::uint64_t>(p, marker::int64, i, n, wide, get);
      } else if (medium(v)) {
        put_same<std::uint32_t>(p, marker::int32, i, n, medium, get);
      } else if (small(v)) {
        put_same<std::uint16_t>(p, marker::int16, i, n, small, get);
      } else {
        p = put_integer(p, v);
        ++i;
      }
    }
    return p;
  }
  /// `first` is the marker of the 8 bit form; the 16 and 32 bit forms follow it.
  static std::byte* put_header(std::byte* p, std::size_t n, std::uint8_t tiny, std::uint8_t first) {
    if (n < 16 && tiny != no_tiny_form) return store(p, static_cast<std::uint8_t>(tiny | n));
    if (n <= 0xFF) return store(store(p, first), static_cast<std::uint8_t>(n));
    if (n <= 0xFFFF) return store(store(p, static_cast<std::uint8_t>(first + 1)), static_cast<std::uint16_t>(n));
    return store(store(p, static_cast<std::uint8_t>(first + 2)), static_cast<std::uint32_t>(n));
  }

  void shrink_to(const std::byte* end) { out_->truncate(static_cast<std::size_t>(end - out_->data())); }
  void write_header(std::size_t n, std::uint8_t tiny, std::uint8_t first) {
    std::byte* const p = out_->extend(5);
    shrink_to(put_header(p, n, tiny, first));
  }
  void write_text(Bytes v, std::uint8_t tiny, std::uint8_t first) {
    std::byte* p = out_->extend(v.size() + 5);
    p = put_header(p, v.size(), tiny, first);
    if (!v.empty()) std::memcpy(p, v.data(), v.size());
    shrink_to(p + v.size());
  }

  Result<void> begin(std::uint32_t n, OpenContainers::Shape shape, std::uint8_t tiny, std::uint8_t first) {
    if (n > max_size && n != unknown_size) [[unlikely]] return too_large(n);
    open_.item();
    open_.begin(out_->size(), shape, n == unknown_size);
    write_header(n == unknown_size ? 0 : n, tiny, first);
    return {};
  }
  Result<void> end() {
    if (const auto closed = open_.end()) [[unlikely]] return patch(*closed);
    return {};
  }
  /// Writes the header of a container whose size is known at last, and moves its body if the header grew.
  Result<void> patch(const OpenContainers::Closed& closed);
  static Result<void> too_large(std::size_t n);
  static Result<void> too_many_fields(std::uint32_t n);

  Buffer* out_;
  Dialect dialect_;
  OpenContainers open_;
};
static_assert(ValueSink<Writer>);

}  // namespace packhouse::packstream
