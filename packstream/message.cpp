#include "packstream/message.hpp"

#include <string>

namespace packhouse::packstream {

Result<MessageReader> MessageReader::open(Bytes message, const ReadOptions& options) {
  Cursor in(message, options.dialect.uuid);
  Token head;
  if (!in.next(head)) return tl::make_unexpected(in.error());
  if (head.type != Type::structure) {
    return fail(Status::request_invalid, "a message must be a structure, found " + std::string(name(head.type)));
  }
  return MessageReader(in, options, head);
}

Result<void> MessageReader::expect_fields(std::uint32_t n) const {
  if (fields_ == n) return {};
  return fail(Status::request_invalid_format, "message must have " + std::to_string(n) + " fields, found " +
                                                  std::to_string(fields_));
}

Result<Value> MessageReader::value(Arena& arena) {
  PACKHOUSE_CHECK(claim());
  return decode_next(in_, arena, options_);
}

Result<Value> MessageReader::map(Arena& arena) {
  const std::size_t at = in_.position();
  PACKHOUSE_TRY(const Value v, value(arena));
  if (v.is(Kind::map)) return v;
  return fail(Status::request_invalid, "message field at byte " + std::to_string(at) + " must be a map, found " +
                                           std::string(type_name(v.kind())));
}

Result<std::string_view> MessageReader::string() {
  PACKHOUSE_TRY(const Token t, scalar(Type::string));
  if (!in_.check_text(t)) return tl::make_unexpected(in_.error());
  return t.text();
}

Result<std::int64_t> MessageReader::integer() {
  PACKHOUSE_TRY(const Token t, scalar(Type::integer));
  return t.integer();
}

Result<RawValue> MessageReader::raw() {
  PACKHOUSE_CHECK(claim());
  RawValue out;
  if (!in_.raw(out)) return tl::make_unexpected(in_.error());
  return out;
}

Result<void> MessageReader::finish() {
  if (left_ > 0) {
    return fail(Status::request_invalid_format, "message has " + std::to_string(left_) + " fields too many");
  }
  if (in_.at_end()) return {};
  in_.refuse(Fault::left_over);
  return tl::make_unexpected(in_.error());
}

Result<void> MessageReader::claim() {
  if (left_ == 0) [[unlikely]] {
    return fail(Status::request_invalid_format, "message has only " + std::to_string(fields_) + " fields");
  }
  --left_;
  return {};
}

Result<Token> MessageReader::scalar(Type expected) {
  PACKHOUSE_CHECK(claim());
  const std::size_t at = in_.position();
  Token t;
  if (!in_.next(t)) return tl::make_unexpected(in_.error());
  if (t.type != expected) {
    return fail(Status::request_invalid, "message field at byte " + std::to_string(at) + " must be " +
                                             std::string(name(expected)) + ", found " + std::string(name(t.type)));
  }
  return t;
}

}  // namespace packhouse::packstream
