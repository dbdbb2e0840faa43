#include "codec/datapacker/packer.hpp"

#include <doctest/doctest.h>

#include "codec/json/reader.hpp"
#include "tests/codec/support.hpp"

namespace packhouse::datapacker::test {
namespace {

using codec::test::from_hex;
using codec::test::to_hex;

Value from_json(std::string_view json, Arena& arena) {
  const auto read = codec::json::read_value(as_bytes(json), arena);
  REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().message()));
  return *read;
}

/// The bytes of a value given in (typed) JSON, or the error.
std::string packed(std::string_view dtype, std::string_view json, const PackOptions& options = {}) {
  Arena arena;
  const auto p = Packer::make(dtype, options);
  if (!p) return p.error().message();
  Buffer out;
  const auto done = p->pack(from_json(json, arena), out);
  if (!done) return done.error().message();
  // A given buffer gets the same bytes, and one that is too small none.
  std::string room(out.size() + 1, 'x');
  const auto used = p->pack_into(from_json(json, arena), std::as_writable_bytes(std::span(room)));
  CHECK(used.value() == out.size());
  CHECK(room == std::string(as_text(out)) + "x");
  if (!out.empty())
    CHECK_FALSE(p->pack_into(from_json(json, arena), std::as_writable_bytes(std::span(room).first(out.size() - 1))));
  return to_hex(out);
}

std::string unpacked(std::string_view dtype, std::string_view hex, std::uint64_t offset = 0) {
  Arena arena;
  const auto p = Packer::make(dtype);
  if (!p) return p.error().message();
  const std::string in = from_hex(hex);
  const auto v = p->unpack(as_bytes(in), offset, arena);
  return v ? codec::test::as_json(*v) : v.error().message();
}

TEST_CASE("scalars: every type, its ends and beyond") {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"i8", "-128", "80"},
      {"i8", "127", "7f"},
      {"i8", "true", "01"},
      {"i8", "128", "128 is out of range for i8"},
      {"i8", "-129", "-129 is out of range for i8"},
      {"i16", "-2", "feff"},
      {"i16", "32768", "32768 is out of range for i16"},
      {"i32", "305419896", "78563412"},
      {"i32", "-2147483649", "-2147483649 is out of range for i32"},
      {"i64", "-1", "ffffffffffffffff"},
      {"i64", "1.0", "i64 needs an integer, found FLOAT"},
      {"i64", "\"1\"", "i64 needs an integer, found STRING"},
      {"u8", "255", "ff"},
      {"u8", "-1", "-1 is out of range for u8"},
      {"u8", "256", "256 is out of range for u8"},
      {"u16", "65535", "ffff"},
      {"u32", "4294967295", "ffffffff"},
      {"u32", "4294967296", "4294967296 is out of range for u32"},
      {"u64", "9223372036854775807", "ffffffffffffff7f"},
      {"u64", "-1", "-1 is out of range for u64"},
      {"f16", "1.5", "003e"},
      {"f16", "65504", "ff7b"},
      {"f16", "65520", "65520 is out of range for f16"},
      {"f32", "0.1", "cdcccc3d"},
      {"f32", "7", "0000e040"},
      {"f32", "1e40", "1e+40 is out of range for f32"},
      {"f32", R"({"$type":"Float","_value":"Infinity"})", "0000807f"},
      {"f64", "9007199254740993", "0000000000004043"},
      {"f64", "null", "f64 needs a number, found NULL"},
      {"bool", "true", "01"},
      {"bool", "false", "00"},
      {"bool", "1", "01"},
      {"bool", "2", "2 is out of range for bool"},
      {"bool", "1.0", "bool needs a boolean, found FLOAT"},
  };
  for (const auto& [dtype, json, expected] : cases) {
    CAPTURE(dtype);
    CAPTURE(json);
    CHECK(packed(dtype, json) == expected);
  }
  const PackOptions wrap{.cast = Cast::wrap};
  CHECK(packed("u8", "-1", wrap) == "ff");
  CHECK(packed("i8", "300", wrap) == "2c");
  CHECK(packed("f32", "1e40", wrap) == "0000807f");
  CHECK(unpacked("u8", "ff") == "255");
  CHECK(unpacked("i16", "00feff", 1) == "-2");
  CHECK(unpacked("f16", "003e") == "1.5");
  CHECK(unpacked("bool", "01") == "true");
  CHECK(unpacked("bool", "02") == "a boolean is 0 or 1, found the byte 2");
  CHECK(unpacked("u64", "ffffffffffffffff") == "18446744073709551615 doesn't fit an INTEGER, which ends at 2^63-1");
  CHECK(unpacked("i32", "000000") == "Not enough data: i32 needs 4 bytes, have 3");
  CHECK(unpacked("i32", "00000000", 5) == "Not enough data: offset 5 is beyond the 4 bytes");
}

