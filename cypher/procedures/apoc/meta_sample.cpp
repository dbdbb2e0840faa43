#include "cypher/procedures/apoc/meta_sample.hpp"

#include <algorithm>

#include "cypher/exec/expressions/entity.hpp"
#include "cypher/functions/apoc/type_names.hpp"

namespace packhouse::cypher::apoc {
namespace {

using storage::ConstraintType;
using storage::Direction;
using storage::Edge;
using storage::EntityType;

void add_all(std::set<std::string>& to, std::vector<std::string> names) { to.insert(names.begin(), names.end()); }

/// Gathers groups from one sampled node after the other.
class Sampler {
 public:
  Sampler(ExecContext& c, const MetaConfig& config) : c_(c), config_(config) {
    for (const TypeId type : types_in_use(c, config)) {
      of_type_.emplace(raw(type), groups_.size());
      groups_.push_back({.name = std::string(c.store.name(type)), .node = false, .items = {}, .places = {}});
    }
  }

  void label(LabelId label) {
    MetaGroup group{.name = std::string(c_.store.name(label)), .node = true, .items = {}, .places = {}};
    sample_nodes(c_, label, config_, [&](NodeId id) {
      c_.check();
      relationships(group, id);
      const auto view = node_view(c_, id);
      properties(group, view, EntityType::node, raw(label), view);
      scratch_.reset();
    });
    groups_.push_back(std::move(group));
  }

  std::vector<MetaGroup> take() { return std::move(groups_); }

 private:
  void relationships(MetaGroup& group, NodeId id) {
    edges_.clear();
    or_throw(c_.tx.expand(id, Direction::out, {}, edges_));
    std::ranges::sort(edges_, {}, [](const Edge& e) { return raw(e.type); });
    for (auto first = edges_.begin(); first != edges_.end();) {
      const TypeId type = first->type;
      const auto last = std::find_if(first, edges_.end(), [&](const Edge& e) { return e.type != type; });
      if (const auto it = of_type_.find(raw(type)); it != of_type_.end()) of_one_type(group, groups_[it->second], id, first, last);
      first = last;
    }
  }

  template <class It>
  void of_one_type(MetaGroup& group, MetaGroup& type_group, NodeId id, It first, It last) {
    const TypeId type = first->type;
    const auto out = last - first;
    const auto in = static_cast<std::int64_t>(or_throw(c_.tx.degree(id, Direction::in, {&type, 1})));
    bool made = false;
    MetaItem& of_label = group.item(true, type_group.name, made);
    type_group.item(true, group.name, made);
    for (MetaItem* item : {&of_label, &type_group.item(true, group.name, made)}) {
      item->array = item->array || out > 1;
      ++item->count;
      item->left_count += out;
      item->right_count += in;
    }
    for (; first != last; ++first) {
      c_.check();
      const auto end = node_view(c_, first->neighbour);
      for (std::size_t i = 0; i < end.label_count(); ++i) {
        const std::string name(c_.store.name(end.label(i)));
        for (MetaItem* item : {&of_label, &type_group.item(true, group.name, made)}) {
          if (!std::ranges::count(item->other, name)) item->other.push_back(name);
        }
      }
      const auto view = relationship_view(c_, first->rel);
      properties(type_group, view, EntityType::relationship, raw(type), node_view(c_, id));
    }
  }

  template <class View>
  void properties(MetaGroup& group, const View& view, EntityType entity, std::uint32_t token, const storage::NodeView& node) {
    for (std::size_t i = 0; i < view.property_count(); ++i) {
      const KeyId key = view.property_key(i);
      bool made = false;
      MetaItem& item = group.item(false, c_.store.name(key), made);
      if (!made) continue;
      const Value value = or_throw(view.property_value(i, scratch_));
      item.type = meta_type(value);
      item.array = value.is(Kind::list) || value.is(Kind::bytes);
      schema(item, entity, token, key, node, group.name);
    }
  }

