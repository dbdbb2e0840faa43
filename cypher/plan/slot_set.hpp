#pragma once
#include <bit>
#include <cstdint>
#include <vector>

#include "cypher/syntax/expression.hpp"

namespace packhouse::cypher::plan {

using ast::Slot;
using Slots = std::vector<Slot>;

/// A set of slots as bits; statements have few of them.
class SlotSet {
 public:
  SlotSet() = default;
  SlotSet(std::initializer_list<Slot> slots) {
    for (const Slot s : slots) add(s);
  }

  bool contains(Slot s) const { return s / 64 < words_.size() && (words_[s / 64] >> (s % 64) & 1) != 0; }
  /// `no_slot` is ignored, so that callers need not ask.
  void add(Slot s) {
    if (s == ast::no_slot) return;
    if (s / 64 >= words_.size()) words_.resize(s / 64 + 1);
    words_[s / 64] |= std::uint64_t{1} << (s % 64);
  }
  void add(const Slots& slots) {
    for (const Slot s : slots) add(s);
  }
  void add(const SlotSet& other) {
    if (other.words_.size() > words_.size()) words_.resize(other.words_.size());
    for (std::size_t i = 0; i < other.words_.size(); ++i) words_[i] |= other.words_[i];
  }
  void remove(Slot s) {
    if (contains(s)) words_[s / 64] &= ~(std::uint64_t{1} << (s % 64));
  }
  void remove(const SlotSet& other) {
    for (std::size_t i = 0; i < words_.size() && i < other.words_.size(); ++i) words_[i] &= ~other.words_[i];
  }
  void keep(const SlotSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= i < other.words_.size() ? other.words_[i] : 0;
  }
  bool empty() const {
    for (const auto w : words_) {
      if (w != 0) return false;
    }
    return true;
  }
  bool within(const SlotSet& other) const {
    SlotSet rest = *this;
    rest.remove(other);
    return rest.empty();
  }
  bool meets(const SlotSet& other) const {
    SlotSet common = *this;
    common.keep(other);
    return !common.empty();
  }
  /// Ascending.
  Slots list() const {
    Slots out;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (std::uint64_t w = words_[i]; w != 0; w &= w - 1) {
        out.push_back(static_cast<Slot>(i * 64 + static_cast<std::size_t>(std::countr_zero(w))));
      }
    }
    return out;
  }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace packhouse::cypher::plan
