#include "codec/msgpack/reader.hpp"

#include <bit>
#include <string>

#include "base/utf8.hpp"
#include "codec/msgpack/ext.hpp"
#include "packstream/keys.hpp"

namespace packhouse::codec::msgpack {
namespace {

/// One reading of one value: recursive descent, bounded by the depth limit.
class Reader {
 public:
  Reader(Bytes in, AnySink& out, const ReadOptions& options)
      : in_(in), size_(in.size()), out_(out), options_(options), depth_left_(options.max_depth) {}

  Result<void> whole() {
    PACKHOUSE_CHECK(value());
    if (!in_.empty() && !options_.prefix) return refuse("bytes after the end of the value");
    return {};
  }

 private:
  tl::unexpected<Error> refuse(const std::string& why) const {
    return fail(Status::request_invalid, "MessagePack: " + why + " at byte " + std::to_string(size_ - in_.size()));
  }

  Result<Bytes> take(std::uint64_t n) {
    if (n > in_.size()) return refuse("value is cut short");
    const Bytes head = in_.first(n);
    in_ = in_.subspan(n);
    return head;
  }

  template <class T>
  Result<T> number() {
    PACKHOUSE_TRY(const Bytes b, take(sizeof(T)));
    std::uint64_t bits = 0;
    for (const std::byte x : b) bits = bits << 8 | std::to_integer<std::uint64_t>(x);
    return static_cast<T>(bits);
  }

  template <class T>
  Result<void> integer() {
    PACKHOUSE_TRY(const T v, number<T>());
    if constexpr (std::is_same_v<T, std::uint64_t>) {
      if (v > static_cast<std::uint64_t>(INT64_MAX)) {
        const auto taken = out_.unsigned_integer(v);
        if (!taken) return refuse(taken.error().message());
        return {};
      }
    }
    return out_.integer(static_cast<std::int64_t>(v));
  }

  Result<std::uint32_t> size(std::uint8_t width) {
    if (width == 0) return number<std::uint8_t>();
    if (width == 1) return number<std::uint16_t>();
    return number<std::uint32_t>();
  }

  Result<void> value() {
    PACKHOUSE_TRY(const auto m, number<std::uint8_t>());
    if (m < 0x80 || m >= 0xE0) return out_.integer(static_cast<std::int8_t>(m));
    if (m < 0x90) return map(m & 0x0FU);
    if (m < 0xA0) return list(m & 0x0FU);
    if (m < 0xC0) return string(m & 0x1FU);
    if (m >= 0xC4 && m <= 0xC9) return blob(m);
    if (m >= 0xD4 && m <= 0xD8) return ext(1U << (m - 0xD4));
    if (m >= 0xD9) return sized(m);
    switch (m) {
      case 0xC0: return out_.null();
      case 0xC2: return out_.boolean(false);
      case 0xC3: return out_.boolean(true);
      case 0xCA: {
        PACKHOUSE_TRY(const auto bits, number<std::uint32_t>());
        return out_.real(static_cast<double>(std::bit_cast<float>(bits)));
      }
      case 0xCB: {
        PACKHOUSE_TRY(const auto bits, number<std::uint64_t>());
        return out_.real(std::bit_cast<double>(bits));
      }
      case 0xCC: return integer<std::uint8_t>();
      case 0xCD: return integer<std::uint16_t>();
      case 0xCE: return integer<std::uint32_t>();
      case 0xCF: return integer<std::uint64_t>();
      case 0xD0: return integer<std::int8_t>();
      case 0xD1: return integer<std::int16_t>();
      case 0xD2: return integer<std::int32_t>();
      case 0xD3: return integer<std::int64_t>();
      default: return refuse("unknown marker " + std::to_string(m));
    }
  }