TEST_CASE("texts of fixed size are refused when too long, or cut between characters when asked") {
  const PackOptions cut{.overlong = Overlong::truncate};
  CHECK(packed("str:5", "\"h\u00e9llo\"") == "Data too long: 6 > 5");
  CHECK(packed("str:5", "\"h\u00e9llo\"", cut) == "68c3a96c6c");
  CHECK(packed("str:2", "\"h\u00e9llo\"", cut) == "6800");
  CHECK(packed("str:3:utf16le", "\"ab\"", cut) == "610000");
  CHECK(packed("str:5:utf16be", "\"a\U0001F600\"", cut) == "0061000000");
  CHECK(packed("str:6:utf16be", "\"a\U0001F600\"", cut) == "0061d83dde00");
  CHECK(packed("str:1:latin1", "\"\u00e9\u00e9\"", cut) == "e9");
  CHECK(packed("str:1:latin1", "\"\u0100\"", cut) == "String contains characters outside Latin1 range");
  CHECK(packed("str:0", "\"a\"") == "Data too long: 1 > 0");
  CHECK(packed("str:0", "\"\"") == "");
  CHECK(packed("str:utf8", "7") == "str:utf8 needs a string, found INTEGER");
  CHECK(unpacked("str:latin1", "e961") == "\"\u00e9a\"");
  CHECK(unpacked("str:0", "616263") == "\"\"");
}

TEST_CASE("bytes from bytes and from lists of integers") {
  CHECK(packed("bytes", "[1, 2, 255]") == "0102ff");
  CHECK(packed("bytes:4", "[1, 2]") == "01020000");
  CHECK(packed("bytes:0", "[]").empty());
  CHECK(packed("bytes:1", "[1, 2]") == "Data too long: 2 > 1");
  CHECK(packed("bytes", "[1, 256]") == "element 1 is 256, a byte is 0 to 255");
  CHECK(packed("bytes", "[\"a\"]") == "bytes needs bytes, or a list of integers from 0 to 255, found STRING");
  CHECK(packed("bytes", "\"ab\"") == "bytes needs bytes, or a list of integers from 0 to 255, found STRING");
}

TEST_CASE("vectors from numbers, lists and vector values") {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"vec:f32", "7", "01000000e040"},
      {"vec:f32", "[]", "010100000000"},
      {"vec:u8", "[[1, 2], [3, 4]]", "0502020000000200000001020304"},
      {"vec:u8", "[[], []]", "05020200000000000000"},
      {"vec:u8:2:2", "[[1, 2], [3, 4]]", "0501020304"},
      {"vec:i16", R"({"$type":"Vector","_value":{"coordinatesType":"INT8","coordinates":["1","-2"]}})",
       "0a01020000000100feff"},
      {"vec:u8", R"([{"$type":"Vector","_value":{"coordinatesType":"INT8","coordinates":["1","2"]}}, [3, 4]])",
       "0502020000000200000001020304"},
      {"vec:u8:2", "[1, 2, 3]", "Shape mismatch: expected [2], got [3]"},
      {"vec:u8:2:3", "[[1, 2], [3, 4], [5, 6]]", "Shape mismatch: expected [2, 3], got [3, 2]"},
      {"vec:f32:1", "5", "Shape mismatch: expected [1], got []"},
      {"vec:f32", "[[1, 2], [3]]",
       "a vector needs lists of equal lengths at every level; they differ after 2 elements"},
      {"vec:f32", "[1, [2]]", "a vector needs lists of equal lengths at every level; they differ after 1 elements"},
      {"vec:f32", "[[1], 2]", "a vector needs lists of equal lengths at every level; they differ after 1 elements"},
      {"vec:f32", "[[], 2]", "a vector needs lists of equal lengths at every level; they differ after 0 elements"},
      {"vec:f32", "[1, \"2\"]", "a vector needs numbers, or lists of them, found STRING after 1 elements"},
      {"vec:f32", "null", "a vector needs numbers, or lists of them, found NULL after 0 elements"},
      {"vec:i8", "[1, 300]", "element 1: 300 is out of range for i8"},
      {"vec:i8", "[1.0, 2.5]", "element 1: 2.5 is out of range for i8"},
      {"vec:i8", "[true, 2.0]", "0901020000000102"},
      {"vec:u8", R"({"$type":"Vector","_value":{"coordinatesType":"INT8","coordinates":["1","-2"]}})",
       "element 1 is -2, which u8 can't hold"},
  };
  for (const auto& [dtype, json, expected] : cases) {
    CAPTURE(dtype);
    CAPTURE(json);
    CHECK(packed(dtype, json) == expected);
  }
  CHECK(packed("vec:i8", "[1.9, -1.9, 300]", {.cast = Cast::wrap}) == "09010300000001ff2c");
}

