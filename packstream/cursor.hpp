#pragma once
#include <bit>
#include <cstring>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "packstream/markers.hpp"

namespace packhouse::packstream {

/// What an item is, by its marker.
enum class Type : std::uint8_t { null, boolean, integer, real, string, bytes, list, map, structure, uuid };
std::string_view name(Type t);

/// The head of one item, and for scalars, text and bytes the whole of it. `data` points into the input.
struct Token {
  Type type = Type::null;
  std::uint8_t tag = 0;         ///< of a structure
  std::uint32_t size = 0;       ///< bytes of text and bytes; items, entries, fields that follow
  std::uint64_t bits = 0;       ///< of a scalar
  const std::byte* data = nullptr;

  bool boolean() const { return bits != 0; }
  std::int64_t integer() const { return static_cast<std::int64_t>(bits); }
  double real() const { return std::bit_cast<double>(bits); }
  Bytes bytes() const { return {data, size}; }
  std::string_view text() const { return as_text(bytes()); }
};

/// Why a Cursor stopped.
enum class Fault : std::uint8_t {
  none, cut_short, unknown_marker, too_large, not_utf8, key_not_string, duplicate_key, too_deep, left_over,
};

/// One whole item, still packed: a view for passing on, storing or looking at later. What lies inside
/// it has been measured, not checked.
struct RawValue {
  Bytes bytes;
};

/// Walks over untrusted PackStream, item by item, without recursion or allocation. A `false` result is
/// final: error() then says what is wrong and at which byte of the input. Input must outlive the tokens.
class Cursor {
 public:
  /// `uuid`: marker E0 is known (Dialect::uuid).
  explicit Cursor(Bytes in, bool uuid = false)
      : begin_(in.data()), at_(in.data()), end_(in.data() + in.size()), uuid_(uuid) {}

  std::size_t position() const { return static_cast<std::size_t>(at_ - begin_); }
  std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }
  bool at_end() const { return at_ == end_; }
  Bytes rest() const { return {at_, remaining()}; }
  /// Goes back to a position() of this input, as if nothing had been read since.
  void rewind(std::size_t position) {
    at_ = begin_ + position;
    owed_ = 0;
    fault_ = Fault::none;
  }
  bool uuid_allowed() const { return uuid_; }

  /// Reads the next head. Text is not checked here: see check_text().
  [[nodiscard]] bool next(Token& t);
  /// True for valid UTF-8.
  [[nodiscard]] bool check_text(const Token& t);
  /// Next item, which must be a map's key.
  [[nodiscard]] bool next_key(std::string_view& key);

  /// Announces that `n` more items follow, as a container's header did. Refuses what can't be true: all
  /// items still owed need at least a byte each. So memory reserved by announced sizes stays in
  /// proportion to the input however containers are nested. Call paid() for each before it is read.
  [[nodiscard]] bool expect(std::uint64_t n) {
    if (n + owed_ > remaining()) [[unlikely]] return refuse(Fault::cut_short, end_);
    owed_ += n;
    return true;
  }
  void paid(std::uint64_t n = 1) { owed_ -= n; }

  /// Passes over one whole item, however deep, at the cost of its markers.
  [[nodiscard]] bool skip();
  [[nodiscard]] bool raw(RawValue& out);
  /// Is the next item there and an integer?
  bool at_integer() const { return at_ != end_ && is_integer(std::to_integer<std::uint8_t>(*at_)); }
  /// Reads up to `n` integers in a row, calls put(i, value) for each, and returns how many there were:
  /// fewer than n when something else comes next, or the end. About 1 ns each.
  template <class Put>
  std::size_t integer_run(std::size_t n, Put&& put);
  /// Fills the front of `out` like integer_run.
  std::size_t integers(std::span<std::int64_t> out);
  /// The next byte, if there is one and it is not consumed.
  std::uint8_t peek() const { return std::to_integer<std::uint8_t>(*at_); }

  [[gnu::cold]] bool refuse(Fault f, const std::byte* where) {
    fault_ = f;
    fault_at_ = where;
    return false;
  }
  /// Refuses at the current position.
  [[gnu::cold]] bool refuse(Fault f) { return refuse(f, at_); }
  bool failed() const { return fault_ != Fault::none; }
  Fault fault() const { return fault_; }
  /// What the last refusal was about; only after one.
  Error error() const;

