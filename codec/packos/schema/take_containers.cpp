#include <boost/container/small_vector.hpp>
#include <fmt/format.h>

#include <algorithm>

#include "codec/packos/schema/take.hpp"
#include "codec/packos/take_value.hpp"

namespace packhouse::packos {
namespace {

using Values = boost::container::small_vector<Value, 16>;
using Entries = boost::container::small_vector<MapEntry, 16>;

bool is_empty_list(const Field& f) {
  return f.tag == Tag::extended && f.bytes.size() == 1 && load<Extension>(f.bytes.data()) == Extension::empty_list;
}

Value keep(Arena& arena, std::span<const MapEntry> entries) {
  auto out = arena.array<MapEntry>(entries.size());
  std::uninitialized_copy(entries.begin(), entries.end(), out.begin());
  return Value::map(out);
}

/// Sets or replaces: of duplicate keys the last value wins.
void put(Entries& entries, std::string_view key, const Value& v) {
  for (MapEntry& e : entries) {
    if (e.key == key) {
      e.value = v;
      return;
    }
  }
  entries.push_back({key, v});
}

}  // namespace

inline bool Taker::container(const Node& node, Fields& in, bool map, FrameView& inner, bool& null) {
  Field f;
  if (in.frame.get(in.next, f) && f.tag == (map ? Tag::map : Tag::tuple) && !f.bytes.empty() && in.frame.try_nested(f, inner)) [[likely]] {
    ++in.next;
    return true;
  }
  return container_long(node, in, map, inner, null);
}

bool Taker::container_long(const Node& node, Fields& in, bool map, FrameView& inner, bool& null) {
  Field f;
  if (!in.frame.get(in.next, f)) {
    if (in.next >= in.frame.size()) return refuse(node, Code::constraint_violated, "Type Mismatch");
    return refuse(node, Code::constraint_violated, in.frame.field(in.next).error().message());
  }
  const bool wide = FrameView::is_wide(f);
  const bool fits = wide ? (load<Extension>(f.bytes.data()) == Extension::wide_map) == map : f.tag == (map ? Tag::map : Tag::tuple);
  if (!fits && !(is_empty_list(f) && !map)) {
    return refuse(node, Code::constraint_violated, node.rule == Rule::map_unordered ? "Unsuported Type" : "Type Mismatch");
  }
  null = f.bytes.empty();
  ++in.next;
  if (null || !fits || in.frame.try_nested(f, inner)) return true;
  return refuse(node, Code::invalid_format, in.frame.nested(f).error().message());
}

bool Taker::tuple(const Node& node, Fields& in, Value& out) {
  bool null = false;
  FrameView frame;
  if (!container(node, in, false, frame, null)) return false;
  if (null) return true;
  const std::size_t n = node.children.size();
  if (!node.variable_length && n > 0 && frame.size() != n) {
    return refuse(node, Code::constraint_violated, fmt::format("{} != {}", n, frame.size()));
  }
  Fields items{frame};
  Values list;
  Entries named;
  for (std::size_t i = 0; i < n; ++i) {
    const Node& child = node.children[i];
    Value v;
    if (!take(child, items, v)) return node.names.empty() ? within(i) : within_key(node.names[i]);
    if (!arena_) continue;
    const bool spread = node.flatten && child.rule == Rule::repeat && v.is(Kind::list);
    if (node.names.empty()) {
      if (spread) {
        list.insert(list.end(), v.as_list().begin(), v.as_list().end());
      } else {
        list.push_back(v);
      }
    } else if (spread) {
      std::size_t at = 0;
      for (const Value& item : v.as_list()) put(named, arena_->copy(fmt::format("{}_{}", node.names[i], at++)), item);
    } else {
      put(named, arena_->copy(node.names[i]), v);
    }
  }
  if (arena_) out = node.names.empty() ? this->list(list) : keep(*arena_, named);
  return true;
}

bool Taker::repeat(const Node& node, Fields& in, Value& out) {
  Refusal why{};
  const auto n = repeated(node, in.left(), why);
  if (!n) return refuse(node, std::move(why));
  Values items;
  const std::size_t end = in.next + *n;
  for (std::size_t i = 0; in.next < end; ++i) {
    const std::size_t before = in.next;
    Value v;
    if (!take(node.children[i % node.children.size()], in, v)) return within(i);
    if (arena_) items.push_back(v);
    if (in.next == before) return refuse(node, Code::invalid_format, "a repeated schema takes no field");
  }
  if (arena_) out = list(items);
  return true;
}

bool Taker::key(const Node& node, const FrameView& frame, std::size_t i, std::string_view& out) {
  Field f;
  if (!frame.get(i, f)) return refuse(node, Code::invalid_format, frame.field(i).error().message());
  if (f.tag != Tag::string || !is_utf8(as_text(f.bytes))) {
    return refuse(node, Code::invalid_format, fmt::format("map key not string at {}, got {}", i, packos::name(f.tag)));
  }
  out = as_text(f.bytes);
  return true;
}

bool Taker::map(const Node& node, Fields& in, Value& out) {
  bool null = false;
  FrameView frame;
  if (!container(node, in, true, frame, null)) return false;
  if (null) return true;
  Fields items{frame};
  Entries entries;
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
    Value v;
    std::string_view name;
    const Node& wanted = node.children[i];
    if (!take(wanted, items, v)) return within(i);
    if (!arena_ && wanted.quick.then == Node::Quick::Then::exact) {  // then the key is a text that the schema names
      name = wanted.exact;
    } else if (!key(node, frame, i, name)) {
      return false;
    }
    v = Value();
    if (!take(node.children[i + 1], items, v)) return within_key(name);
    if (arena_) put(entries, name, v);
  }
  if (arena_) out = keep(*arena_, entries);
  return true;
}

