#include <doctest/doctest.h>

#include <map>

#include "packstream/decode.hpp"
#include "packstream/encode.hpp"
#include "tests/packstream/support.hpp"
#include "value/builder.hpp"
#include "value/temporal/api.hpp"

// Every case of data/packstream-open.json, which five real implementations agree on.
namespace packhouse::packstream::test {
namespace {

ReadOptions raw(const Dialect& dialect) { return {.dialect = dialect, .structures = ReadOptions::Structures::raw}; }

struct Cases {
  Arena arena;
  Value file = load("packstream-open.json", arena);
  std::span<const Value> all = member(file, "cases").as_list();
};

std::string read_log(Bytes in, const ReadOptions& options) {
  Recorder out;
  const auto r = read(in, out, options);
  return r ? out.log() : "error " + r.error().message();
}

void check_bytes(const Value& c, Bytes written) {
  if (const Value hex = member(c, "hex"); hex.is(Kind::string)) {
    CHECK(to_hex(written) == hex.as_string());
    return;
  }
  CHECK(static_cast<std::int64_t>(written.size()) == member(c, "len").as_integer());
  CHECK(to_hex(written).starts_with(text(c, "head_hex")));
  CHECK(to_hex(written).ends_with(text(c, "tail_hex")));
  CHECK(sha256_hex(written) == text(c, "sha256"));
}

TEST_CASE("canonical vectors: value and bytes correspond both ways") {
  const Cases cases;
  int seen = 0;
  for (const Value& c : cases.all) {
    if (text(c, "op") != "canonical") continue;
    CAPTURE(text(c, "id"));
    ++seen;
    const Dialect dialect = dialect_of(c);
    Buffer written;
    Writer writer(written, dialect);
    replay(member(c, "value"), writer);
    check_bytes(c, written);

    Recorder expected;
    replay(member(c, "value"), expected);
    CHECK(read_log(written, raw(dialect)) == expected.log());

    Buffer again;
    Writer second(again, dialect);
    CHECK(read(written, second, raw(dialect)));
    CHECK(to_hex(again) == to_hex(written));
  }
  CHECK(seen == 221);
}

TEST_CASE("canonical vectors of values: decoded and encoded without change, by both ways of reading") {
  const Cases cases;
  std::map<std::string_view, int> seen, refused;
  for (const Value& c : cases.all) {
    if (text(c, "op") != "canonical" || member(c, "hex").is_null()) continue;
    CAPTURE(text(c, "id"));
    const auto in = input_of(c);
    const Dialect dialect = dialect_of(c);
    Arena arena;
    const auto v = decode_value(in, arena, dialect);
    ValueBuilder builder(arena);
    const auto r = read(in, builder, {.dialect = dialect});
    CHECK(v.has_value() == r.has_value());
    ++(v ? seen : refused)[text(c, "group")];
    if (!v || !r) {
      CHECK(v.error().message() == r.error().message());
      continue;
    }
    for (const Value& value : {*v, builder.take()}) {
      Buffer out;
      Writer writer(out, dialect);
      CHECK(encode_value(value, writer));
      CHECK(to_hex(out) == to_hex(in));
    }
  }
  CHECK(seen["temporal"] == 36);
  CHECK(seen["spatial"] == 4);
  CHECK(refused["spatial"] == 1);  // an infinite coordinate
  CHECK(seen["vector"] == 6);  // the one of 768 dimensions is given by its digest
  CHECK(refused["vector"] == 1);  // no dimensions
  CHECK(refused["graph"] == 18);
  CHECK(refused["message"] + seen["message"] == 18);
  CHECK(refused["unsupported"] == 2);
  CHECK(refused["uuid"] == 4);  // Bolt 6.1 is not offered, no value holds one
  for (const auto* group : {"scalar", "int", "float", "string", "bytes", "list", "map"}) CHECK(refused[group] == 0);
}

TEST_CASE("temporal vectors mean what they say") {
  const Cases cases;
  const std::map<std::string_view, Kind> kinds = {{"Date", Kind::date},
                                                  {"Time", Kind::time},
                                                  {"LocalTime", Kind::local_time},
                                                  {"LocalDateTime", Kind::local_datetime},
                                                  {"DateTime", Kind::datetime}};
  int seen = 0;
  for (const Value& c : cases.all) {
    const Value semantic = member(c, "semantic");
    if (text(c, "group") != "temporal" || !semantic.is(Kind::map)) continue;
    const auto kind = kinds.find(text(semantic, "type"));
    const std::string_view iso = text(semantic, "iso");
    if (kind == kinds.end() || iso.empty()) continue;
    CAPTURE(text(c, "id"));
    Arena arena;
    const auto in = input_of(c);
    const auto v = decode_value(in, arena, dialect_of(c));
    const auto expected = temporal_from_text(kind->second, iso.substr(0, iso.find(' ')), Now{}); // a remark may follow
    REQUIRE(v);
    REQUIRE(expected);
    CHECK(temporal_to_text(*v) == temporal_to_text(*expected));
    ++seen;
  }
  CHECK(seen >= 30);
}

TEST_CASE("longer encodings are accepted and written again in the shortest form") {
  const Cases cases;
  int seen = 0, duplicates = 0;
  for (const Value& c : cases.all) {
    if (text(c, "op") != "decode_accept") continue;
    CAPTURE(text(c, "id"));
    const auto in = input_of(c);
    Buffer out;
    Writer writer(out);
    const auto r = read(in, writer);
    if (text(c, "group") == "duplicate-key") {  // decision B1: refused
      REQUIRE_FALSE(r);
      CHECK(r.error().message().find("duplicate map key") != std::string::npos);
      ++duplicates;
      continue;
    }
    REQUIRE(r);
    CHECK(to_hex(out) == text(c, "canonical_hex"));
    Recorder expected;
    replay(member(c, "value"), expected);
    CHECK(read_log(in, {}) == expected.log());
    ++seen;
  }
  CHECK(seen == 63);
  CHECK(duplicates == 2);
}

TEST_CASE("malformed vectors are refused, and nothing is reserved for what they claim") {
  const Cases cases;
  int seen = 0;
  for (const Value& c : cases.all) {
    if (text(c, "op") != "decode_reject") continue;
    CAPTURE(text(c, "id"));
    CAPTURE(text(c, "why"));
    ++seen;
    const auto in = input_of(c);
    Arena arena(64);
    const auto v = decode_value(in, arena);
    CHECK_FALSE(v);
    CHECK(arena.footprint() < 1024 + 64 * in.size());

    Arena second(64);
    ValueBuilder builder(second);
    const auto r = read(in, builder);
    REQUIRE_FALSE(r);
    CHECK(second.footprint() < 1024 + 64 * in.size());
    if (!v) CHECK(v.error().message() == r.error().message());

    if (text(c, "group") != "bad-structure") {
      Recorder log;
      CHECK_FALSE(read(in, log, raw({})));
    }
    Cursor cursor(in);
    const bool skipped = cursor.skip();  // may succeed where only the content is bad, must not crash
    CHECK(skipped != cursor.failed());
  }
  CHECK(seen == 104);
}

TEST_CASE("every prefix of a canonical vector is cut short") {
  const Cases cases;
  for (const Value& c : cases.all) {
    if (text(c, "op") != "canonical" || member(c, "hex").is_null()) continue;
    CAPTURE(text(c, "id"));
    const auto in = input_of(c);
    for (std::size_t n = 0; n < in.size() && n < 300; ++n) {
      const Bytes prefix = Bytes(in).first(n);
      Recorder log;
      CHECK_FALSE(read(prefix, log, raw(dialect_of(c))));
      Cursor cursor(prefix, true);
      CHECK_FALSE(cursor.skip());
    }
  }
}

}  // namespace
}  // namespace packhouse::packstream::test
