#pragma once
#include "value/sink.hpp"

namespace packhouse {

/// Replays a Value into any sink: the tree is just one more format. Nodes, relationships and paths
/// need a transaction to be written (handlers/hydrate.hpp does it), so here they are an error.
/// `depth` limits recursion.
template <ValueSink S>
Result<void> write(const Value& v, S& sink, int depth = 1000) {
  if (depth < 0) return fail(Status::argument_error, "the value is nested too deeply");
  switch (v.kind()) {
    case Kind::null: return sink.null();
    case Kind::boolean: return sink.boolean(v.as_boolean());
    case Kind::integer: return sink.integer(v.as_integer());
    case Kind::real: return sink.real(v.as_real());
    case Kind::string: return sink.string(v.as_string());
    case Kind::bytes: return sink.bytes(v.as_bytes());
    case Kind::list: {
      const auto items = v.as_list();
      PACKHOUSE_CHECK(sink.list_begin(static_cast<std::uint32_t>(items.size())));
      for (const Value& item : items) PACKHOUSE_CHECK(write(item, sink, depth - 1));
      return sink.list_end();
    }
    case Kind::map: {
      const auto entries = v.as_map();
      PACKHOUSE_CHECK(sink.map_begin(static_cast<std::uint32_t>(entries.size())));
      for (const auto& [key, item] : entries) {
        PACKHOUSE_CHECK(sink.key(key));
        PACKHOUSE_CHECK(write(item, sink, depth - 1));
      }
      return sink.map_end();
    }
    case Kind::date: return sink.date(v.as_date());
    case Kind::local_time: return sink.local_time(v.as_local_time());
    case Kind::time: return sink.time(v.as_time());
    case Kind::local_datetime: return sink.local_datetime(v.as_local_datetime());
    case Kind::datetime: return sink.datetime(v.as_datetime());
    case Kind::duration: return sink.duration(v.as_duration());
    case Kind::point: return sink.point(v.as_point());
    case Kind::vector: return sink.vector(v.vector_element(), v.vector_dimensions(), v.vector_data());
    case Kind::node:
    case Kind::relationship:
    case Kind::path: return fail(Status::type_error, "a graph entity can't be written without its graph");
  }
  return fail(Status::internal, "unknown kind of value");
}

}  // namespace packhouse
