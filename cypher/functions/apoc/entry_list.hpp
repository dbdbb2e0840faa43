#pragma once
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "cypher/functions/apoc/apoc.hpp"

namespace packhouse::cypher::apoc {

/// A map under construction: a key that comes again replaces its value and keeps its place.
class EntryList {
 public:
  explicit EntryList(std::span<const MapEntry> entries = {}) { add(entries); }
  void add(std::span<const MapEntry> entries) {
    for (const auto& e : entries) set(e.key, e.value);
  }
  void set(std::string_view key, const Value& value) {
    const auto [it, fresh] = places_.try_emplace(key, entries_.size());
    if (fresh) {
      entries_.push_back({key, value});
    } else {
      entries_[it->second].value = value;
    }
  }
  Value* find(std::string_view key) {
    const auto it = places_.find(key);
    return it == places_.end() ? nullptr : &entries_[it->second].value;
  }
  Value value(CallContext& c) const { return map_value(c, entries_); }

 private:
  std::vector<MapEntry> entries_;
  std::map<std::string_view, std::size_t> places_;
};

}  // namespace packhouse::cypher::apoc
