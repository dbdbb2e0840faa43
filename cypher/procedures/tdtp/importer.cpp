#include "cypher/procedures/tdtp/importer.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "cypher/error.hpp"
#include "cypher/exec/expressions/entity.hpp"
#include "value/print.hpp"

namespace packhouse::cypher {
namespace {

/// How many columns are keys: what the table of keys has to hold.
std::size_t key_count(const tdtp::Schema& schema, const ImportOptions& options) {
  if (options.keys) return options.keys->size();
  return static_cast<std::size_t>(std::ranges::count_if(schema.fields, &tdtp::Field::key));
}

/// Whether a cell says what the node says already. Tables don't know time zones: the same moment is the same time.
bool same(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  if (!a.is(Kind::datetime)) return equivalent(a, b);
  const DateTime x = a.as_datetime(), y = b.as_datetime();
  return x.seconds == y.seconds && x.nanos == y.nanos;
}

}  // namespace

void TableImporter::refuse(const std::string& why) const {
  throw QueryError(Status::argument_error, "tdtp.import: " + why);
}

TableImporter::TableImporter(ExecContext& context, const tdtp::Schema& schema, const ImportOptions& options)
    : label_(or_throw(context.store.label(options.label))),
      label_name_(options.label),
      cells_(options.cells),
      known_(key_count(schema, options), key_count(schema, options) + 1) {
  find_columns(context, schema, options);
  find_keys(schema, options);
  values_.resize(columns_.size());
  key_values_.resize(keys_.size());
}

void TableImporter::find_columns(ExecContext& context, const tdtp::Schema& schema, const ImportOptions& options) {
  for (const auto& [field, property] : options.mapping) {
    if (!schema.find(field)) refuse("the mapping names the field '" + field + "', which the table does not have");
  }
  std::set<std::string> properties;
  for (std::size_t i = 0; i < schema.fields.size(); ++i) {
    std::string property = schema.fields[i].name;
    if (const auto mapped = options.mapping.find(property); mapped != options.mapping.end()) {
      if (!mapped->second) continue;
      property = *mapped->second;
    }
    if (property.empty()) refuse("a property needs a name");
    if (!properties.insert(property).second) refuse("two fields are to become the property '" + property + "'");
    columns_.push_back({tdtp::tdtql::Column(schema, i), or_throw(context.store.key(property)), false});
    cell_of_.push_back(i);
  }
}

void TableImporter::find_keys(const tdtp::Schema& schema, const ImportOptions& options) {
  std::vector<std::string> names;
  if (options.keys) {
    names = *options.keys;
  } else {
    for (const tdtp::Field& f : schema.fields) {
      if (f.key) names.push_back(f.name);
    }
    if (names.empty())
      refuse("the table has no key fields: name them (keys: ['Id']), or say that every row is a new node (keys: [])");
  }
  for (const std::string& name : names) {
    const auto at = std::ranges::find_if(columns_, [&](const Column& c) { return c.from.name == name; });
    if (at == columns_.end()) refuse("the key field '" + name + "' is not among the fields that are imported");
    if (at->is_key) refuse("the key field '" + name + "' comes twice");
    at->is_key = true;
    keys_.push_back(static_cast<std::size_t>(at - columns_.begin()));
  }
}

void TableImporter::begin(ExecContext& context) {
  index_.reset();
  unique_.reset();
  at_begin_ = counts_;
  // Nobody else has committed if the snapshot has moved on by our own commit, if that was one, and if nobody was in it
  // with us: those who wait together are committed together.
  const bool ours = context.tx.snapshot_sequence() == sequence_ + wrote_ && context.store.statistics().commits == commits_ + wrote_;
  if (counted_ && !ours) forget_nodes(context);
  if (keys_.empty()) return;
  const auto& schema = context.tx.schema();
  for (const storage::Index& i : schema.indexes) {
    if (i.type != storage::IndexType::range || i.state != storage::IndexState::online ||
        i.entity != storage::EntityType::node || i.token != raw(label_) || i.keys.size() != keys_.size()) {
      continue;
    }
    std::vector<std::size_t> order;
    for (const KeyId key : i.keys) {
      const auto at = std::ranges::find_if(keys_, [&](std::size_t k) { return columns_[k].key == key; });
      if (at != keys_.end()) order.push_back(*at);
    }
    if (order.size() != keys_.size()) continue;
    if (counted_) return;  // the table of keys goes on being right, and is in the old order
    keys_ = std::move(order);
    index_ = i.id;
    const auto owns = [&](const storage::Constraint& c) { return c.index && *c.index == i.id; };
    if (std::ranges::any_of(schema.constraints, owns)) unique_ = i.id;
    return;
  }
  if (!counted_) index_nodes(context);
}

void TableImporter::end(ExecContext& context) {
  wrote_ = counts_.created + counts_.updated > at_begin_.created + at_begin_.updated ? 1 : 0;
  sequence_ = context.tx.snapshot_sequence();
  commits_ = context.store.statistics().commits;
  known_.account(context);
}

void TableImporter::undo(ExecContext& context) {
  counts_ = at_begin_;
  if (counted_) forget_nodes(context);
}

void TableImporter::forget_nodes(ExecContext& context) {
  known_.clear(context);
  counted_ = false;
}

void TableImporter::index_nodes(ExecContext& context) {
  counted_ = true;
  std::array<NodeId, 256> ids;
  std::vector<std::size_t> missing;
  std::vector<std::vector<Value>> columns(keys_.size(), std::vector<Value>(ids.size()));
  const auto cursor = or_throw(context.tx.scan_label(label_));
  while (const std::size_t n = or_throw(cursor->next(ids))) {
    context.check();
    scratch_.reset();
    for (std::size_t k = 0; k < keys_.size(); ++k)
      or_throw(context.tx.node_properties(std::span(ids).first(n), columns_[keys_[k]].key, scratch_,
                                          std::span(columns[k]).first(n), missing));
    context.db_hits += n * keys_.size();
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t k = 0; k < keys_.size(); ++k) key_values_[k] = columns[k][i];
      if (std::ranges::none_of(key_values_, [](const Value& v) { return v.is_null(); })) remember(ids[i]);
    }
    known_.account(context);
  }
}

