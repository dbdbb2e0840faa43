// The real program's bytes: what its put writer makes is made here, what its decoder reads is read here.
// Differences are named by their decision in specs/DECISIONS.md.
#include <algorithm>
#include <set>

#include "codec/packos/access.hpp"
#include "codec/packos/codec.hpp"
#include "codec/packos/put_value.hpp"
#include "tests/codec/packos/vectors.hpp"
#include "value/builder.hpp"

using namespace packos_test;
using namespace packhouse::packos;

namespace {

/// Sorts maps by key, as the vectors have them.
Value sorted(const Value& v, Arena& arena) {
  if (v.is(Kind::list)) {
    auto out = arena.array<Value>(v.as_list().size());
    std::ranges::transform(v.as_list(), out.begin(), [&](const Value& item) { return sorted(item, arena); });
    return Value::list(out);
  }
  if (!v.is(Kind::map)) return v;
  auto out = arena.array<MapEntry>(v.as_map().size());
  std::ranges::transform(v.as_map(), out.begin(), [&](const MapEntry& e) { return MapEntry{e.key, sorted(e.value, arena)}; });
  std::ranges::sort(out, {}, &MapEntry::key);
  return Value::map(out);
}

void check_value(Bytes frame, const json::object& typed) {
  Arena arena;
  const Value want = expected(typed, arena);
  const auto got = decode(frame, arena);
  REQUIRE_MESSAGE(got, got.error().message());
  CHECK_MESSAGE(same(sorted(*got, arena), sorted(want, arena)), show(*got) << " instead of " << show(want));
  // The event source says the same as the decoder.
  ValueBuilder builder(arena);
  REQUIRE(read(frame, builder));
  CHECK(same(builder.take(), *got));
}

void check_refused(Bytes frame) {
  Arena arena;
  const auto got = decode(frame, arena);
  REQUIRE_FALSE(got);
  CHECK(got.error().status() == Status::argument_error);
  ValueBuilder builder(arena);
  CHECK_FALSE(read(frame, builder));
}

/// Beyond 13 bits: wrapped by the original, wide here, refused in strict mode (P2).
void check_wide(const json::array& args, Bytes bytes) {
  Arena arena;
  std::vector<Value> want;
  for (const auto& arg : args) {
    const auto& object = arg.as_object();
    const bool repeated = object.contains("repeat_args");
    const auto times = repeated ? number(object.at("n")) : 1;
    want.insert(want.end(), static_cast<std::size_t>(times), expected(repeated ? object.at("repeat_args").as_object() : object, arena));
  }
  const auto got = decode(bytes, arena);
  REQUIRE(got);
  CHECK(same(*got, want.size() == 1 ? want[0] : Value::list(want)));
  Buffer out;
  FrameWriter strict(out, {.strict = true});
  strict.begin_frame(want.size());
  Result<void> refused = ok;
  for (const auto& arg : args) {
    const bool container = arg.as_object().contains("t") && want[0].kind() >= Kind::list && want[0].kind() <= Kind::map;
    if (container) refused = put_value(strict, want[0]);
    else add(strict, arg.as_object());
  }
  if (refused) refused = strict.end_frame();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message().ends_with("beyond what a plain PackOS frame holds (4094 fields, 8191 bytes)"));
}

/// Tuples inside each other: decoded up to the depth limit (P7).
void check_deep(const json::object& vector, Bytes bytes) {
  const auto depth = number(vector.at("args").as_array()[0].as_object().at("depth"));
  if (depth <= 2046) CHECK(hex(bytes) == hex(unhex(vector.at("hex").as_string())));
  if (depth > max_depth) return check_refused(bytes);
  Arena arena;
  Value v = decode(bytes, arena).value();
  std::int64_t found = 0;
  for (; v.is(Kind::list); ++found) v = v.as_list()[0];
  CHECK(found == depth);
}

