#include "tests/objects/support.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <fstream>
#include <sstream>

#include "codec/json/reader.hpp"
#include "objects/keys.hpp"
#include "objects/unpackers/single.hpp"
#include "tests/support/hex.hpp"
#include "value/builder.hpp"
#include "value/print.hpp"
#include "value/temporal/api.hpp"

namespace packhouse::objects::test {

void Session::commit() {
  std::promise<Result<std::uint64_t>> promise;
  tx_->commit([&](Result<std::uint64_t> r) { promise.set_value(std::move(r)); });
  must(promise.get_future().get());
}

std::size_t count_cells(storage::Cells& cells, std::string_view table) {
  const std::string low = std::string(1, static_cast<char>(storage::CellSpace::object)) + std::string(table);
  const auto cursor = must(cells.scan_cells(as_bytes(low), as_bytes(keys::behind(low))));
  std::size_t n = 0;
  for (storage::kv::Entry entry; must(cursor->next(entry));) ++n;
  return n;
}

StorableValue object_of(std::string_view class_name, const Value& v) {
  static const auto registry = built_in_registry();
  return StorableValue(registry->find_class(class_name)->id, v);
}

Value from_json(std::string_view text, Arena& arena) {
  ValueBuilder builder(arena);
  must(codec::json::read(as_bytes(text), builder));
  return builder.take();
}

std::string shown(const Value& v) {
  if (v.is(Kind::vector)) return "vector " + std::to_string(static_cast<int>(v.vector_element())) + ": " + tests::hex(v.vector_data());
  return print(v, std::size_t{1} << 24);
}

std::vector<std::string> items_of(ContentReader& reader) {
  std::vector<std::string> out;
  for (;;) {
    Arena arena;
    const auto item = must(reader.next(arena));
    if (!item) return out;
    out.push_back(shown(*item));
  }
}

Value load_vectors(Arena& arena) {
  std::ifstream file(PACKHOUSE_SOURCE_DIR "/tests/objects/data/unpackers-cases.json", std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  ValueBuilder builder(arena);
  must(codec::json::read(as_bytes(text.str()), builder, {.typed = false}));
  return builder.take();
}

Value member(const Value& object, std::string_view name) {
  const Value* v = object.is(Kind::map) ? find(object.as_map(), name) : nullptr;
  return v != nullptr ? *v : Value();
}

std::string text_of(const Value& object, std::string_view name) {
  const Value v = member(object, name);
  return v.is(Kind::string) ? std::string(v.as_string()) : std::string();
}

namespace {

std::optional<Value> typed_list(const Value& typed, Arena& arena) {
  const auto items = member(typed, "v").as_list();
  const auto out = arena.array<Value>(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto item = typed_value(items[i], arena);
    if (!item) return std::nullopt;
    ::new (&out[i]) Value(*item);
  }
  return Value::list(out);
}

std::optional<Value> typed_map(const Value& typed, Arena& arena) {
  const auto items = member(typed, "v").as_list();
  const auto out = arena.array<MapEntry>(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto key = typed_value(items[i].as_list()[0], arena), item = typed_value(items[i].as_list()[1], arena);
    if (!key || !item || !key->is(Kind::string)) return std::nullopt;
    ::new (&out[i]) MapEntry{key->as_string(), *item};
  }
  return Value::map(out);
}

std::optional<Value> typed_integer(const Value& typed) {
  const std::string text = text_of(typed, "v");
  std::int64_t n = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), n).ec != std::errc()) return std::nullopt;
  return Value::integer(n);
}

Value typed_text(const Value& typed, Arena& arena) {
  std::string s = text_of(typed, "v");
  const std::string one = text_of(typed, "repeat");
  for (std::int64_t i = 0; !one.empty() && i < member(typed, "n").as_integer(); ++i) s += one;
  return Value::string(arena.copy(s));
}

std::optional<Value> typed_array(const Value& typed, Arena& arena) {
  constexpr std::array names{"int8", "int16", "int32", "int64", "float32", "float64"};
  if (member(typed, "shape").as_list().size() != 1) return std::nullopt;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (text_of(typed, "dtype") != names[i]) continue;
    const auto raw = tests::unhex(text_of(typed, "le_hex"));
    const auto e = static_cast<Element>(i);
    return Value::vector(e, static_cast<std::uint32_t>(raw.size() / size_of(e)), arena.copy(Bytes(raw)).data());
  }
  return std::nullopt;
}

}  // namespace

std::optional<Value> typed_value(const Value& typed, Arena& arena) {
  const std::string t = text_of(typed, "t");
  if (t == "null") return Value();
  if (t == "bool") return member(typed, "v");
  if (t == "int") return typed_integer(typed);
  if (t == "float") {
    std::uint64_t bits = 0;
    for (const std::byte b : tests::unhex(text_of(typed, "bits"))) bits = bits << 8 | std::to_integer<std::uint64_t>(b);
    return Value::real(std::bit_cast<double>(bits));
  }
  if (t == "str") return typed_text(typed, arena);
  if (t == "bytes") return Value::bytes(arena.copy(Bytes(tests::unhex(text_of(typed, "hex")))));
  if (t == "list" || t == "tuple") return typed_list(typed, arena);
  if (t == "dict") return typed_map(typed, arena);
  if (t == "ndarray") return typed_array(typed, arena);
  if (t == "datetime") {
    const std::string iso = text_of(typed, "iso");
    const bool zoned = iso.find_first_of("+Z", iso.find('T')) != std::string::npos;
    return must(temporal_from_text(zoned ? Kind::datetime : Kind::local_datetime, iso, Now{}));
  }
  return std::nullopt;
}

}  // namespace packhouse::objects::test
