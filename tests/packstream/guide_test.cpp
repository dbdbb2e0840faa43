#include <doctest/doctest.h>

#include <functional>

#include "packstream/as_map.hpp"
#include "packstream/builder.hpp"
#include "packstream/data.hpp"
#include "packstream/print.hpp"
#include "packstream/typed_read.hpp"
#include "tests/packstream/support.hpp"

// The cases of data/packstream-guide-cases.json: what the Rust module of the guide does. Each is looked
// up here by its input; where we differ on purpose, `ours` says so and the list below says why:
//
//  - dbg: text that is not UTF-8 is shown in hex with our words; truncated input is said, not a panic.
//  - error texts are our own: only that there is an error is compared.
//  - int keys of maps (a10102) and duplicate keys are refused (decision B1).
//  - unit is null, read and written; the module reads it from anything and writes nothing, which breaks
//    the list or tuple around it.
//  - tuples are read from any list of n or more items by one rule (the module has exceptions for n = 2);
//    bare items are read with next_items, for any n.
//  - lists, maps and structures that are cut short are refused, and so are the scalars the module panics on.
//  - a variant's structure must have exactly its fields.
//  - Bytes as a view can't come from a list (93010203): there are no bytes to view; a byte vector can.
//  - u64 above 2^63-1 is an error instead of -1; a sequence of unknown length is written.
//  - not C++ cases: newtype (no such thing), LieMap (Writer trusts sizes, see writer.hpp), BTreeMap with
//    int or char keys, as-map of 5, "x", (1, 2), ("a",) and [0i32; 0] (all of them don't compile).
namespace packhouse::packstream::test {

struct Rec {
  std::int64_t a = 0;
  std::optional<std::string> b;
  static constexpr auto fields() { return std::tuple(field("a", &Rec::a), field("b", &Rec::b)); }
  bool operator==(const Rec&) const = default;
};
struct Zero {
  static constexpr std::uint8_t structure_tag = 0;
  static constexpr auto fields() { return std::tuple(); }
};
struct One {
  std::int64_t n = 0;
  static constexpr std::uint8_t structure_tag = 1;
  static constexpr auto fields() { return std::tuple(field("n", &One::n)); }
};
struct Two {
  std::int64_t n = 0;
  std::string s;
  static constexpr std::uint8_t structure_tag = 2;
  static constexpr auto fields() { return std::tuple(field("n", &Two::n), field("s", &Two::s)); }
};
using Msg = std::variant<Zero, One, Two>;
struct Keep {
  std::int64_t id = 0;
  RawValue props;
  static constexpr auto fields() { return std::tuple(field("id", &Keep::id), field("props", &Keep::props)); }
};

namespace {

struct Guide {
  Arena arena;
  Value file = load("packstream-guide-cases.json", arena);
  std::span<const Value> all = member(file, "cases").as_list();
};

/// Reads T from a case's bytes and writes it again: what came in, in hex, or "error".
template <class T>
std::string again(std::string_view hex) {
  const auto in = from_hex(hex);
  const auto v = from_bytes<T>(in);
  if (!v) return "error";
  const auto out = to_bytes(*v);
  REQUIRE(out);
  return to_hex(*out);
}

TEST_CASE("guide: the pretty printer") {
  const Guide guide;
  int same = 0, ours = 0;
  for (const Value& c : guide.all) {
    if (!text(c, "group").starts_with("dbg")) continue;
    const std::string_view input = text(c, "input");
    CAPTURE(input);
    const std::string printed = print(from_hex(input));
    // The result is the debug form of a string: in quotes, with quotes and backslashes escaped.
    std::string quoted = "\"";
    for (const char ch : printed) {
      if (ch == '"' || ch == '\\') quoted += '\\';
      quoted += ch;
    }
    quoted += '"';
    if (quoted == text(c, "result")) {
      ++same;
      continue;
    }
    ++ours;
    const std::map<std::string_view, std::string_view> expected = {
        {"81ff", " 81 [FF] (PackStream string is not valid UTF-8: found FF at byte 1)"},
        {"c1", " C1 (PackStream value is cut short at byte 1)"},
        {"8561", " 85 (PackStream value is cut short at byte 1)"},
        {"d2000000", " D2 (PackStream value is cut short at byte 1)"},
    };
    const auto found = expected.find(input);
    REQUIRE(found != expected.end());
    CHECK(printed == found->second);
  }
  CHECK(same == 26);
  CHECK(ours == 4);
}

TEST_CASE("guide: reading, by type and input") {
  struct Case {
    const char* input;
    std::function<std::string(std::string_view)> read;
    const char* ours;  // what our writer gives for what was read, or "error"
  };
  using Pair = std::tuple<std::int64_t, std::int64_t>;
  using Three = std::tuple<std::int64_t, std::int64_t, std::int64_t>;
  using Four = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t>;
  using Pairs = std::vector<std::pair<std::string, std::int64_t>>;
  using Map = std::map<std::string, std::int64_t>;
  const Case cases[] = {
      {"i8 <- 2a", again<std::int8_t>, "2a"},
      {"i8 <- c9012c", again<std::int8_t>, "error"},
      {"u8 <- ff", again<std::uint8_t>, "error"},
      {"u64 <- cbffffffffffffffff", again<std::uint64_t>, "error"},
      {"i64 <- 81 61", again<std::int64_t>, "error"},
      {"f64 <- 2a", again<double>, "c14045000000000000"},
      {"f32 <- c13ff3ae147ae147ae", again<float>, "c13ff3ae1480000000"},
      {"char <- c90391", again<char32_t>, "c90391"},
      {"char <- ca00110000", again<char32_t>, "error"},
      {"bool <- 01", again<bool>, "error"},
      {"Option<i64> <- ", again<std::optional<std::int64_t>>, "c0"},
      {"Option<i64> <- c0", again<std::optional<std::int64_t>>, "c0"},
      {"Option<i64> <- 2a", again<std::optional<std::int64_t>>, "2a"},
      {"() <- ", again<std::monostate>, "c0"},
      {"() <- c0", again<std::monostate>, "c0"},
      {"() <- 2a", again<std::monostate>, "error"},
      {"Unit <- c0", again<std::monostate>, "c0"},
      {"Bytes <- cc03010203", again<Bytes>, "cc03010203"},
      {"Bytes <- 93010203", again<std::vector<std::byte>>, "cc03010203"},
      {"Vec<u8> <- cc03010203", again<std::vector<std::uint8_t>>, "93010203"},
      {"Vec<i64> <- cc03010203", again<std::vector<std::int64_t>>, "93010203"},
      {"Vec<u8> <- 93010203", again<std::vector<std::uint8_t>>, "93010203"},
      {"String <- cc0161", again<std::string>, "error"},
      {"Vec<(String, i64)> <- a2816101816202", again<Pairs>, "929281610192816202"},
      {"Vec<(String, i64)> <- a3816101816202816103", again<Pairs>, "error"},
      {"BTreeMap<String, i64> <- a3816101816202816103", again<Map>, "error"},
      {"Vec<(i64, i64)> <- a10102", again<Pairs>, "error"},
      {"Vec<(String, i64)> <- 929281610192816202", again<Pairs>, "929281610192816202"},
      {"Vec<i64> <- a2816101816202", again<std::vector<std::int64_t>>, "error"},
      {"(i64,) <- 912a", again<std::tuple<std::int64_t>>, "912a"},
      {"(i64, i64) <- 920102", again<Pair>, "920102"},
      {"(i64, i64) <- 93010203", again<Pair>, "920102"},
      {"(i64, i64, i64) <- 93010203", again<Three>, "93010203"},
      {"(i64, i64, i64) <- 010203", again<Three>, "error"},
      {"(i64, i64, i64) <- 920102", again<Three>, "error"},
      {"(i64, i64, i64) <- 9401020304", again<Three>, "93010203"},
      {"(i64, i64) <- d4020102", again<Pair>, "920102"},
      {"((i64, i64), String) <- 929201028161", again<std::tuple<Pair, std::string>>, "929201028161"},
      {"Tup <- 922a8161", again<std::tuple<std::int64_t, std::string>>, "922a8161"},
      {"(i64, i64) <- 9101", again<Pair>, "error"},
      {"(i64,i64,i64,i64) <- 9401020304", again<Four>, "9401020304"},
      {"(i64,i64,i64,i64) <- 01020304", again<Four>, "error"},
      {"Rec <- a281610181628178", again<Rec>, "a281610181628178"},
      {"Rec <- a1816101", again<Rec>, "a28161018162c0"},
      {"Rec <- a1816201", again<Rec>, "error"},
      {"Rec <- a3816101817a028162c0", again<Rec>, "a28161018162c0"},
      {"Rec <- 9201c0", again<Rec>, "a28161018162c0"},
      {"Msg <- b000", again<Msg>, "b000"},
      {"Msg <- b1012a", again<Msg>, "b1012a"},
      {"Msg <- b2022a8161", again<Msg>, "b2022a8161"},
      {"Msg <- b1092a", again<Msg>, "error"},
      {"Msg <- b1022a", again<Msg>, "error"},
      {"Msg <- b301010203", again<Msg>, "error"},
      {"Keep <- a2826964078570726f7073a18161920102", again<Keep>, "a2826964078570726f7073a18161920102"},
      {"RawBytes <- c0", again<RawValue>, "c0"},
      {"RawBytes <- a1", again<RawValue>, "error"},
      {"Vec<RawBytes> <- 93018161a0", again<std::vector<RawValue>>, "93018161a0"},
      {"Vec<i64> <- 9301", again<std::vector<std::int64_t>>, "error"},
      {"BTreeMap<String, i64> <- a2816101", again<Map>, "error"},
      {"String <- 8261", again<std::string>, "error"},
      {"i64 <- c9", again<std::int64_t>, "error"},
      {"i64 <- ", again<std::int64_t>, "error"},
      {"i64 <- c4", again<std::int64_t>, "error"},
      {"String <- 81ff", again<std::string>, "error"},
      {"(i64, i64, i64, i64) <- 93010203", again<Four>, "error"},
  };
  const Guide guide;
  for (const Case& c : cases) {
    CAPTURE(c.input);
    const auto found = std::ranges::find_if(guide.all, [&](const Value& v) { return text(v, "input") == c.input; });
    REQUIRE(found != guide.all.end());
    const std::string_view input = c.input;
    const std::string result = c.read(input.substr(input.find("<- ") + 3));
    CHECK(result == c.ours);
  }
  // The two of these groups that are not in the table: bare items, and an item with others behind it.
  const auto bare = from_hex("0102");
  Cursor in(bare);
  CHECK(next_items<std::int64_t, std::int64_t>(in) == std::tuple<std::int64_t, std::int64_t>(1, 2));
  const auto followed = from_hex("93010203 04");
  Cursor second(followed);
  const auto raw = next<RawValue>(second);
  REQUIRE(raw);
  CHECK(to_hex(raw->bytes) == "93010203");
}

TEST_CASE("guide: data that can be read again") {
  Data data(from_hex("2a2b2c"));
  CHECK(next<std::int64_t>(data.cursor()) == 42);
  CHECK(next<std::int64_t>(data.cursor()) == 43);
  CHECK(data.rest().size() == 1);
  data.reset();
  CHECK(next<std::int64_t>(data.cursor()) == 42);
  CHECK(to_hex(data.reset_to(from_hex("07"))) == "2a2b2c");
  CHECK(next<std::int64_t>(data.cursor()) == 7);
  CHECK_FALSE(next<std::int64_t>(data.cursor()));
  CHECK(to_hex(data.into_inner()) == "07");
  CHECK(data.rest().empty());
}

template <class T>
std::string hex_of(const T& v) {
  const auto out = to_bytes(v);
  return out ? to_hex(*out) : "error";
}

TEST_CASE("guide: pairs into one map") {
  using Inner = std::map<std::string, std::int64_t>;
  const Inner inner{{"z", 1}, {"y", 2}};
  CHECK(hex_of(as_map("a", 1)) == "a1816101");
  CHECK(hex_of(as_map("a", 1, "b", 2)) == "a2816101816202");
  CHECK(hex_of(as_map(std::pair("a", 1), std::pair("b", 2))) == "a2816101816202");
  CHECK(hex_of(as_map("a", 1, std::tuple("b", 2, std::monostate()))) == "a2816101816202");
  CHECK(hex_of(as_map(std::array{std::pair("a", 1), std::pair("b", 2)})) == "a2816101816202");
  CHECK(hex_of(as_map()) == "a0");
  CHECK(hex_of(as_map(std::optional<Inner>())) == "a0");
  CHECK(hex_of(as_map(std::vector<std::pair<std::string, int>>())) == "a0");
  CHECK(hex_of(as_map("a", std::optional<std::int64_t>())) == "a18161c0");  // the module forgets the value
  CHECK(hex_of(as_map("a", std::optional(3))) == "a1816103");
  CHECK(hex_of(as_map("a", std::monostate())) == "a18161c0");
  CHECK(hex_of(as_map("a", "b")) == "a181618162");
  CHECK(hex_of(as_map("a", std::vector{1, 2})) == "a18161920102");  // the module fails
  CHECK(hex_of(as_map(Inner{{"z", 1}})) == "a1817a01");
  CHECK(hex_of(as_map(Rec{1, {}})) == "a28161018162c0");
  CHECK(hex_of(as_map("k", inner)) == "a1816ba2817902817a01");
  CHECK(hex_of(as_map("k", 1, inner)) == "a3816b01817902817a01");  // the module writes a second header
  CHECK(hex_of(as_map("k", as_map("z", 1))) == "a1816ba1817a01");
}

TEST_CASE("guide: writing") {
  CHECK(hex_of(std::monostate()) == "c0");
  CHECK(hex_of(std::vector<std::monostate>(2)) == "92c0c0");
  CHECK(hex_of(std::tuple(1, std::monostate(), 2)) == "9301c002");
  CHECK(hex_of(std::optional(std::monostate())) == "c0");
  CHECK(hex_of(U'\u00e9') == "c900e9");
  CHECK(hex_of(std::numeric_limits<std::uint64_t>::max()) == "error");
  CHECK(hex_of(std::numeric_limits<std::int64_t>::min()) == "cb8000000000000000");
  CHECK(hex_of(1.5F) == "c13ff8000000000000");
  CHECK(hex_of(Rec{1, {}}) == "a28161018162c0");
  CHECK(hex_of(Msg(Zero())) == "b000");
  CHECK(hex_of(Msg(One{5})) == "b10105");
  CHECK(hex_of(Msg(Two{5, "a"})) == "b202058161");
  CHECK(hex_of(std::map<std::string, int>{{"a", 2}}) == "a1816102");
  CHECK(hex_of(std::vector<std::uint8_t>{1, 2}) == "920102");
  CHECK(hex_of(std::vector{std::byte{1}, std::byte{2}}) == "cc020102");
  const auto unknown = std::views::iota(1) | std::views::take_while([](int i) { return i < 4; });
  CHECK(hex_of(unknown) == "93010203");
}

TEST_CASE("guide: maps of unknown length") {
  const Guide guide;
  int seen = 0;
  for (const Value& c : guide.all) {
    if (text(c, "group") != "unknown-length-map" || text(c, "input") == "NestUnk") continue;
    const auto n = static_cast<std::uint32_t>(std::stoul(std::string(text(c, "input"))));
    Buffer out;
    Writer w(out);
    CHECK(w.map_begin(unknown_size));
    for (std::uint32_t i = 0; i < n; ++i) {
      const std::string digits = std::to_string(i);
      CHECK(w.key("k" + std::string(5 - digits.size(), '0') + digits));
      CHECK(w.integer(i));
    }
    CHECK(w.map_end());
    const std::string expected = "\"len " + std::to_string(out.size()) + " head " + to_hex(Bytes(out).first(std::min<std::size_t>(12, out.size())));
    CHECK(std::string(text(c, "result")).starts_with(expected));
    ++seen;
  }
  CHECK(seen == 8);
}

TEST_CASE("the byte builder makes any width") {
  const auto text3 = as_bytes("abc");
  CHECK(to_hex(Builder().null().boolean(true).tiny_int(-1).int8(1).int16(1).int32(1).int64(1).real(1).build()) ==
        "c0c3ffc801c90001ca00000001cb0000000000000001c13ff0000000000000");
  CHECK(to_hex(Builder().bytes8(text3).bytes16(text3).bytes32(text3).build()) == "cc03616263cd0003616263ce00000003616263");
  CHECK(to_hex(Builder().tiny_string("a").string8("a").string16("a").string32("a").build()) ==
        "8161d00161d1000161d20000000161");
  CHECK(to_hex(Builder().tiny_list(1).list8(1).list16(1).list32(1).build()) == "91d401d50001d600000001");
  CHECK(to_hex(Builder().tiny_map(1).map8(1).map16(1).map32(1).structure(2, 0x4E).extend(text3).build()) ==
        "a1d801d90001da00000001b24e616263");
}

}  // namespace
}  // namespace packhouse::packstream::test
