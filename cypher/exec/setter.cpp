#include "cypher/exec/setter.hpp"

#include <algorithm>

#include "cypher/exec/expressions/entity.hpp"

namespace packhouse::cypher {
namespace {

[[noreturn, gnu::cold]] void not_an_entity(const Value& v) {
  throw QueryError(Status::type_error, "Type mismatch: expected Node or Relationship but was " + std::string(type_name(v.kind())));
}

}  // namespace

void set_property(ExecContext& context, const Value& entity, KeyId key, const Value& value) {
  ++context.db_hits;
  if (entity.is(Kind::node)) {
    or_throw(context.tx.set_property(entity.as_node(), key, value));
  } else if (entity.is(Kind::relationship)) {
    or_throw(context.tx.set_property(entity.as_relationship(), key, value));
  } else {
    not_an_entity(entity);
  }
}

std::vector<KeyId> property_keys(ExecContext& context, const Value& entity) {
  std::vector<KeyId> keys;
  const auto gather = [&](const auto& view) {
    for (std::size_t i = 0; i < view.property_count(); ++i) keys.push_back(view.property_key(i));
  };
  if (entity.is(Kind::node)) {
    gather(node_view(context, entity.as_node()));
  } else {
    gather(relationship_view(context, entity.as_relationship()));
  }
  return keys;
}

Setter::Setter(const std::vector<const ast::SetItem*>& items, Builder& b) {
  for (const ast::SetItem* s : items) {
    Item item{s->form, nullptr, s->value ? b.compile(*s->value) : nullptr, nullptr, {}, std::nullopt, NameWriter(s->labels, b)};
    if (const auto* p = s->target->as<ast::Property>(); p && s->form == ast::SetItem::Form::property) {
      item.entity = b.compile(*p->object);
      item.name = p->key;
    } else if (const auto* x = s->target->as<ast::Index>(); x && s->form == ast::SetItem::Form::property) {
      item.entity = b.compile(*x->object);
      item.key = b.compile(*x->at);
    } else {
      item.entity = b.compile(*s->target);
    }
    items_.push_back(std::move(item));
  }
}

void Setter::apply(ExecContext& context, Batch& batch, RowIndex row) {
  for (Item& item : items_) {
    switch (item.form) {
      case ast::SetItem::Form::property: property(context, batch, row, item); break;
      case ast::SetItem::Form::replace:
      case ast::SetItem::Form::merge: properties(context, batch, row, item); break;
      case ast::SetItem::Form::labels: {
        const Value entity = item.entity->eval(context, batch, row);
        if (entity.is_null()) break;
        if (!entity.is(Kind::node)) {
          throw QueryError(Status::type_error, "Type mismatch: expected Node but was " + std::string(type_name(entity.kind())));
        }
        for (const LabelId label : item.labels.labels(context, batch, row)) {
          or_throw(context.tx.add_label(entity.as_node(), label));
        }
        ++context.db_hits;
        break;
      }
    }
  }
}

void Setter::property(ExecContext& context, Batch& batch, RowIndex row, Item& item) {
  const Value entity = item.entity->eval(context, batch, row);
  const Value value = item.value->eval(context, batch, row);
  if (entity.is_null()) return;
  if (!entity.is(Kind::node) && !entity.is(Kind::relationship)) not_an_entity(entity);
  check_storable(value);
  if (item.key) {
    const Value key = item.key->eval(context, batch, row);
    if (!key.is(Kind::string)) {
      throw QueryError(Status::type_error, "Type mismatch: a property key must be a String but was " + std::string(type_name(key.kind())));
    }
    set_property(context, entity, keys_.get(context, key.as_string()), value);
    return;
  }
  if (!item.id) item.id = or_throw(context.store.key(item.name));
  set_property(context, entity, *item.id, value);
}

void Setter::properties(ExecContext& context, Batch& batch, RowIndex row, Item& item) {
  const Value entity = item.entity->eval(context, batch, row);
  if (entity.is_null()) return;
  if (!entity.is(Kind::node) && !entity.is(Kind::relationship)) not_an_entity(entity);
  const Value given = properties_of(context, item.value->eval(context, batch, row), batch.arena());
  const bool replace = item.form == ast::SetItem::Form::replace;
  wanted_.clear();
  if (given.is(Kind::map)) {
    for (const auto& [key, value] : given.as_map()) {
      check_storable(value);
      // The values may point into the very record that is about to change.
      wanted_.emplace_back(keys_.get(context, key), deep_copy(value, batch.arena()));
    }
  } else if (!replace) {
    return;  // += null changes nothing
  }
  if (replace) {
    for (const KeyId key : property_keys(context, entity)) {
      const bool stays = std::any_of(wanted_.begin(), wanted_.end(), [&](const auto& w) { return w.first == key && !w.second.is_null(); });
      if (!stays) set_property(context, entity, key, Value());
    }
  }
  for (const auto& [key, value] : wanted_) {
    if (!replace || !value.is_null()) set_property(context, entity, key, value);
  }
}

}  // namespace packhouse::cypher
