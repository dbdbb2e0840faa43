#include <algorithm>
#include <set>

#include "cypher/procedures/apoc/apoc.hpp"

// apoc.schema.assert
namespace packhouse::cypher::apoc {
namespace {

using storage::EntityType;

struct Wanted {
  std::string label;
  std::vector<std::string> keys;
  bool met = false;
};

/// {Label: ['key', ['composite', 'key']]}
std::vector<Wanted> wanted_of(const Call& call, std::size_t i, std::string_view what) {
  std::vector<Wanted> out;
  const auto key_of = [&](const Value& v) {
    if (!v.is(Kind::string) || v.as_string().empty()) call.refuse("'" + std::string(what) + "' must name property keys as STRINGs");
    return std::string(v.as_string());
  };
  for (const auto& [label, keys] : call.map(i, what)) {
    if (!keys.is(Kind::list)) call.refuse("'" + std::string(what) + "' must map labels to LISTs of property keys");
    for (const Value& v : keys.as_list()) {
      Wanted w{std::string(label), {}};
      if (v.is(Kind::list)) {
        std::ranges::transform(v.as_list(), std::back_inserter(w.keys), key_of);
      } else {
        w.keys.push_back(key_of(v));
      }
      out.push_back(std::move(w));
    }
  }
  return out;
}

class Assertion {
 public:
  Assertion(ExecContext& c, const Call& call)
      : c_(c), indexes_(wanted_of(call, 0, "indexes")), constraints_(wanted_of(call, 1, "constraints")),
        drop_(call[2].is_null() || call[2].is_true()) {}

  Rows run() {
    const storage::Schema before = c_.tx.schema();
    for (const auto& constraint : before.constraints) {
      if (constraint.type == storage::ConstraintType::property_type) continue;
      const bool unique = constraint.type == storage::ConstraintType::unique;
      const bool right_kind = unique || constraint.type == storage::ConstraintType::key;
      if (keep(constraint, constraints_, unique, right_kind) || !drop_) continue;
      or_throw(c_.tx.drop_constraint(constraint.id));
      tell(constraint, unique, "DROPPED");
    }
    for (const auto& index : before.indexes) {
      if (index.owner || index.type == storage::IndexType::lookup) continue;
      if (keep(index, indexes_, false, index.type == storage::IndexType::range) || !drop_) continue;
      or_throw(c_.tx.drop_index(index.id));
      tell(index, false, "DROPPED");
    }
    for (const Wanted& w : indexes_) {
      if (!w.met) or_throw(c_.tx.create_index(defined<storage::IndexDefinition>(w, false)));
    }
    for (const Wanted& w : constraints_) {
      if (!w.met) or_throw(c_.tx.create_constraint(defined<storage::ConstraintDefinition>(w, true)));
    }
    return std::move(table_);
  }

 private:
  template <class Rule>
  bool keep(const Rule& rule, std::vector<Wanted>& wanted, bool unique, bool right_kind) {
    if (rule.entity != EntityType::node || !right_kind) return false;
    const auto names = key_names(rule.keys);
    for (Wanted& w : wanted) {
      if (w.met || w.label != c_.store.name(LabelId{rule.token}) || w.keys != names) continue;
      w.met = true;
      tell(rule, unique, "KEPT");
      return true;
    }
    return false;
  }

  template <class Definition>
  Definition defined(const Wanted& w, bool unique) {
    Definition d;
    d.entity = EntityType::node;
    d.token = raw(or_throw(c_.store.label(w.label)));
    for (const auto& key : w.keys) d.keys.push_back(or_throw(c_.store.key(key)));
    tell(d, unique, "CREATED");
    return d;
  }

  std::vector<std::string> key_names(const std::vector<KeyId>& keys) {
    std::vector<std::string> out;
    for (const KeyId k : keys) out.emplace_back(c_.store.name(k));
    return out;
  }

  template <class Rule>
  void tell(const Rule& rule, bool unique, std::string_view action) {
    Arena& arena = table_->arena();
    const auto keys = key_names(rule.keys);
    const auto name = rule.entity == EntityType::node ? c_.store.name(LabelId{rule.token}) : c_.store.name(TypeId{rule.token});
    table_->add({text(arena, name), keys.size() == 1 ? text(arena, keys[0]) : Value(), texts(arena, keys), Value::boolean(unique),
                 Value::string(action)});
  }

  ExecContext& c_;
  std::vector<Wanted> indexes_, constraints_;
  bool drop_;
  std::unique_ptr<Table> table_ = std::make_unique<Table>(5);
};

}  // namespace

void add_schema_assert(ProcedureRegistry& registry) {
  Family(registry).add(
      "apoc.schema.assert", "Makes the indexes and uniqueness constraints that are named, and drops all others if wanted.",
      ProcedureMode::schema,
      {{"indexes", Type::map}, {"constraints", Type::map},
       {.name = "dropExisting", .type = Type::boolean, .default_value = "true", .has_default = true, .fallback = Value::boolean(true)}},
      {{"label", Type::any}, {"key", Type::string}, {"keys", Type::list}, {"unique", Type::boolean}, {"action", Type::string}},
      [](ExecContext& c, const Call& call) { return Assertion(c, call).run(); });
}

}  // namespace packhouse::cypher::apoc
