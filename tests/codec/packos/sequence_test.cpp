// The sequential reader, pooled writers, and the forms that only the writer's callers ask for.
#include "codec/packos/sequence.hpp"

#include "codec/packos/codec.hpp"
#include "codec/packos/pool.hpp"
#include "tests/codec/packos/vectors.hpp"

using namespace packos_test;
using namespace packhouse::packos;

TEST_CASE("the sequential reader sees what the original's sees") {
  int steps = 0;
  for (const auto& v : load_vectors("wire.json")) {
    const auto& vector = v.as_object();
    if (vector.at("kind").as_string() != "access") continue;
    const std::string name(vector.at("name").as_string());
    CAPTURE(name);
    const auto bytes = unhex(vector.at("hex").as_string());
    auto seq = Sequence::open(bytes);
    REQUIRE(seq);
    for (const auto& item : vector.at("seq").as_array()) {
      const auto& step = item.as_object();
      if (!step.contains("i")) {
        CHECK(static_cast<std::int64_t>(seq->size()) == number(step.at("ArgCount")));
        continue;
      }
      CHECK(static_cast<std::int64_t>(seq->position()) == number(step.at("i")));
      const auto peeked = seq->peek();
      REQUIRE(peeked.has_value() == step.contains("peek_type"));
      if (peeked) CHECK(static_cast<std::int64_t>(peeked->tag) == number(step.at("peek_type")));
      if (peeked) CHECK(static_cast<std::int64_t>(peeked->width) == number(step.at("peek_width")));
      const auto field = seq->next();
      ++steps;
      REQUIRE(field.has_value() == step.contains("next"));
      if (!field) continue;
      const auto& payload = step.at("next").as_object().at("v").as_array()[0].as_object();
      if (payload.contains("hex") || payload.contains("v")) CHECK(std::string(as_text(field->bytes)) == text(payload));
    }
  }
  CHECK(steps >= 30);
}

TEST_CASE("a sequence reads types, containers and nulls, and stays where it failed") {
  PooledFrame frame;
  frame->begin_frame(5);
  frame->fixed(std::int32_t{7});
  frame->null(Tag::boolean);
  frame->begin_map(1);
  frame->string("k"), frame->float64(2.5);
  REQUIRE(frame->end());
  frame->string("go");
  frame->begin_tuple(0);
  REQUIRE(frame->end());
  REQUIRE(frame->end_frame());
  Arena arena;
  auto seq = Sequence::open(frame.bytes()).value();
  CHECK_FALSE(seq.next<std::int16_t>());
  CHECK(seq.position() == 0);
  CHECK(seq.next<std::int32_t>().value() == 7);
  CHECK_FALSE(seq.next_nullable<bool>().value().has_value());
  auto map = seq.next_container().value();
  CHECK(map.next<std::string_view>().value() == "k");
  CHECK(map.next_value(arena)->as_real() == 2.5);
  CHECK(map.left() == 0);
  CHECK(map.next().error().status() == Status::argument_error);
  CHECK(seq.next<std::string_view>().value() == "go");
  CHECK(seq.next_container()->size() == 0);
  CHECK(seq.peek()->tag == Tag::end);
}

TEST_CASE("pooled writers are used again, and forget what an error has left open") {
  const std::byte* first = nullptr;
  {
    PooledFrame a;
    a->begin_frame(1);
    a->begin_map(1);  // left open
    first = a.bytes().data();
  }
  PooledFrame b;
  CHECK(b.bytes().empty());
  b->begin_frame(1);
  b->integer(1);
  REQUIRE(b->end_frame());
  CHECK(b.bytes().data() == first);
  CHECK(hex(b.bytes()) ==
        "210008000"
        "1");
  PooledFrame strict({.strict = true});
  CHECK(strict->strict());
}

TEST_CASE("unsigned integers and lists of numbers that know their type") {
  Buffer out;
  FrameWriter w(out);
  w.begin_frame(2);
  w.told_unsigned(200);
  const std::uint16_t items[] = {1, 65535};
  w.numbers(ElementCode::u16, as_bytes(std::string_view(reinterpret_cast<const char*>(items), sizeof items)));
  REQUIRE(w.end_frame());
  CHECK(hex(out) == hex(unhex("32 00 12 00 40 00  05 C8  07 07 01 00 FF FF")));
  Arena arena;
  const auto v = decode(out, arena);
  REQUIRE(v);
  CHECK(v->as_list()[0].as_integer() == 200);
  CHECK(v->as_list()[1].as_list()[1].as_integer() == 65535);
}

TEST_CASE("numbers in text are read as the original's language reads them") {
  struct {
    std::string_view text;
    std::string_view hex;
  } cases[] = {
      {"12", "0C"},
      {"+7", "07"},
      {"-0", "00"},
      {"1e3", "E803"},
      {"1_000", "E803"},
      {"1_23.50_0_0e+0_2", "3E30"},
      {"0x1p4", "10"},
      {"0x_1_0p0", "10"},
      {".5", "000000000000E03F"},
      {"5.", "05"},
      {"1e-400", "00"},
      {"inf", "000000000000F07F"},
      {"-Infinity", "000000000000F0FF"},
      {"0x.8p1", "01"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    Buffer out;
    FrameWriter w(out);
    w.begin_frame(1);
    REQUIRE(w.numeric_text(c.text));
    REQUIRE(w.end_frame());
    CHECK(hex(out.view().subspan(4)) == c.hex);
  }
  for (const std::string_view bad :
       {"",      " 1",  "1 ",  "0x10", "_1",   "1_",   "1__0", "1_.5", "1._5", "1e_5",  "+nan", "-nan", "nan(1)",
        "1e400", "--1", "+-1", "0x",   "0xp1", "0x1p", "e5",   ".",    "1e",   "infin", "0b1",  "1,5",  "0x-1p1"}) {
    CAPTURE(bad);
    Buffer out;
    FrameWriter w(out);
    w.begin_frame(1);
    CHECK_FALSE(w.numeric_text(bad));
  }
}
