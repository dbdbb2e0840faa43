#include "objects/definitions.hpp"

#include <algorithm>
#include <array>

#include "codec/packos/codec.hpp"
#include "objects/keys.hpp"
#include "value/compare.hpp"

// A class: [version, name, unpacker]. A declared unpacker: [version, strict, [[field, serializer, storage, config, stream,
// has a default, default] …]]. Both are PackOS frames.
namespace packhouse::objects {
namespace {

using keys::Table;

constexpr std::int64_t format_version = 1;
constexpr std::size_t longest_name = 200, most_fields = 1000;

tl::unexpected<Error> damaged(std::string_view what, std::string_view name) {
  return fail(Status::storage_failed, "the stored definition of " + std::string(what) + " '" + std::string(name) + "' is damaged");
}

bool has_kinds(std::span<const Value> items, std::initializer_list<Kind> kinds) {
  return std::ranges::equal(items, kinds, [](const Value& v, Kind k) { return v.is(k); });
}

Result<StorableClass> read_class(const ClassId& id, Bytes cell) {
  Arena arena;
  PACKHOUSE_TRY(const Value v, packos::decode(cell, arena));
  const auto items = v.is(Kind::list) ? v.as_list() : std::span<const Value>();
  if (!has_kinds(items, {Kind::integer, Kind::string, Kind::string})) return damaged("class", text(id));
  return StorableClass{id, std::string(items[1].as_string()), std::string(items[2].as_string())};
}

Result<FieldRule> read_rule(const Value& v, std::string_view unpacker) {
  const auto items = v.is(Kind::list) ? v.as_list() : std::span<const Value>();
  constexpr auto k = Kind::string;
  if (items.size() != 7 || !has_kinds(items.first(6), {k, k, k, k, Kind::boolean, Kind::boolean})) return damaged("unpacker", unpacker);
  FieldRule rule;
  rule.field = items[0].as_string();
  rule.wishes = {std::string(items[1].as_string()), std::string(items[2].as_string()), std::string(items[3].as_string())};
  rule.stream = items[4].is_true();
  if (items[5].is_true()) rule.fallback = items[6];
  return rule;
}

Result<Declaration> read_declaration(std::string_view name, Bytes cell) {
  auto arena = std::make_shared<Arena>();
  PACKHOUSE_TRY(const Value v, packos::decode(arena->copy(cell), *arena));
  const auto items = v.is(Kind::list) ? v.as_list() : std::span<const Value>();
  if (!has_kinds(items, {Kind::integer, Kind::boolean, Kind::list})) return damaged("unpacker", name);
  Declaration d;
  d.name = name;
  d.strict = items[1].is_true();
  for (const Value& rule : items[2].as_list()) {
    PACKHOUSE_TRY(FieldRule read, read_rule(rule, name));
    d.fields.push_back(std::move(read));
  }
  d.arena = std::move(arena);
  return d;
}

Result<void> encode(const Declaration& d, Buffer& out) {
  Arena arena;
  std::vector<Value> rules;
  for (const FieldRule& r : d.fields) {
    const std::array<Value, 7> rule{Value::string(r.field), Value::string(r.wishes.serializer), Value::string(r.wishes.storage),
                                    Value::string(r.wishes.config), Value::boolean(r.stream), Value::boolean(r.fallback.has_value()),
                                    r.fallback.value_or(Value())};
    rules.push_back(deep_copy(Value::list(rule), arena));
  }
  const std::array<Value, 3> all{Value::integer(format_version), Value::boolean(d.strict), Value::list(rules)};
  return packos::encode(Value::list(all), out);
}

std::shared_ptr<const Unpacker> unowned(const Unpacker* u) { return {std::shared_ptr<void>(), u}; }

/// Calls `use` with what follows the table in each key, and the cell.
template <class Use>
Result<void> each(storage::Cells& cells, Table table, Use&& use) {
  const std::string low = keys::key(table), high = keys::behind(low);
  PACKHOUSE_TRY(const auto cursor, cells.scan_cells(as_bytes(low), as_bytes(high)));
  for (storage::kv::Entry entry;;) {
    PACKHOUSE_TRY(const bool more, cursor->next(entry));
    if (!more) return ok;
    PACKHOUSE_CHECK(use(entry.key.subspan(low.size()), entry.value));
  }
}

}  // namespace

Result<std::optional<StorableClass>> Definitions::find_class(const ClassId& id) const {
  if (const StorableClass* known = registry_.find_class(id)) return *known;
  PACKHOUSE_TRY(const auto cell, cells_.cell(as_bytes(keys::key(Table::storable_class, id))));
  if (!cell) return std::nullopt;
  PACKHOUSE_TRY(StorableClass found, read_class(id, *cell));
  return found;
}

Result<std::optional<StorableClass>> Definitions::find_class(std::string_view name_or_id) const {
  if (const StorableClass* known = registry_.find_class(name_or_id)) return *known;
  if (name_or_id.size() <= longest_name) {
    PACKHOUSE_TRY(const auto cell, cells_.cell(as_bytes(keys::key(Table::class_name, name_or_id))));
    if (cell) return find_class(ClassId{keys::object_of(*cell).bytes});
  }
  if (!looks_like_class_id(name_or_id)) return std::nullopt;
  const auto parsed = parse_class_id(name_or_id);
  if (!parsed) return std::nullopt;
  return find_class(parsed->id);
}

Result<StorableClass> Definitions::storable_class(std::string_view name_or_id) const {
  PACKHOUSE_TRY(auto found, find_class(name_or_id));
  if (found) return std::move(*found);
  return fail(Status::procedure_call_failed, "No class named '" + std::string(name_or_id) + "' is registered");
}

Result<StorableClass> Definitions::storable_class(const ClassId& id) const {
  PACKHOUSE_TRY(auto found, find_class(id));
  if (found) return std::move(*found);
  return fail(Status::procedure_call_failed, "No class with the id " + text(id) + " is registered");
}

Result<std::shared_ptr<const Unpacker>> Definitions::find_unpacker(std::string_view name) const {
  if (const Unpacker* known = registry_.find_unpacker(name)) return unowned(known);
  if (name.size() > longest_name) return nullptr;
  PACKHOUSE_TRY(const auto cell, cells_.cell(as_bytes(keys::key(Table::unpacker, name))));
  if (!cell) return nullptr;
  PACKHOUSE_TRY(Declaration d, read_declaration(name, *cell));
  return std::make_shared<MapUnpacker>(std::move(d));
}

Result<std::shared_ptr<const Unpacker>> Definitions::unpacker(std::string_view name) const {
  PACKHOUSE_TRY(auto found, find_unpacker(name));
  if (found) return found;
  return fail(Status::procedure_call_failed, "No unpacker named '" + std::string(name) + "' is registered");
}

Result<void> Definitions::check(const FieldRule& rule) const {
  const Wishes& w = rule.wishes;
  if (!w.serializer.empty() && rule.stream) PACKHOUSE_CHECK(registry_.stream_serializer(w.serializer));
  if (!w.serializer.empty() && !rule.stream) PACKHOUSE_CHECK(registry_.serializer(w.serializer));
  if (!w.storage.empty()) PACKHOUSE_CHECK(registry_.storage(w.storage));
  return ok;
}

Result<void> Definitions::declare(const Declaration& d) {
  PACKHOUSE_CHECK(check_component_name("unpacker", d.name));
  if (d.fields.size() > most_fields) {
    return fail(Status::argument_error, "an unpacker declares " + std::to_string(most_fields) + " fields at most");
  }
  for (const FieldRule& rule : d.fields) {
    if (auto fits = check(rule); !fits) {
      return tl::make_unexpected(std::move(fits).error().in("field '" + rule.field + "' of unpacker '" + d.name + "': "));
    }
  }
  if (registry_.find_unpacker(d.name) != nullptr) {
    return fail(Status::argument_error, "There is already a unpacker named '" + d.name + "'");
  }
  const std::string key = keys::key(Table::unpacker, d.name);
  PACKHOUSE_CHECK(cells_.lock_cell(as_bytes(key)));
  PACKHOUSE_TRY(const auto there, cells_.cell(as_bytes(key)));
  Buffer bytes;
  PACKHOUSE_CHECK(encode(d, bytes));
  if (!there) return cells_.put_cell(as_bytes(key), bytes);
  if (std::ranges::equal(*there, bytes.view())) return ok;
  return fail(Status::argument_error,
              "There is already an unpacker named '" + d.name + "', which says something else: names are for good, give it a new version");
}

Result<void> Definitions::put_class(const StorableClass& c) {
  if (c.name.empty() || c.name.size() > longest_name || c.name.find('\0') != std::string::npos) {
    return fail(Status::argument_error, "a class's name has 1 to " + std::to_string(longest_name) + " bytes");
  }
  if (registry_.find_class(c.id) != nullptr || registry_.find_class(c.name) != nullptr) {
    return fail(Status::argument_error, "class '" + c.name + "' comes with the program and can't be changed");
  }
  PACKHOUSE_CHECK(unpacker(c.unpacker));
  const std::string by_id = keys::key(Table::storable_class, c.id), by_name = keys::key(Table::class_name, c.name);
  PACKHOUSE_CHECK(cells_.lock_cell(as_bytes(by_id)));
  PACKHOUSE_CHECK(cells_.lock_cell(as_bytes(by_name)));
  PACKHOUSE_TRY(const auto named, cells_.cell(as_bytes(by_name)));
  if (named && keys::object_of(*named).bytes != c.id.bytes) {
    return fail(Status::argument_error, "There is already a class named '" + c.name + "', with the id " + uuid_text(*named));
  }
  PACKHOUSE_TRY(const auto before, find_class(c.id));
  if (before && before->name != c.name) {
    PACKHOUSE_CHECK(cells_.erase_cell(as_bytes(keys::key(Table::class_name, before->name))));
  }
  Buffer bytes;
  const std::array<Value, 3> all{Value::integer(format_version), Value::string(c.name), Value::string(c.unpacker)};
  PACKHOUSE_CHECK(packos::encode(Value::list(all), bytes));
  PACKHOUSE_CHECK(cells_.put_cell(as_bytes(by_id), bytes));
  return cells_.put_cell(as_bytes(by_name), c.id.view());
}

Result<std::vector<StorableClass>> Definitions::classes() const {
  std::vector<StorableClass> out = registry_.classes();
  PACKHOUSE_CHECK(each(cells_, Table::storable_class, [&](Bytes id, Bytes cell) -> Result<void> {
    PACKHOUSE_TRY(StorableClass c, read_class(ClassId{keys::object_of(id).bytes}, cell));
    out.push_back(std::move(c));
    return ok;
  }));
  std::ranges::sort(out, {}, &StorableClass::name);
  return out;
}

Result<std::vector<std::shared_ptr<const Unpacker>>> Definitions::unpackers() const {
  std::vector<std::shared_ptr<const Unpacker>> out;
  for (const Unpacker* u : registry_.unpackers()) out.push_back(unowned(u));
  PACKHOUSE_CHECK(each(cells_, Table::unpacker, [&](Bytes name, Bytes cell) -> Result<void> {
    PACKHOUSE_TRY(Declaration d, read_declaration(as_text(name), cell));
    out.push_back(std::make_shared<MapUnpacker>(std::move(d)));
    return ok;
  }));
  std::ranges::sort(out, {}, [](const auto& u) { return std::string(u->name()); });
  return out;
}

}  // namespace packhouse::objects
