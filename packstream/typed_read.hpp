#pragma once
#include <limits>
#include <string>

#include "packstream/decode.hpp"
#include "packstream/describe.hpp"

namespace packhouse::packstream {

struct TypedOptions {
  Dialect dialect{};
  std::uint32_t max_depth = 1000;
  Arena* arena = nullptr;  ///< where a Value keeps its parts; without one a Value is an error
};

/// Reads C++ values (see encode() in typed_write.hpp for the types) from untrusted bytes. Numbers are range
/// checked, floats accept integers, vectors of numbers accept bytes and byte vectors accept lists, pairs
/// are read from maps as well (order is kept), tuples and described structs from lists, whose further
/// items are passed over; structs from maps, whose unknown keys are passed over; optional is empty for null,
/// for a missing key and at the end of the input. string_view, Bytes and RawValue are views of the input.
class TypedReader {
 public:
  TypedReader(Cursor& in, const TypedOptions& options) : in_(in), options_(options), depth_left_(options.max_depth) {}

  template <class T>
  Result<void> read(T& out);

 private:
  template <class T>
  Result<void> number(T& out);
  template <class T>
  Result<void> integer(std::int64_t v, std::size_t at, T& out);
  Result<void> character(char32_t& out);
  template <class T>
  Result<void> text(T& out);
  template <class T>
  Result<void> vector(std::vector<T>& out);
  Result<void> octets(std::vector<std::byte>& out);
  Result<void> view(Bytes& out);
  template <class T>
  Result<void> pairs_of_map(std::uint32_t n, std::vector<T>& out);
  template <class T>
  Result<void> map(T& out);
  template <class T>
  Result<void> tuple(T& out);
  template <class T>
  Result<void> variant(T& out);
  template <class T>
  Result<void> described(T& out);
  template <class T>
  Result<void> described_map(std::uint32_t n, std::size_t at, T& out);
  template <class T>
  Result<void> members(T& out);
  template <class M>
  Result<void> member(std::string_view field_name, M& m);
  template <class T>
  Result<void> structure_value(T& out);

  Result<void> enter(std::uint64_t promised) {
    if (depth_left_ == 0) return in_.refuse(Fault::too_deep), stopped();
    --depth_left_;
    return in_.expect(promised) ? Result<void>{} : stopped();
  }
  template <class F>
  Result<void> entries(std::uint32_t n, F&& each);
  Result<Token> head(Type expected);
  Result<Token> head() {
    Token t;
    if (!in_.next(t)) return stopped();
    return t;
  }
  Result<void> pass_over(std::uint64_t n) {
    for (; n > 0; --n) {
      in_.paid();
      if (!in_.skip()) return stopped();
    }
    return {};
  }
  tl::unexpected<Error> stopped() const { return tl::make_unexpected(in_.error()); }
  static tl::unexpected<Error> mismatch(const std::string& expected, const std::string& found, std::size_t at) {
    return fail(Status::request_invalid, "expected " + expected + ", found " + found + " at byte " + std::to_string(at));
  }
  static tl::unexpected<Error> mismatch(const std::string& expected, Type found, std::size_t at) {
    return mismatch(expected, std::string(name(found)), at);
  }

  Cursor& in_;
  const TypedOptions& options_;
  std::uint32_t depth_left_;
  OpenKeys keys_;
};

/// Reads the next item.
template <class T>
Result<T> next(Cursor& in, const TypedOptions& options = {}) {
  T out{};
  PACKHOUSE_CHECK(TypedReader(in, options).read(out));
  return out;
}

/// Reads several items that follow each other, as the fields of a message do.
template <class... T>
Result<std::tuple<T...>> next_items(Cursor& in, const TypedOptions& options = {}) {
  std::tuple<T...> out;
  Result<void> r;
  std::apply([&](auto&... item) { (void)((r = TypedReader(in, options).read(item)).has_value() && ...); }, out);
  PACKHOUSE_CHECK(r);
  return out;
}

/// Reads exactly one item: bytes left over are an error.
template <class T>
Result<T> from_bytes(Bytes in, const TypedOptions& options = {}) {
  Cursor cursor(in, options.dialect.uuid);
  PACKHOUSE_TRY(T out, next<T>(cursor, options));
  if (!cursor.at_end()) {
    cursor.refuse(Fault::left_over);
    return tl::make_unexpected(cursor.error());
  }
  return out;
}

}  // namespace packhouse::packstream

#include "packstream/typed_read_impl.hpp"
