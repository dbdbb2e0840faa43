#include <doctest/doctest.h>

#include "codec/datapacker/packer.hpp"
#include "tests/codec/support.hpp"

namespace packhouse::datapacker::test {
namespace {

using codec::test::from_hex;
using codec::test::to_hex;

std::string failure(const auto& r) {
  return r ? "none" : r.error().message();
}

TEST_CASE("a batch of fixed size: appended, into a given buffer, and back") {
  const auto p = Packer::make("i64");
  std::vector<Value> values;
  for (std::int64_t i = 0; i < 1000; ++i) values.push_back(i % 7 == 0 ? Value::boolean(true) : Value::integer(i * i));
  Buffer out;
  std::vector<std::uint64_t> starts;
  REQUIRE(p->pack_many(values, out, &starts));
  CHECK(out.size() == 8000);
  CHECK(starts[999] == 7992);
  std::vector<std::byte> room(8000);
  CHECK(p->pack_many_into(values, room).value() == 8000);
  CHECK(to_hex(room) == to_hex(out));
  CHECK(failure(p->pack_many_into(values, std::span(room).first(7999))) ==
        "Buffer too small: 1000 values of 8 bytes, have 7999");
  Arena arena;
  const auto back = p->unpack_many(out, {.count = 1000}, arena);
  REQUIRE(back);
  CHECK((*back)[13].as_integer() == 169);
  CHECK((*back)[7].as_integer() == 1);
}

TEST_CASE("a batch that fails names the element and writes nothing") {
  std::vector<Value> values(5, Value::integer(1));
  values[3] = Value::integer(300);
  for (const char* dtype : {"i8", "vec:i8", "vec:i8:1", "str:4", "cbor:2", "str"}) {
    CAPTURE(dtype);
    const auto p = Packer::make(dtype);
    Buffer out;
    out.append(as_bytes("x"));
    std::vector<std::uint64_t> starts;
    const auto done = p->pack_many(values, out, &starts);
    REQUIRE_FALSE(done);
    CHECK(done.error().message().starts_with("element "));
    CHECK(as_text(out) == "x");
    CHECK(starts.empty());
    if (p->is_varsize()) continue;
    std::string room(64, 'x');
    CHECK_FALSE(p->pack_many_into(values, std::as_writable_bytes(std::span(room))));
    CHECK(room == std::string(64, 'x'));
  }
  Buffer out;
  CHECK(failure(Packer::make("i8")->pack_many(values, out)) == "element 3: 300 is out of range for i8");
}

TEST_CASE("values of different sizes need their offsets") {
  const auto p = Packer::make("str");
  const Value values[] = {Value::string("abc"), Value::string(""), Value::string("d\u00e9")};
  Buffer out;
  std::vector<std::uint64_t> starts;
  REQUIRE(p->pack_many(values, out, &starts));
  CHECK(starts == std::vector<std::uint64_t>{0, 3, 3});
  Arena arena;
  const auto back = p->unpack_many(out, {.offsets = starts}, arena);
  REQUIRE(back);
  CHECK((*back)[0].as_string() == "abc");
  CHECK((*back)[1].as_string().empty());
  CHECK((*back)[2].as_string() == "d\u00e9");
}

TEST_CASE("count and offsets: exactly the one that fits, and inside the bytes") {
  Arena arena;
  const std::string in(24, '\0');
  const std::vector<std::uint64_t> offsets = {0, 8};
  const auto number = [&](const Extent& e) {
    return failure(Packer::make("i64")->unpack_many(as_bytes(in), e, arena));
  };
  CHECK(number({.count = 3}) == "none");
  CHECK(number({}) == "Fixed-size types require count parameter: i64");
  CHECK(number({.count = 2, .offsets = offsets}) == "count and offsets exclude each other: i64 needs count");
  CHECK(number({.count = 4}) == "Not enough data: 4 values of 8 bytes, got 24 bytes");
  CHECK(number({.count = UINT64_MAX}) == "Not enough data: 18446744073709551615 values of 8 bytes, got 24 bytes");
  const auto text = [&](const Extent& e) { return failure(Packer::make("str")->unpack_many(as_bytes(in), e, arena)); };
  CHECK(text({.offsets = offsets}) == "none");
  CHECK(text({.count = 1}) == "Variable-size types require offsets parameter: str:utf8");
  CHECK(text({.count = 2, .offsets = offsets}) == "count and offsets exclude each other: str:utf8 needs offsets");
  const std::vector<std::uint64_t> beyond = {0, 25}, back = {3, 0};
  CHECK(text({.offsets = beyond}) == "Offset out of bounds: 25 > 24");
  CHECK(text({.offsets = back}) == "Offsets must not decrease: 0 after 3");
  const std::string bad = from_hex("00000000000000000200000000000000");
  CHECK(failure(Packer::make("bool")->unpack_many(as_bytes(bad), {.count = 9}, arena)) ==
        "element 8: a boolean is 0 or 1, found the byte 2");
}

TEST_CASE("rows of arrays: every width of record, and type bytes are checked") {
  for (const std::uint64_t n : {1U, 2U, 3U, 4U, 8U, 16U, 32U, 33U, 768U}) {
    CAPTURE(n);
    const auto p = Packer::make("vec:f32:" + std::to_string(n));
    std::vector<float> data(n * 5);
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<float>(i) / 8;
    const ArrayView rows{.element = Scalar::f32, .shape = {5, n}, .data = std::as_bytes(std::span(data))};
    Buffer out, one;
    REQUIRE(p->pack_rows(rows, out));
    for (std::size_t i = 0; i < 5; ++i) {
      REQUIRE(p->pack_array({.element = Scalar::f32, .shape = {n}, .data = rows.data.subspan(i * n * 4, n * 4)}, one));
    }
    CHECK(to_hex(out) == to_hex(one));
    std::vector<std::byte> room(out.size());
    CHECK(p->pack_rows_into(rows, room).value() == out.size());
    CHECK(to_hex(room) == to_hex(out));
    std::vector<float> back(data.size());
    REQUIRE(p->unpack_rows(out, 5, std::as_writable_bytes(std::span(back))));
    CHECK(back == data);
    CHECK_FALSE(p->unpack_rows(out, 6, std::as_writable_bytes(std::span(back))));
    CHECK_FALSE(p->unpack_rows(out, 5, std::as_writable_bytes(std::span(back).first(3))));
    out[p->elem_size() * 2] = std::byte{2};
    CHECK(failure(p->unpack_rows(out, 5, std::as_writable_bytes(std::span(back)))) ==
          "Type mismatch at vector 2: expected 1, got 2");
    std::vector<std::int64_t> whole(data.size(), 3);
    const ArrayView integers{.element = Scalar::i64, .shape = {5, n}, .data = std::as_bytes(std::span(whole))};
    Buffer converted;
    REQUIRE(p->pack_rows(integers, converted));
    Arena arena;
    CHECK(p->unpack(converted, 4 * p->elem_size(), arena).has_value());
  }
  std::vector<double> wide = {1, 1e300};
  Buffer out;
  const ArrayView doubles{.element = Scalar::f64, .shape = {2, 1}, .data = std::as_bytes(std::span(wide))};
  CHECK(failure(Packer::make("vec:f32:1")->pack_rows(doubles, out)) ==
        "row 1: element 0 is 1e+300, which f32 can't hold");
  CHECK(out.empty());
}

}  // namespace
}  // namespace packhouse::datapacker::test
