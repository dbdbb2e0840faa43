#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "codec/datapacker/auto_pack.hpp"
#include "codec/datapacker/packer.hpp"
#include "codec/datapacker/schema/schema.hpp"
#include "codec/datapacker/vector.hpp"
#include "codec/json/reader.hpp"
#include "codec/json/writer.hpp"
#include "cypher/functions/families.hpp"
#include "cypher/functions/lately_used.hpp"
#include "value/write.hpp"

// datapacker.*: values to packed bytes and back (docs/DATAPACKER.md).
namespace packhouse::cypher {
namespace {

using Arguments = std::span<const Value>;
using datapacker::Packer;
using datapacker::PackOptions;

/// The packer of a dtype string. A statement asks for the same one row by row, so each thread keeps its last.
const Packer& packer_of(std::string_view function, const Value& dtype, const PackOptions& options = {}) {
  struct Last {
    std::string text;
    std::optional<Packer> packer;
  };
  thread_local Last last;
  const std::string_view text = string_argument(function, dtype);
  const bool same = last.packer && last.text == text && last.packer->options() == options;
  if (!same) {
    last.packer = or_throw(Packer::make(text, options));
    last.text = text;
  }
  return *last.packer;
}

using SchemaPtr = std::shared_ptr<const datapacker::JsonSchema>;
/// By text; weak, so that how many live is for the one cache of all threads to say.
using Schemas = LatelyUsed<std::weak_ptr<const datapacker::JsonSchema>>;

template <class Make>
SchemaPtr lately(Schemas& schemas, std::string_view text, Make&& make) {
  if (const auto* const known = schemas.find(text)) {
    if (SchemaPtr schema = known->lock()) return schema;
    schemas.drop(text);
  }
  SchemaPtr schema = make();
  schemas.add(text, schema);
  return schema;
}

/// A schema as a map, or as JSON text.
SchemaPtr schema_of(std::string_view function, const Value& v) {
  thread_local Schemas texts, maps;  // not one: a map may hold what a text can't say, and its JSON hides that
  using datapacker::JsonSchema;
  if (v.is(Kind::string)) {
    return lately(texts, v.as_string(), [&] {
      Arena arena;
      return or_throw(
          JsonSchema::cached(or_throw(codec::json::read_value(as_bytes(v.as_string()), arena, {.typed = false}))));
    });
  }
  if (!v.is(Kind::map) && !v.is(Kind::boolean)) wrong_argument(function, "a JSON Schema as a Map or as JSON text", v);
  Buffer json;
  codec::json::Writer writer(json);
  if (!write(v, writer)) return or_throw(JsonSchema::cached(v));  // which says what is wrong with it
  return lately(maps, as_text(json), [&] { return or_throw(JsonSchema::cached(v)); });
}

struct Wishes {
  PackOptions options;
  bool offsets = false;
  const Value* schema = nullptr;
};

[[noreturn]] void bad_option(std::string_view function, const MapEntry& e, std::string_view expected) {
  throw QueryError(Status::argument_error, "Invalid input for '" + std::string(function) + "()': option '" +
                                               std::string(e.key) + "' must be " + std::string(expected));
}

/// One of two words.
bool second_word(std::string_view function, const MapEntry& e, std::string_view first, std::string_view second) {
  const std::string_view word = e.value.is(Kind::string) ? e.value.as_string() : "";
  if (word != first && word != second)
    bad_option(function, e, "'" + std::string(first) + "' or '" + std::string(second) + "'");
  return word == second;
}

Wishes wishes_of(std::string_view function, Arguments a) {
  Wishes w;
  if (a.size() < 3 || a[2].is_null()) return w;
  if (!a[2].is(Kind::map)) wrong_argument(function, "a Map of options", a[2]);
  for (const MapEntry& e : a[2].as_map()) {
    if (e.key == "overlong") {
      w.options.overlong = second_word(function, e, "refuse", "truncate") ? datapacker::Overlong::truncate
                                                                          : datapacker::Overlong::refuse;
    } else if (e.key == "cast") {
      w.options.cast = second_word(function, e, "exact", "wrap") ? datapacker::Cast::wrap : datapacker::Cast::exact;
    } else if (e.key == "keys") {
      w.options.keys =
          second_word(function, e, "sorted", "insertion") ? datapacker::KeyOrder::as_is : datapacker::KeyOrder::sorted;
    } else if (e.key == "offsets") {
      if (!e.value.is(Kind::boolean)) bad_option(function, e, "a boolean");
      w.offsets = e.value.is_true();
    } else if (e.key == "schema") {
      w.schema = &e.value;
    } else {
      throw QueryError(Status::argument_error,
                       "Invalid input for '" + std::string(function) + "()': unknown option '" + std::string(e.key) +
                           "', known are overlong, cast, keys, schema, and offsets for pack_many");
    }
  }
  return w;
}

bool is_structured(const Packer& p) {
  return p.dtype().kind == datapacker::Dtype::Kind::msgpack || p.dtype().kind == datapacker::Dtype::Kind::cbor;
}

/// Room for `n` packed values and their copy. A dtype of a few characters asks for any number of bytes, so this
/// comes before the first of them is allocated.
void bound_packed(CallContext& c, const Packer& p, std::uint64_t n) {
  std::uint64_t bytes = 0;
  if (__builtin_mul_overflow(p.elem_size(), 2 * n, &bytes)) bytes = UINT64_MAX / 2;
  c.exec.bound(c.arena.footprint() + bytes);
}

Value pack(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  const Wishes w = wishes_of("datapacker.pack", a);
  const Packer& p = packer_of("datapacker.pack", a[0], w.options);
  if (a[1].is_null() && !is_structured(p)) return Value();
  if (w.schema) or_throw(schema_of("datapacker.pack", *w.schema)->validate(a[1]));
  bound_packed(c, p, 1);
  Buffer out;
  or_throw(p.pack(a[1], out));
  return kept_bytes(c, out);
}

Value unpack(CallContext& c, Arguments a) {
  const Packer& p = packer_of("datapacker.unpack", a[0]);
  const std::int64_t offset = a.size() > 2 ? integer_argument("datapacker.unpack", a[2]) : 0;
  if (offset < 0)
    throw QueryError(
        Status::argument_error,
        "Invalid input for 'datapacker.unpack()': the offset must be at least 0, got " + std::to_string(offset));
  return deep_copy(
      or_throw(p.unpack(bytes_argument("datapacker.unpack", a[1]), static_cast<std::uint64_t>(offset), c.arena)),
      c.arena);
}

Value integers(CallContext& c, std::span<const std::uint64_t> numbers) {
  const auto items = c.arena.array<Value>(numbers.size());
  std::ranges::transform(numbers, items.begin(),
                         [](std::uint64_t n) { return Value::integer(static_cast<std::int64_t>(n)); });
  return Value::list(items);
}

/// A vector value counts as the list of its numbers.
std::span<const Value> values_argument(CallContext& c, std::string_view function, const Value& v) {
  if (!v.is(Kind::vector)) return list_argument(function, v);
  const auto items = c.arena.array<Value>(v.vector_dimensions());
  const datapacker::Dtype element{.kind = datapacker::Dtype::Kind::scalar,
                                  .scalar = datapacker::scalar_of(v.vector_element())};
  const auto numbers = or_throw(Packer(element).unpack_many(v.vector_data(), {.count = items.size()}, c.arena));
  std::ranges::copy(numbers, items.begin());
  return items;
}

Value pack_many(CallContext& c, Arguments a) {
  if (a[0].is_null() || a[1].is_null()) return Value();
  const Wishes w = wishes_of("datapacker.pack_many", a);
  const Packer& p = packer_of("datapacker.pack_many", a[0], w.options);
  const auto values = values_argument(c, "datapacker.pack_many", a[1]);
  if (w.schema) {
    const auto schema = schema_of("datapacker.pack_many", *w.schema);
    for (const Value& v : values) or_throw(schema->validate(v));
  }
  bound_packed(c, p, values.size());
  Buffer out;
  std::vector<std::uint64_t> starts;
  or_throw(p.pack_many(values, out, w.offsets ? &starts : nullptr));
  if (!w.offsets) return kept_bytes(c, out);
  const auto entries = c.arena.array<MapEntry>(2);
  entries[0] = {"bytes", kept_bytes(c, out)};
  entries[1] = {"offsets", integers(c, starts)};
  return Value::map(entries);
}

Value unpack_many(CallContext& c, Arguments a) {
  constexpr std::string_view name = "datapacker.unpack_many";
  if (a[0].is_null() || a[1].is_null()) return Value();
  const auto natural = [&](const Value& v) {
    const std::int64_t n = integer_argument(name, v);
    if (n < 0)
      throw QueryError(Status::argument_error,
                       "Invalid input for 'datapacker.unpack_many()': counts and offsets must be at least 0, got " +
                           std::to_string(n));
    return static_cast<std::uint64_t>(n);
  };
  datapacker::Extent extent;
  std::vector<std::uint64_t> offsets;
  if (!a[2].is_null()) extent.count = natural(a[2]);
  if (a.size() > 3 && !a[3].is_null()) {
    for (const Value& v : list_argument(name, a[3])) offsets.push_back(natural(v));
    extent.offsets = offsets;
  }
  const Bytes packed = bytes_argument(name, a[1]);
  c.exec.bound(std::min<std::uint64_t>(extent.count.value_or(offsets.size()), packed.size()) * sizeof(Value));
  const auto values = or_throw(packer_of(name, a[0]).unpack_many(packed, extent, c.arena));
  return deep_copy(Value::list(values), c.arena);
}

Value elem_size(CallContext&, Arguments a) {
  return Value::integer(static_cast<std::int64_t>(packer_of("datapacker.elem_size", a[0]).elem_size()));
}

Value is_varsize(CallContext&, Arguments a) {
  return Value::boolean(packer_of("datapacker.is_varsize", a[0]).is_varsize());
}

Value auto_pack(CallContext& c, Arguments a) {
  Buffer out;
  if (a.size() < 2 || a[1].is_null()) {
    or_throw(datapacker::auto_pack(a[0], out));
  } else {
    or_throw(datapacker::auto_pack_as(
        or_throw(datapacker::stored_from_name(string_argument("datapacker.auto_pack", a[1]))), a[0], out));
  }
  return kept_bytes(c, out);
}

Value auto_unpack(CallContext& c, Arguments a) {
  return deep_copy(or_throw(datapacker::auto_unpack(bytes_argument("datapacker.auto_unpack", a[0]), c.arena)), c.arena);
}

Value validate(CallContext&, Arguments a) {
  return Value::boolean(schema_of("datapacker.validate", a[1])->validate(a[0]).has_value());
}

Value violation(CallContext& c, Arguments a) {
  if (a[1].is_null()) return Value();
  const auto done = schema_of("datapacker.violation", a[1])->validate(a[0]);
  return done ? Value() : text(c.arena, done.error().message());
}

}  // namespace

void add_datapacker_functions(Functions& out) {
  const Argument dtype{"dtype", Type::string}, packed{"bytes", Type::bytes};
  const auto add = [&](std::string_view name, std::string_view description, std::vector<Argument> arguments,
                       std::size_t required, Type result, bool nulls, Value (*call)(CallContext&, Arguments)) {
    out.push_back({.name = name,
                   .display = name,
                   .category = "DataPacker",
                   .description = description,
                   .arguments = std::move(arguments),
                   .required = required,
                   .result = result,
                   .null_in_null_out = !nulls,
                   .call = call});
  };
  add("datapacker.pack", "Packs a value as the dtype says. Options: overlong, cast, keys, schema.",
      {dtype, {"value", Type::any}, {"options", Type::map}}, 2, Type::bytes, true, pack);
  add("datapacker.unpack", "Unpacks the value of a dtype that begins at an offset, 0 by default.",
      {dtype, packed, {"offset", Type::integer}}, 2, Type::any, false, unpack);
  add("datapacker.pack_many",
      "Packs many values one after the other; with the option offsets the result is a map of bytes and offsets.",
      {dtype, {"values", Type::list | Type::vector}, {"options", Type::map}}, 2, Type::bytes | Type::map, true,
      pack_many);
  add("datapacker.unpack_many",
      "Unpacks many values: a count for dtypes of fixed size, null and the offsets for others.",
      {dtype, packed, {"count", Type::integer}, {"offsets", Type::list}}, 3, Type::list, true, unpack_many);
  add("datapacker.elem_size", "Bytes of each packed value of a dtype, 0 if they differ.", {dtype}, 1, Type::integer,
      false, elem_size);
  add("datapacker.is_varsize", "Whether packed values of a dtype differ in size.", {dtype}, 1, Type::boolean, false,
      is_varsize);
  add("datapacker.auto_pack",
      "Packs a value by its type, or as raw, text, json, msgpack or cbor, with a header that records how.",
      {{"value", Type::any}, {"encoding", Type::string}}, 1, Type::bytes, true, auto_pack);
  add("datapacker.auto_unpack", "Unpacks what datapacker.auto_pack packed.", {packed}, 1, Type::any, false,
      auto_unpack);
  const Argument schema{"schema", Type::map | Type::string | Type::boolean};
  add("datapacker.validate", "Tells whether a value meets a JSON Schema (a map or JSON text).",
      {{"value", Type::any}, schema}, 2, Type::boolean, false, validate);
  add("datapacker.violation",
      "Returns what is wrong with a value by a JSON Schema (a map or JSON text); null if nothing.",
      {{"value", Type::any}, schema}, 2, Type::string, true, violation);
}

}  // namespace packhouse::cypher
