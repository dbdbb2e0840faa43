#include <boost/container/small_vector.hpp>
#include <fmt/format.h>

#include "base/utf8.hpp"
#include "codec/packos/schema/take.hpp"

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

Checked<FrameView> Taker::container(const Node& node, Fields& in, bool map, bool& null) {
  PACKHOUSE_TRY(const Field f, peek(node, in));
  const bool wide = FrameView::is_wide(f);
  const bool fits = wide ? (load<Extension>(f.bytes.data()) == Extension::wide_map) == map : f.tag == (map ? Tag::map : Tag::tuple);
  if (!fits && !(is_empty_list(f) && !map)) {
    return refuse(node, Code::constraint_violated, node.rule == Rule::map_unordered ? "Unsuported Type" : "Type Mismatch");
  }
  null = f.bytes.empty();
  ++in.next;
  if (null || !fits) return FrameView();
  auto inner = in.frame.nested(f);
  if (!inner) return refuse(node, Code::invalid_format, inner.error().message());
  return *inner;
}

Checked<Value> Taker::tuple(const Node& node, Fields& in) {
  bool null = false;
  PACKHOUSE_TRY(const FrameView frame, container(node, in, false, null));
  if (null) return Value();
  const std::size_t n = node.children.size();
  if (!node.variable_length && n > 0 && frame.size() != n) {
    return refuse(node, Code::constraint_violated, fmt::format("{} != {}", n, frame.size()));
  }
  Fields items{frame};
  Values list;
  Entries named;
  for (std::size_t i = 0; i < n; ++i) {
    const Node& child = node.children[i];
    auto v = take(child, items);
    if (!v) return node.names.empty() ? within(std::move(v.error()), i) : within_key(std::move(v.error()), node.names[i]);
    if (!arena_) continue;
    const bool spread = node.flatten && child.rule == Rule::repeat && v->is(Kind::list);
    if (node.names.empty()) {
      if (spread) {
        list.insert(list.end(), v->as_list().begin(), v->as_list().end());
      } else {
        list.push_back(*v);
      }
    } else if (spread) {
      std::size_t at = 0;
      for (const Value& item : v->as_list()) put(named, arena_->copy(fmt::format("{}_{}", node.names[i], at++)), item);
    } else {
      put(named, arena_->copy(node.names[i]), *v);
    }
  }
  if (!arena_) return Value();
  return node.names.empty() ? this->list(list) : keep(*arena_, named);
}

Checked<Value> Taker::repeat(const Node& node, Fields& in) {
  PACKHOUSE_TRY(const std::size_t n, repeated(node, in.left()));
  Values out;
  const std::size_t start = in.next;
  for (std::size_t i = 0; in.next < start + n; ++i) {
    const std::size_t before = in.next;
    auto v = take(node.children[i % node.children.size()], in);
    if (!v) return within(std::move(v.error()), i);
    if (arena_) out.push_back(*v);
    if (in.next == before) return refuse(node, Code::invalid_format, "a repeated schema takes no field");
  }
  return list(out);
}

Checked<std::string_view> Taker::key(const Node& node, const FrameView& frame, std::size_t i) const {
  Field f;
  if (!frame.get(i, f)) return refuse(node, Code::invalid_format, frame.field(i).error().message());
  if (f.tag != Tag::string || !utf8::is_valid(as_text(f.bytes))) {
    return refuse(node, Code::invalid_format, fmt::format("map key not string at {}, got {}", i, packos::name(f.tag)));
  }
  return as_text(f.bytes);
}

Checked<Value> Taker::map(const Node& node, Fields& in) {
  bool null = false;
  PACKHOUSE_TRY(const FrameView frame, container(node, in, true, null));
  if (null) return Value();
  Fields items{frame};
  Entries out;
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
    if (auto k = take(node.children[i], items); !k) return within(std::move(k.error()), i);
    PACKHOUSE_TRY(const std::string_view name, key(node, frame, i));
    auto v = take(node.children[i + 1], items);
    if (!v) return within_key(std::move(v.error()), name);
    if (arena_) put(out, name, *v);
  }
  return arena_ ? keep(*arena_, out) : Value();
}

Checked<Value> Taker::map_unordered(const Node& node, Fields& in) {
  bool null = false;
  PACKHOUSE_TRY(const FrameView frame, container(node, in, true, null));
  if (null || node.names.empty()) return Value();
  if (frame.size() % 2 != 0) return refuse(node, Code::invalid_format, fmt::format("{} fields are no pairs", frame.size()));
  Fields items{frame};
  Entries out;
  boost::container::small_vector<bool, 32> seen(node.names.size(), false);
  while (items.next < frame.size()) {
    PACKHOUSE_TRY(const std::string_view name, key(node, frame, items.next));
    ++items.next;
    const auto found = std::find(node.names.begin(), node.names.end(), name);
    if (found == node.names.end()) {
      Field skipped;
      if (!frame.get(items.next, skipped)) return refuse(node, Code::invalid_format, frame.field(items.next).error().message());
      ++items.next;
      continue;
    }
    const auto i = static_cast<std::size_t>(found - node.names.begin());
    auto v = take(node.children[i], items);
    if (!v) return within_key(std::move(v.error()), name);
    seen[i] = true;
    if (arena_) put(out, name, *v);
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (!seen[i] && !node.children[i].accepts_null()) {
      return refuse(node, Code::constraint_violated, fmt::format("Missing key '{}'", node.names[i]));
    }
  }
  return arena_ ? keep(*arena_, out) : Value();
}

Checked<Value> Taker::map_repeat(const Node& node, Fields& in) {
  bool null = false;
  PACKHOUSE_TRY(const FrameView frame, container(node, in, true, null));
  if (null) return Value();
  if (frame.size() % 2 != 0) return refuse(node, Code::invalid_format, fmt::format("{} fields are no pairs", frame.size()));
  const auto pairs = static_cast<std::int64_t>(frame.size() / 2);
  const std::int64_t least = std::max<std::int64_t>(node.min.value_or(0), 0), most = node.max.value_or(-1);
  if (pairs < least) return refuse(node, Code::constraint_violated, fmt::format("{} not in [{} , {}]", pairs, least, most));
  const std::size_t n = 2 * static_cast<std::size_t>(most < 0 ? pairs : std::min(pairs, most));
  Fields items{frame};
  Values keys, values;
  std::vector<MapEntry> out;
  while (items.next < n) {
    const std::size_t at = items.next;
    if (auto k = take(node.children[0], items); !k) return within(std::move(k.error()), at);
    PACKHOUSE_TRY(const std::string_view name, key(node, frame, at));
    auto v = take(node.children[1], items);
    if (!v) return within_key(std::move(v.error()), name);
    if (items.next != at + 2) return refuse(node, Code::invalid_format, "a pair of schemas takes more or less than two fields");
    if (arena_) out.push_back({name, *v});
  }
  if (!arena_) return Value();
  // Keys come in any number: sort to find duplicates, the last of which wins.
  std::stable_sort(out.begin(), out.end(), [](const MapEntry& a, const MapEntry& b) { return a.key < b.key; });
  std::vector<MapEntry> unique;
  for (const MapEntry& e : out) {
    if (!unique.empty() && unique.back().key == e.key) unique.back() = e;
    else unique.push_back(e);
  }
  return keep(*arena_, unique);
}

}  // namespace packhouse::packos
