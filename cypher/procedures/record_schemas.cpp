#include "cypher/procedures/record_schemas.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <variant>

#include "codec/json/writer.hpp"
#include "cypher/exec/expressions/entity.hpp"
#include "cypher/procedures/families.hpp"
#include "cypher/procedures/table.hpp"
#include "storage/record_rules.hpp"
#include "value/write.hpp"

namespace packhouse::cypher {
namespace {

using Rows = std::unique_ptr<ProcedureRows>;
using storage::RecordSchema;
using storage::RecordSchemaKind;

/// Whose schema is meant: `Person` is the label and the relationship type of that name, `(:Person)` only the label,
/// `[:KNOWS]` only the type.
struct Owner {
  std::string name;
  bool label = true, type = true;
};

/// What stands between `open` and `close`, or nothing.
std::optional<std::string_view> between(std::string_view s, std::string_view open, std::string_view close) {
  if (s.size() <= open.size() + close.size() || !s.starts_with(open) || !s.ends_with(close)) return std::nullopt;
  return s.substr(open.size(), s.size() - open.size() - close.size());
}

std::string unquoted(std::string_view name) {
  const auto inside = between(name, "`", "`");
  if (!inside) return std::string(name);
  std::string out;
  for (std::size_t i = 0; i < inside->size(); ++i) {
    out += (*inside)[i];
    if ((*inside)[i] == '`' && i + 1 < inside->size() && (*inside)[i + 1] == '`') ++i;
  }
  return out;
}

Owner owner_argument(std::string_view procedure, const Value& v) {
  if (!v.is(Kind::string) || v.as_string().empty()) {
    throw QueryError(Status::argument_error,
                     std::string(procedure) + ": expected the name of a label or relationship type");
  }
  const std::string_view s = v.as_string();
  if (const auto label = between(s, "(:", ")")) return {unquoted(*label), true, false};
  for (const auto& [open, close] : {std::pair{"[:", "]"}, std::pair{"()-[:", "]-()"}, std::pair{"()-[:", "]->()"}}) {
    if (const auto type = between(s, open, close)) return {unquoted(*type), false, true};
  }
  return {std::string(s), true, true};
}

std::optional<LabelId> known_label(ExecContext& c, const Owner& o) {
  return o.label ? c.store.find_label(o.name) : std::nullopt;
}
std::optional<TypeId> known_type(ExecContext& c, const Owner& o) {
  return o.type ? c.store.find_type(o.name) : std::nullopt;
}

bool belongs(ExecContext& c, const RecordSchema& s, const Owner& o) {
  const auto label = known_label(c, o);
  const auto type = known_type(c, o);
  return (label && s.label == label) || (type && s.type == type);
}

std::string schema_text(std::string_view procedure, const Value& v) {
  if (v.is(Kind::string)) return std::string(v.as_string());
  if (!v.is(Kind::map) && !v.is(Kind::list)) {
    throw QueryError(Status::argument_error, std::string(procedure) +
                                                 ": expected a schema as JSON text or as a map, got " +
                                                 std::string(type_name(v.kind())));
  }
  Buffer json;
  codec::json::Writer writer(json);
  or_throw(write(v, writer));
  return std::string(as_text(json));
}

Rows set(ExecContext& c, std::string_view procedure, RecordSchemaKind kind, std::span<const Value> a) {
  const Owner owner = owner_argument(procedure, a[0]);
  storage::RecordSchemaDefinition d;
  d.kind = kind;
  d.text = schema_text(procedure, a[1]);
  if (owner.label) d.label = or_throw(c.store.label(owner.name));
  if (owner.type) d.type = or_throw(c.store.type(owner.name));
  or_throw(c.tx.set_record_schema(std::move(d)));
  return std::make_unique<Table>(0);
}

Rows drop(ExecContext& c, std::string_view procedure, RecordSchemaKind kind, std::span<const Value> a) {
  const Owner owner = owner_argument(procedure, a[0]);
  if (or_throw(c.tx.drop_record_schema(kind, known_label(c, owner), known_type(c, owner))))
    return std::make_unique<Table>(0);
  throw QueryError(Status::argument_error, std::string(procedure) + ": there is no " +
                                               std::string(storage::name(kind)) + " schema of `" + owner.name + "`");
}

std::string_view name_of(ExecContext& c, const RecordSchema& s) {
  return s.label ? c.store.name(*s.label) : c.store.name(*s.type);
}

Rows list(ExecContext& c, RecordSchemaKind kind, const Owner* only) {
  auto table = std::make_unique<Table>(3);
  std::vector<const RecordSchema*> found;
  for (const RecordSchema& s : c.tx.schema().record_schemas) {
    if (s.kind == kind && (!only || belongs(c, s, *only))) found.push_back(&s);
  }
  std::ranges::sort(found, {}, [&](const RecordSchema* s) { return std::pair(name_of(c, *s), s->id); });
  for (const RecordSchema* s : found) {
    const std::string_view entity = !s->type ? "NODE" : !s->label ? "RELATIONSHIP" : "ANY";
    table->add({table->text(name_of(c, *s)), Value::string(entity), table->text(s->text)});
  }
  return table;
}

/// Walks over the nodes and relationships that have schemas, and gives out those that break one.
class Check final : public ProcedureRows {
 public:
  Check(ExecContext& c, RecordSchemaKind kind, const std::optional<Owner>& only) {
    for (const RecordSchema& s : c.tx.schema().record_schemas) {
      if (s.kind != kind) continue;
      const bool label = s.label && (!only || known_label(c, *only) == s.label);
      const bool type = s.type && (!only || known_type(c, *only) == s.type);
      if (label) tasks_.push_back({s.rule, *s.label});
      if (type) tasks_.push_back({s.rule, *s.type});
    }
  }

