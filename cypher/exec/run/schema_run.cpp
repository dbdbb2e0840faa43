#include "cypher/exec/run/schema_run.hpp"

#include <fmt/format.h>

#include "cypher/exec/build.hpp"
#include "cypher/exec/index_options.hpp"
#include "cypher/exec/run/notifications.hpp"

namespace packhouse::cypher {
namespace {

storage::IndexType to_storage(ast::CreateIndex::Type t) {
  switch (t) {
    case ast::CreateIndex::Type::range: return storage::IndexType::range;
    case ast::CreateIndex::Type::text: return storage::IndexType::text;
    case ast::CreateIndex::Type::point: return storage::IndexType::point;
    case ast::CreateIndex::Type::fulltext: return storage::IndexType::fulltext;
    case ast::CreateIndex::Type::vector: return storage::IndexType::vector;
    case ast::CreateIndex::Type::lookup: return storage::IndexType::lookup;
  }
  return storage::IndexType::range;
}

storage::ConstraintType to_storage(ast::CreateConstraint::Type t) {
  switch (t) {
    case ast::CreateConstraint::Type::unique: return storage::ConstraintType::unique;
    case ast::CreateConstraint::Type::existence: return storage::ConstraintType::existence;
    case ast::CreateConstraint::Type::key: return storage::ConstraintType::key;
    case ast::CreateConstraint::Type::property_type: return storage::ConstraintType::property_type;
  }
  return storage::ConstraintType::unique;
}

/// Failures that IF NOT EXISTS turns into a notification.
bool exists_already(Status s) {
  switch (s) {
    case Status::equivalent_schema_rule_exists:
    case Status::index_exists:
    case Status::constraint_exists:
    case Status::index_name_exists:
    case Status::constraint_name_exists: return true;
    default: return false;
  }
}

template <class Definition>
void locate(Definition& d, bool on_relationship, std::string_view token, ast::Seq<std::string_view> keys, storage::Store& store) {
  d.entity = on_relationship ? storage::EntityType::relationship : storage::EntityType::node;
  if (!token.empty()) d.token = on_relationship ? raw(or_throw(store.type(token))) : raw(or_throw(store.label(token)));
  for (const auto key : keys) d.keys.push_back(or_throw(store.key(key)));
}

}  // namespace

std::string SchemaRun::name_of(const ast::NameOrParameter& name) {
  if (!name.parameter) return std::string(name.name);
  const auto* p = name.parameter->as<ast::Parameter>();
  const Value v = p ? parameters_.at(p->index) : Value();
  if (!v.is(Kind::string)) {
    throw QueryError(Status::argument_error, fmt::format("Expected parameter ${} to have type String but was {}", p ? p->name : "", type_name(v.kind())));
  }
  return std::string(v.as_string());
}

Value SchemaRun::options_of(const ast::Expr* options) {
  if (!options) return Value::map({});
  Batch scratch(prepared_->statement.slots.size());
  const Value v = evaluate_alone(*compile(*options, context_), context_, scratch);
  if (!v.is(Kind::map)) {
    throw QueryError(Status::argument_error, "OPTIONS must be a map but was " + std::string(type_name(v.kind())));
  }
  return deep_copy(v, context_.arena);
}

std::string SchemaRun::command() const { return std::string(prepared_->statement.text); }

void SchemaRun::create(const ast::CreateIndex& c) {
  storage::IndexDefinition d;
  d.name = name_of(c.name);
  d.type = to_storage(c.type);
  apply_index_options(d, options_of(c.options));
  locate(d, c.on_relationship, c.labels.empty() ? std::string_view() : c.labels[0], c.keys, tx_.store());
  for (const std::string_view token : std::span(c.labels).subspan(c.labels.empty() ? 0 : 1)) {
    d.more_tokens.push_back(c.on_relationship ? raw(or_throw(tx_.store().type(token))) : raw(or_throw(tx_.store().label(token))));
  }
  auto made = tx_.create_index(d);
  if (made || tx_.wait_pending()) return (void)or_throw(std::move(made));
  if (c.if_not_exists && exists_already(made.error().status())) {
    notifications_.push_back(already_exists(command(), made.error().message()));
    return;
  }
  throw QueryError(std::move(made).error());
}

void SchemaRun::create(const ast::CreateConstraint& c) {
  (void)options_of(c.options);
  storage::ConstraintDefinition d;
  d.name = name_of(c.name);
  d.type = to_storage(c.type);
  d.property_type = std::string(c.property_type);
  locate(d, c.on_relationship, c.label, c.keys, tx_.store());
  auto made = tx_.create_constraint(d);
  if (made || tx_.wait_pending()) return (void)or_throw(std::move(made));
  if (c.if_not_exists && exists_already(made.error().status())) {
    notifications_.push_back(already_exists(command(), made.error().message()));
    return;
  }
  throw QueryError(std::move(made).error());
}

void SchemaRun::drop(const ast::DropIndex& c) {
  const std::string name = name_of(c.name);
  const auto* index = tx_.schema().index(name);
  if (!index) {
    if (!c.if_exists) {
      throw QueryError(Status::index_drop_failed, fmt::format("Unable to drop index called `{}`. There is no such index.", name));
    }
    notifications_.push_back(does_not_exist(command(), name));
    return;
  }
  if (index->owner) {
    throw QueryError(Error(Status::index_drop_failed, fmt::format("Unable to drop index: Index belongs to constraint: `{}`", name))
                         .caused_by(Error(Status::index_drop_failed, name).with_gql("22N74")));
  }
  or_throw(tx_.drop_index(index->id));
}

void SchemaRun::drop(const ast::DropConstraint& c) {
  const std::string name = name_of(c.name);
  const auto* constraint = tx_.schema().constraint(name);
  if (!constraint) {
    if (!c.if_exists) {
      throw QueryError(Status::constraint_drop_failed,
                       fmt::format("Unable to drop constraint `{}`: No such constraint {}.", name, name));
    }
    notifications_.push_back(does_not_exist(command(), name));
    return;
  }
  or_throw(tx_.drop_constraint(constraint->id));
}

Run::State SchemaRun::work() {
  if (explain_only()) return State::done;
  std::visit(overloaded{
                 [&](const ast::CreateIndex* c) { create(*c); },
                 [&](const ast::CreateConstraint* c) { create(*c); },
                 [&](const ast::DropIndex* c) { drop(*c); },
                 [&](const ast::DropConstraint* c) { drop(*c); },
                 [](const auto*) { throw QueryError(Status::internal, "not a schema command"); },
             },
             prepared_->statement.body);
  batch_.set_rows(0);
  return State::done;
}

const PlanDescription* SchemaRun::plan() const {
  if (prepared_->statement.explain == ast::ExplainMode::none) return nullptr;
  auto& d = const_cast<PlanDescription&>(description_);
  d.operator_type = std::visit(overloaded{
                                   [](const ast::CreateIndex*) { return "CreateIndex"; },
                                   [](const ast::CreateConstraint*) { return "CreateConstraint"; },
                                   [](const ast::DropIndex*) { return "DropIndex"; },
                                   [](const ast::DropConstraint*) { return "DropConstraint"; },
                                   [](const auto*) { return "SchemaCommand"; },
                               },
                               prepared_->statement.body);
  return &d;
}

}  // namespace packhouse::cypher