void TableImporter::remember(NodeId id) {
  bool added = false;
  const std::size_t row = known_.find_or_add(key_values_.data(), added);
  known_.store().row(row)[keys_.size()] = added ? Value::node(id) : Value::boolean(true);
}

void TableImporter::add(ExecContext& context, tdtp::Rows::Row row) {
  scratch_.reset();
  ++counts_.rows;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    auto v = value_of_cell(columns_[i].from, row[cell_of_[i]], cells_, scratch_);
    if (!v) throw QueryError(std::move(v).error().in("row " + std::to_string(counts_.rows) + ", "));
    values_[i] = *v;
    if (columns_[i].is_key && v->is_null())
      refuse("row " + std::to_string(counts_.rows) + ": the key field '" + columns_[i].from.name + "' is NULL");
  }
  for (std::size_t k = 0; k < keys_.size(); ++k) key_values_[k] = values_[keys_[k]];
  const auto found = keys_.empty() ? std::nullopt : node_with_key(context);
  if (found)
    update(context, *found);
  else
    create(context);
  if ((counts_.rows & 1023) == 0) known_.account(context);
}

std::optional<NodeId> TableImporter::seek(ExecContext& context) {
  std::array<NodeId, 2> ids;
  const auto cursor =
      or_throw(context.tx.index_seek(*index_, {.prefix = key_values_, .low = {}, .high = {}, .starts_with = {}}));
  const std::size_t n = or_throw(cursor->next(ids));
  ++context.db_hits;
  if (n == 0) return std::nullopt;
  if (n > 1 || or_throw(cursor->next(std::span(ids).last(1))) > 0) return NodeId{~std::uint64_t{0}};
  return ids[0];
}

std::optional<NodeId> TableImporter::node_with_key(ExecContext& context) {
  constexpr NodeId several{~std::uint64_t{0}};
  std::optional<NodeId> found;
  if (index_) {
    found = seek(context);
  } else if (const std::size_t row = known_.find(key_values_.data()); row != RowTable::npos) {
    const Value& v = known_.store().row(row)[keys_.size()];
    found = v.is(Kind::node) ? v.as_node() : several;
  }
  if (found != several) return found;
  std::string key;
  for (const Value& v : key_values_) key += (key.empty() ? "" : ", ") + print(v);
  refuse("row " + std::to_string(counts_.rows) + ": there are several nodes (:" + label_name_ + ") with the key " +
         key);
}

void TableImporter::create(ExecContext& context) {
  if (unique_) or_throw(context.tx.lock_index_entry(*unique_, key_values_));
  properties_.clear();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (!values_[i].is_null()) properties_.emplace_back(columns_[i].key, values_[i]);
  }
  const NodeId id = or_throw(context.tx.create_node(std::span(&label_, 1), properties_));
  context.db_hits += 1 + properties_.size();
  ++counts_.created;
  if (!keys_.empty() && counted_) remember(id);
}

void TableImporter::update(ExecContext& context, NodeId id) {
  old_.reset();
  or_throw(node_view(context, id).contents(labels_, properties_, old_));
  bool changed = false;
  // Views of a node end with its first change: what it had is taken before.
  std::vector<std::pair<KeyId, Value>> changes;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const auto had = std::ranges::find(properties_, columns_[i].key, &std::pair<KeyId, Value>::first);
    const Value before = had == properties_.end() ? Value() : had->second;
    if (!same(before, values_[i])) changes.emplace_back(columns_[i].key, values_[i]);
  }
  for (const auto& [key, value] : changes) {
    or_throw(context.tx.set_property(id, key, value));
    changed = true;
  }
  context.db_hits += 1 + changes.size();
  ++(changed ? counts_.updated : counts_.unchanged);
}

}  // namespace packhouse::cypher
