#include "tests/codec/packos/vectors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/utf8.hpp"

namespace packos_test {
using packos::FrameWriter;
using packos::Tag;

json::array load_vectors(std::string_view file) {
  std::ifstream in(fmt::format("{}/tests/codec/packos/data/{}", PACKHOUSE_SOURCE_DIR, file), std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(in), {}};
  return json::parse(all).as_array();
}

std::int64_t number(const json::value& v) {
  if (!v.is_string()) return v.to_number<std::int64_t>();
  const std::string s(v.as_string());
  return s.starts_with('-') ? std::stoll(s) : static_cast<std::int64_t>(std::stoull(s));
}

std::string text(const json::object& typed) {
  const auto from_hex = [&](std::string_view key) { return std::string(as_text(unhex(typed.at(key).as_string()))); };
  if (typed.contains("repeat_hex")) {
    std::string out;
    const auto once = from_hex("repeat_hex");
    for (auto n = number(typed.at("n")); n > 0; --n) out += once;
    return out;
  }
  if (typed.contains("repeat")) {
    std::string out;
    for (auto n = number(typed.at("n")); n > 0; --n) out += typed.at("repeat").as_string();
    return out;
  }
  return typed.contains("hex") ? from_hex("hex") : std::string(typed.at("v").as_string());
}

namespace {

std::uint64_t bits(const json::object& typed) { return std::stoull(std::string(typed.at("bits").as_string()), nullptr, 16); }
float float32(const json::object& typed) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits(typed))); }
double float64(const json::object& typed) { return std::bit_cast<double>(bits(typed)); }

bool add_scalar(FrameWriter& w, std::string_view t, const json::object& arg) {
  const auto fixed = [&](auto sample) { w.fixed(static_cast<decltype(sample)>(number(arg.at("v")))); };
  if (t == "int8") fixed(std::int8_t{});
  else if (t == "int16") fixed(std::int16_t{});
  else if (t == "int32") fixed(std::int32_t{});
  else if (t == "int64") fixed(std::int64_t{});
  else if (t == "uint8") fixed(std::uint8_t{});
  else if (t == "uint16") fixed(std::uint16_t{});
  else if (t == "uint32") fixed(std::uint32_t{});
  else if (t == "uint64") fixed(std::uint64_t{});
  else if (t == "float32") w.float32(float32(arg));
  else if (t == "float64") w.float64(float64(arg));
  else if (t == "bool") w.boolean(arg.at("v").as_bool());
  else if (t == "str") w.string(text(arg));
  else if (t == "bytes") w.plain_bytes(as_bytes(text(arg)));
  else if (t == "null") w.null();
  else if (t == "numeric") w.numeric(float64(arg));
  else if (t == "numstr") REQUIRE(w.numeric_text(text(arg)));
  else if (t == "intc") w.integer(number(arg.at("v")));
  else if (t == "uintc") w.compressed_unsigned(static_cast<std::uint64_t>(number(arg.at("v"))));
  else return false;
  return true;
}

void add_container(FrameWriter& w, std::string_view t, const json::object& arg) {
  if (arg.contains("repeat")) {
    w.begin_tuple(0);
    for (auto n = number(arg.at("n")); n > 0; --n) add(w, arg.at("repeat").as_object());
    CHECK(w.end());
    return;
  }
  if (t == "nest") {  // `depth` containers around a leaf
    const auto depth = number(arg.at("depth"));
    for (auto i = depth; i > 0; --i) w.begin_tuple(1);
    add(w, arg.at("leaf").as_object());
    for (auto i = depth; i > 0; --i) CHECK(w.end());
    return;
  }
  const auto& items = arg.at("v").as_array();
  if (t == "tuple" || t == "tuple_raw") {
    w.begin_tuple(items.size());
    for (const auto& item : items) add(w, item.as_object());
    CHECK(w.end());
    return;
  }
  REQUIRE((t == "map" || t == "omap" || t == "map_raw"));
  w.begin_map(items.size());
  for (const auto& pair : items) {
    w.string(text(pair.as_array()[0].as_object()));
    add(w, pair.as_array()[1].as_object());
  }
  CHECK((t == "omap" ? w.end() : w.end_map()));
}

