#include "codec/cbor/reader.hpp"

#include <bit>
#include <deque>
#include <string>

#include "base/utf8.hpp"
#include "codec/cbor/head.hpp"
#include "codec/cbor/objects.hpp"
#include "codec/cbor/tags.hpp"
#include "codec/half.hpp"
#include "packstream/keys.hpp"

namespace packhouse::codec::cbor {
namespace {

/// One reading of one value: recursive descent, bounded by the depth limit.
class Reader {
 public:
  Reader(Bytes in, AnySink& out, const ReadOptions& options)
      : in_(in), out_(out), options_(options), depth_left_(options.max_depth) {}

  Result<void> whole() {
    PACKHOUSE_TRY(Head h, in_.head());
    if (options_.tags && h.major == Major::tag && h.number == tag_cbor) {
      PACKHOUSE_TRY(const Head next, in_.head());
      h = next;
    }
    PACKHOUSE_CHECK(value(h));
    if (in_.left() > 0 && !options_.prefix) return in_.refuse("bytes after the end of the value");
    return {};
  }

 private:
  Result<void> value() {
    PACKHOUSE_TRY(const Head h, in_.head());
    return value(h);
  }

  Result<void> value(const Head& h) {
    switch (h.major) {
      case Major::positive: return positive(h.number);
      case Major::negative: return negative(h.number);
      case Major::bytes: {
        std::string joined;
        PACKHOUSE_TRY(const Bytes b, run(h, joined));
        return out_.bytes(b);
      }
      case Major::text: {
        std::string joined;
        PACKHOUSE_TRY(const std::string_view s, text(h, joined));
        return out_.string(s);
      }
      case Major::list: return list(h);
      case Major::map: return map(h);
      case Major::tag: return tag(h.number);
      case Major::simple: break;
    }
    return simple(h);
  }

  Result<void> positive(std::uint64_t n) {
    if (n <= static_cast<std::uint64_t>(INT64_MAX)) return out_.integer(static_cast<std::int64_t>(n));
    const auto taken = out_.unsigned_integer(n);
    if (!taken) return in_.refuse(taken.error().message());
    return {};
  }

  Result<void> negative(std::uint64_t n) {
    if (n > static_cast<std::uint64_t>(INT64_MAX)) return in_.refuse("integer below -2^63");
    return out_.integer(-1 - static_cast<std::int64_t>(n));
  }

  Result<void> simple(const Head& h) {
    switch (h.info) {
      case 20: return out_.boolean(false);
      case 21: return out_.boolean(true);
      case 22:
      case 23: return out_.null();
      case 25: return out_.real(half_to_double(static_cast<std::uint16_t>(h.number)));
      case 26: return out_.real(static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(h.number))));
      case 27: return out_.real(std::bit_cast<double>(h.number));
      case 31: return in_.refuse("break outside of a list or map");
      default: return in_.refuse("unknown simple value " + std::to_string(h.number));
    }
  }

  /// A byte string or text; chunks of one of indefinite length are put together in `joined`.
  Result<Bytes> run(const Head& h, std::string& joined) {
    if (!h.indefinite()) {
      if (h.number >= unknown_size) return in_.refuse("string is cut short or too long");
      return in_.take(h.number);
    }
    for (;;) {
      PACKHOUSE_TRY(const Head chunk, in_.head());
      if (chunk.is_break()) return as_bytes(joined);
      if (chunk.major != h.major || chunk.indefinite()) return in_.refuse("a chunk of another kind than its string");
      PACKHOUSE_TRY(const Bytes b, in_.take(chunk.number));
      if (h.major == Major::text && !utf8::is_valid(as_text(b)))
        return in_.refuse("string is not valid UTF-8, it ends");
      joined.append(as_text(b));
      if (joined.size() >= unknown_size) return in_.refuse("string is too long");
    }
  }

  Result<std::string_view> text(const Head& h, std::string& joined) {
    PACKHOUSE_TRY(const Bytes b, run(h, joined));
    if (!h.indefinite() && !utf8::is_valid(as_text(b))) return in_.refuse("string is not valid UTF-8, it ends");
    return as_text(b);
  }

