#pragma once
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cypher/exec/context.hpp"
#include "value/compare.hpp"

namespace packhouse::cypher::apoc {

/// Values once each (as DISTINCT sees them), in the order of their coming. Copies them; counts the memory while it lives.
class ValueSet {
 public:
  explicit ValueSet(ExecContext& context) : context_(context) {}
  ~ValueSet() { context_.release(kept_); }
  ValueSet(const ValueSet&) = delete;
  ValueSet& operator=(const ValueSet&) = delete;

  /// Its place, and whether it is new.
  std::pair<std::size_t, bool> add(const Value& v) {
    const std::uint64_t h = hash(v);
    if (const std::size_t at = find(v, h); at != none) return {at, false};
    places_.emplace(h, values_.size());
    values_.push_back(deep_copy(v, arena_));
    const std::size_t held = arena_.footprint() + values_.size() * 48;
    if (held > kept_ + (1U << 16)) {
      context_.keep(held - kept_);
      kept_ = held;
      context_.check();
    }
    return {values_.size() - 1, true};
  }
  bool contains(const Value& v) const { return find(v, hash(v)) != none; }
  const std::vector<Value>& values() const { return values_; }

 private:
  static constexpr std::size_t none = ~std::size_t{0};
  struct Same {
    std::size_t operator()(std::uint64_t h) const { return h; }
  };
  std::size_t find(const Value& v, std::uint64_t h) const {
    const auto [first, last] = places_.equal_range(h);
    for (auto it = first; it != last; ++it) {
      if (equivalent(values_[it->second], v)) return it->second;
    }
    return none;
  }

  ExecContext& context_;
  Arena arena_;
  std::vector<Value> values_;
  std::unordered_multimap<std::uint64_t, std::size_t, Same> places_;
  std::size_t kept_ = 0;
};

}  // namespace packhouse::cypher::apoc