Value keep(std::string_view s, Arena& arena) {
  const auto copy = arena.copy(s);
  return utf8::is_valid(copy) ? Value::string(copy) : Value::bytes(as_bytes(copy));
}

}  // namespace

void add(FrameWriter& w, const json::object& arg) {
  if (arg.contains("repeat_args")) {
    for (auto n = number(arg.at("n")); n > 0; --n) add(w, arg.at("repeat_args").as_object());
    return;
  }
  const std::string_view t = arg.at("t").as_string();
  if (t == "flags") {
    const json::array none;
    const auto& items = arg.at("v").is_null() ? none : arg.at("v").as_array();
    const auto flags = std::make_unique<bool[]>(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) flags[i] = items[i].as_bool();
    return w.flags({flags.get(), items.size()});
  }
  if (t.size() > 3 && t[0] == 'n' && t != "numeric" && t != "numstr" && t != "nest" && t != "null") {
    const auto base = t.substr(1);
    if (arg.contains("v") && arg.at("v").is_null()) {
      return w.null(base == "bool" ? Tag::boolean : base.starts_with("float") ? Tag::floating : Tag::integer);
    }
    REQUIRE(add_scalar(w, base, arg));
    return;
  }
  if (!add_scalar(w, t, arg)) add_container(w, t, arg);
}

Result<void> add_all(FrameWriter& w, const json::array& args) {
  w.begin_frame(args.size());
  for (const auto& arg : args) add(w, arg.as_object());
  return w.end_frame();
}

Value expected(const json::object& typed, Arena& arena) {
  const std::string_view t = typed.at("t").as_string();
  if (t == "null" || t == "nil_list") return Value();  // a tuple of width 0 is null
  if (t == "nil_map" || t == "nil_omap") return Value::map({});
  if (t == "bool") return Value::boolean(typed.at("v").as_bool());
  if (t == "str" || t == "bytes") return keep(text(typed), arena);
  if (t == "float32") return Value::real(static_cast<double>(float32(typed)));
  if (t == "float64") return Value::real(float64(typed));
  if ((t == "list" || t == "tuple") && typed.contains("repeat")) {
    auto out = arena.array<Value>(static_cast<std::size_t>(number(typed.at("n"))));
    std::ranges::fill(out, expected(typed.at("repeat").as_object(), arena));
    return Value::list(out);
  }
  if (t == "list" || t == "tuple") {
    const auto& items = typed.at("v").as_array();
    auto out = arena.array<Value>(items.size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = expected(items[i].as_object(), arena);
    return Value::list(out);
  }
  if (t == "map" || t == "omap") {
    const auto& items = typed.at("v").as_array();
    auto out = arena.array<MapEntry>(items.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
      const auto& pair = items[i].as_array();
      out[i] = {arena.copy(text(pair[0].as_object())), expected(pair[1].as_object(), arena)};
    }
    return Value::map(out);
  }
  REQUIRE(typed.contains("v"));
  return Value::integer(number(typed.at("v")));
}

std::string show(const Value& v) {
  switch (v.kind()) {
    case Kind::string: return fmt::format("'{}'", v.as_string().substr(0, 60));
    case Kind::bytes: return "0x" + hex(v.as_bytes().first(std::min<std::size_t>(v.as_bytes().size(), 30)));
    case Kind::real: return fmt::format("{}", v.as_real());
    case Kind::list: {
      std::string out = "[";
      for (const Value& item : v.as_list().first(std::min<std::size_t>(v.as_list().size(), 30))) out += show(item) + ", ";
      return out + "]";
    }
    case Kind::map: {
      std::string out = "{";
      for (const auto& [key, item] : v.as_map()) out += fmt::format("{}: {}, ", key, show(item));
      return out + "}";
    }
    case Kind::null: return "null";
    case Kind::boolean: return v.is_true() ? "true" : "false";
    case Kind::integer: return fmt::format("{}", v.as_integer());
    default: return std::string(type_name(v.kind()));
  }
}

}  // namespace packos_test