 private:
  template <class U>
  static U load(const std::byte* p) {
    U v;
    std::memcpy(&v, p, sizeof v);
    if constexpr (sizeof(U) == 2) v = __builtin_bswap16(v);
    if constexpr (sizeof(U) == 4) v = __builtin_bswap32(v);
    if constexpr (sizeof(U) == 8) v = __builtin_bswap64(v);
    return v;
  }
  static bool is_integer(std::uint8_t m) { return m < 0x80 || m >= 0xF0 || (m >= marker::int8 && m <= marker::int64); }
  /// A run of integers of one width: `p` goes behind them, `i` counts them.
  template <std::uint8_t M, class U, class S, class Put>
  static void same_width(const std::byte*& p, const std::byte* last, std::size_t& i, std::size_t n, Put& put) {
    do {
      put(i++, static_cast<std::int64_t>(static_cast<S>(load<U>(p + 1))));
      p += 1 + sizeof(U);
    } while (i < n && p <= last && *p == std::byte{M});
  }
  template <class U, class S>
  bool number(Token& t) {
    if (remaining() < sizeof(U)) [[unlikely]] return refuse(Fault::cut_short);
    t.type = Type::integer;
    t.bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<S>(load<U>(at_))));
    at_ += sizeof(U);
    return true;
  }
  template <class U>
  bool sized(Token& t, Type type) {
    if (remaining() < sizeof(U)) [[unlikely]] return refuse(Fault::cut_short);
    const std::uint32_t n = load<U>(at_);
    at_ += sizeof(U);
    return opened(t, type, n);
  }
  /// Text and bytes must be here in full; the items of containers need a byte each at least.
  bool opened(Token& t, Type type, std::uint32_t n) {
    t.type = type;
    t.size = n;
    if (n > max_size) [[unlikely]] return refuse(Fault::too_large);
    const std::size_t least = type == Type::map ? std::size_t{n} * 2 : n;
    if (least > remaining()) [[unlikely]] return refuse(Fault::cut_short);
    if (type == Type::string || type == Type::bytes) {
      t.data = at_;
      at_ += n;
    }
    return true;
  }
  bool wide(Token& t, std::uint8_t m);
  bool real(Token& t);
  bool structure(Token& t, std::uint8_t fields);
  bool uuid(Token& t);
  bool invalid_text(const Token& t);

  const std::byte* begin_;
  const std::byte* at_;
  const std::byte* end_;
  const std::byte* fault_at_ = nullptr;
  std::uint64_t owed_ = 0;
  Fault fault_ = Fault::none;
  bool uuid_;
};

template <class Put>
std::size_t Cursor::integer_run(std::size_t n, Put&& put) {
  std::size_t i = 0;
  if (remaining() >= 9) {
    const std::byte* p = at_;
    const std::byte* const last = end_ - 9;  // up to here the widest form can be read unchecked
    while (i < n && p <= last) {
      const auto m = std::to_integer<std::uint8_t>(*p);
      if (m < 0x80 || m >= 0xF0) {
        put(i++, std::int64_t{static_cast<std::int8_t>(m)});
        ++p;
      } else if (m == marker::int16) {
        same_width<marker::int16, std::uint16_t, std::int16_t>(p, last, i, n, put);
      } else if (m == marker::int64) {
        same_width<marker::int64, std::uint64_t, std::int64_t>(p, last, i, n, put);
      } else if (m == marker::int32) {
        same_width<marker::int32, std::uint32_t, std::int32_t>(p, last, i, n, put);
      } else if (m == marker::int8) {
        same_width<marker::int8, std::uint8_t, std::int8_t>(p, last, i, n, put);
      } else {
        break;
      }
    }
    at_ = p;
  }
  const std::byte* p = at_;
  Token t;
  while (i < n && at_integer() && next(t)) {
    put(i++, t.integer());
    p = at_;
  }
  if (failed()) {  // a last integer that is cut short is not part of the run
    at_ = p;
    fault_ = Fault::none;
  }
  return i;
}