  /// Items that are still owed need a byte each, in whatever container they are.
  Result<void> enter(std::uint64_t items) {
    if (depth_left_ == 0) return in_.refuse("value is nested too deeply");
    --depth_left_;
    if (items > in_.left() || items + owed_ > in_.left()) return in_.refuse("value is cut short");
    owed_ += items;
    return {};
  }

  Result<void> list(const Head& h) {
    const std::uint64_t n = h.indefinite() ? 0 : h.number;
    PACKHOUSE_CHECK(enter(n));
    if (n >= unknown_size) return in_.refuse("list is too long");
    PACKHOUSE_CHECK(out_.list_begin(h.indefinite() ? unknown_size : static_cast<std::uint32_t>(n)));
    for (std::uint64_t i = 0; h.indefinite() || i < n; ++i) {
      PACKHOUSE_TRY(const Head item, in_.head());
      if (item.is_break() && h.indefinite()) break;
      if (!h.indefinite()) --owed_;
      PACKHOUSE_CHECK(value(item));
    }
    ++depth_left_;
    return out_.list_end();
  }

  Result<void> map(const Head& h) {
    if (!h.indefinite() && h.number >= unknown_size) return in_.refuse("map is cut short or too long");
    const std::uint64_t n = h.indefinite() ? 0 : h.number;
    PACKHOUSE_CHECK(enter(n * 2));
    PACKHOUSE_CHECK(out_.map_begin(h.indefinite() ? unknown_size : static_cast<std::uint32_t>(n)));
    const std::size_t mark = keys_.mark(), joined_before = joined_keys_.size();
    for (std::uint64_t i = 0; h.indefinite() || i < n; ++i) {
      PACKHOUSE_TRY(const Head key, in_.head());
      if (key.is_break() && h.indefinite()) break;
      if (!h.indefinite()) owed_ -= 2;
      PACKHOUSE_CHECK(entry(key, mark));
    }
    if (!keys_.close(mark)) return in_.refuse("duplicate map key in the map that ends");
    joined_keys_.resize(joined_before);
    ++depth_left_;
    return out_.map_end();
  }

  Result<void> entry(const Head& h, std::size_t mark) {
    if (h.major != Major::text) return in_.refuse("a map key must be a text, found another item before");
    std::string joined;
    PACKHOUSE_TRY(std::string_view key, text(h, joined));
    if (h.indefinite()) key = joined_keys_.emplace_back(std::move(joined));
    if (!options_.repeated_keys && !keys_.add(mark, key)) return in_.refuse("duplicate map key before");
    PACKHOUSE_CHECK(out_.key(key));
    return value();
  }

  Result<void> tag(std::uint64_t tag) {
    if (tag == tag_positive || tag == tag_negative) return big_number(tag == tag_negative);
    if (!options_.tags) return in_.refuse("tag " + std::to_string(tag) + " is not accepted here, it ends");
    return deliver_tag(tag, in_, out_);
  }

  Result<void> big_number(bool is_negative) {
    PACKHOUSE_TRY(const Head h, in_.head());
    if (h.major != Major::bytes) return in_.refuse("a big number needs a byte string before");
    std::string joined;
    PACKHOUSE_TRY(Bytes b, run(h, joined));
    while (!b.empty() && b[0] == std::byte{0}) b = b.subspan(1);
    if (b.size() > 8) return in_.refuse("big number that doesn't fit 64 bits, it ends");
    std::uint64_t n = 0;
    for (const std::byte x : b) n = n << 8 | std::to_integer<std::uint64_t>(x);
    return is_negative ? negative(n) : positive(n);
  }

  Input in_;
  AnySink& out_;
  const ReadOptions& options_;
  std::uint32_t depth_left_;
  std::uint64_t owed_ = 0;
  packstream::OpenKeys keys_;
  std::deque<std::string> joined_keys_;  // keys of indefinite length: views of them must stay good
};

}  // namespace

Result<void> read_any(Bytes in, AnySink& out, const ReadOptions& options) {
  return Reader(in, out, options).whole();
}

}  // namespace packhouse::codec::cbor
