#include <string>

#include "cypher/exec/operators.hpp"
#include "cypher/exec/setter.hpp"

namespace packhouse::cypher {
namespace {

/// REMOVE n.key, n[key], n:Label.
class RemoveItems final : public Operator {
 public:
  struct Item {
    ExpressionPtr entity, key;
    std::string_view name;
    std::vector<std::pair<std::string_view, ExpressionPtr>> labels;
  };
  RemoveItems(OperatorPtr input, std::vector<Item> items) : input_(std::move(input)), items_(std::move(items)) {}

  void open(ExecContext& context) override { input_->open(context); }
  Progress next(ExecContext& context, Batch& out) override {
    const Progress p = input_->next(context, out);
    if (p != Progress::rows) return p;
    for (RowIndex i = 0, n = out.size(); i < n; ++i) {
      for (const Item& item : items_) remove(context, out, out.row(i), item);
    }
    return p;
  }

 private:
  static void remove(ExecContext& context, Batch& out, RowIndex row, const Item& item) {
    const Value entity = item.entity->eval(context, out, row);
    if (entity.is_null()) return;
    ++context.db_hits;
    if (!item.labels.empty()) {
      for (const auto& [name, computed] : item.labels) labels(context, out, row, entity, name, computed.get());
      return;
    }
    std::string_view name = item.name;
    if (item.key) {
      const Value key = item.key->eval(context, out, row);
      if (!key.is(Kind::string)) {
        throw QueryError(Status::type_error, "Type mismatch: a property key must be a String but was " + std::string(type_name(key.kind())));
      }
      name = key.as_string();
    }
    // A key that nobody has can't be removed; asking for it must not create it.
    if (const auto key = context.store.find_key(name)) set_property(context, entity, *key, Value());
  }

  static void labels(ExecContext& context, Batch& out, RowIndex row, const Value& entity, std::string_view name, const Expression* computed) {
    if (!entity.is(Kind::node)) {
      throw QueryError(Status::type_error, "Type mismatch: expected Node but was " + std::string(type_name(entity.kind())));
    }
    const auto one = [&](std::string_view label) {
      if (const auto id = context.store.find_label(label)) or_throw(context.tx.remove_label(entity.as_node(), *id));
    };
    if (!computed) return one(name);
    const Value v = computed->eval(context, out, row);
    if (v.is(Kind::string)) return one(v.as_string());
    if (!v.is(Kind::list)) {
      throw QueryError(Status::type_error, "Expected a String or a list of Strings as label but found " + std::string(type_name(v.kind())));
    }
    for (const Value& item : v.as_list()) {
      if (item.is(Kind::string)) one(item.as_string());
    }
  }

  OperatorPtr input_;
  std::vector<Item> items_;
};

void add_labels(const ast::LabelExpr* e, Builder& b, RemoveItems::Item& to) {
  if (e->form == ast::LabelExpr::Form::name) {
    to.labels.emplace_back(e->name, nullptr);
  } else if (e->form == ast::LabelExpr::Form::dynamic) {
    to.labels.emplace_back(std::string_view(), b.compile(*e->expression));
  } else if (e->form == ast::LabelExpr::Form::and_) {
    add_labels(e->left, b, to);
    add_labels(e->right, b, to);
  } else {
    throw QueryError(Status::syntax_error, "REMOVE takes label names, not label expressions");
  }
}

}  // namespace

OperatorPtr make_operator(const plan::RemoveItems& step, const plan::Node& node, Builder& b) {
  auto input = b.input(node);
  std::vector<RemoveItems::Item> items;
  for (const ast::RemoveItem* r : step.items) {
    RemoveItems::Item item;
    if (!r->labels.empty()) {
      item.entity = b.compile(*r->target);
      for (const ast::LabelExpr* e : r->labels) add_labels(e, b, item);
    } else if (const auto* p = r->target->as<ast::Property>()) {
      item.entity = b.compile(*p->object);
      item.name = p->key;
    } else if (const auto* x = r->target->as<ast::Index>()) {
      item.entity = b.compile(*x->object);
      item.key = b.compile(*x->at);
    } else {
      throw QueryError(Status::syntax_error, "REMOVE takes a property or labels");
    }
    items.push_back(std::move(item));
  }
  return std::make_unique<RemoveItems>(std::move(input), std::move(items));
}

}  // namespace packhouse::cypher