TEST_CASE("vectors as values: vectors where there are such elements, lists otherwise") {
  CHECK(unpacked("vec:f32:1", "010000c03f") ==
        R"({"$type":"Vector","_value":{"coordinatesType":"FLOAT32","coordinates":["1.5"]}})");
  CHECK(unpacked("vec:u8", "05010200000001ff") == "[1,255]");
  CHECK(unpacked("vec:u8", "0502020000000200000001020304") == "[[1,2],[3,4]]");
  CHECK(unpacked("vec:f32", "010100000000") == "[]");
  CHECK(unpacked("vec:f32", "01020200000000000000") == "[[],[]]");
  CHECK(unpacked("vec:f32", "0102ffffffff00000000") ==
        "a vector of shape [4294967295, 0] would be too many lists for its 0 elements");
  CHECK(unpacked("vec:f32", "0102ffffffffffffffff") == "the shape [4294967295, 4294967295] is too large");
  CHECK(unpacked("vec:f32", "0101ffffff3f00") == "Not enough data: need 4294967292 bytes, have 1");
  CHECK(unpacked("vec:f32",
                 "0104"
                 "00000100"
                 "00000100"
                 "00000100"
                 "00000000") ==
        "a vector of shape [65536, 65536, 65536, 0] would be too many lists for its 0 elements");
}

TEST_CASE("a shape of many lists around few elements is refused: alone, and in a batch as a whole") {
  // [5000, 1, 1 … 1], of 255 dimensions: each element would be in 254 lists.
  Buffer deep;
  deep.append(as_bytes(std::string_view("\x05\xff\x88\x13\0\0", 6)));
  for (int i = 1; i < 255; ++i) deep.append(as_bytes(std::string_view("\1\0\0\0", 4)));
  for (int i = 0; i < 5000; ++i) deep.put(std::uint8_t{7});
  Arena arena;
  const auto refused = Packer::make("vec:u8")->unpack(deep, 0, arena);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message().ends_with("would be too many lists for its 5000 elements"));

  std::string dtype = "vec:u8";
  for (int i = 0; i < 255; ++i) dtype += ":1";
  const auto p = Packer::make(dtype);
  const std::string rows(2000, '\x05');
  CHECK(p->unpack_many(as_bytes(rows), {.count = 10}, arena).has_value());
  CHECK_FALSE(p->unpack_many(as_bytes(rows), {.count = 1000}, arena));
  CHECK(arena.footprint() < 8 << 20);
}

TEST_CASE("arrays are converted element by element") {
  const auto p = Packer::make("vec:f16");
  CHECK_FALSE(p);
  const std::int32_t numbers[] = {1, -2, 70000};
  const ArrayView a{.element = Scalar::i32, .shape = {3}, .data = std::as_bytes(std::span(numbers))};
  const auto converted = [&](std::string_view dtype, Cast cast = Cast::exact) {
    Buffer out;
    const auto done = Packer::make(dtype, {.cast = cast})->pack_rows(a, out);
    CHECK((done.has_value() || out.empty()));
    return done ? to_hex(out) : done.error().message();
  };
  CHECK(converted("i64") == "0100000000000000feffffffffffffff7011010000000000");
  CHECK(converted("i16") == "element 2 is 70000, which i16 can't hold");
  CHECK(converted("i16", Cast::wrap) == "0100feff7011");
  CHECK(converted("f16") == "element 2 is 70000, which f16 can't hold");
  CHECK(converted("f16", Cast::wrap) == "003c00c0007c");
  CHECK(converted("f32") == "0000803f000000c000b88847");
  CHECK(converted("bool") == "element 1 is -2, which bool can't hold");
  CHECK(converted("vec:f64:3") == "Shape mismatch: expected rows of [3], got []");
  CHECK(converted("bytes:4") == "bytes:4 doesn't take rows of an array");
}

TEST_CASE("f32 to f16 and back, in blocks, equals the slow way") {
  std::vector<float> floats;
  for (std::uint32_t h = 0; h < 0x7C00; h += 3) {
    const double d = static_cast<double>(h) * 1.7;
    floats.push_back(static_cast<float>(d));
    floats.push_back(static_cast<float>(-d * 1e-7));
  }
  const ArrayView a{.element = Scalar::f32, .shape = {floats.size()}, .data = std::as_bytes(std::span(floats))};
  Buffer batch, back;
  REQUIRE(Packer::make("f16")->pack_rows(a, batch));
  Arena arena;
  const auto one = Packer::make("f16");
  for (std::size_t i = 0; i < floats.size(); ++i) {
    Buffer single;
    REQUIRE(one->pack(Value::real(static_cast<double>(floats[i])), single));
    REQUIRE(to_hex(single) == to_hex(batch.view().subspan(2 * i, 2)));
  }
  const ArrayView halves{.element = Scalar::f16, .shape = a.shape, .data = batch};
  REQUIRE(Packer::make("f32")->pack_rows(halves, back));
  for (std::size_t i = 0; i < floats.size(); ++i) {
    REQUIRE(static_cast<double>(load<float>(back.data() + 4 * i)) == one->unpack(batch, 2 * i, arena)->as_real());
  }
  floats[5] = 1e6F;
  Buffer refused;
  const auto r = one->pack_rows(a, refused);
  REQUIRE_FALSE(r);
  CHECK(r.error().message() == "element 5 is 1e+06, which f16 can't hold");
}

}  // namespace
}  // namespace packhouse::datapacker::test
