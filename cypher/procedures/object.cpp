#include "cypher/procedures/object.hpp"

#include <algorithm>
#include <utility>

#include "cypher/procedures/families.hpp"
#include "cypher/procedures/table.hpp"

// object.save, .saveMany, .load, .list, .describe, .verify, .delete: whole objects.
namespace packhouse::cypher {
namespace {

using Rows = std::unique_ptr<ProcedureRows>;
using Arguments = std::span<const Value>;
using objects::ManifestRecord;
using objects::Registry;

Value text_value(Arena& arena, std::string_view s) { return Value::string(arena.copy(s)); }

Value number(std::uint64_t n) { return Value::integer(static_cast<std::int64_t>(n)); }

std::uint64_t size_of(const ManifestRecord& m) {
  std::uint64_t sum = 0;
  for (const auto& c : m.contents) sum += c.size;
  return sum;
}

/// What save and saveMany take.
struct SaveArguments {
  objects::SaveOptions save;
  objects::Wishes wishes;
};

SaveArguments save_arguments(ExecContext& c, ObjectOptions& options) {
  SaveArguments out;
  out.save.tags = options.tags();
  out.save.storage = options.text("storage");
  out.save.now = statement_time(c);
  out.wishes.serializer = options.text("serializer");
  out.wishes.config = config_argument(options.take("config", Kind::map));
  return out;
}

objects::StorableClass class_argument(objects::ObjectStore& store, const Value& v) {
  return or_throw(store.definitions().storable_class(text_argument("the name or id of a class", v)));
}

Rows save(ExecContext& c, const Registry& registry, Arguments a) {
  auto store = object_store(c, registry);
  ObjectOptions options("object.save", a[2]);
  SaveArguments with = save_arguments(c, options);
  with.save.id = options.id();
  options.done();
  objects::StorableValue object(class_argument(store, a[0]).id, a[1]);
  object.wishes = with.wishes;
  const ManifestRecord m = or_throw(store.save(object, with.save));
  auto table = std::make_unique<Table>(3);
  table->add({table->text(objects::text(m.id)), number(m.contents.size()), number(size_of(m))});
  return table;
}

/// The error of a bulk save that is all or nothing: what is wrong with each object, in the order given.
[[noreturn]] void refuse_all(const std::vector<Result<ManifestRecord>>& saved) {
  constexpr std::size_t most_told = 20;
  std::size_t failed = 0;
  std::string told;
  const Error* first = nullptr;
  for (std::size_t i = 0; i < saved.size(); ++i) {
    if (saved[i]) continue;
    if (first == nullptr) first = &saved[i].error();
    if (++failed <= most_told) told += (failed > 1 ? "; [" : " [") + std::to_string(i) + "] " + saved[i].error().message();
  }
  if (failed > most_told) told += "; …";
  throw QueryError(first->status(),
                   "Failed to save " + std::to_string(failed) + " of " + std::to_string(saved.size()) + " objects, so none is saved:" + told);
}

Rows save_many(ExecContext& c, const Registry& registry, Arguments a) {
  auto store = object_store(c, registry);
  ObjectOptions options("object.saveMany", a[2]);
  const SaveArguments with = save_arguments(c, options);
  const bool atomic = options.flag("atomic", true);
  options.done();
  if (!a[1].is(Kind::list)) options.refuse("expected a list of objects, found " + std::string(type_name(a[1].kind())));
  const objects::StorableClass storable_class = class_argument(store, a[0]);
  std::vector<objects::StorableValue> values;
  values.reserve(a[1].as_list().size());
  for (const Value& v : a[1].as_list()) values.emplace_back(storable_class.id, v).wishes = with.wishes;
  std::vector<const objects::Storable*> all;
  for (const auto& v : values) all.push_back(&v);
  const auto saved = or_throw(store.save_many(all, with.save));
  if (atomic && !std::ranges::all_of(saved, [](const auto& s) { return s.has_value(); })) refuse_all(saved);
  auto table = std::make_unique<Table>(5);
  for (std::size_t i = 0; i < saved.size(); ++i) {
    const auto& s = saved[i];
    if (s) {
      table->add({number(i), table->text(objects::text(s->id)), number(s->contents.size()), number(size_of(*s)), Value()});
    } else {
      table->add({number(i), Value(), Value(), Value(), table->text(s.error().message())});
    }
  }
  return table;
}

/// One row with an object, which it keeps until the row was asked for.
class Loaded final : public ProcedureRows {
 public:
  explicit Loaded(objects::LoadedObject object) : object_(std::move(object)) {}
  bool next(ExecContext&, Arena& arena, std::span<Value> row) override {
    if (std::exchange(given_, true)) return false;
    const auto* value = dynamic_cast<const objects::StorableValue*>(object_.object.get());
    const auto notes = arena.array<Value>(object_.notes.size());
    for (std::size_t i = 0; i < notes.size(); ++i) ::new (&notes[i]) Value(text_value(arena, object_.notes[i]));
    row[0] = value != nullptr ? deep_copy(value->value, arena) : Value();
    row[1] = Value::list(notes);
    row[2] = text_value(arena, object_.storable_class.name);
    row[3] = text_value(arena, object_.manifest.unpacker);
    return true;
  }

