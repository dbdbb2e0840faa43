#include <doctest/doctest.h>

#include <set>

#include "codec/datapacker/packer.hpp"
#include "tests/codec/datapacker/vectors.hpp"
#include "tests/codec/support.hpp"

// Where the original misbehaves (scope quirk of the vectors): specs/DECISIONS.md D1, D3, D6, D7 and D9.
namespace packhouse::datapacker::test {
namespace {

/// Packs the case's value, typed or plain.
Result<void> pack(const Packer& p, const Value& typed, Buffer& out, Arena& arena) {
  if (is_array(typed)) {
    const auto a = array(typed, arena);
    if (!a) return fail(Status::type_error, "elements of a type that Packhouse has not");
    return p.pack_array(*a, out);
  }
  const auto v = plain(typed, arena);
  if (!v) return fail(Status::arithmetic_error, "an integer beyond 64 bits");
  return p.pack(*v, out);
}

/// D6, D9: bytes and NaN stay what they are; a number that would change is an error.
void check_pack(const Value& c, Arena& arena) {
  const auto p = Packer::make(text(c, "dtype"));
  REQUIRE(p);
  Buffer out;
  const Value typed = member(c, "value");
  const auto done = pack(*p, typed, out, arena);
  const std::string better = text(c, "better");
  if (better.find("reject out-of-range") != std::string::npos ||
      better.find("convert element-wise") != std::string::npos) {
    CHECK_FALSE(done);
    CHECK(out.empty());
    return;
  }
  REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().message()));
  if (p->dtype().kind == Dtype::Kind::vector) {  // the bytes are right, what the original makes of them is not
    CHECK(hex(out) == text(member(c, "expect"), "hex"));
    const auto back = p->unpack_array(out, 0);
    REQUIRE(back);
    if (is_array(typed)) {
      CHECK(back->shape == array(typed, arena)->shape);
      CHECK(hex(back->data) == text(typed, "le_hex"));
    } else {
      CHECK(back->shape.empty());
    }
    return;
  }
  Buffer again;
  REQUIRE(p->pack(p->unpack(out, 0, arena).value(), again));
  CHECK(hex(again) == hex(out));
  CHECK(hex(out) != (p->dtype().kind == Dtype::Kind::cbor ? "f6" : "c0"));
}

void check_unpack(const Value& c, Arena& arena) {
  const auto p = Packer::make(text(c, "dtype"));
  REQUIRE(p);
  const Bytes in = bytes_from_hex(text(c, "data"), arena);
  // 2^64-1 is quoted in the file.
  const Value at = member(c, "offset");
  const auto offset = at.is(Kind::integer) ? static_cast<std::uint64_t>(at.as_integer()) : UINT64_MAX;
  const auto v = p->unpack(in, offset, arena);
  const std::set<std::string> fine = {"c401ff", "41ff", "cb7ff8000000000000", "f97e00", "f97c00", "01000000803f"};
  if (offset == 0 && fine.contains(text(c, "data"))) {
    REQUIRE_MESSAGE(v.has_value(), (v ? "" : v.error().message()));
    CHECK((v->is(Kind::bytes) || v->is(Kind::real)));
  } else {
    CHECK_FALSE(v);
  }
  if (text(c, "dtype") == "vec:u64")
    CHECK(hex(p->unpack_array(in, offset).value().data) == "ffffffffffffffff0000000000000000");
}

void check_unpack_many(const Value& c, Arena& arena) {
  const auto p = Packer::make(text(c, "dtype"));
  REQUIRE(p);
  std::vector<std::uint64_t> offsets;
  for (const Value& o : member(c, "offsets").as_list()) offsets.push_back(static_cast<std::uint64_t>(o.as_integer()));
  Extent extent{.count = {}, .offsets = offsets};
  if (const Value n = member(c, "count"); !n.is_null()) extent.count = static_cast<std::uint64_t>(n.as_integer());
  CHECK_FALSE(p->unpack_many(bytes_from_hex(text(c, "data"), arena), extent, arena));
}

void check_pack_many(const Value& c, Arena& arena) {
  const auto p = Packer::make(text(c, "dtype"));
  REQUIRE(p);
  Buffer out;
  bool failed = false;
  std::vector<Value> values;
  for (const Value& v : member(member(c, "values"), "v").as_list()) {
    if (is_array(v))
      failed = !p->pack_array(array(v, arena).value(), out);
    else
      values.push_back(plain(v, arena).value());
  }
  CHECK((failed || !p->pack_many(values, out)));
  CHECK(out.empty());
}

void check_new(const Value& c) {
  const std::string dtype = text(c, "dtype");
  const auto p = Packer::make(dtype);
  const std::set<std::string> sizes = {"i8", "i16", "i32", "f32", "msgpack:0", "cbor:0", "str:0"};
  CHECK(p.has_value() == sizes.contains(dtype));
  if (!p) CHECK(p.error().message().starts_with("Invalid dtype: "));
}

TEST_CASE("where the original is wrong, Packhouse does better") {
  Arena arena;
  int seen = 0;
  for (const Value& c : load_cases(arena)) {
    if (text(c, "scope") != "quirk") continue;
    INFO(text(c, "id"), " ", text(c, "op"), " ", text(c, "dtype"), " ", text(c, "data"));
    const std::string op = text(c, "op");
    if (op == "new")
      check_new(c);
    else if (op == "pack")
      check_pack(c, arena);
    else if (op == "unpack")
      check_unpack(c, arena);
    else if (op == "pack_many")
      check_pack_many(c, arena);
    else if (op == "unpack_many")
      check_unpack_many(c, arena);
    else
      continue;  // schema_pack, autopack: their own tests
    ++seen;
  }
  CHECK(seen == 69);
}

TEST_CASE("dtypes with more than there is to say, or too much, are refused") {
  for (const char* dtype :
       {"i64:", "bool:1", "bytes:5:", "bytes:0x5", "bytes:1e3", "bytes:281474976710657", "str:8:utf8:", "str:8:8",
        "vec:f32:18446744073709551616", "vec:u8:18446744073709551615", "vec:u8:281474976710656:2", "VEC:f32", "vec:F32",
        "msgpack:-1", "cbor:1:2", "utf8", "\0i64"}) {
    CAPTURE(dtype);
    const auto p = Packer::make(dtype);
    REQUIRE_FALSE(p);
    CHECK(p.error().message().starts_with("Invalid dtype: "));
  }
  std::string deep = "vec:u8";
  for (int i = 0; i < 255; ++i) deep += ":1";
  CHECK(Packer::make(deep).has_value());
  CHECK_FALSE(Packer::make(deep + ":1"));
  CHECK(Packer::make("vec:u8:281474976710656").has_value());
}

}  // namespace
}  // namespace packhouse::datapacker::test
