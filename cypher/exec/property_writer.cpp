#include "cypher/exec/property_writer.hpp"

#include <algorithm>

namespace packhouse::cypher {
namespace {

bool scalar(const Value& v) {
  switch (v.kind()) {
    case Kind::null:
    case Kind::list:
    case Kind::map:
    case Kind::node:
    case Kind::relationship:
    case Kind::path: return false;
    default: return true;
  }
}

[[noreturn, gnu::cold]] void not_storable(const Value& v) {
  throw QueryError(Status::type_error, "Property values can only be of primitive types or arrays thereof. Encountered: " +
                                           std::string(type_name(v.kind())) + ".");
}

}  // namespace

void check_storable(const Value& v) {
  if (v.is_null() || scalar(v)) return;
  if (!v.is(Kind::list)) not_storable(v);
  for (const Value& item : v.as_list()) {
    if (item.is_null()) {
      throw QueryError(Status::type_error, "Collections containing null values can not be stored in properties.");
    }
    if (!scalar(item)) {
      if (item.is(Kind::list)) throw QueryError(Status::type_error, "Collections containing collections can not be stored in properties.");
      not_storable(item);
    }
  }
}

KeyId KeyIds::get(ExecContext& context, std::string_view name) {
  for (const auto& [text, id] : known_) {
    if (text == name) return id;
  }
  const KeyId id = or_throw(context.store.key(name));
  if (known_.size() < 32) known_.emplace_back(name, id);
  return id;
}

PropertyWriter::PropertyWriter(const ast::Expr* properties, Builder& b) {
  if (!properties) return;
  const auto* map = properties->as<ast::MapLiteral>();
  if (!map) {
    map_ = b.compile(*properties);
    return;
  }
  for (const auto& entry : map->entries) {
    // A key written twice counts once: the last one.
    std::erase_if(items_, [&](const Item& i) { return i.key == entry.key; });
    items_.push_back({entry.key, b.compile(*entry.value), std::nullopt, {}});
  }
}

void PropertyWriter::evaluate(ExecContext& context, Batch& batch) {
  const auto column = [&](const ExpressionPtr& e, std::vector<Value>& to) {
    if (to.size() < batch.rows()) to.resize(batch.rows());
    e->eval_all(context, batch, to.data());
  };
  for (Item& item : items_) column(item.value, item.values);
  if (map_) column(map_, maps_);
}

void PropertyWriter::evaluate(ExecContext& context, Batch& batch, RowIndex row) {
  const auto one = [&](const ExpressionPtr& e, std::vector<Value>& to) {
    if (to.size() <= row) to.resize(row + 1);
    to[row] = e->eval(context, batch, row);
  };
  for (Item& item : items_) one(item.value, item.values);
  if (map_) one(map_, maps_);
}

const PropertyList& PropertyWriter::list(ExecContext& context, RowIndex physical) {
  list_.clear();
  for (Item& item : items_) {
    const Value& v = item.values[physical];
    if (v.is_null()) continue;
    check_storable(v);
    if (!item.id) item.id = or_throw(context.store.key(item.key));
    list_.emplace_back(*item.id, v);
  }
  if (!map_) return list_;
  const Value& map = maps_[physical];
  if (map.is_null()) return list_;
  if (!map.is(Kind::map)) {
    throw QueryError(Status::type_error, "Type mismatch: expected Map but was " + std::string(type_name(map.kind())));
  }
  for (const auto& [key, v] : map.as_map()) {
    if (v.is_null()) continue;
    check_storable(v);
    list_.emplace_back(keys_.get(context, key), v);
  }
  return list_;
}

std::optional<std::string_view> PropertyWriter::null_key(RowIndex physical) const {
  for (const Item& item : items_) {
    if (item.values[physical].is_null()) return item.key;
  }
  if (map_ && maps_[physical].is(Kind::map)) {
    for (const auto& [key, v] : maps_[physical].as_map()) {
      if (v.is_null()) return key;
    }
  }
  return std::nullopt;
}

void NameWriter::add(const ast::LabelExpr* e, Builder& b) {
  using Form = ast::LabelExpr::Form;
  if (!e) return;
  switch (e->form) {
    case Form::name: parts_.push_back({e->name, nullptr}); return;
    case Form::dynamic:
      parts_.push_back({{}, b.compile(*e->expression)});
      fixed_ = false;
      return;
    case Form::and_:
      add(e->left, b);
      add(e->right, b);
      return;
    case Form::any:
    case Form::not_:
    case Form::or_: break;
  }
  throw QueryError(Status::syntax_error, "Label expressions in patterns are not allowed in a CREATE or MERGE clause");
}

template <class F>
void NameWriter::for_each_name(ExecContext& context, Batch& batch, RowIndex row, F&& f) {
  const auto text = [](const Value& v) {
    if (!v.is(Kind::string)) {
      throw QueryError(Status::type_error, "Expected a String or a list of Strings as name but found " + std::string(type_name(v.kind())));
    }
    if (v.as_string().empty()) throw QueryError(Status::argument_error, "A label or type can not be an empty string");
    return v.as_string();
  };
  for (const Part& part : parts_) {
    if (!part.computed) {
      f(part.name);
      continue;
    }
    const Value v = part.computed->eval(context, batch, row);
    if (v.is(Kind::list)) {
      for (const Value& item : v.as_list()) f(text(item));
    } else {
      f(text(v));
    }
  }
}

const std::vector<LabelId>& NameWriter::labels(ExecContext& context, Batch& batch, RowIndex row) {
  if (fixed_ && labels_.size() == parts_.size()) return labels_;
  labels_.clear();
  for_each_name(context, batch, row, [&](std::string_view name) {
    const LabelId id = or_throw(context.store.label(name));
    if (fixed_ || std::find(labels_.begin(), labels_.end(), id) == labels_.end()) labels_.push_back(id);
  });
  if (fixed_) {  // A:A
    std::sort(labels_.begin(), labels_.end());
    labels_.erase(std::unique(labels_.begin(), labels_.end()), labels_.end());
    if (labels_.size() < parts_.size()) parts_.resize(labels_.size());
  }
  return labels_;
}

TypeId NameWriter::type(ExecContext& context, Batch& batch, RowIndex row) {
  if (fixed_ && type_) return *type_;
  std::size_t n = 0;
  for_each_name(context, batch, row, [&](std::string_view name) {
    ++n;
    type_ = or_throw(context.store.type(name));
  });
  if (n != 1) throw QueryError(Status::syntax_error, "Exactly one relationship type must be specified for each relationship that is created");
  return *type_;
}

}  // namespace packhouse::cypher