 private:
  objects::LoadedObject object_;
  bool given_ = false;
};

Rows load(ExecContext& c, const Registry& registry, Arguments a) {
  ObjectOptions options("object.load", a[1]);
  objects::LoadOptions with;
  with.expected_class = options.text("class");
  options.done();
  auto manifest = or_throw(object_store(c, registry).manifest(object_id_argument(a[0])));
  std::uint64_t size = 0;
  for (const auto& content : manifest.contents) {
    if (content.serializer_type == objects::SerializerType::value) size += content.size;
  }
  auto read = [&registry, with = std::move(with), manifest = std::move(manifest)](ExecContext& now) mutable -> Rows {
    with.most_bytes = now.memory_limit - std::min(now.kept(), now.memory_limit);
    return std::make_unique<Loaded>(or_throw(object_store(now, registry).load(std::move(manifest), with)));
  };
  if (size <= most_at_once) return read(c);
  return std::make_unique<LaterRows>(read);
}

/// Objects one by one, as they are asked for.
class Listed final : public ProcedureRows {
 public:
  Listed(objects::ObjectStore store, const objects::ObjectFilter& filter, std::int64_t limit)
      : store_(std::move(store)), cursor_(or_throw(store_.list(filter))), left_(limit) {}

  bool next(ExecContext& c, Arena& arena, std::span<Value> row) override {
    paused_ = false;
    if (left_ <= 0 || !find(c)) return false;
    --left_;
    const ManifestRecord* const m = &found_;
    const auto storable_class = or_throw(store_.definitions().find_class(m->class_id));
    const auto tags = arena.array<MapEntry>(m->tags.size());
    for (std::size_t i = 0; i < tags.size(); ++i) {
      ::new (&tags[i]) MapEntry{arena.copy(m->tags[i].first), text_value(arena, m->tags[i].second)};
    }
    row[0] = text_value(arena, objects::text(m->id));
    row[1] = storable_class ? text_value(arena, storable_class->name) : Value();
    row[2] = text_value(arena, objects::text(m->class_id));
    row[3] = text_value(arena, m->unpacker);
    row[4] = Value::map(tags);
    row[5] = Value::datetime({m->created.seconds, m->created.nanos, Zone::offset(0)});
    row[6] = number(m->contents.size());
    row[7] = number(size_of(*m));
    return true;
  }
  bool paused() const override { return paused_; }

 private:
  /// Goes on to the next wanted one. False at the end, or when many were passed over and others should work first.
  bool find(ExecContext& c) {
    constexpr int most_passed = 256;
    for (int passed = 0; passed < most_passed; ++passed) {
      const auto step = or_throw(cursor_->step(found_));
      if (step != objects::ObjectCursor::Step::passed) return step == objects::ObjectCursor::Step::found;
    }
    c.check();
    paused_ = true;
    return false;
  }

  objects::ObjectStore store_;
  std::unique_ptr<objects::ObjectCursor> cursor_;
  ManifestRecord found_;
  std::int64_t left_;
  bool paused_ = false;
};

Rows list(ExecContext& c, const Registry& registry, Arguments a) {
  auto store = object_store(c, registry);
  ObjectOptions options("object.list", a[0]);
  objects::ObjectFilter filter;
  if (const auto name = options.take("class", Kind::string)) filter.class_id = class_argument(store, *name).id;
  filter.tags = options.tags();
  options.done();
  if (!a[1].is(Kind::integer) || a[1].as_integer() < 0) options.refuse("the limit is an INTEGER of 0 or more");
  return std::make_unique<Listed>(std::move(store), filter, a[1].as_integer());
}

Rows describe(ExecContext& c, const Registry& registry, Arguments a) {
  const ManifestRecord m = or_throw(object_store(c, registry).manifest(object_id_argument(a[0])));
  auto table = std::make_unique<Table>(10);
  const auto maybe = [&](const std::string& s) { return s.empty() ? Value() : table->text(s); };
  for (const auto& content : m.contents) {
    const bool stream = content.serializer_type == objects::SerializerType::stream;
    table->add({table->text(content.key), Value::string(stream ? "STREAM" : "VALUE"), table->text(content.content_type),
                maybe(content.content_encoding), number(content.size), table->text(content.hash_algorithm),
                table->text(content.hash.hex()), table->text(content.serializer), maybe(content.serializer_config),
                table->text(content.storage)});
  }
  return table;
}

/// Reads the contents one after the other, a slice at a time.
class Verified final : public ProcedureRows {
 public:
  Verified(ExecContext& c, const Registry& registry, const objects::ObjectId& id)
      : registry_(registry), object_(or_throw(object_store(c, registry).manifest(id))) {}

