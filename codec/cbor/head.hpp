#pragma once
#include <string>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace packhouse::codec::cbor {

enum class Major : std::uint8_t { positive, negative, bytes, text, list, map, tag, simple };

/// The beginning of a CBOR item.
struct Head {
  Major major;
  std::uint8_t info;     ///< the lower five bits; 31: indefinite length, or break
  std::uint64_t number;  ///< what they, or the bytes behind them, say
  bool indefinite() const { return info == 31; }
  bool is_break() const { return major == Major::simple && info == 31; }
};

/// Takes heads and runs of bytes off untrusted CBOR; errors name the byte.
class Input {
 public:
  explicit Input(Bytes in) : in_(in), size_(in.size()) {}

  std::size_t left() const { return in_.size(); }
  tl::unexpected<Error> refuse(const std::string& why) const {
    return fail(Status::request_invalid, "CBOR: " + why + " at byte " + std::to_string(size_ - in_.size()));
  }

  Result<Bytes> take(std::uint64_t n) {
    if (n > in_.size()) return refuse("value is cut short");
    const Bytes first = in_.first(n);
    in_ = in_.subspan(n);
    return first;
  }

  Result<Head> head() {
    if (in_.empty()) return refuse("value is cut short");
    const auto b = std::to_integer<std::uint8_t>(in_[0]);
    Head h{static_cast<Major>(b >> 5), static_cast<std::uint8_t>(b & 0x1FU), b & 0x1FU};
    if (h.info > 27 && h.info < 31) return refuse("reserved head " + std::to_string(b));
    const bool may_be_open = h.major != Major::positive && h.major != Major::negative && h.major != Major::tag;
    if (h.info == 31 && !may_be_open) return refuse("reserved head " + std::to_string(b));
    in_ = in_.subspan(1);
    if (h.info < 24 || h.info == 31) return h;
    PACKHOUSE_TRY(const Bytes rest, take(std::size_t{1} << (h.info - 24)));
    h.number = 0;
    for (const std::byte x : rest) h.number = h.number << 8 | std::to_integer<std::uint64_t>(x);
    return h;
  }

 private:
  Bytes in_;
  std::size_t size_;
};

}  // namespace packhouse::codec::cbor
