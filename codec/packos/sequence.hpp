#pragma once
#include "codec/packos/access.hpp"

namespace packhouse::packos {

/// Reads the fields of a frame one after another, each once, without unpacking. A view like Access: cheap to
/// copy, valid as long as the bytes. After an error it still stands before the field that it could not read.
/// Errors are Status::argument_error with the byte position.
class Sequence {
 public:
  static Result<Sequence> open(Bytes frame) {
    PACKHOUSE_TRY(const Access access, Access::open(frame));
    return Sequence(access);
  }
  explicit Sequence(const Access& frame) : frame_(frame) {}

  std::size_t size() const { return frame_.size(); }
  /// Fields read so far, and fields still to come.
  std::size_t position() const { return next_; }
  std::size_t left() const { return frame_.size() - next_; }

  struct Peeked {
    Tag tag;            ///< Tag::end behind the last field
    std::size_t width;  ///< bytes
  };
  /// What comes next, without reading it.
  Result<Peeked> peek() const {
    if (left() == 0) return Peeked{Tag::end, 0};
    PACKHOUSE_TRY(const Field f, frame_.field(next_));
    return Peeked{f.tag, f.bytes.size()};
  }

  /// The next field as it is.
  Result<Field> next() { return step(frame_.field(next_)); }
  /// bool, an integer or floating type of exactly the stored width, string_view or Bytes.
  template <class T>
  Result<T> next() {
    return step(frame_.get<T>(next_));
  }
  /// The same; a field of width 0 is null.
  template <class T>
  Result<std::optional<T>> next_nullable() {
    return step(frame_.nullable<T>(next_));
  }
  /// Whatever is there, unpacked.
  Result<Value> next_value(Arena& arena) { return step(frame_.any(next_, arena)); }
  /// The fields of the next field, which is a tuple or a map; a container of width 0 has none.
  Result<Sequence> next_container() {
    return step(frame_.nested(next_)).map([](const Access& inner) { return Sequence(inner); });
  }

 private:
  template <class T>
  Result<T> step(Result<T> read) {
    if (read) ++next_;
    return read;
  }

  Access frame_;
  std::size_t next_ = 0;
};

}  // namespace packhouse::packos
