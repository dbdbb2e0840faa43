#include <algorithm>
#include <utility>

#include "cypher/procedures/object.hpp"
#include "cypher/procedures/table.hpp"

// object.open, .create, .append, .finish: streams that are read and written at the driver's pace.
namespace packhouse::cypher {
namespace {

using Rows = std::unique_ptr<ProcedureRows>;
using Arguments = std::span<const Value>;
using objects::ObjectStore;
using objects::Registry;

Value number(std::uint64_t n) { return Value::integer(static_cast<std::int64_t>(n)); }

/// The items of a content, read from the store as rows are asked for; after all of it was checked unless the caller doesn't want that.
class Opened final : public ProcedureRows {
 public:
  Opened(std::unique_ptr<objects::ContentReader> reader, std::optional<objects::ContentCheck> check_first)
      : reader_(std::move(reader)), check_first_(std::move(check_first)) {}

  bool next(ExecContext& c, Arena& arena, std::span<Value> row) override {
    c.check();
    if (check_first_ && !checked(c)) return false;
    const auto item = or_throw(reader_->next(arena));
    if (!item) return false;
    row[0] = number(position_++);
    row[1] = *item;
    return true;
  }
  bool paused() const override { return check_first_.has_value(); }

 private:
  bool checked(ExecContext& c) {
    while (!c.out_of_budget()) {
      c.check();
      if (or_throw(check_first_->next())) continue;
      check_first_.reset();
      return true;
    }
    return false;
  }

  std::unique_ptr<objects::ContentReader> reader_;
  std::optional<objects::ContentCheck> check_first_;
  std::uint64_t position_ = 0;
};

Rows open(ExecContext& c, const Registry& registry, Arguments a) {
  auto store = object_store(c, registry);
  const objects::ObjectId id = object_id_argument(a[0]);
  const std::string content = text_argument("the name of a content", a[1]);
  ObjectOptions options("object.open", a[2]);
  const bool verify = options.flag("verify", true);
  options.done();
  auto reader = or_throw(store.open_content(id, content));
  if (!reader->in_pieces()) c.bound(c.kept() + reader->content().size);
  std::optional<objects::ContentCheck> check_first;
  if (verify) check_first.emplace(c.tx.cells(), registry, id, reader->content());
  return std::make_unique<Opened>(std::move(reader), std::move(check_first));
}

Rows create(ExecContext& c, const Registry& registry, Arguments a) {
  auto store = object_store(c, registry);
  ObjectOptions options("object.create", a[1]);
  ObjectStore::OpenOptions with;
  with.save.tags = options.tags();
  with.save.storage = options.text("storage");
  with.save.id = options.id();
  with.save.now = statement_time(c);
  if (const auto contents = options.take("contents", Kind::map)) {
    for (const auto& [field, what] : contents->as_map()) {
      ObjectOptions wishes("object.create, content '" + std::string(field) + "'", what);
      auto& w = with.contents[std::string(field)];
      w.serializer = wishes.text("serializer");
      w.storage = wishes.text("storage");
      wishes.done();
    }
  }
  options.done();
  const auto storable_class = or_throw(store.definitions().storable_class(text_argument("the name or id of a class", a[0])));
  auto table = std::make_unique<Table>(1);
  table->add({table->text(objects::text(or_throw(store.create(storable_class, with))))});
  return table;
}

Rows append(ExecContext& c, const Registry& registry, Arguments a) {
  const std::string content = text_argument("the name of a content", a[1]);
  const std::uint64_t size = or_throw(object_store(c, registry).append(object_id_argument(a[0]), content, a[2]));
  auto table = std::make_unique<Table>(1);
  table->add({number(size)});
  return table;
}

Rows finish(ExecContext& c, const Registry& registry, Arguments a) {
  ObjectOptions options("object.finish", a[2]);
  std::map<std::string, ObjectStore::Expected> expected;
  if (const auto sizes = options.take("sizes", Kind::map)) {
    for (const auto& [field, size] : sizes->as_map()) {
      if (!size.is(Kind::integer) || size.as_integer() < 0) options.refuse("sizes are INTEGERs of 0 or more");
      expected[std::string(field)].size = static_cast<std::uint64_t>(size.as_integer());
    }
  }
  if (const auto hashes = options.take("hashes", Kind::map)) {
    for (const auto& [field, hash] : hashes->as_map()) {
      const auto digest = hash.is(Kind::string) ? Digest::from_hex(hash.as_string()) : std::nullopt;
      if (!digest) options.refuse("hashes are SHA-256 as 64 lower-case hexadecimal digits");
      expected[std::string(field)].hash = digest;
    }
  }
  options.done();
  const auto m = or_throw(object_store(c, registry).finish(object_id_argument(a[0]), a[1], expected, statement_time(c)));
  std::uint64_t size = 0;
  for (const auto& content : m.contents) size += content.size;
  auto table = std::make_unique<Table>(3);
  table->add({table->text(objects::text(m.id)), number(m.contents.size()), number(size)});
  return table;
}

}  // namespace

void add_object_stream_procedures(ProcedureRegistry& r, const ObjectRegistry& objects) {
  const auto add = [&](std::string name, std::string description, ProcedureMode mode, std::vector<ProcedureArgument> arguments,
                       std::vector<ProcedureColumn> columns, Rows (*run)(ExecContext&, const Registry&, Arguments), bool always = false) {
    r.add({.name = "object." + std::move(name), .description = std::move(description), .mode = mode,
           .arguments = std::move(arguments), .columns = std::move(columns), .alone = true,
           .open = [objects, run, always](ExecContext& c, Arguments a) -> Rows {
             if (!always && std::ranges::none_of(a, is_large)) return run(c, *objects, a);
             return std::make_unique<LaterRows>([objects, run, a](ExecContext& later) { return run(later, *objects, a); });
           }});
  };
  const ProcedureArgument id{"id", Type::string}, content{"content", Type::string};
  add("open", "Reads one content of an object: items of a stream, pieces of bytes and text, or one value.", ProcedureMode::read,
      {id, content, options_argument()}, {{"position", Type::integer}, {"item", Type::any}}, open);
  add("create", "Begins an object whose streams come in many requests of one transaction.", ProcedureMode::write,
      {{"class", Type::string}, options_argument()}, {{"id", Type::string}}, create);
  add("append", "Adds an item, or a piece of bytes or text, to a stream of an object that was begun.", ProcedureMode::write,
      {id, content, {"item", Type::any}}, {{"size", Type::integer}}, append);
  add("finish", "Saves an object that was begun, with its fields besides the streams.", ProcedureMode::write,
      {id, {.name = "value", .type = Type::any, .default_value = "null", .has_default = true, .fallback = Value()}, options_argument()},
      {{"id", Type::string}, {"contents", Type::integer}, {"size", Type::integer}}, finish, true);
}

}  // namespace packhouse::cypher
