#include "storage/overlay.hpp"

namespace packhouse::storage {

// ---- statements ----------------------------------------------------------------------------------------------------

void Overlay::begin_statement() {
  ++statement_;
  undo_.clear();
  nodes_mark_ = nodes_.size();
  rels_mark_ = rels_.size();
}

void Overlay::rollback_statement() {
  for (auto it = undo_.rbegin(); it != undo_.rend(); ++it) {
    OverlayRecord& record = *it->record;
    if (!record.is_node && !record.created() && !record.exists() && it->old.presence == Presence::present) --removed_;
    record.now = it->old;
    mark(record);
  }
  undo_.clear();
  const auto undo_created = [this](auto& records, std::size_t from) {
    for (std::size_t i = from; i < records.size(); ++i) {
      if (!records[i]->created()) continue;
      records[i]->now.presence = Presence::undone;
      mark(*records[i]);
    }
  };
  undo_created(nodes_, nodes_mark_);
  undo_created(rels_, rels_mark_);
}

void Overlay::changed_by_statement(std::vector<OverlayNode*>& nodes, std::vector<OverlayRel*>& rels) const {
  for (const Undo& undo : undo_) {
    if (undo.record->is_node) nodes.push_back(static_cast<OverlayNode*>(undo.record));
    else rels.push_back(static_cast<OverlayRel*>(undo.record));
  }
  const auto append_created = [](const auto& records, std::size_t from, auto& to) {
    for (std::size_t i = from; i < records.size(); ++i) {
      if (records[i]->created()) to.push_back(records[i]);
    }
  };
  append_created(nodes_, nodes_mark_, nodes);
  append_created(rels_, rels_mark_, rels);
}

/// Before the first change of a record in a statement: what to go back to.
void Overlay::save(OverlayRecord& record) {
  if (record.statement != statement_) {
    undo_.push_back({&record, record.now});
    record.statement = statement_;
    if (record.now.expanded) record.now.expanded = clone(*record.now.expanded);
  }
  mark(record);
}

void Overlay::mark(OverlayRecord& record) {
  if (record.dirty) return;
  record.dirty = true;
  if (record.is_node) dirty_nodes_.push_back(static_cast<OverlayNode*>(&record));
  else dirty_rels_.push_back(static_cast<OverlayRel*>(&record));
}

// ---- changes -------------------------------------------------------------------------------------------------------

void Overlay::remember_node(OverlayNode* node) {
  nodes_.push_back(node);
  node_map_.emplace(raw(node->id), node);
}

void Overlay::remember_rel(OverlayRel* rel) {
  rels_.push_back(rel);
  rel_map_.emplace(raw(rel->id), rel);
}

void Overlay::sort_labels(std::span<const LabelId> labels) {
  labels_.assign(labels.begin(), labels.end());
  if (labels_.size() < 2) return;
  std::ranges::sort(labels_);
  labels_.erase(std::ranges::unique(labels_).begin(), labels_.end());
}

void Overlay::sort_properties(std::span<const std::pair<KeyId, Value>> properties) {
  properties_.clear();
  bool ascending = true;
  for (const auto& [key, value] : properties) {
    ascending = ascending && (properties_.empty() || properties_.back().key < key);
    properties_.push_back({key, value});
  }
  if (!ascending) {
    std::ranges::stable_sort(properties_, {}, &packos::Property::key);
    std::size_t kept = 0;  // of equal keys the last one counts
    for (std::size_t i = 0; i < properties_.size(); ++i) {
      if (i + 1 < properties_.size() && properties_[i + 1].key == properties_[i].key) continue;
      properties_[kept++] = properties_[i];
    }
    properties_.resize(kept);
  }
  std::erase_if(properties_, [](const packos::Property& p) { return p.value.is_null(); });
}

Result<OverlayNode*> Overlay::create(NodeId id, std::span<const LabelId> labels,
                                     std::span<const std::pair<KeyId, Value>> properties) {
  sort_labels(labels);
  sort_properties(properties);
  scratch_.clear();
  PACKHOUSE_CHECK(packos::encode_node(scratch_, labels_, properties_));
  auto* node = arena_.make<OverlayNode>();
  node->id = id;
  node->now.record = arena_.copy(scratch_.view());
  node->statement = statement_;
  remember_node(node);
  mark(*node);
  return node;
}

Result<OverlayRel*> Overlay::create(RelId id, TypeId type, NodeId start, NodeId end,
                                    std::span<const std::pair<KeyId, Value>> properties) {
  sort_properties(properties);
  scratch_.clear();
  PACKHOUSE_CHECK(packos::encode_relationship(scratch_, type, start, end, properties_));
  auto* rel = arena_.make<OverlayRel>();
  rel->is_node = false;
  rel->id = id;
  rel->type = type;
  rel->start = start;
  rel->end = end;
  rel->now.record = arena_.copy(scratch_.view());
  rel->statement = statement_;
  remember_rel(rel);
  links_.push_back(rel);
  mark(*rel);
  return rel;
}

OverlayNode& Overlay::open(NodeId id, Bytes base) {
  if (OverlayNode* known = find(id)) return *known;
  auto* node = arena_.make<OverlayNode>();
  node->id = id;
  node->base = node->now.record = base;
  node->statement = statement_ - 1;
  remember_node(node);
  return *node;
}

OverlayRel& Overlay::open(RelId id, Bytes base, const packos::RecordView& record) {
  if (OverlayRel* known = find(id)) return *known;
  auto* rel = arena_.make<OverlayRel>();
  rel->is_node = false;
  rel->id = id;
  rel->type = record.type();
  rel->start = record.start();
  rel->end = record.end();
  rel->base = rel->now.record = base;
  rel->statement = statement_ - 1;
  remember_rel(rel);
  return *rel;
}

Expanded* Overlay::clone(const Expanded& from) {
  auto* to = arena_.make<Expanded>(from);
  to->label_room = from.label_count;
  to->labels = arena_.array<LabelId>(from.label_count).data();
  std::ranges::copy(from.label_span(), to->labels);
  to->property_room = from.property_count;
  to->properties = arena_.array<packos::Property>(from.property_count).data();
  std::ranges::copy(from.property_span(), to->properties);
  return to;
}

Result<Expanded*> Overlay::expanded(OverlayRecord& record) {
  if (record.now.expanded) return record.now.expanded;
  PACKHOUSE_TRY(const auto view, packos::RecordView::open(record.now.record));
  auto* e = arena_.make<Expanded>();
  e->label_count = e->label_room = static_cast<std::uint32_t>(view.label_count());
  e->labels = arena_.array<LabelId>(e->label_count).data();
  for (std::uint32_t i = 0; i < e->label_count; ++i) e->labels[i] = view.label(i);
  e->property_count = static_cast<std::uint32_t>(view.property_count());
  e->property_room = e->property_count + 2;
  e->properties = arena_.array<packos::Property>(e->property_room).data();
  for (std::uint32_t i = 0; i < e->property_count; ++i) {
    PACKHOUSE_TRY(const Value value, view.value(i, arena_));
    e->properties[i] = {view.key(i), value};
  }
  return record.now.expanded = e;
}

/// Makes room for one more item in a sorted arena array.
template <class T>
static void open_gap(Arena& arena, T*& items, std::uint32_t& count, std::uint32_t& room, std::size_t at) {
  if (count == room) {
    room = room * 2 + 2;
    T* wider = arena.array<T>(room).data();
    std::copy(items, items + count, wider);
    items = wider;
  }
  std::copy_backward(items + at, items + count, items + count + 1);
  ++count;
}

Result<bool> Overlay::set(OverlayRecord& record, KeyId key, const Value& value) {
  save(record);
  PACKHOUSE_TRY(Expanded * e, expanded(record));
  auto* at = std::lower_bound(e->properties, e->properties + e->property_count, key,
                              [](const packos::Property& p, KeyId k) { return p.key < k; });
  const bool had = at != e->properties + e->property_count && at->key == key;
  if (value.is_null()) {
    if (had) std::copy(at + 1, e->properties + e->property_count--, at);
    return had;
  }
  const Value kept = deep_copy(value, arena_);
  if (had) {
    at->value = kept;
  } else {
    const auto i = static_cast<std::size_t>(at - e->properties);
    open_gap(arena_, e->properties, e->property_count, e->property_room, i);
    e->properties[i] = {key, kept};
  }
  return had;
}

Result<bool> Overlay::set_property(OverlayNode& node, KeyId key, const Value& value) { return set(node, key, value); }
Result<bool> Overlay::set_property(OverlayRel& rel, KeyId key, const Value& value) { return set(rel, key, value); }

Result<bool> Overlay::add_label(OverlayNode& node, LabelId label) {
  if (RecordReader(node.now).has_label(label)) return false;
  save(node);
  PACKHOUSE_TRY(Expanded * e, expanded(node));
  const auto i = static_cast<std::size_t>(std::lower_bound(e->labels, e->labels + e->label_count, label) - e->labels);
  open_gap(arena_, e->labels, e->label_count, e->label_room, i);
  e->labels[i] = label;
  return true;
}

Result<bool> Overlay::remove_label(OverlayNode& node, LabelId label) {
  if (!RecordReader(node.now).has_label(label)) return false;
  save(node);
  PACKHOUSE_TRY(Expanded * e, expanded(node));
  auto* at = std::lower_bound(e->labels, e->labels + e->label_count, label);
  std::copy(at + 1, e->labels + e->label_count--, at);
  return true;
}

void Overlay::erase(OverlayNode& node) {
  save(node);
  node.now.presence = Presence::deleted;
}

void Overlay::erase(OverlayRel& rel) {
  save(rel);
  if (!rel.created() && rel.exists()) ++removed_;
  rel.now.presence = Presence::deleted;
}

std::size_t Overlay::bytes() const {
  return arena_.footprint() + scratch_.capacity() + node_map_.size() * 24 + rel_map_.size() * 24 + adjacent_.size() * 48 +
         (nodes_.capacity() + rels_.capacity() + links_.capacity() + dirty_nodes_.capacity() + dirty_rels_.capacity()) * 8 +
         undo_.capacity() * sizeof(Undo) + fulltext_bytes();
}

}  // namespace packhouse::storage
