#include "codec/packos/codec.hpp"

#include <fmt/format.h>

#include "codec/packos/put_value.hpp"

namespace packhouse::packos {

Error as_argument_error(const Error& e) { return Error(Status::argument_error, e.message()); }

namespace {

Result<Value> decode_frame(Bytes bytes, Arena& arena) {
  PACKHOUSE_TRY(const FrameView frame, FrameView::open(bytes));
  Field f;
  if (frame.size() == 1) {
    PACKHOUSE_TRY(f, frame.field(0));
    return take_value(frame, f, arena, {max_depth, true});
  }
  auto out = arena.array<Value>(frame.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    PACKHOUSE_TRY(f, frame.field(i));
    PACKHOUSE_TRY(out[i], take_value(frame, f, arena, {max_depth, true}));
  }
  return Value::list(out);
}

}  // namespace

Result<Value> decode(Bytes frame, Arena& arena) {
  auto v = decode_frame(frame, arena);
  if (!v) return tl::make_unexpected(as_argument_error(v.error()));
  return v;
}

Result<void> encode(const Value& v, Buffer& out, Options options) {
  FrameWriter writer(out, options);
  writer.begin_frame(1);
  PACKHOUSE_CHECK(put_value(writer, v));
  return writer.end_frame();
}

bool has_plain_keys(const FrameView& map) {
  if (map.size() % 2 != 0) return false;
  Field f;
  std::string_view before;
  for (std::size_t i = 0; i < map.size(); i += 2) {
    if (!map.get(i, f) || f.tag != Tag::string || !is_utf8(as_text(f.bytes))) return false;
    if (i > 0 && as_text(f.bytes) <= before) return false;
    before = as_text(f.bytes);
  }
  return true;
}

Result<void> Writer::open_container() {
  start();
  if (out_.depth() <= static_cast<std::size_t>(max_depth)) return ok;
  return fail(Status::argument_error, fmt::format("the value has more than {} levels of nesting", max_depth));
}

Result<void> Writer::list_begin(std::uint32_t n) {
  PACKHOUSE_CHECK(open_container());
  out_.begin_tuple(n == unknown_size ? 0 : n);
  return ok;
}

Result<void> Writer::map_begin(std::uint32_t n) {
  PACKHOUSE_CHECK(open_container());
  out_.begin_map(n == unknown_size ? 0 : n);
  return ok;
}

Result<void> Writer::list_end() { return done(out_.end_list()); }
Result<void> Writer::map_end() { return done(out_.end_map()); }
Result<void> Writer::bytes(Bytes v) { return start(), done(put_bytes(out_, v)); }
Result<void> Writer::date(Date v) { return start(), done(put_date(out_, v)); }
Result<void> Writer::local_time(LocalTime v) { return start(), done(put_local_time(out_, v)); }
Result<void> Writer::time(Time v) { return start(), done(put_time(out_, v)); }
Result<void> Writer::local_datetime(LocalDateTime v) { return start(), done(put_local_datetime(out_, v)); }
Result<void> Writer::datetime(DateTime v) { return start(), done(put_datetime(out_, v)); }
Result<void> Writer::duration(const Duration& v) { return start(), done(put_duration(out_, v)); }
Result<void> Writer::point(const Point& v) { return start(), done(put_point(out_, v)); }
Result<void> Writer::vector(Element e, std::uint32_t, Bytes data) { return start(), done(put_vector(out_, e, data)); }

Result<void> Writer::structure_begin(std::uint8_t tag, std::uint32_t) {
  return fail(Status::type_error, fmt::format("PackOS has no form for the structure {:#04x}", tag));
}
Result<void> Writer::structure_end() { return fail(Status::type_error, "PackOS has no form for structures"); }

}  // namespace packhouse::packos
