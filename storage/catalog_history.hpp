#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "storage/catalog.hpp"

namespace packhouse::storage {

/// Every schema since the store was opened, with the first commit that shows it, so that a transaction finds the one
/// that fits its snapshot without waiting. Schemas are few and small: none is freed before the store.
/// at() is for any thread; publish() and retract() for the committer only.
class CatalogHistory {
 public:
  void start(CatalogPtr catalog) { publish(0, std::move(catalog)); }

  const Catalog& at(std::uint64_t sequence) const {
    const Entry* e = head_.load(std::memory_order_acquire);
    while (e->from > sequence && e->older) e = e->older;
    return *e->catalog;
  }
  /// The newest, possibly of a commit that is being written; for the committer.
  const Catalog& latest() const { return *head_.load(std::memory_order_acquire)->catalog; }

  /// Before the commit `from` becomes visible.
  void publish(std::uint64_t from, CatalogPtr catalog) {
    entries_.push_back(std::make_unique<Entry>(from, std::move(catalog), head_.load(std::memory_order_relaxed)));
    head_.store(entries_.back().get(), std::memory_order_release);
  }
  /// That commit failed: takes back the last publish().
  void retract() { head_.store(head_.load(std::memory_order_relaxed)->older, std::memory_order_release); }

 private:
  struct Entry {
    Entry(std::uint64_t f, CatalogPtr c, const Entry* o) : from(f), catalog(std::move(c)), older(o) {}
    std::uint64_t from;
    CatalogPtr catalog;
    const Entry* older;
  };
  std::atomic<const Entry*> head_{nullptr};
  std::vector<std::unique_ptr<Entry>> entries_;
};

}  // namespace packhouse::storage