  bool next(ExecContext& c, Arena& arena, std::span<Value> row) override {
    paused_ = false;
    if (at_ == object_.contents.size()) return false;
    const auto& content = object_.contents[at_];
    if (!check_) check_.emplace(c.tx.cells(), registry_, object_.id, content);
    std::string fault;
    for (bool more = true; more;) {
      c.check();
      if (c.out_of_budget()) return paused_ = true, false;
      auto read = check_->next();
      if (!read && read.error().retryable()) throw QueryError(std::move(read).error());
      more = read && *read;
      if (!read) fault = read.error().message();
    }
    check_.reset();
    ++at_;
    row[0] = text_value(arena, content.key);
    row[1] = Value::boolean(fault.empty());
    row[2] = fault.empty() ? Value() : text_value(arena, fault);
    return true;
  }
  bool paused() const override { return paused_; }

 private:
  const Registry& registry_;
  ManifestRecord object_;
  std::optional<objects::ContentCheck> check_;  // of the content at at_
  std::size_t at_ = 0;
  bool paused_ = false;
};

Rows verify(ExecContext& c, const Registry& registry, Arguments a) {
  return std::make_unique<Verified>(c, registry, object_id_argument(a[0]));
}

Rows remove(ExecContext& c, const Registry& registry, Arguments a) {
  const objects::ObjectId id = object_id_argument(a[0]);
  const bool there = or_throw(object_store(c, registry).remove(id));
  auto table = std::make_unique<Table>(2);
  table->add({table->text(objects::text(id)), Value::boolean(there)});
  return table;
}

}  // namespace

void add_object_procedures(ProcedureRegistry& r, const ObjectRegistry& objects) {
  const auto add = [&](std::string name, std::string description, ProcedureMode mode, std::vector<ProcedureArgument> arguments,
                       std::vector<ProcedureColumn> columns, Rows (*open)(ExecContext&, const Registry&, Arguments)) {
    r.add({.name = "object." + std::move(name), .description = std::move(description), .mode = mode,
           .arguments = std::move(arguments), .columns = std::move(columns),
           .open = [objects, open](ExecContext& c, Arguments a) -> Rows {
             if (std::ranges::none_of(a, is_large)) return open(c, *objects, a);
             // The arguments are the caller's, and stay as long as these rows.
             return std::make_unique<LaterRows>([objects, open, a](ExecContext& later) { return open(later, *objects, a); });
           }});
  };
  const ProcedureColumn id{"id", Type::string}, contents{"contents", Type::integer}, size{"size", Type::integer};
  const ProcedureArgument whose{"id", Type::string};
  add("save", "Saves an object of a class: its unpacker takes it apart into contents.", ProcedureMode::write,
      {{"class", Type::string}, {"value", Type::any}, options_argument()}, {id, contents, size}, save);
  add("saveMany", "Saves objects of one class, all or none; with {atomic: false} those that can be saved, with the errors of the others.",
      ProcedureMode::write, {{"class", Type::string}, {"values", Type::list}, options_argument()},
      {{"index", Type::integer}, id, contents, size, {"error", Type::string}}, save_many);
  add("load", "Puts an object together again; streams are only told of (object.open reads them).", ProcedureMode::read,
      {whose, options_argument()},
      {{"value", Type::any}, {"notes", Type::list}, {"class", Type::string}, {"unpacker", Type::string}}, load);
  add("list", "Lists objects, of a class and with tags if the filter says so, in the order of their making.", ProcedureMode::read,
      {options_argument("filter"),
       {.name = "limit", .type = Type::integer, .default_value = "100", .has_default = true, .fallback = Value::integer(100)}},
      {id, {"class", Type::string}, {"classId", Type::string}, {"unpacker", Type::string}, {"tags", Type::map},
       {"created", Type::datetime}, contents, size},
      list);
  add("describe", "Lists the contents of an object.", ProcedureMode::read, {whose},
      {{"content", Type::string}, {"kind", Type::string}, {"type", Type::string}, {"encoding", Type::string}, size,
       {"algorithm", Type::string}, {"hash", Type::string}, {"serializer", Type::string}, {"config", Type::string},
       {"storage", Type::string}},
      describe);
  add("verify", "Reads the contents of an object and checks their digests.", ProcedureMode::read, {whose},
      {{"content", Type::string}, {"ok", Type::boolean}, {"error", Type::string}}, verify);
  add("delete", "Deletes an object; bytes go with the last object that holds them.", ProcedureMode::write, {whose},
      {id, {"deleted", Type::boolean}}, remove);
}

}  // namespace packhouse::cypher