/// Quick test for the common case of short ASCII text; true means valid.
inline bool is_ascii(const std::byte* p, std::size_t n) {
  constexpr std::uint64_t high = 0x8080808080808080;
  const auto word = [](const std::byte* q) {
    std::uint64_t w;
    std::memcpy(&w, q, sizeof w);
    return w;
  };
  std::uint64_t seen = 0;
  if (n >= 8) {
    std::size_t at = 0;
    for (; at + 64 <= n; at += 64) {  // a loop the compiler turns into vector code
      for (std::size_t i = 0; i < 64; i += 8) seen |= word(p + at + i);
    }
    for (; at + 8 <= n; at += 8) seen |= word(p + at);
    return ((seen | word(p + n - 8)) & high) == 0;
  }
  for (std::size_t i = 0; i < n; ++i) seen |= std::to_integer<std::uint64_t>(p[i]);
  return (seen & 0x80) == 0;
}

inline bool Cursor::check_text(const Token& t) { return is_ascii(t.data, t.size) || invalid_text(t); }

inline bool Cursor::next_key(std::string_view& key) {
  Token t;
  const std::byte* const at = at_;
  if (!next(t)) [[unlikely]] return false;
  if (t.type != Type::string) [[unlikely]] return refuse(Fault::key_not_string, at);
  if (!check_text(t)) [[unlikely]] return false;
  key = t.text();
  return true;
}

inline bool Cursor::next(Token& t) {
  if (at_ == end_) [[unlikely]] return refuse(Fault::cut_short);
  const auto m = std::to_integer<std::uint8_t>(*at_++);
  if (m < 0x80 || m >= 0xF0) {
    t.type = Type::integer;
    t.bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int8_t>(m)));
    return true;
  }
  switch (m >> 4) {
    case 0x8: return opened(t, Type::string, m & 0x0F);
    case 0x9: return opened(t, Type::list, m & 0x0F);
    case 0xA: return opened(t, Type::map, m & 0x0F);
    case 0xB: return structure(t, m & 0x0F);
    default: return wide(t, m);
  }
}

inline bool Cursor::wide(Token& t, std::uint8_t m) {
  switch (m) {
    case marker::null: t.type = Type::null; return true;
    case marker::false_:
    case marker::true_:
      t.type = Type::boolean;
      t.bits = m & 1U;
      return true;
    case marker::real: return real(t);
    case marker::int8: return number<std::uint8_t, std::int8_t>(t);
    case marker::int16: return number<std::uint16_t, std::int16_t>(t);
    case marker::int32: return number<std::uint32_t, std::int32_t>(t);
    case marker::int64: return number<std::uint64_t, std::int64_t>(t);
    case marker::bytes8: return sized<std::uint8_t>(t, Type::bytes);
    case marker::bytes16: return sized<std::uint16_t>(t, Type::bytes);
    case marker::bytes32: return sized<std::uint32_t>(t, Type::bytes);
    case marker::string8: return sized<std::uint8_t>(t, Type::string);
    case marker::string16: return sized<std::uint16_t>(t, Type::string);
    case marker::string32: return sized<std::uint32_t>(t, Type::string);
    case marker::list8: return sized<std::uint8_t>(t, Type::list);
    case marker::list16: return sized<std::uint16_t>(t, Type::list);
    case marker::list32: return sized<std::uint32_t>(t, Type::list);
    case marker::map8: return sized<std::uint8_t>(t, Type::map);
    case marker::map16: return sized<std::uint16_t>(t, Type::map);
    case marker::map32: return sized<std::uint32_t>(t, Type::map);
    case marker::uuid: return uuid(t);
    default: return refuse(Fault::unknown_marker, at_ - 1);
  }
}

inline bool Cursor::real(Token& t) {
  if (remaining() < 8) [[unlikely]] return refuse(Fault::cut_short);
  t.type = Type::real;
  t.bits = load<std::uint64_t>(at_);
  at_ += 8;
  return true;
}

inline bool Cursor::structure(Token& t, std::uint8_t fields) {
  if (at_ == end_) [[unlikely]] return refuse(Fault::cut_short);
  t.tag = std::to_integer<std::uint8_t>(*at_++);
  return opened(t, Type::structure, fields);
}

inline bool Cursor::uuid(Token& t) {
  if (!uuid_) return refuse(Fault::unknown_marker, at_ - 1);
  if (remaining() < 16) return refuse(Fault::cut_short);
  t.type = Type::uuid;
  t.size = 16;
  t.data = at_;
  at_ += 16;
  return true;
}

}  // namespace packhouse::packstream