bool Taker::map_unordered(const Node& node, Fields& in, Value& out) {
  bool null = false;
  FrameView frame;
  if (!container(node, in, true, frame, null)) return false;
  if (null || node.names.empty()) return true;
  if (frame.size() % 2 != 0) return refuse(node, Code::invalid_format, fmt::format("{} fields are no pairs", frame.size()));
  Fields items{frame};
  Entries entries;
  boost::container::small_vector<bool, 32> seen(node.names.size(), false);
  while (items.next < frame.size()) {
    std::string_view name;
    if (!key(node, frame, items.next, name)) return false;
    ++items.next;
    const auto found = std::find(node.names.begin(), node.names.end(), name);
    if (found == node.names.end()) {
      Field skipped;
      if (!frame.get(items.next, skipped)) return refuse(node, Code::invalid_format, frame.field(items.next).error().message());
      ++items.next;
      continue;
    }
    const auto i = static_cast<std::size_t>(found - node.names.begin());
    Value v;
    if (!take(node.children[i], items, v)) return within_key(name);
    seen[i] = true;
    if (arena_) put(entries, name, v);
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (!seen[i] && !node.children[i].null_ok) {
      return refuse(node, Code::constraint_violated, fmt::format("Missing key '{}'", node.names[i]));
    }
  }
  if (arena_) out = keep(*arena_, entries);
  return true;
}

bool Taker::map_repeat(const Node& node, Fields& in, Value& out) {
  bool null = false;
  FrameView frame;
  if (!container(node, in, true, frame, null)) return false;
  if (null) return true;
  if (frame.size() % 2 != 0) return refuse(node, Code::invalid_format, fmt::format("{} fields are no pairs", frame.size()));
  const auto pairs = static_cast<std::int64_t>(frame.size() / 2);
  const std::int64_t least = std::max<std::int64_t>(node.min.value_or(0), 0), most = node.max.value_or(-1);
  if (pairs < least) return refuse(node, Code::constraint_violated, fmt::format("{} not in [{} , {}]", pairs, least, most));
  const std::size_t n = 2 * static_cast<std::size_t>(most < 0 ? pairs : std::min(pairs, most));
  Fields items{frame};
  std::vector<MapEntry> entries;
  while (items.next < n) {
    const std::size_t at = items.next;
    Value v;
    std::string_view name;
    if (!take(node.children[0], items, v)) return within(at);
    if (!key(node, frame, at, name)) return false;
    v = Value();
    if (!take(node.children[1], items, v)) return within_key(name);
    if (items.next != at + 2) return refuse(node, Code::invalid_format, "a pair of schemas takes more or less than two fields");
    if (arena_) entries.push_back({name, v});
  }
  if (!arena_) return true;
  // Keys come in any number: sort to find duplicates, the last of which wins.
  std::stable_sort(entries.begin(), entries.end(), [](const MapEntry& a, const MapEntry& b) { return a.key < b.key; });
  std::vector<MapEntry> unique;
  for (const MapEntry& e : entries) {
    if (!unique.empty() && unique.back().key == e.key) unique.back() = e;
    else unique.push_back(e);
  }
  out = keep(*arena_, unique);
  return true;
}

}  // namespace packhouse::packos
