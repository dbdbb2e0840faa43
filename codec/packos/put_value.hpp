#pragma once
#include "base/error.hpp"
#include "codec/packos/frame_writer.hpp"
#include "value/value.hpp"

namespace packhouse::packos {

/// Containers and extended fields.
[[gnu::noinline]] Result<void> put_other(FrameWriter& out, const Value& v, int depth = max_depth);

/// Adds `v` as the next field, in the form that take_value gives back exactly. Integers take the
/// smallest width. In strict mode bytes and an empty list are written as the Go module does, and
/// temporal values, points and vectors are an error.
/// Errors: Status::type_error for graph entities, Status::argument_error for depth and size.
inline Result<void> put_value(FrameWriter& out, const Value& v, int depth = max_depth) {
  switch (v.kind()) {
    case Kind::null: out.null(); return ok;
    case Kind::boolean: out.boolean(v.as_boolean()); return ok;
    case Kind::integer: out.integer(v.as_integer()); return ok;
    case Kind::real: out.float64(v.as_real()); return ok;
    case Kind::string: out.string(v.as_string()); return ok;
    default: return put_other(out, v, depth);
  }
}

/// Extended fields on their own, for those who have no Value.
Result<void> put_bytes(FrameWriter& out, Bytes v);
Result<void> put_vector(FrameWriter& out, Element e, Bytes data);
Result<void> put_date(FrameWriter& out, Date v);
Result<void> put_local_time(FrameWriter& out, LocalTime v);
Result<void> put_time(FrameWriter& out, Time v);
Result<void> put_local_datetime(FrameWriter& out, LocalDateTime v);
Result<void> put_datetime(FrameWriter& out, DateTime v);
Result<void> put_duration(FrameWriter& out, const Duration& v);
Result<void> put_point(FrameWriter& out, const Point& v);

}  // namespace packhouse::packos
