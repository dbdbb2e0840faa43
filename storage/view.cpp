#include <fmt/format.h>

#include "storage/view_access.hpp"

namespace packhouse::storage {
namespace {

RecordReader reader(const NodeView& v) { return NodeViewAccess::reader(v); }
RecordReader reader(const RelView& v) { return RelViewAccess::reader(v); }

template <class View>
Result<Value> named(const View& view, const char* what, Result<Value> value) {
  if (value) [[likely]] return value;
  return tl::make_unexpected(Error(std::move(value).error()).in(fmt::format("{} {}: ", what, raw(view.id()))));
}

template <class View>
Result<void> all_properties(const View& view, const RecordReader& record, const char* what,
                            std::vector<std::pair<KeyId, Value>>& out, Arena& arena) {
  const std::size_t n = record.property_count();
  out.clear();
  for (std::size_t i = 0; i < n; ++i) {
    auto value = record.value(i, arena);
    if (!value) [[unlikely]] return tl::make_unexpected(named(view, what, std::move(value)).error());
    out.emplace_back(record.key(i), *value);
  }
  return ok;
}

}  // namespace

NodeId NodeView::id() const { return id_; }
std::size_t NodeView::label_count() const { return reader(*this).label_count(); }
LabelId NodeView::label(std::size_t i) const { return reader(*this).label(i); }
bool NodeView::has_label(LabelId l) const { return reader(*this).has_label(l); }
std::size_t NodeView::property_count() const { return reader(*this).property_count(); }
KeyId NodeView::property_key(std::size_t i) const { return reader(*this).key(i); }
Result<Value> NodeView::property_value(std::size_t i, Arena& arena) const {
  return named(*this, "node", reader(*this).value(i, arena));
}
Result<Value> NodeView::property(KeyId key, Arena& arena) const {
  return named(*this, "node", reader(*this).property(key, arena));
}

Result<void> NodeView::contents(std::vector<LabelId>& labels, std::vector<std::pair<KeyId, Value>>& properties, Arena& arena) const {
  const RecordReader record = reader(*this);
  const std::size_t n = record.label_count();
  labels.clear();
  for (std::size_t i = 0; i < n; ++i) labels.push_back(record.label(i));
  return all_properties(*this, record, "node", properties, arena);
}

RelId RelView::id() const { return id_; }
TypeId RelView::type() const { return reader(*this).view().type(); }
NodeId RelView::start() const { return reader(*this).view().start(); }
NodeId RelView::end() const { return reader(*this).view().end(); }
std::size_t RelView::property_count() const { return reader(*this).property_count(); }
KeyId RelView::property_key(std::size_t i) const { return reader(*this).key(i); }
Result<Value> RelView::property_value(std::size_t i, Arena& arena) const {
  return named(*this, "relationship", reader(*this).value(i, arena));
}
Result<Value> RelView::property(KeyId key, Arena& arena) const {
  return named(*this, "relationship", reader(*this).property(key, arena));
}
Result<void> RelView::contents(std::vector<std::pair<KeyId, Value>>& properties, Arena& arena) const {
  return all_properties(*this, reader(*this), "relationship", properties, arena);
}

}  // namespace packhouse::storage
