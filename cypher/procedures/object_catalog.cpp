#include <array>

#include "cypher/procedures/object.hpp"
#include "cypher/procedures/table.hpp"
#include "objects/unpackers/map.hpp"

// object.classes, .unpackers, .register, .gc: what objects are made of.
namespace packhouse::cypher {
namespace {

using Rows = std::unique_ptr<ProcedureRows>;
using Arguments = std::span<const Value>;
using objects::FieldRule;
using objects::Registry;

std::string_view origin(bool built_in) { return built_in ? "BUILT_IN" : "DECLARED"; }

Rows classes(ExecContext& c, const Registry& registry, Arguments) {
  auto table = std::make_unique<Table>(4);
  for (const auto& k : or_throw(object_store(c, registry).definitions().classes())) {
    table->add({table->text(k.name), table->text(objects::text(k.id)), table->text(k.unpacker),
                Value::string(origin(registry.find_class(k.id) != nullptr))});
  }
  return table;
}

Value describe(const FieldRule& rule, Table& table) {
  std::vector<MapEntry> out;
  const auto add = [&](std::string_view key, const std::string& text) {
    if (!text.empty()) out.push_back({key, Value::string(text)});
  };
  add("serializer", rule.wishes.serializer);
  add("storage", rule.wishes.storage);
  add("config", rule.wishes.config);
  if (rule.stream) out.push_back({"stream", Value::boolean(true)});
  if (rule.fallback) out.push_back({"default", *rule.fallback});
  return deep_copy(Value::map(out), table.arena());
}

Rows unpackers(ExecContext& c, const Registry& registry, Arguments) {
  auto table = std::make_unique<Table>(4);
  for (const auto& u : or_throw(object_store(c, registry).definitions().unpackers())) {
    const auto* map = dynamic_cast<const objects::MapUnpacker*>(u.get());
    const bool built_in = registry.find_unpacker(u->name()) != nullptr;
    std::vector<MapEntry> fields;
    if (map != nullptr) {
      for (const FieldRule& rule : map->declaration().fields) fields.push_back({table->arena().copy(rule.field), describe(rule, *table)});
    }
    table->add({table->text(u->name()), Value::string(origin(built_in)), Value::boolean(map != nullptr && map->declaration().strict),
                deep_copy(Value::map(fields), table->arena())});
  }
  return table;
}

/// {serializer, storage, stream, config, default}; a text alone is the serializer.
FieldRule rule_of(std::string_view field, const Value& what) {
  FieldRule rule;
  rule.field = field;
  if (what.is(Kind::string)) {
    rule.wishes.serializer = what.as_string();
    return rule;
  }
  ObjectOptions options("object.register, field '" + std::string(field) + "'", what);
  rule.wishes.serializer = options.text("serializer");
  rule.wishes.storage = options.text("storage");
  rule.wishes.config = config_argument(options.take("config", Kind::map));
  rule.stream = options.flag("stream", false);
  if (what.is(Kind::map)) {
    if (const Value* fallback = find(what.as_map(), "default")) {
      if (!fallback->is_null()) options.take("default", fallback->kind());
      rule.fallback = *fallback;
    }
  }
  options.done();
  return rule;
}

/// The id of the class: what was given, what the class of that name has, or a new one.
objects::StorableClass class_of(objects::ObjectStore& store, const std::string& name, const std::string& id, std::string& warning) {
  objects::StorableClass out;
  out.name = name;
  if (!id.empty()) {
    auto parsed = or_throw(objects::parse_class_id(id));
    out.id = parsed.id;
    warning = std::move(parsed.warning);
    return out;
  }
  const auto known = or_throw(store.definitions().find_class(name));
  out.id = known && known->name == name ? known->id : objects::fresh_class_id();
  return out;
}

Rows declare(ExecContext& c, const Registry& registry, Arguments a) {
  auto store = object_store(c, registry);
  const std::string name = text_argument("the name of a class", a[0]);
  ObjectOptions options("object.register", a[3]);
  std::string warning;
  objects::StorableClass storable_class = class_of(store, name, options.text("id"), warning);
  objects::Declaration declaration;
  declaration.name = text_argument("the name of an unpacker", a[1]);
  declaration.strict = options.flag("strict", false);
  options.done();
  ObjectOptions check_fields("object.register", a[2]);
  if (a[2].is(Kind::map)) {
    for (const auto& [field, what] : a[2].as_map()) declaration.fields.push_back(rule_of(field, what));
  }
  const bool names_built_in = declaration.fields.empty() && registry.find_unpacker(declaration.name) != nullptr;
  if (!names_built_in) or_throw(store.definitions().declare(declaration));
  storable_class.unpacker = declaration.name;
  or_throw(store.definitions().put_class(storable_class));
  auto table = std::make_unique<Table>(4);
  const std::array<std::string_view, 1> warnings{warning};
  table->add({table->text(name), table->text(objects::text(storable_class.id)), table->text(declaration.name),
              table->texts(std::span(warnings).first(warning.empty() ? 0 : 1))});
  return table;
}

Rows collect(ExecContext&, const Registry& registry, Arguments a) {
  constexpr std::int64_t hour = 3600;
  ObjectOptions options("object.gc", a[0]);
  const auto age = options.take("untouchedFor", Kind::integer);
  options.done();
  const std::int64_t seconds = age ? age->as_integer() : hour;
  if (seconds < 0) options.refuse("untouchedFor is 0 seconds or more, found " + std::to_string(seconds));
  return std::make_unique<LaterRows>([&registry, seconds](ExecContext& later) {
    const auto removed = or_throw(object_store(later, registry).collect(seconds));
    auto table = std::make_unique<Table>(2);
    table->add({Value::integer(static_cast<std::int64_t>(removed.pieces)), Value::integer(static_cast<std::int64_t>(removed.bytes))});
    return table;
  });
}

}  // namespace

void add_object_catalog_procedures(ProcedureRegistry& r, const ObjectRegistry& objects) {
  const auto add = [&](std::string name, std::string description, ProcedureMode mode, std::vector<ProcedureArgument> arguments,
                       std::vector<ProcedureColumn> columns, Rows (*run)(ExecContext&, const Registry&, Arguments)) {
    const bool alone = name == "gc";
    r.add({.name = "object." + std::move(name), .description = std::move(description), .mode = mode,
           .arguments = std::move(arguments), .columns = std::move(columns), .alone = alone,
           .open = [objects, run](ExecContext& c, Arguments a) { return run(c, *objects, a); }});
  };
  const ProcedureColumn from{"origin", Type::string};
  add("classes", "Lists the classes whose objects can be saved.", ProcedureMode::read, {},
      {{"name", Type::string}, {"id", Type::string}, {"unpacker", Type::string}, from}, classes);
  add("unpackers", "Lists the unpackers, with what was declared of their fields.", ProcedureMode::read, {},
      {{"name", Type::string}, from, {"strict", Type::boolean}, {"fields", Type::map}}, unpackers);
  add("register", "Declares an unpacker (which fields go to which serializer and storage) and gives it to a class, which is made when it is new.",
      ProcedureMode::write, {{"class", Type::string}, {"unpacker", Type::string}, options_argument("fields"), options_argument()},
      {{"class", Type::string}, {"id", Type::string}, {"unpacker", Type::string}, {"warnings", Type::list}}, declare);
  add("gc", "Removes what no object owns: streams that were never finished, files that no transaction came to own.",
      ProcedureMode::write, {options_argument()}, {{"removed", Type::integer}, {"bytes", Type::integer}}, collect);
}

}  // namespace packhouse::cypher
