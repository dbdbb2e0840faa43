#include "value/value.hpp"

#include <algorithm>
#include <vector>

namespace packhouse {
namespace {

/// A list or map whose items are already in the arena but still point to the original's text.
struct Pending {
  Value* items = nullptr;  // exactly one of the two
  MapEntry* entries = nullptr;
  std::size_t count = 0;
};

/// Copies what belongs to `v` itself; items of lists and maps are left for later in `pending`,
/// so that depth costs heap, not call stack.
Value copy_one(const Value& v, Arena& arena, std::vector<Pending>& pending) {
  switch (v.kind()) {
    case Kind::string: return Value::string(arena.copy(v.as_string()));
    case Kind::bytes: return Value::bytes(arena.copy(v.as_bytes()));
    case Kind::list: {
      const auto items = arena.array<Value>(v.as_list().size());
      std::ranges::copy(v.as_list(), items.begin());
      if (!items.empty()) pending.push_back({.items = items.data(), .count = items.size()});
      return Value::list(items);
    }
    case Kind::map: {
      const auto entries = arena.array<MapEntry>(v.as_map().size());
      std::ranges::copy(v.as_map(), entries.begin());
      if (!entries.empty()) pending.push_back({.entries = entries.data(), .count = entries.size()});
      return Value::map(entries);
    }
    case Kind::path: {
      const PathValue& from = v.as_path();
      const auto nodes = arena.array<NodeId>(from.nodes.size());
      const auto rels = arena.array<RelId>(from.rels.size());
      std::ranges::copy(from.nodes, nodes.begin());
      std::ranges::copy(from.rels, rels.begin());
      return Value::path(arena.make<PathValue>(PathValue{nodes, rels}));
    }
    case Kind::duration: return Value::duration(arena.make<Duration>(v.as_duration()));
    case Kind::point: return Value::point(arena.make<Point>(v.as_point()));
    case Kind::vector:
      return Value::vector(v.vector_element(), v.vector_dimensions(), arena.copy(v.vector_data()).data());
    default: return v;
  }
}

}  // namespace

const Value* find(std::span<const MapEntry> map, std::string_view key) {
  for (const MapEntry& entry : map) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

Value deep_copy(const Value& v, Arena& arena) {
  std::vector<Pending> pending;
  const Value top = copy_one(v, arena, pending);
  while (!pending.empty()) {
    const Pending next = pending.back();
    pending.pop_back();
    for (std::size_t i = 0; i < next.count; ++i) {
      if (next.items) {
        next.items[i] = copy_one(next.items[i], arena, pending);
      } else {
        next.entries[i].key = arena.copy(next.entries[i].key);
        next.entries[i].value = copy_one(next.entries[i].value, arena, pending);
      }
    }
  }
  return top;
}

std::string_view type_name(Kind k) {
  switch (k) {
    case Kind::null: return "NULL";
    case Kind::boolean: return "BOOLEAN";
    case Kind::integer: return "INTEGER";
    case Kind::real: return "FLOAT";
    case Kind::string: return "STRING";
    case Kind::bytes: return "BYTES";
    case Kind::list: return "LIST";
    case Kind::map: return "MAP";
    case Kind::node: return "NODE";
    case Kind::relationship: return "RELATIONSHIP";
    case Kind::path: return "PATH";
    case Kind::date: return "DATE";
    case Kind::local_time: return "LOCAL TIME";
    case Kind::time: return "ZONED TIME";
    case Kind::local_datetime: return "LOCAL DATETIME";
    case Kind::datetime: return "ZONED DATETIME";
    case Kind::duration: return "DURATION";
    case Kind::point: return "POINT";
    case Kind::vector: return "VECTOR";
  }
  return "UNKNOWN";
}

}  // namespace packhouse