  bool paused() const override { return paused_; }
  bool next(ExecContext& c, Arena& arena, std::span<Value> row) override {
    paused_ = false;
    for (; task_ < tasks_.size(); ++task_) {
      const Task& task = tasks_[task_];
      const bool found = std::holds_alternative<LabelId>(task.owner)
                             ? next_of(c, nodes_, std::get<LabelId>(task.owner), arena, row)
                             : next_of(c, relationships_, std::get<TypeId>(task.owner), arena, row);
      if (found) return true;
      if (paused_) return false;
    }
    return false;
  }

 private:
  struct Task {
    std::shared_ptr<const storage::RecordRule> rule;
    std::variant<LabelId, TypeId> owner;
  };
  template <class Id, class CursorPtr>
  struct Scan {
    CursorPtr cursor;
    std::array<Id, 256> ids;
    std::size_t at = 0, count = 0;
  };
  using NodeScan = Scan<NodeId, storage::NodeCursor>;
  using RelScan = Scan<RelId, storage::RelCursor>;

  static void open(ExecContext& c, NodeScan& scan, LabelId label) { scan.cursor = or_throw(c.tx.scan_label(label)); }
  static void open(ExecContext& c, RelScan& scan, TypeId type) { scan.cursor = or_throw(c.tx.scan_type(type)); }
  static Value value(NodeId id) { return Value::node(id); }
  static Value value(RelId id) { return Value::relationship(id); }

  template <class S, class Token>
  bool next_of(ExecContext& c, S& scan, Token owner, Arena& arena, std::span<Value> row) {
    if (!scan.cursor) open(c, scan, owner);
    for (;;) {
      if (scan.at == scan.count) {
        c.check();
        scratch_.reset();
        paused_ = c.out_of_budget();
        if (paused_) return false;
        scan.count = or_throw(scan.cursor->next(scan.ids));
        scan.at = 0;
        if (scan.count == 0) break;
      }
      const Value entity = value(scan.ids[scan.at++]);
      const auto fault = tasks_[task_].rule->check(properties(c, entity));
      if (!fault) continue;
      row[0] = entity;
      row[1] = Value::string(arena.copy(c.store.name(owner)));
      row[2] = fault->property.empty() ? Value() : Value::string(arena.copy(fault->property));
      row[3] = Value::string(arena.copy(fault->what));
      return true;
    }
    scan.cursor = nullptr;
    return false;
  }

  std::span<const MapEntry> properties(ExecContext& c, const Value& entity) {
    const auto found = properties_of(c, entity, scratch_).as_map();
    entries_.assign(found.begin(), found.end());
    std::ranges::sort(entries_, {}, &MapEntry::key);
    return entries_;
  }

  std::vector<Task> tasks_;
  std::size_t task_ = 0;
  bool paused_ = false;
  NodeScan nodes_;
  RelScan relationships_;
  std::vector<MapEntry> entries_;
  Arena scratch_;
};

}  // namespace

void add_record_schema_procedures(ProcedureRegistry& registry, std::string_view family, RecordSchemaKind kind) {
  const std::string prefix = std::string(family) + ".schema.", language(storage::name(kind));
  const auto add = [&](std::string_view name, std::string description, ProcedureMode mode,
                       std::vector<ProcedureArgument> arguments, std::vector<ProcedureColumn> columns,
                       std::function<Rows(ExecContext&, std::span<const Value>)> open) {
    registry.add({.name = prefix + std::string(name),
                  .description = std::move(description),
                  .mode = mode,
                  .arguments = std::move(arguments),
                  .columns = std::move(columns),
                  .open = std::move(open)});
  };
  const ProcedureArgument owner{"labelOrType", Type::string};
  const std::vector<ProcedureColumn> described{
      {"name", Type::string}, {"entityType", Type::string}, {"schema", Type::string}};
  add("set",
      "Gives a label or relationship type a " + language + " schema, which its properties must meet from then on.",
      ProcedureMode::schema, {owner, {"schema", Type::string | Type::map | Type::list}}, {},
      [kind, name = prefix + "set"](ExecContext& c, std::span<const Value> a) { return set(c, name, kind, a); });
  add("get", "Returns the " + language + " schema of a label or relationship type.", ProcedureMode::read, {owner},
      described, [kind, name = prefix + "get"](ExecContext& c, std::span<const Value> a) {
        const Owner only = owner_argument(name, a[0]);
        return list(c, kind, &only);
      });
  add("list", "Lists all " + language + " schemas.", ProcedureMode::read, {}, described,
      [kind](ExecContext& c, std::span<const Value>) { return list(c, kind, nullptr); });
  add("drop", "Takes the " + language + " schema from a label or relationship type.", ProcedureMode::schema, {owner},
      {}, [kind, name = prefix + "drop"](ExecContext& c, std::span<const Value> a) { return drop(c, name, kind, a); });
  add("check",
      "Finds nodes and relationships that don't meet their " + language + " schemas, of one label or type or of all.",
      ProcedureMode::read,
      {{.name = "labelOrType",
        .type = Type::string,
        .default_value = "null",
        .has_default = true,
        .fallback = Value()}},
      {{"entity", Type::node | Type::relationship},
       {"name", Type::string},
       {"property", Type::string},
       {"rule", Type::string}},
      [kind, name = prefix + "check"](ExecContext& c, std::span<const Value> a) -> Rows {
        if (a[0].is_null()) return std::make_unique<Check>(c, kind, std::nullopt);
        return std::make_unique<Check>(c, kind, owner_argument(name, a[0]));
      });
}

}  // namespace packhouse::cypher
