#pragma once
#include <utility>
#include <vector>

#include "packstream/cursor.hpp"

namespace packhouse::packstream {

/// Bytes that can be read more than once: owns them and keeps a place in them. Views taken from it end
/// with reset_to() and into_inner(). Not to be shared between threads.
class Data {
 public:
  explicit Data(std::vector<std::byte> bytes, bool uuid = false) : bytes_(std::move(bytes)), in_(bytes_, uuid) {}
  Data(const Data&) = delete;
  Data& operator=(const Data&) = delete;

  /// For reading on: next<T>(data.cursor()), decode_next(data.cursor(), ...).
  Cursor& cursor() { return in_; }
  Bytes rest() const { return in_.rest(); }
  Bytes whole() const { return bytes_; }

  /// Back to the start, for a second pass.
  void reset() { in_.rewind(0); }
  /// Goes on with other bytes, from their start; gives back those it had, whole.
  std::vector<std::byte> reset_to(std::vector<std::byte> bytes) {
    auto old = std::exchange(bytes_, std::move(bytes));
    in_ = Cursor(bytes_, in_.uuid_allowed());
    return old;
  }
  /// All bytes, read or not. Nothing is left to read afterwards.
  std::vector<std::byte> into_inner() { return reset_to({}); }

 private:
  std::vector<std::byte> bytes_;
  Cursor in_;
};

}  // namespace packhouse::packstream
