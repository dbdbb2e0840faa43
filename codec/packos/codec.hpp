#pragma once
#include "base/arena.hpp"
#include "base/buffer.hpp"
#include "codec/packos/frame_writer.hpp"
#include "codec/packos/take_value.hpp"
#include "value/sink.hpp"
#include "value/value.hpp"
#include "value/write.hpp"

// PackOS as one of the formats: bytes to Value, Value to bytes, bytes to events, events to bytes.
// A frame of one field stands for that field's value, any other frame for the list of its fields.
// Errors about the caller's bytes are Status::argument_error and carry the byte position.
namespace packhouse::packos {

/// The value of a frame from anywhere. Text and bytes stay views of `frame`, the rest is in `arena`.
Result<Value> decode(Bytes frame, Arena& arena);

/// Appends `v` as a frame of one field.
Result<void> encode(const Value& v, Buffer& out, Options options = {});

/// `e` as an error about bytes that a caller gave, not about those of the store.
Error as_argument_error(const Error& e);

/// The event sink: every value becomes a frame of one field, complete when its last event has returned.
class Writer {
 public:
  explicit Writer(Buffer& out, Options options = {}) : out_(out, options) {}

  Result<void> null() { return start(), out_.null(), done(); }
  Result<void> boolean(bool v) { return start(), out_.boolean(v), done(); }
  Result<void> integer(std::int64_t v) { return start(), out_.integer(v), done(); }
  Result<void> real(double v) { return start(), out_.float64(v), done(); }
  Result<void> string(std::string_view v) { return start(), out_.string(v), done(); }
  Result<void> bytes(Bytes v);
  Result<void> list_begin(std::uint32_t n);
  Result<void> list_end();
  Result<void> map_begin(std::uint32_t n);
  Result<void> key(std::string_view k) { return out_.string(k), ok; }
  Result<void> map_end();
  Result<void> structure_begin(std::uint8_t tag, std::uint32_t fields);  ///< always an error
  Result<void> structure_end();
  Result<void> date(Date v);
  Result<void> local_time(LocalTime v);
  Result<void> time(Time v);
  Result<void> local_datetime(LocalDateTime v);
  Result<void> datetime(DateTime v);
  Result<void> duration(const Duration& v);
  Result<void> point(const Point& v);
  Result<void> vector(Element e, std::uint32_t dimensions, Bytes little_endian);

  /// Forgets what an error has left open.
  void reset() { out_.reset(); }

 private:
  void start() {
    if (out_.depth() == 0) out_.begin_frame(1);
  }
  Result<void> done() { return out_.depth() == 1 ? out_.end_frame() : ok; }
  Result<void> done(const Result<void>& r) { return r ? done() : r; }
  Result<void> open_container();
  FrameWriter out_;
};
static_assert(ValueSink<Writer>);

/// Whether the keys of a map are UTF-8 and ascend, so that none can be there twice.
bool has_plain_keys(const FrameView& map);

/// Turns one frame into events, in place; only duplicate map keys, durations and points need memory.
template <ValueSink S>
class Reader {
 public:
  explicit Reader(S& sink, int depth = max_depth) : sink_(sink), depth_(depth) {}

  Result<void> read(Bytes bytes) {
    auto done = top(bytes);
    if (!done && done.error().status() == Status::storage_failed) return tl::make_unexpected(as_argument_error(done.error()));
    return done;
  }

 private:
  Result<void> top(Bytes bytes) {
    PACKHOUSE_TRY(const FrameView frame, FrameView::open(bytes));
    if (frame.size() != 1) return list(frame, depth_);
    PACKHOUSE_TRY(const Field f, frame.field(0));
    return field(frame, f, depth_);
  }

  Result<void> field(const FrameView& in, const Field& f, int depth) {
    const bool wide = FrameView::is_wide(f);
    if (depth <= 0 || (!wide && (f.bytes.empty() || (f.tag != Tag::tuple && f.tag != Tag::map)))) return leaf(in, f, depth);
    PACKHOUSE_TRY(const FrameView inner, in.nested(f));
    const bool map = wide ? load<Extension>(f.bytes.data()) == Extension::wide_map : f.tag == Tag::map;
    if (!map) return list(inner, depth - 1);
    return has_plain_keys(inner) ? entries(inner, depth - 1) : leaf(in, f, depth);
  }

  Result<void> leaf(const FrameView& in, const Field& f, int depth) {
    PACKHOUSE_TRY(const Value v, take_value(in, f, arena_, {depth, true}));
    PACKHOUSE_CHECK(write(v, sink_, max_depth));
    if (arena_.footprint() > 0) arena_.reset();
    return ok;
  }

  Result<void> list(const FrameView& items, int depth) {
    PACKHOUSE_CHECK(sink_.list_begin(static_cast<std::uint32_t>(items.size())));
    for (std::size_t i = 0; i < items.size(); ++i) {
      PACKHOUSE_TRY(const Field f, items.field(i));
      PACKHOUSE_CHECK(field(items, f, depth));
    }
    return sink_.list_end();
  }

  Result<void> entries(const FrameView& items, int depth) {
    PACKHOUSE_CHECK(sink_.map_begin(static_cast<std::uint32_t>(items.size() / 2)));
    for (std::size_t i = 0; i < items.size(); i += 2) {
      PACKHOUSE_TRY(const Field key, items.field(i));
      PACKHOUSE_TRY(const Field f, items.field(i + 1));
      PACKHOUSE_CHECK(sink_.key(as_text(key.bytes)));
      PACKHOUSE_CHECK(field(items, f, depth));
    }
    return sink_.map_end();
  }

  S& sink_;
  int depth_;
  Arena arena_;
};

/// One frame to a sink.
template <ValueSink S>
Result<void> read(Bytes frame, S& sink, int depth = max_depth) {
  return Reader<S>(sink, depth).read(frame);
}

}  // namespace packhouse::packos
