#include "storage/keys.hpp"
#include "storage/fulltext/change.hpp"
#include "storage/overlay.hpp"
#include "storage/vector/entry.hpp"

// From changed records to changed labels, types and indexes. Each record remembers what it put into the deltas,
// so that a later change of it takes that back first.
namespace packhouse::storage {

IdDelta& Overlay::id_delta(Deltas<IdDelta>& deltas, std::uint32_t token) {
  auto& delta = deltas[token];
  if (!delta) delta = std::make_unique<IdDelta>(arena_);
  return *delta;
}

IndexDelta& Overlay::index_delta(IndexId id) {
  auto& delta = index_deltas_[raw(id)];
  if (!delta) delta = std::make_unique<IndexDelta>(arena_, keys::index_entries(id).low.size());
  return *delta;
}

void Overlay::apply(const Contribution& c, std::uint64_t id, bool is_node, int sign) {
  const int change = c.net * sign;
  switch (c.kind) {
    case Contribution::Kind::all: (is_node ? nodes_delta_ : rels_delta_).add(id, change); break;
    case Contribution::Kind::token: id_delta(is_node ? label_deltas_ : type_deltas_, c.id).add(id, change); break;
    case Contribution::Kind::index: index_delta(IndexId{c.id}).add(c.key, change); break;
    case Contribution::Kind::vector: {
      auto& delta = vector_deltas_[c.id];
      if (!delta) delta = std::make_unique<VectorDelta>();
      if (sign > 0) delta->set(id, {c.key, c.net});
      else delta->forget(id);
      break;
    }
    case Contribution::Kind::fulltext: {
      auto& delta = fulltext_deltas_[c.id];
      if (!delta) delta = std::make_unique<FulltextDelta>();
      if (sign > 0) delta->set(id, read_change(c.key));
      else delta->forget(id);
      break;
    }
  }
}

void Overlay::forget_derived(OverlayRecord& record, std::uint64_t id, bool is_node) {
  for (const Contribution& c : record.derived) apply(c, id, is_node, -1);
  record.derived = {};
}

void Overlay::keep_contributions(OverlayRecord& record, std::uint64_t id, bool is_node) {
  record.derived = arena_.array<Contribution>(contributions_.size());
  std::ranges::copy(contributions_, record.derived.begin());
  for (const Contribution& c : record.derived) apply(c, id, is_node, 1);
}

/// The keys that this record has in these indexes, in the arena.
Result<void> Overlay::index_keys(const RecordReader& record, std::span<const Index* const> indexes, std::uint64_t id,
                                 std::vector<IndexKeyRef>& out) {
  for (const Index* index : indexes) {
    index_values_.clear();
    for (const KeyId key : index->keys) {
      PACKHOUSE_TRY(const Value value, record.property(key, scratch_arena_));
      if (value.is_null() || !takes(index->type, value)) break;
      index_values_.push_back(value);
    }
    if (index_values_.size() != index->keys.size()) continue;
    PACKHOUSE_TRY(const auto key, keys::index_entry(index->id, index_values_, id));
    out.push_back({index, arena_.copy(key.view())});
  }
  return ok;
}

/// Notes where old_keys_ and new_keys_ differ.
void Overlay::compare_index_keys() {
  const auto same = [](const IndexKeyRef& a, const IndexKeyRef& b) {
    return a.index == b.index && as_text(a.key) == as_text(b.key);
  };
  const auto add_missing = [&](const std::vector<IndexKeyRef>& from, const std::vector<IndexKeyRef>& other, std::int8_t net) {
    for (const IndexKeyRef& k : from) {
      if (std::ranges::any_of(other, [&](const IndexKeyRef& o) { return same(o, k); })) continue;
      contributions_.push_back({Contribution::Kind::index, net, raw(k.index->id), k.key});
    }
  };
  add_missing(old_keys_, new_keys_, -1);
  add_missing(new_keys_, old_keys_, 1);
}

/// The elements that this record has in these vector indexes, in the arena.
Result<void> Overlay::vectors_of(const RecordReader& record, std::span<const Index* const> indexes, std::vector<IndexKeyRef>& out) {
  for (const Index* index : indexes) {
    scratch_arena_.reset();  // a list of 1,536 numbers is 24 KB
    PACKHOUSE_TRY(const Value value, record.property(index->keys.front(), scratch_arena_));
    if (vectors::entry(value, index->vector, vector_)) out.push_back({index, arena_.copy(vectors::bytes_of(vector_))});
  }
  return ok;
}

/// Notes where old_vectors_ and new_vectors_ differ.
void Overlay::compare_vectors() {
  const auto of = [](const std::vector<IndexKeyRef>& in, const Index* index) { return std::ranges::find(in, index, &IndexKeyRef::index); };
  for (const IndexKeyRef& now : new_vectors_) {
    const auto before = of(old_vectors_, now.index);
    const bool was = before != old_vectors_.end();
    if (was && as_text(before->key) == as_text(now.key)) continue;
    contributions_.push_back({Contribution::Kind::vector, static_cast<std::int8_t>(was ? 0 : 1), raw(now.index->id), now.key});
  }
  for (const IndexKeyRef& before : old_vectors_) {
    if (of(new_vectors_, before.index) == new_vectors_.end()) {
      contributions_.push_back({Contribution::Kind::vector, -1, raw(before.index->id), {}});
    }
  }
}

Result<void> Overlay::derive_node(OverlayNode& node, const Catalog& catalog) {
  const std::uint64_t id = raw(node.id);
  forget_derived(node, id, true);
  node.dirty = false;
  contributions_.clear();
  old_keys_.clear();
  new_keys_.clear();
  old_vectors_.clear();
  new_vectors_.clear();
  old_fulltext_.clear();
  new_fulltext_.clear();
  const bool was = !node.created(), is = node.exists();
  const RecordReader before(node.base, nullptr), after(node.now);
  if (was != is) contributions_.push_back({Contribution::Kind::all, static_cast<std::int8_t>(is ? 1 : -1), 0, {}});
  const auto visit = [&](const RecordReader& record, const RecordReader* other, std::int8_t net,
                         std::vector<IndexKeyRef>& found, std::vector<IndexKeyRef>& vectors,
                         std::vector<const Index*>& fulltext) -> Result<void> {
    for (std::size_t i = 0; i < record.label_count(); ++i) {
      const LabelId label = record.label(i);
      if (!other || !other->has_label(label)) contributions_.push_back({Contribution::Kind::token, net, raw(label), {}});
      PACKHOUSE_CHECK(index_keys(record, catalog.indexes(EntityType::node, raw(label)), id, found));
      PACKHOUSE_CHECK(vectors_of(record, catalog.vector_indexes(EntityType::node, raw(label)), vectors));
      const auto over_texts = catalog.fulltext_indexes(EntityType::node, raw(label));
      fulltext.insert(fulltext.end(), over_texts.begin(), over_texts.end());
    }
    return ok;
  };
  if (was) PACKHOUSE_CHECK(visit(before, is ? &after : nullptr, -1, old_keys_, old_vectors_, old_fulltext_));
  if (is) PACKHOUSE_CHECK(visit(after, was ? &before : nullptr, 1, new_keys_, new_vectors_, new_fulltext_));
  compare_index_keys();
  compare_vectors();
  PACKHOUSE_CHECK(derive_documents(before, after));
  keep_contributions(node, id, true);
  return ok;
}

Result<void> Overlay::derive_rel(OverlayRel& rel, const Catalog& catalog) {
  const std::uint64_t id = raw(rel.id);
  forget_derived(rel, id, false);
  rel.dirty = false;
  contributions_.clear();
  old_keys_.clear();
  new_keys_.clear();
  old_vectors_.clear();
  new_vectors_.clear();
  const bool was = !rel.created(), is = rel.exists();
  if (was != is) {
    const auto net = static_cast<std::int8_t>(is ? 1 : -1);
    contributions_.push_back({Contribution::Kind::all, net, 0, {}});
    contributions_.push_back({Contribution::Kind::token, net, raw(rel.type), {}});
  }
  const auto indexes = catalog.indexes(EntityType::relationship, raw(rel.type));
  if (!indexes.empty()) {
    if (was) PACKHOUSE_CHECK(index_keys(RecordReader(rel.base, nullptr), indexes, id, old_keys_));
    if (is) PACKHOUSE_CHECK(index_keys(RecordReader(rel.now), indexes, id, new_keys_));
    compare_index_keys();
  }
  const auto vectors = catalog.vector_indexes(EntityType::relationship, raw(rel.type));
  if (!vectors.empty()) {
    if (was) PACKHOUSE_CHECK(vectors_of(RecordReader(rel.base, nullptr), vectors, old_vectors_));
    if (is) PACKHOUSE_CHECK(vectors_of(RecordReader(rel.now), vectors, new_vectors_));
    compare_vectors();
  }
  const auto texts = catalog.fulltext_indexes(EntityType::relationship, raw(rel.type));
  if (!texts.empty()) {
    old_fulltext_.assign(was ? texts.begin() : texts.end(), texts.end());
    new_fulltext_.assign(is ? texts.begin() : texts.end(), texts.end());
    PACKHOUSE_CHECK(derive_documents(RecordReader(rel.base, nullptr), RecordReader(rel.now)));
  }
  keep_contributions(rel, id, false);
  return ok;
}

Result<void> Overlay::derive(const Catalog& catalog) {
  for (OverlayNode* node : dirty_nodes_) PACKHOUSE_CHECK(derive_node(*node, catalog));
  dirty_nodes_.clear();
  for (OverlayRel* rel : dirty_rels_) PACKHOUSE_CHECK(derive_rel(*rel, catalog));
  dirty_rels_.clear();
  scratch_arena_.reset();
  return ok;
}

Result<void> Overlay::derive_again(const Catalog& catalog) {
  for (OverlayNode* node : nodes_) {
    forget_derived(*node, raw(node->id), true);
    mark(*node);
  }
  for (OverlayRel* rel : rels_) {
    forget_derived(*rel, raw(rel->id), false);
    mark(*rel);
  }
  index_deltas_.clear();
  vector_deltas_.clear();
  fulltext_deltas_.clear();
  return derive(catalog);
}

}  // namespace packhouse::storage