void check_encode(const json::object& vector) {
  Buffer out;
  FrameWriter w(out);
  if (vector.contains("error")) {  // text that is no number
    w.begin_frame(1);
    CHECK_FALSE(w.numeric_text(text(vector.at("args").as_array()[0].as_object())));
    return;
  }
  const std::string_view name = vector.at("name").as_string();
  REQUIRE(add_all(w, vector.at("args").as_array()));
  if (name.starts_with("deep/tuple")) return check_deep(vector, out);
  const auto frame = FrameView::open(out);
  if (frame && frame->wide()) return check_wide(vector.at("args").as_array(), out);
  if (name.starts_with("numeric/platform_dependent")) return;  // undefined in the source language; floats here
  const auto original = unhex(vector.at("hex").as_string());
  if (name.starts_with("c/zero_args/packable")) {
    CHECK(hex(out) == "1000");  // P1: as the put writer
  } else if (name.find("_raw") != name.npos) {
    CHECK(frame->field(0)->bytes.empty());  // P3
  } else {
    // P1: the tree writer leaves zeros at the end for each nil nullable.
    REQUIRE(out.size() <= original.size());
    const bool zeros = std::all_of(original.begin() + static_cast<std::ptrdiff_t>(out.size()), original.end(),
                                   [](std::byte b) { return b == std::byte{0}; });
    CHECK(hex(out) == hex(Bytes(original).first(out.size())));
    CHECK((zeros && (out.size() == original.size() || name.starts_with("null/"))));
  }
  if (!vector.contains("decode")) return;
  const auto& outcome = vector.at("decode").as_object();
  if (outcome.at("outcome").as_string() == "ok") {
    check_value(out, outcome.at("value").as_object());
    check_value(original, outcome.at("value").as_object());
  } else if (name.find("bool") == name.npos) {  // P5: a nil bool is null
    check_refused(original);
  }
}

void check_malformed(const json::object& vector) {
  // P5: a zero-width bool is null. B1: map keys are UTF-8.
  static const std::set<std::string_view> null_here = {"mal/bool_width0"}, refused_here = {"mal/flip_04", "mal/flip_23"};
  const std::string_view name = vector.at("name").as_string();
  const auto bytes = unhex(vector.at("hex").as_string());
  const auto& outcome = vector.at("decode").as_object();
  if (null_here.contains(name)) {
    Arena arena;
    CHECK(decode(bytes, arena)->is_null());
  } else if (outcome.at("outcome").as_string() == "ok" && !refused_here.contains(name)) {
    check_value(bytes, outcome.at("value").as_object());
  } else {
    check_refused(bytes);  // panics too (P7)
  }
}

}  // namespace

TEST_CASE("every encode, malformed and access vector") {
  int seen = 0;
  for (const auto& v : load_vectors("wire.json")) {
    const auto& vector = v.as_object();
    const std::string name(vector.at("name").as_string());
    CAPTURE(name);
    const std::string_view kind = vector.at("kind").as_string();
    if (kind == "encode") check_encode(vector), ++seen;
    if (kind == "malformed") check_malformed(vector), ++seen;
  }
  CHECK(seen == 350);
}

