#include <fmt/format.h>

#include "codec/packos/schema/put.hpp"
#include "codec/packos/schema/take.hpp"

namespace packhouse::packos {
namespace {

Refusal missing(std::string_view key) { return {Code::invalid_format, fmt::format("Missing key '{}'", key)}; }

}  // namespace

bool Putter::repeat(const Node& node, std::span<const Value> items) {
  Refusal why{};
  const auto n = repeated(node, items.size(), why);
  if (!n) return refuse(node, std::move(why));
  for (std::size_t i = 0; i < *n; ++i) {
    if (!put(node.children[i % node.children.size()], items[i])) return within(i);
  }
  return true;
}

bool Putter::fields(const Node& owner, std::span<const Node> nodes, std::span<const Value> items, bool flatten) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node& node = nodes[i];
    if (flatten && node.rule == Rule::repeat) {
      const bool last = i + 1 == nodes.size();
      if (!last && node.max.value_or(-1) < 0) {
        return refuse(owner, Code::invalid_format, "max should be provided if repeat is not in the end. max: -1");
      }
      auto rest = items.subspan(std::min(at, items.size()));
      if (!last) rest = rest.first(std::min(rest.size(), static_cast<std::size_t>(*node.max) * node.children.size()));
      if (!repeat(node, rest)) return within(i);
      at += rest.size();
      continue;
    }
    if (at >= items.size()) {
      return refuse(owner, Code::encode, fmt::format("{} values for {} schemas", items.size(), nodes.size()));
    }
    if (!put(node, items[at])) return within(at);
    ++at;
  }
  return true;
}

bool Putter::named_fields(const Node& owner, std::span<const Node> nodes, std::span<const std::string> names,
                                   std::span<const MapEntry> map, bool flatten) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node& node = nodes[i];
    if (flatten && node.rule == Rule::repeat) {
      const auto least = static_cast<std::size_t>(std::max<std::int64_t>(node.min.value_or(0), 0)) * node.children.size();
      std::vector<Value> items;
      for (;;) {
        const std::string key = fmt::format("{}_{}", names[i], items.size());
        const Value* found = find(map, key);
        if (!found && items.size() < least) return refuse(owner, missing(key));
        if (!found) break;
        items.push_back(*found);
      }
      if (!repeat(node, items)) return within_key(names[i]);
      continue;
    }
    const Value* found = find(map, names[i]);
    if (!found && !node.null_ok) return refuse(owner, missing(names[i]));
    if (!put(node, found ? *found : Value())) return within_key(names[i]);
  }
  return true;
}

bool Putter::tuple(const Node& node, const Value& v) {
  if (v.is_null()) return out_.null(), true;
  if (!v.is(node.names.empty() ? Kind::list : Kind::map)) return refuse(node, Code::encode, "Type Mismatch");
  out_.begin_tuple(node.children.size());
  if (node.names.empty()) {
    if (!fields(node, node.children, v.as_list(), node.flatten)) return false;
  } else {
    if (!named_fields(node, node.children, node.names, v.as_map(), node.flatten)) return false;
  }
  return close(node, out_.end());
}

/// A key schema that wants an exact text finds its entry by it: the maps of Cypher have no order. Others
/// take what is next.
bool Putter::map(const Node& node, const Value& v) {
  if (v.is_null()) return out_.null(Tag::map), true;
  if (!v.is(Kind::map)) return refuse(node, Code::encode, "Type Mismatch");
  const auto entries = v.as_map();
  const std::size_t pairs = node.children.size() / 2;
  if (entries.size() != pairs) return refuse(node, Code::encode, fmt::format("{} != {}", entries.size(), pairs));
  std::vector<bool> used(entries.size());
  out_.begin_map(pairs);
  for (std::size_t i = 0; i < pairs; ++i) {
    const Node& key = node.children[2 * i];
    std::size_t at = 0;
    while (at < entries.size() && (used[at] || (!key.exact.empty() && entries[at].key != key.exact))) ++at;
    if (at == entries.size()) return refuse(node, missing(key.exact));
    used[at] = true;
    const auto& [name, item] = entries[at];
    if (!put(key, Value::string(name)) || !put(node.children[2 * i + 1], item)) return within_key(name);
  }
  return close(node, out_.end());
}

bool Putter::map_unordered(const Node& node, const Value& v) {
  if (v.is_null() && node.nullable) return out_.null(Tag::map), true;
  if (!v.is(Kind::map)) return refuse(node, Code::encode, "Type Mismatch");
  out_.begin_map(node.names.size());
  for (std::size_t i = 0; i < node.names.size(); ++i) {
    const Value* found = find(v.as_map(), node.names[i]);
    if (!found) return refuse(node, missing(node.names[i]));
    out_.string(node.names[i]);
    if (!put(node.children[i], *found)) return within_key(node.names[i]);
  }
  return close(node, out_.end_map());  // P6: sorted
}

bool Putter::map_repeat(const Node& node, const Value& v) {
  if (v.is_null()) return out_.null(Tag::map), true;
  if (!v.is(Kind::map)) return refuse(node, Code::encode, "Type Mismatch");
  const auto n = static_cast<std::int64_t>(v.as_map().size());
  const std::int64_t least = std::max<std::int64_t>(node.min.value_or(0), 0), most = node.max.value_or(-1);
  if (n < least || (most >= 0 && n > most)) {
    return refuse(node, Code::constraint_violated, fmt::format("{} not in [{} , {}]", n, least, most));
  }
  out_.begin_map(v.as_map().size());
  for (const auto& [key, item] : v.as_map()) {
    if (!put(node.children[0], Value::string(key)) || !put(node.children[1], item)) return within_key(key);
  }
  return close(node, out_.end_map());
}

}  // namespace packhouse::packos
