#pragma once
#include <optional>
#include <span>

#include "base/arena.hpp"
#include "base/bytes.hpp"
#include "base/error.hpp"
#include "value/value.hpp"

namespace packhouse::objects {

/// Values that come one after the other, as the caller asks for them: the asynchronous stream of the original, pulled.
class ItemSource {
 public:
  virtual ~ItemSource() = default;
  /// The next item, its memory in `arena` or the source's own until the next call; nothing at the end.
  virtual Result<std::optional<Value>> next(Arena& arena) = 0;
};

/// Bytes that come in pieces of any size.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// A view until the next call; nothing at the end.
  virtual Result<std::optional<Bytes>> next() = 0;
};

/// The items of a list that somebody else keeps; of any other value, that value.
class ListSource final : public ItemSource {
 public:
  explicit ListSource(const Value& list) : single_(list), items_(list.is(Kind::list) ? list.as_list() : std::span(&single_, 1)) {}
  ListSource(const ListSource&) = delete;
  ListSource& operator=(const ListSource&) = delete;
  Result<std::optional<Value>> next(Arena&) override {
    if (at_ == items_.size()) return std::nullopt;
    return items_[at_++];
  }

 private:
  Value single_;
  std::span<const Value> items_;
  std::size_t at_ = 0;
};

/// One piece of bytes that somebody else keeps.
class SingleSource final : public ByteSource {
 public:
  explicit SingleSource(Bytes bytes) : bytes_(bytes) {}
  Result<std::optional<Bytes>> next() override {
    if (done_) return std::nullopt;
    done_ = true;
    return bytes_;
  }

 private:
  Bytes bytes_;
  bool done_ = false;
};

}  // namespace packhouse::objects