  /// bin 8 to 32, ext 8 to 32.
  Result<void> blob(std::uint8_t m) {
    PACKHOUSE_TRY(const std::uint32_t n, size(static_cast<std::uint8_t>((m - 0xC4) % 3)));
    if (m >= 0xC7) return ext(n);
    PACKHOUSE_TRY(const Bytes b, take(n));
    return out_.bytes(b);
  }

  /// str 8 to 32, array 16 and 32, map 16 and 32.
  Result<void> sized(std::uint8_t m) {
    if (m <= 0xDB) {
      PACKHOUSE_TRY(const std::uint32_t n, size(static_cast<std::uint8_t>(m - 0xD9)));
      return string(n);
    }
    PACKHOUSE_TRY(const std::uint32_t n, size(m % 2 == 0 ? 1 : 2));
    return m <= 0xDD ? list(n) : map(n);
  }

  Result<std::string_view> text(std::uint32_t n) {
    PACKHOUSE_TRY(const Bytes b, take(n));
    if (!utf8::is_valid(as_text(b))) return refuse("string is not valid UTF-8, it ends");
    return as_text(b);
  }

  Result<void> string(std::uint32_t n) {
    PACKHOUSE_TRY(const std::string_view s, text(n));
    return out_.string(s);
  }

  Result<void> ext(std::uint32_t n) {
    PACKHOUSE_TRY(const auto type, number<std::int8_t>());
    PACKHOUSE_TRY(const Bytes payload, take(n));
    if (!options_.extensions) return refuse("extension type " + std::to_string(type) + " is not accepted here, it ends");
    auto done = deliver_ext(type, payload, out_);
    if (!done) return tl::make_unexpected(std::move(done).error().in("MessagePack: "));
    return done;
  }

  /// Items that are still owed need a byte each, in whatever container they are.
  Result<void> enter(std::uint64_t items) {
    if (depth_left_ == 0) return refuse("value is nested too deeply");
    --depth_left_;
    if (items + owed_ > in_.size()) return refuse("value is cut short");
    owed_ += items;
    return {};
  }

  Result<void> list(std::uint32_t n) {
    PACKHOUSE_CHECK(enter(n));
    if (n == unknown_size) return refuse("list is too long");
    PACKHOUSE_CHECK(out_.list_begin(n));
    for (; n > 0; --n) {
      --owed_;
      PACKHOUSE_CHECK(value());
    }
    ++depth_left_;
    return out_.list_end();
  }

  Result<std::string_view> key() {
    PACKHOUSE_TRY(const auto m, number<std::uint8_t>());
    if (m >= 0xA0 && m < 0xC0) return text(m & 0x1FU);
    if (m < 0xD9 || m > 0xDB) return refuse("a map key must be a string, found marker " + std::to_string(m));
    PACKHOUSE_TRY(const std::uint32_t n, size(static_cast<std::uint8_t>(m - 0xD9)));
    return text(n);
  }

  Result<void> map(std::uint32_t n) {
    PACKHOUSE_CHECK(enter(std::uint64_t{n} * 2));
    PACKHOUSE_CHECK(out_.map_begin(n));
    const std::size_t mark = keys_.mark();
    for (; n > 0; --n) {
      owed_ -= 2;
      PACKHOUSE_TRY(const std::string_view k, key());
      if (!options_.repeated_keys && !keys_.add(mark, k)) return refuse("duplicate map key before");
      PACKHOUSE_CHECK(out_.key(k));
      PACKHOUSE_CHECK(value());
    }
    if (!keys_.close(mark)) return refuse("duplicate map key in the map that ends");
    ++depth_left_;
    return out_.map_end();
  }

  Bytes in_;
  std::size_t size_;
  AnySink& out_;
  const ReadOptions& options_;
  std::uint32_t depth_left_;
  std::uint64_t owed_ = 0;
  packstream::OpenKeys keys_;
};

}  // namespace

Result<void> read_any(Bytes in, AnySink& out, const ReadOptions& options) { return Reader(in, out, options).whole(); }

}  // namespace packhouse::codec::msgpack
