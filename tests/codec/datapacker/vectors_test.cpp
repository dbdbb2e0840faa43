#include "tests/codec/datapacker/vectors.hpp"

#include <doctest/doctest.h>

#include <map>

#include "codec/datapacker/packer.hpp"
#include "tests/codec/support.hpp"
#include "value/builder.hpp"

// Portable cases must come out as in the original: same bytes, same values, same class of error. What it gets wrong
// (scope quirk) is tested in quirks_test.cpp; arguments that only Python has, in python/tests.
namespace packhouse::datapacker::test {
namespace {

struct Seen {
  int run = 0, skipped = 0;
};

/// Equal values; NaN equals NaN bit by bit (maps may differ in order: the original sorts them on reading).
std::string canonical(const Value& v) {
  Buffer out;
  if (v.is(Kind::vector)) return "vector " + hex(v.vector_data());
  REQUIRE(write_structured(Dtype::Kind::msgpack, v, KeyOrder::sorted, out));
  return hex(out);
}

void check_failed(const Value& expect, const tl::expected<void, Error>& done) {
  REQUIRE_FALSE(done);
  const std::string wanted = expected_error(expect);
  CAPTURE(done.error().message());
  // What the original notices while converting Python's objects has other classes there.
  if (wanted == "ValueError" || wanted == "UnicodeEncodeError") CHECK(error_class(done.error()) != "");
  if (wanted == "TypeError") CHECK(error_class(done.error()) == "TypeError");
  if (wanted == "OverflowError") CHECK(error_class(done.error()) == "OverflowError");
}

Result<void> dropped(auto&& r) {
  if (!r) return tl::make_unexpected(r.error());
  return {};
}

void check_array(const ArrayView& found, const Value& typed, Arena& arena) {
  const auto wanted = array(typed, arena);
  REQUIRE(wanted);
  CHECK(found.element == wanted->element);
  CHECK(found.shape == wanted->shape);
  CHECK(hex(found.data) == hex(wanted->data));
}

void check_value(const Packer& p, Bytes in, std::uint64_t offset, const Value& typed, Arena& arena) {
  if (is_array(typed)) {
    const auto found = p.unpack_array(in, offset);
    REQUIRE_MESSAGE(found.has_value(), (found ? "" : found.error().message()));
    return check_array(*found, typed, arena);
  }
  const auto wanted = plain(typed, arena);
  if (!wanted) return;  // an integer above 2^63-1: structured_test.cpp
  const auto found = p.unpack(in, offset, arena);
  REQUIRE_MESSAGE(found.has_value(), (found ? "" : found.error().message()));
  CHECK(canonical(*found) == canonical(*wanted));
}

bool run_pack(const Value& c, Arena& arena) {
  const auto p = Packer::make(text(c, "dtype"));
  REQUIRE(p);
  const Value typed = member(c, "value"), expect = member(c, "expect");
  Buffer out;
  out.append(as_bytes("before"));
  Result<void> done;
  if (is_array(typed) && (p->dtype().kind == Dtype::Kind::vector || p->dtype().kind == Dtype::Kind::scalar)) {
    const auto a = array(typed, arena);
    if (!a) return false;
    done = p->pack_array(*a, out);
  } else {
    const auto v = plain(typed, arena);
    if (!v) return false;
    done = p->pack(*v, out);
  }
  if (!expected_error(expect).empty()) {
    check_failed(expect, done);
    CHECK(as_text(out) == "before");
    return true;
  }
  REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().message()));
  CHECK(equals_expected(out.view().subspan(6), expect));
  if (const Value again = member(c, "unpacked"); !again.is_null()) check_value(*p, out, 6, again, arena);
  return true;
}

bool run_unpack(const Value& c, Arena& arena) {
  const auto p = Packer::make(text(c, "dtype"));
  REQUIRE(p);
  const Bytes in = bytes_from_hex(text(c, "data"), arena);
  const auto offset = static_cast<std::uint64_t>(member(c, "offset").as_integer());
  const Value expect = member(c, "expect");
  if (expected_error(expect).empty()) {
    check_value(*p, in, offset, member(expect, "value"), arena);
  } else {
    check_failed(expect, dropped(p->unpack(in, offset, arena)));
    if (p->dtype().kind == Dtype::Kind::vector) check_failed(expect, dropped(p->unpack_array(in, offset)));
  }
  return true;
}

/// Several arrays one by one; the original has no other way either.
Result<void> pack_typed(const Packer& p, const Value& values, Buffer& out, Arena& arena) {
  std::vector<Value> plain_values;
  for (const Value& v : member(values, "v").as_list()) {
    if (is_array(v)) {
      PACKHOUSE_CHECK(p.pack_array(array(v, arena).value(), out));
    } else if (const auto one = plain(v, arena)) {
      plain_values.push_back(*one);
    } else {
      return fail(Status::arithmetic_error, "an integer beyond 64 bits");
    }
  }
  return p.pack_many(plain_values, out);
}

