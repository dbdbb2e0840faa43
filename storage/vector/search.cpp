#include "storage/vector/search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "storage/keys.hpp"
#include "storage/transaction.hpp"
#include "storage/vector/entry.hpp"

namespace packhouse::storage {

void VectorSearch::keep(VectorCandidate candidate) {
  if (best_.size() == limit_) {
    if (!(candidate < best_.front())) return;
    std::pop_heap(best_.begin(), best_.end());
    best_.pop_back();
  }
  best_.push_back(candidate);
  std::push_heap(best_.begin(), best_.end());
}

void VectorSearch::offer(std::uint64_t entity, Bytes elements) {
  if (elements.size() != wanted_.size_bytes()) return;  // other dimensions
  keep({vectors::rank(index_.vector, elements.data(), wanted_.data(), wanted_.size()), entity});
}

void VectorSearch::offer_own() {
  if (!own_) return;
  own_->for_each([&](std::uint64_t entity, const VectorDelta::Change& c) { offer(entity, c.elements); });
}

Result<void> VectorSearch::exact(const std::function<Result<void>()>& pause) {
  best_.clear();
  offer_own();
  const auto range = keys::vector_entries(index_.id);
  PACKHOUSE_TRY(const auto scan, snapshot_.scan(range.low, range.high));
  std::array<kv::Entry, 256> batch;
  for (std::size_t batches = 0;; ++batches) {
    if (pause && batches % 16 == 15) PACKHOUSE_CHECK(pause());
    PACKHOUSE_TRY(const std::size_t n, scan->next(batch));
    if (n == 0) return ok;
    for (const kv::Entry& e : std::span(batch).first(n)) {
      const std::uint64_t entity = keys::last_id(e.key);
      if (!own_ || !own_->find(entity)) offer(entity, e.value);
    }
  }
}

Result<bool> VectorSearch::by_graph(TrackedVectorIndex& tracked) {
  best_.clear();
  GraphAnswer answer;
  if (!tracked.find({snapshot_.sequence(), wanted_, limit_, own_}, answer)) return false;
  offer_own();
  for (const VectorCandidate& c : answer.nearest) keep(c);
  for (const std::uint64_t entity : answer.changed) {
    if (own_ && own_->find(entity)) continue;
    PACKHOUSE_TRY(const auto elements, snapshot_.get(keys::vector_entry(index_.id, entity)));
    if (elements) offer(entity, *elements);
  }
  return true;
}

Result<std::vector<VectorMatch>> VectorSearch::matches() {
  std::vector<VectorMatch> out;
  out.reserve(best_.size());
  for (const VectorCandidate& c : best_) {
    const auto* own = own_ ? own_->find(c.entity) : nullptr;
    std::optional<Bytes> elements;
    if (own) {
      elements = own->elements;
    } else {
      PACKHOUSE_TRY(elements, snapshot_.get(keys::vector_entry(index_.id, c.entity)));
    }
    if (!elements || elements->size() != wanted_.size_bytes()) {
      return fail(Status::storage_failed,
                  fmt::format("the vector index `{}` found entity {}, which has no entry", index_.name, c.entity));
    }
    out.push_back({c.entity, vectors::score(index_.vector, *elements, vectors::bytes_of(wanted_))});
  }
  std::ranges::sort(out, [](const VectorMatch& a, const VectorMatch& b) {
    return a.score != b.score ? a.score > b.score : a.id < b.id;
  });
  return out;
}

// ---- transactions --------------------------------------------------------------------------------------------------

namespace {

Result<void> check_wanted(const Index& index, std::size_t dimensions, vectors::Unfit unfit) {
  switch (unfit) {
    case vectors::Unfit::none: return ok;
    case vectors::Unfit::dimensions:
      if (index.vector.dimensions == 0) {
        return fail(Status::argument_error, fmt::format("Index query vector has {} dimensions; expected 1 to {}.",
                                                        dimensions, max_vector_dimensions));
      }
      return fail(Status::argument_error,
                  fmt::format("Index query vector has {} dimensions, but indexed vectors have {}.", dimensions,
                              index.vector.dimensions));
    case vectors::Unfit::not_finite:
      return fail(Status::argument_error, "Index query vector must contain finite values only, as 32-bit floats.");
    case vectors::Unfit::no_direction:
      return fail(Status::argument_error, "Index query vector must not be zero, because the index compares by cosine.");
  }
  return ok;
}

}  // namespace

Result<std::vector<VectorMatch>> TransactionImpl::vector_search(const VectorQuery& query) {
  PACKHOUSE_CHECK(reading());
  const Index* index = catalog().index(query.index);
  if (!index || index->type != IndexType::vector) {
    return fail(Status::index_not_found, fmt::format("there is no such vector index: id {}", raw(query.index)));
  }
  if (index->state != IndexState::online) {
    return fail(
        Status::argument_error,
        fmt::format("The index '{}' is POPULATING until the transaction that makes it is committed.", index->name));
  }
  std::vector<float> wanted(query.vector.begin(), query.vector.end());
  PACKHOUSE_CHECK(check_wanted(*index, wanted.size(), vectors::prepare(index->vector, wanted)));
  if (query.limit == 0) return std::vector<VectorMatch>();
  PACKHOUSE_CHECK(derive());
  VectorSearch search(*snapshot_, *index, wanted, query.limit, write_ ? write_->overlay.vectors(index->id) : nullptr);
  bool found = false;
  if (const auto tracked = core_.vectors.find(index->id)) {
    PACKHOUSE_TRY(found, search.by_graph(*tracked));
  }
  if (!found) PACKHOUSE_CHECK(search.exact(query.pause));
  return search.matches();
}

}  // namespace packhouse::storage
