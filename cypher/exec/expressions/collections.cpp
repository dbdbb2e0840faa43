#include <algorithm>
#include <string>
#include <vector>

#include "cypher/exec/expressions/entity.hpp"
#include "cypher/exec/expressions/factories.hpp"

namespace packhouse::cypher {
namespace {

class ListOf final : public Expression {
 public:
  explicit ListOf(std::vector<ExpressionPtr> items) : items_(std::move(items)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    const auto out = b.arena().array<Value>(items_.size());
    for (std::size_t i = 0; i < items_.size(); ++i) out[i] = items_[i]->eval(c, b, r);
    return Value::list(out);
  }

 private:
  std::vector<ExpressionPtr> items_;
};

struct NamedExpression {
  std::string_view key;
  ExpressionPtr value;
};

class MapOf final : public Expression {
 public:
  explicit MapOf(std::vector<NamedExpression> entries) : entries_(std::move(entries)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    const auto out = b.arena().array<MapEntry>(entries_.size());
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      ::new (&out[i]) MapEntry{entries_[i].key, entries_[i].value->eval(c, b, r)};
    }
    return Value::map(out);
  }

 private:
  std::vector<NamedExpression> entries_;
};

/// n {.*, .name, key: value, variable}; later items win over earlier ones of the same key.
class Projection final : public Expression {
 public:
  struct Item {
    ast::MapProjection::Form form;
    KeyName key;
    ExpressionPtr value;
  };
  Projection(ExpressionPtr object, std::vector<Item> items) : object_(std::move(object)), items_(std::move(items)) {}

  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    const Value object = object_->eval(c, b, r);
    if (object.is_null()) return object;
    std::vector<MapEntry> entries;
    for (const Item& item : items_) {
      switch (item.form) {
        case ast::MapProjection::Form::all_properties:
          for (const MapEntry& e : properties_of(c, object, b.arena()).as_map()) set(entries, e.key, e.value);
          break;
        case ast::MapProjection::Form::property:
          set(entries, item.key.name(), member(c, object, item.key, b.arena()));
          break;
        case ast::MapProjection::Form::entry:
        case ast::MapProjection::Form::variable:
          set(entries, item.key.name(), item.value->eval(c, b, r));
          break;
      }
    }
    const auto out = b.arena().array<MapEntry>(entries.size());
    std::uninitialized_copy(entries.begin(), entries.end(), out.begin());
    return Value::map(out);
  }

 private:
  static void set(std::vector<MapEntry>& entries, std::string_view key, const Value& value) {
    for (MapEntry& e : entries) {
      if (e.key == key) {
        e.value = value;
        return;
      }
    }
    entries.push_back({key, value});
  }

  ExpressionPtr object_;
  std::vector<Item> items_;
};

}  // namespace

ExpressionPtr make_list(const ast::ListLiteral& e, ExecContext& context) {
  std::vector<ExpressionPtr> items;
  items.reserve(e.items.size());
  for (const ast::Expr* item : e.items) items.push_back(compile(*item, context));
  return std::make_unique<ListOf>(std::move(items));
}

ExpressionPtr make_map(const ast::MapLiteral& e, ExecContext& context) {
  std::vector<NamedExpression> entries;
  for (const ast::Entry& entry : e.entries) {
    ExpressionPtr value = compile(*entry.value, context);
    const auto same = std::ranges::find(entries, entry.key, &NamedExpression::key);
    if (same != entries.end()) {
      same->value = std::move(value);  // a key written twice: the last one counts
    } else {
      entries.push_back({entry.key, std::move(value)});
    }
  }
  return std::make_unique<MapOf>(std::move(entries));
}

ExpressionPtr make_projection(const ast::MapProjection& e, ExecContext& context) {
  std::vector<Projection::Item> items;
  for (const ast::MapProjection::Item& item : e.items) {
    items.push_back({item.form, KeyName(item.key), item.value ? compile(*item.value, context) : nullptr});
  }
  return std::make_unique<Projection>(compile(*e.object, context), std::move(items));
}

}  // namespace packhouse::cypher