  void schema(MetaItem& item, EntityType entity, std::uint32_t token, KeyId key, const storage::NodeView& node,
              std::string_view label) {
    const storage::Schema& s = c_.tx.schema();
    const auto concerns = [&](const auto& d) { return d.entity == entity && d.token == token && std::ranges::count(d.keys, key) > 0; };
    item.index = std::ranges::any_of(s.indexes, concerns);
    for (const auto& constraint : s.constraints) {
      if (!concerns(constraint)) continue;
      const bool is_key = constraint.type == ConstraintType::key;
      item.existence = item.existence || is_key || constraint.type == ConstraintType::existence;
      if (!is_key && constraint.type != ConstraintType::unique) continue;
      item.unique = true;
      for (std::size_t i = 0; i < node.label_count(); ++i) {
        const auto name = c_.store.name(node.label(i));
        if (name != label) item.other_labels.emplace_back(name);
      }
    }
  }

  ExecContext& c_;
  const MetaConfig& config_;
  std::vector<MetaGroup> groups_;
  std::map<std::uint32_t, std::size_t> of_type_;
  std::vector<Edge> edges_;
  Arena scratch_;
};

}  // namespace

MetaConfig MetaConfig::read(std::string_view procedure, const Value& map) {
  Config config(procedure, map);
  MetaConfig out;
  out.sample = config.integer("sample", 1000);
  if (out.sample == 0 || out.sample < -1) config.refuse("'sample' must be a positive number, or -1 for all nodes");
  for (const auto* name : {"labels", "includeLabels"}) add_all(out.labels, config.texts(name));
  for (const auto* name : {"rels", "includeRels"}) add_all(out.types, config.texts(name));
  for (const auto* name : {"excludes", "excludeLabels"}) add_all(out.excluded_labels, config.texts(name));
  add_all(out.excluded_types, config.texts("excludeRels"));
  // Bounds the relationships that are read of a node; here all of a sampled node are.
  (void)config.integer("maxRels", 100);
  config.done();
  return out;
}

bool MetaConfig::wants_label(std::string_view name) const {
  const std::string s(name);
  return !excluded_labels.contains(s) && (labels.empty() || labels.contains(s));
}

bool MetaConfig::wants_type(std::string_view name) const {
  const std::string s(name);
  return !excluded_types.contains(s) && (types.empty() || types.contains(s));
}

std::uint64_t MetaConfig::step(std::uint64_t nodes) const {
  return sample == -1 ? 1 : std::max<std::uint64_t>(1, nodes / static_cast<std::uint64_t>(sample));
}

std::vector<LabelId> labels_in_use(ExecContext& c, const MetaConfig& config) {
  std::vector<LabelId> out;
  for (std::uint32_t i = 0; i < c.store.label_count(); ++i) {
    if (c.tx.node_count(LabelId{i}) > 0 && config.wants_label(c.store.name(LabelId{i}))) out.push_back(LabelId{i});
  }
  return out;
}

std::vector<TypeId> types_in_use(ExecContext& c, const MetaConfig& config) {
  std::vector<TypeId> out;
  for (std::uint32_t i = 0; i < c.store.type_count(); ++i) {
    if (c.tx.relationship_count(TypeId{i}) > 0 && config.wants_type(c.store.name(TypeId{i}))) out.push_back(TypeId{i});
  }
  return out;
}

MetaItem& MetaGroup::item(bool relationship, std::string_view name, bool& made) {
  const auto [it, fresh] = places.try_emplace({relationship, std::string(name)}, items.size());
  made = fresh;
  if (fresh) {
    items.emplace_back().property = name;
    if (relationship) items.back().type = "RELATIONSHIP";
  }
  return items[it->second];
}

std::vector<MetaGroup> sample_graph(ExecContext& c, const MetaConfig& config) {
  Sampler sampler(c, config);
  for (const LabelId label : labels_in_use(c, config)) sampler.label(label);
  return sampler.take();
}

}  // namespace packhouse::cypher::apoc