bool run_pack_many(const Value& c, Arena& arena) {
  const auto p = Packer::make(text(c, "dtype"));
  REQUIRE(p);
  const Value expect = member(c, "expect");
  Buffer out;
  const auto done = pack_typed(*p, member(c, "values"), out, arena);
  if (!expected_error(expect).empty()) {
    check_failed(expect, done);
  } else {
    REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().message()));
    CHECK(equals_expected(out, expect));
  }
  return true;
}

bool run_unpack_many(const Value& c, Arena& arena) {
  const auto p = Packer::make(text(c, "dtype"));
  REQUIRE(p);
  const Bytes in = bytes_from_hex(text(c, "data"), arena);
  Extent extent;
  std::vector<std::uint64_t> offsets;
  if (const Value n = member(c, "count"); !n.is_null()) extent.count = static_cast<std::uint64_t>(n.as_integer());
  if (const Value list = member(c, "offsets"); !list.is_null()) {
    for (const Value& o : list.as_list()) offsets.push_back(static_cast<std::uint64_t>(o.as_integer()));
    extent.offsets = offsets;
  }
  const Value expect = member(c, "expect");
  const auto found = p->unpack_many(in, extent, arena);
  if (!expected_error(expect).empty()) {
    check_failed(expect, dropped(found));
    return true;
  }
  REQUIRE_MESSAGE(found.has_value(), (found ? "" : found.error().message()));
  const auto wanted = member(member(expect, "values"), "v").as_list();
  REQUIRE(found->size() == wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (is_array(wanted[i])) {
      CHECK(hex((*found)[i].vector_data()) == text(wanted[i], "le_hex"));
    } else {
      CHECK(canonical((*found)[i]) == canonical(plain(wanted[i], arena).value()));
    }
  }
  return true;
}

bool run_new(const Value& c, Arena&) {
  const auto p = Packer::make(text(c, "dtype"));
  const Value expect = member(c, "expect");
  if (text(c, "dtype") == "u64") {  // D1: the document's dtypes exist
    CHECK(p.has_value());
  } else if (!expected_error(expect).empty()) {
    REQUIRE_FALSE(p);
    CHECK(p.error().message().starts_with("Invalid dtype: "));
  } else {
    REQUIRE_MESSAGE(p.has_value(), (p ? "" : p.error().message()));
    CHECK(static_cast<std::int64_t>(p->elem_size()) == member(expect, "elem_size").as_integer());
    CHECK(p->is_varsize() == member(expect, "is_varsize").as_boolean());
    CHECK(parse_dtype(p->dtype().text()).value() == p->dtype());
  }
  return true;
}

/// A column of scalars is their packed values, one after the other.
bool run_column(const Value& c, Arena& arena) {
  const auto p = Packer::make(text(c, "dtype"));
  if (!p || p->dtype().kind == Dtype::Kind::vector) return false;  // a column's vectors have no type byte
  const Value expect = member(c, "expect");
  if (p->dtype().scalar == Scalar::u64) {  // above 2^63-1: by array
    Buffer out;
    const std::uint64_t most = UINT64_MAX;
    REQUIRE(p->pack_rows({.element = Scalar::u64, .shape = {1}, .data = std::as_bytes(std::span(&most, 1))}, out));
    CHECK(equals_expected(out, expect));
    return true;
  }
  return run_pack_many(c, arena);
}

TEST_CASE("the original's portable cases") {
  Arena arena;
  std::map<std::string, Seen> seen;
  const std::map<std::string, bool (*)(const Value&, Arena&)> runners = {{"new", run_new},
                                                                         {"pack", run_pack},
                                                                         {"unpack", run_unpack},
                                                                         {"pack_many", run_pack_many},
                                                                         {"unpack_many", run_unpack_many},
                                                                         {"column_extend", run_column}};
  for (const Value& c : load_cases(arena)) {
    const auto runner = runners.find(text(c, "op"));
    if (text(c, "scope") != "portable" || runner == runners.end()) continue;
    INFO(text(c, "id"), " ", text(c, "op"), " ", text(c, "dtype"));
    Seen& s = seen[text(c, "op")];
    ++(runner->second(c, arena) ? s.run : s.skipped);
  }
  // Skipped: integers beyond Value (structured_test.cpp has those up to 2^64) and maps with keys that aren't texts.
  CHECK(seen["new"].run == 60);
  CHECK(seen["pack"].run == 305);
  CHECK(seen["pack"].skipped == 19);
  CHECK(seen["unpack"].run == 114);
  CHECK(seen["pack_many"].run == 27);
  CHECK(seen["unpack_many"].run == 32);
  CHECK(seen["column_extend"].run == 18);
}

}  // namespace
}  // namespace packhouse::datapacker::test
