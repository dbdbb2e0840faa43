#pragma once
#include <vector>

#include "packstream/cursor.hpp"
#include "packstream/dialect.hpp"
#include "packstream/elements.hpp"
#include "packstream/keys.hpp"
#include "packstream/structures.hpp"
#include "value/sink.hpp"

namespace packhouse::packstream {

struct ReadOptions {
  /// What becomes of structures inside a value.
  enum class Structures : std::uint8_t {
    values,  ///< temporal, point and vector structures become values, all others are refused
    raw,     ///< all are passed on unjudged, for tools and tests
  };
  Dialect dialect{};
  std::uint32_t max_depth = 1000;  ///< of lists, maps and structures inside each other
  Structures structures = Structures::values;
};

/// Reads untrusted PackStream and reports it to a sink. Strict: UTF-8 is checked, keys are strings and
/// come once in a map, sizes are believed only as far as the bytes allow, depth is limited. A sink that
/// has a member uuid(Bytes) gets UUIDs where the dialect has them. Errors name the byte of the input.
class Reader {
 public:
  explicit Reader(Bytes in, const ReadOptions& options = {})
      : in_(in, options.dialect.uuid), options_(options), depth_left_(options.max_depth) {}
  /// Goes on where `cursor` stands.
  explicit Reader(const Cursor& cursor, const ReadOptions& options = {})
      : in_(cursor), options_(options), depth_left_(options.max_depth) {}

  const Cursor& cursor() const { return in_; }
  std::size_t remaining() const { return in_.remaining(); }

  /// Reads the next whole item. After an error the reader can't go on.
  template <ValueSink S>
  Result<void> value(S& sink) {
    Token t;
    if (!in_.next(t)) [[unlikely]] return refused();
    return deliver(t, sink);
  }

  /// An error if bytes are left.
  Result<void> finish() {
    if (!in_.at_end()) return refused(Fault::left_over);
    return {};
  }

 private:
  template <ValueSink S>
  Result<void> deliver(const Token& t, S& sink) {
    switch (t.type) {
      case Type::null: return sink.null();
      case Type::boolean: return sink.boolean(t.boolean());
      case Type::integer: return sink.integer(t.integer());
      case Type::real: return sink.real(t.real());
      case Type::string:
        if (!in_.check_text(t)) [[unlikely]] return refused();
        return sink.string(t.text());
      case Type::bytes: return sink.bytes(t.bytes());
      case Type::list: return list(t.size, sink);
      case Type::map: return map(t.size, sink);
      case Type::structure: return structure(t, sink);
      case Type::uuid: break;
    }
    if constexpr (requires { sink.uuid(t.bytes()); }) {
      return sink.uuid(t.bytes());
    } else {
      return fail(Status::request_invalid, "a UUID is not a value here");
    }
  }

  template <ValueSink S>
  Result<void> items(std::uint32_t n, S& sink) {
    for (; n > 0; --n) {
      in_.paid();
      PACKHOUSE_CHECK(value(sink));
    }
    return {};
  }

  template <ValueSink S>
  Result<void> list(std::uint32_t n, S& sink) {
    if (!enter(n)) [[unlikely]] return refused();
    PACKHOUSE_CHECK(sink.list_begin(n));
    PACKHOUSE_CHECK(items(n, sink));
    ++depth_left_;
    return sink.list_end();
  }

  template <ValueSink S>
  Result<void> map(std::uint32_t n, S& sink) {
    if (!enter(std::uint64_t{n} * 2)) [[unlikely]] return refused();
    PACKHOUSE_CHECK(sink.map_begin(n));
    const std::size_t mark = keys_.mark();
    for (; n > 0; --n) {
      in_.paid();
      const std::size_t at = in_.position();
      std::string_view key;
      if (!in_.next_key(key)) [[unlikely]] return refused();
      if (!keys_.add(mark, key)) [[unlikely]] return in_.rewind(at), refused(Fault::duplicate_key);
      PACKHOUSE_CHECK(sink.key(key));
      in_.paid();
      PACKHOUSE_CHECK(value(sink));
    }
    if (!keys_.close(mark)) [[unlikely]] return refused(Fault::duplicate_key);
    ++depth_left_;
    return sink.map_end();
  }

  template <ValueSink S>
  Result<void> structure(const Token& head, S& sink) {
    if (options_.structures == ReadOptions::Structures::raw) {
      if (!enter(head.size)) [[unlikely]] return refused();
      PACKHOUSE_CHECK(sink.structure_begin(head.tag, head.size));
      PACKHOUSE_CHECK(items(head.size, sink));
      ++depth_left_;
      return sink.structure_end();
    }
    PACKHOUSE_TRY(const StructureValue v, read_structure(in_, head, options_.dialect));
    return std::visit(overloaded{
                          [&](Date d) { return sink.date(d); },
                          [&](LocalTime t) { return sink.local_time(t); },
                          [&](Time t) { return sink.time(t); },
                          [&](LocalDateTime t) { return sink.local_datetime(t); },
                          [&](const DateTime& t) { return sink.datetime(t); },
                          [&](const Duration& d) { return sink.duration(d); },
                          [&](const Point& p) { return sink.point(p); },
                          [&](const VectorView& w) {
                            elements_.resize(w.big_endian.size());
                            swap_elements(w.element, w.big_endian, elements_.data());
                            return sink.vector(w.element, w.dimensions, elements_);
                          },
                      },
                      v);
  }

  bool enter(std::uint64_t promised) {
    if (depth_left_ == 0) [[unlikely]] return in_.refuse(Fault::too_deep);
    --depth_left_;
    return in_.expect(promised);
  }
  [[gnu::cold]] Result<void> refused() const { return tl::make_unexpected(in_.error()); }
  [[gnu::cold]] Result<void> refused(Fault f) {
    in_.refuse(f);
    return refused();
  }

  Cursor in_;
  ReadOptions options_;
  std::uint32_t depth_left_;
  OpenKeys keys_;
  std::vector<std::byte> elements_;
};

/// Reads exactly one item: bytes left over are an error.
template <ValueSink S>
Result<void> read(Bytes in, S& sink, const ReadOptions& options = {}) {
  Reader reader(in, options);
  PACKHOUSE_CHECK(reader.value(sink));
  return reader.finish();
}

}  // namespace packhouse::packstream
