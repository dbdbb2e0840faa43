#pragma once
#include <utility>

#include "packstream/decode.hpp"

namespace packhouse::packstream {

/// A Bolt message, or another structure at the top: its tag, then its fields one after the other, each
/// in the form the caller wants. Views given out point into the message. Wrong types and a wrong number
/// of fields are errors in the words of specs/BOLT.md section 6.
class MessageReader {
 public:
  /// Reads the header. A message that is not a structure is Request.Invalid.
  static Result<MessageReader> open(Bytes message, const ReadOptions& options = {});

  std::uint8_t tag() const { return tag_; }
  std::uint32_t fields() const { return fields_; }  ///< as the header says
  std::uint32_t fields_left() const { return left_; }
  std::size_t position() const { return in_.position(); }

  /// Request.InvalidFormat unless the header announces `n` fields.
  Result<void> expect_fields(std::uint32_t n) const;

  Result<Value> value(Arena& arena);
  Result<Value> map(Arena& arena);  ///< Request.Invalid if it is something else
  Result<std::string_view> string();
  Result<std::int64_t> integer();
  Result<RawValue> raw();
  template <ValueSink S>
  Result<void> into(S& sink) {
    PACKHOUSE_CHECK(claim());
    Reader reader(in_, options_);
    PACKHOUSE_CHECK(reader.value(sink));
    in_ = reader.cursor();
    return {};
  }

  /// All fields must have been read and no byte may follow them.
  Result<void> finish();

 private:
  MessageReader(const Cursor& in, const ReadOptions& options, const Token& head)
      : in_(in), options_(options), tag_(head.tag), fields_(head.size), left_(head.size) {}
  Result<void> claim();
  Result<Token> scalar(Type expected);

  Cursor in_;
  ReadOptions options_;
  std::uint8_t tag_;
  std::uint32_t fields_, left_;
};

}  // namespace packhouse::packstream