namespace {

template <class T>
void check_get(const Access& a, std::size_t i, const json::object& getters, std::string_view name, bool null_able = false) {
  if (!getters.contains(name)) return;
  const auto& want = getters.at(name).as_object();
  CAPTURE(std::string(name));
  Arena arena;
  if (null_able) {
    const auto got = a.nullable<T>(i);
    CHECK(got.has_value() == want.contains("ok"));
    if (got && want.contains("ok")) CHECK(got->has_value() == (want.at("ok").as_object().at("t").as_string() != "null"));
    return;
  }
  const auto got = a.get<T>(i);
  CHECK(got.has_value() == want.contains("ok"));
  if (!got || !want.contains("ok")) return;
  const auto& typed = want.at("ok").as_object();
  if constexpr (std::is_same_v<T, std::string_view>) CHECK(std::string(*got) == text(typed));
  else if constexpr (std::is_same_v<T, Bytes>) CHECK(std::string(as_text(*got)) == text(typed));
  else if constexpr (std::is_same_v<T, bool>) CHECK(*got == typed.at("v").as_bool());
  else if constexpr (std::is_floating_point_v<T>) CHECK(static_cast<double>(*got) == expected(typed, arena).as_real());
  else CHECK(static_cast<std::int64_t>(*got) == static_cast<std::int64_t>(static_cast<T>(number(typed.at("v")))));
}

void check_field(const Access& a, std::size_t i, const json::object& g) {
  check_get<bool>(a, i, g, "GetBool");
  check_get<std::int8_t>(a, i, g, "GetInt8");
  check_get<std::int16_t>(a, i, g, "GetInt16");
  check_get<std::int32_t>(a, i, g, "GetInt32");
  check_get<std::int64_t>(a, i, g, "GetInt64");
  check_get<std::uint8_t>(a, i, g, "GetUint8");
  check_get<std::uint16_t>(a, i, g, "GetUint16");
  check_get<float>(a, i, g, "GetFloat32");
  check_get<double>(a, i, g, "GetFloat64");
  check_get<std::string_view>(a, i, g, "GetString");
  check_get<Bytes>(a, i, g, "GetBytes");
  check_get<bool>(a, i, g, "GetNullableBool", true);
  check_get<std::int32_t>(a, i, g, "GetNullableInt32", true);
  check_get<double>(a, i, g, "GetNullableFloat64", true);
  Arena arena;
  if (const auto& want = g.at("GetInt").as_object(); want.contains("ok")) {
    const auto& pair = want.at("ok").as_object().at("v").as_array();
    const auto got = a.integer(i);
    REQUIRE(got);
    CHECK(got->value == number(pair[0].as_object().at("v")));
    CHECK(static_cast<std::int64_t>(got->width) == number(pair[1].as_object().at("v")));
  } else {
    CHECK_FALSE(a.integer(i));
  }
  CHECK(a.floating(i).has_value() == g.at("GetFloating").as_object().contains("ok"));
  if (const auto& want = g.at("GetAny").as_object(); want.contains("ok")) {  // ours reads bools, tuples and nulls too
    const auto got = a.any(i, arena);
    REQUIRE(got);
    CHECK(same(sorted(*got, arena), sorted(expected(want.at("ok").as_object(), arena), arena)));
  }
  if (!g.contains("GetTypeAndValue") || !g.at("GetTypeAndValue").as_object().contains("ok")) return;
  const auto& raw = g.at("GetTypeAndValue").as_object().at("ok").as_object().at("v").as_array();
  const auto field = a.field(i);
  REQUIRE(field);
  CHECK(static_cast<std::int64_t>(field->tag) == number(raw[0].as_object().at("v")));
  CHECK(std::string(as_text(field->bytes)) == text(raw[1].as_object()));
}

}  // namespace

TEST_CASE("every getter of the access vectors") {
  int seen = 0;
  for (const auto& v : load_vectors("wire.json")) {
    const auto& vector = v.as_object();
    if (vector.at("kind").as_string() != "access") continue;
    const std::string name(vector.at("name").as_string());
    CAPTURE(name);
    const auto bytes = unhex(vector.at("hex").as_string());
    const auto a = Access::open(bytes);
    REQUIRE(a);
    CHECK(static_cast<std::int64_t>(a->size()) == number(vector.at("seq").as_array()[0].as_object().at("ArgCount")));
    for (const auto& g : vector.at("get").as_array()) {
      const auto pos = number(g.as_object().at("pos"));
      CAPTURE(pos);
      check_field(*a, static_cast<std::size_t>(pos), g.as_object()), ++seen;
    }
  }
  CHECK(seen == 32);
}
