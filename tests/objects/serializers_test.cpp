#include "objects/serializers/config.hpp"
#include "tests/objects/support.hpp"
#include "tests/support/hex.hpp"

namespace packhouse::objects::test {
namespace {

/// Values of every kind that can be saved.
std::vector<Value> all_kinds(Arena& arena) {
  std::vector<Value> out;
  for (const std::string_view json : {"null", "true", "-42", "1.5", R"("h\u00e9")", "[]", R"([1, [2, "x"]])", "{}", R"({"a": {"b": []}})",
                                      R"({"$type": "Base64", "_value": "AAEC"})", R"({"$type": "Date", "_value": "2024-02-29"})",
                                      R"({"$type": "Time", "_value": "12:00:01+01:00"})", R"({"$type": "LocalTime", "_value": "12:00:01.5"})",
                                      R"({"$type": "LocalDateTime", "_value": "2024-02-29T12:00:00"})",
                                      R"({"$type": "ZonedDateTime", "_value": "2024-02-29T12:00:00+01:00[Europe/Stockholm]"})",
                                      R"({"$type": "Duration", "_value": "P1DT2S"})",
                                      R"j({"$type": "Point", "_value": "SRID=7203;POINT (1.0 2.0)"})j",
                                      R"({"$type": "Vector", "_value": {"coordinatesType": "FLOAT32", "coordinates": ["1.5", "-2.0"]}})"}) {
    out.push_back(from_json(json, arena));
  }
  return out;
}

std::string round_trip(const Serializer& s, const Value& v, std::string_view config = {}) {
  Buffer out;
  const auto kept = s.encode(v, config, out);
  if (!kept) return "refused: " + kept.error().message();
  Arena arena;
  return shown(must(s.decode(out, *kept, arena)));
}

TEST_CASE("every kind of value has a serializer, which gives it back") {
  const auto r = built_in_registry();
  Arena arena;
  for (const Value& v : all_kinds(arena)) {
    const auto s = r->serializer_for(v);
    CAPTURE(shown(v));
    REQUIRE(s);
    CHECK(round_trip(**s, v) == shown(v));
  }
  CHECK(r->serializer_for(Value::node(NodeId{1})).error().message() == "No serializer found for NODE");
}

TEST_CASE("serializers that carry everything") {
  const auto r = built_in_registry();
  Arena arena;
  for (const std::string name : {"packhouse.packstream.value@v1", "packhouse.packos.value@v1", "packhouse.msgpack.value@v1", "packhouse.cbor.value@v1"}) {
    for (const Value& v : all_kinds(arena)) {
      CAPTURE(name);
      CHECK(round_trip(*must(r->serializer(name)), v) == shown(v));
    }
  }
}

TEST_CASE("serializers refuse what does not fit") {
  const auto r = built_in_registry();
  Arena arena;
  const Value bytes = from_json(R"({"$type": "Base64", "_value": "AA=="})", arena), text = Value::string("a"), nan = Value::real(0.0 / 0.0);
  struct Row {
    std::string serializer;
    Value value;
    std::string_view says;
  };
  for (const auto& [name, v, says] : {Row{"packhouse.json.value@v1", bytes, "found BYTES"}, Row{"packhouse.json.value@v1", nan, "NaN"},
                                      Row{"packhouse.bytes@v1", text, "takes bytes, found STRING"}, Row{"packhouse.text@v1", bytes, "takes a string"},
                                      Row{"packhouse.csv@v1", text, "a list of rows"}, Row{"packhouse.csv@v1", from_json("[[]]", arena), "an empty one"},
                                      Row{"packhouse.csv@v1", from_json("[[[1]]]", arena), "found LIST"},
                                      Row{"packhouse.datetime.iso8601@v1", text, "date and time"},
                                      Row{"packhouse.datapacker@v1", text, "needs a config with a dtype"}}) {
    CAPTURE(name);
    const std::string got = round_trip(*must(r->serializer(name)), v);
    CHECK_MESSAGE(got.starts_with("refused: "), got);
    CHECK_MESSAGE(got.find(says) != std::string::npos, got);
  }
}

TEST_CASE("DataPacker: the dtype is in the config") {
  const auto r = built_in_registry();
  const Serializer& s = *must(r->serializer("packhouse.datapacker@v1"));
  Arena arena;
  Buffer out;
  CHECK(must(s.encode(from_json("[1, 2, 3]", arena), R"({"dtype": "i16"})", out)) == R"({"dtype":"i16","count":3})");
  CHECK(tests::hex(out) == "01 00 02 00 03 00");
  CHECK(round_trip(s, from_json("[1, 2, 3]", arena), R"({"dtype": "i16"})") == "[1, 2, 3]");
  CHECK(round_trip(s, from_json("[]", arena), R"({"dtype": "f32"})") == "[]");
  CHECK(round_trip(s, Value::integer(7)) == "7");
  CHECK(round_trip(s, Value::boolean(true)) == "true");
  CHECK(round_trip(s, from_json(R"(["ab", "c"])", arena), R"({"dtype": "str:4"})") == "['ab', 'c']");
  CHECK(round_trip(s, from_json(R"(["ab"])", arena), R"({"dtype": "str"})").find("fixed size") != std::string::npos);
  CHECK(round_trip(s, Value::integer(300), R"({"dtype": "i8"})").find("out of range") != std::string::npos);
  CHECK(round_trip(s, Value::integer(1), R"({"dtype": "nonsense"})").find("Invalid dtype") != std::string::npos);
  CHECK(round_trip(s, Value::integer(1), "[]").find("config is a map") != std::string::npos);
  Arena other;
  CHECK_FALSE(s.decode(out, R"({"dtype":"i16","count":4})", other));
  CHECK_FALSE(s.decode(out, R"({"dtype":"i16","count":-1})", other));
  CHECK_FALSE(s.decode(out, "", other));
}

TEST_CASE("NumPy's files: the bytes of arrays that are lists here are the original's too") {
  const auto r = built_in_registry();
  const Serializer& s = *must(r->serializer("packhouse.npy@v1"));
  struct Row {
    std::string json, dtype;
    std::string_view digest;
    std::string back;
  };
  for (const auto& [json, dtype, digest, back] :
       {Row{"[[1.5, 2.0], [3.0, 4.0]]", "f32", "20b7724a403b17e8da151e3857265da9ed1cc3b53565f001c9b07e64b76d14e8", "[<vector of 2 elements>, <vector of 2 elements>]"},
        Row{"[true, false]", "bool", "4257418724eeadfcfc6affd95584b6da87d3ac25effd1de68ad2f9907cbe104c", "[true, false]"}, Row{"[]", "f64", "fdee2f2368bf2af9c942f32cce9d982e48dfc46889bf923e99bc9ac834a4ba46", "[]"}}) {
    CAPTURE(json);
    Arena arena;
    const std::string config = "{\"dtype\":\"" + dtype + "\"}";
    Buffer out;
    must(s.encode(from_json(json, arena), config, out));
    CHECK(Sha256::of(out).hex() == digest);
    CHECK(round_trip(s, from_json(json, arena), config) == back);
    for (std::size_t n = 0; n < out.size(); ++n) CHECK_FALSE(s.decode(out.view().first(n), "", arena));
  }
  Arena arena;
  CHECK(round_trip(s, from_json("[[1], [2, 3]]", arena), R"({"dtype": "i8"})").starts_with("refused"));
  CHECK(round_trip(s, from_json("[1]", arena)).find("needs a config with a dtype") != std::string::npos);
  CHECK(round_trip(s, Value::integer(1), R"({"dtype": "i8"})").find("takes vectors and lists") != std::string::npos);
}

struct StreamRow {
  std::string serializer, items;
  std::vector<std::string> back;
};
const std::vector<StreamRow> streams{
    {"packhouse.json.stream@v1", R"([{"a":"}],[\"\\"},[1,[2,{"b":[]}]],{},[]])", {R"({a: '}],["\\'})", "[1, [2, {b: []}]]", "{}", "[]"}},
    {"packhouse.json.stream@v1", "[]", {}},
    {"packhouse.msgpack.stream@v1", R"([1,300,70000,5000000000,-1,-200,1.5,"a",null,true,[1,{"k":[]}],{"a":{"b":1}}])",
     {"1", "300", "70000", "5000000000", "-1", "-200", "1.5", "'a'", "null", "true", "[1, {k: []}]", "{a: {b: 1}}"}},
    {"packhouse.msgpack.stream@v1", R"([{"$type":"Base64","_value":"AAEC"},{"$type":"Date","_value":"2024-02-29"}])", {"bytes", "date('2024-02-29')"}},
    {"packhouse.records.stream@v1", R"([1,"two",[3],{"four":4},null])", {"1", "'two'", "[3]", "{four: 4}", "null"}},
    {"packhouse.records.stream@v1", "[]", {}},
    {"packhouse.csv.stream@v1", R"([["a","b"],[1,"x,y"],["q\"q",""],["line\r\nend","back\\slash"],[""],[2.5,null]])",
     {"['a', 'b']", "['1', 'x,y']", "['q\"q', '']", "['line\\r\\nend', 'back\\\\slash']", "['']", "['2.5', '']"}},
};

TEST_CASE("streams give their items back, however their bytes are cut") {
  const auto r = built_in_registry();
  for (const auto& [name, json, back] : streams) {
    CAPTURE(name);
    const StreamSerializer& s = *must(r->stream_serializer(name));
    Arena arena;
    Buffer out;
    must(s.begin(out));
    std::uint64_t n = 0;
    for (const Value& item : from_json(json, arena).as_list()) must(s.item(item, n++, out));
    must(s.end(n, out));
    for (std::size_t piece = 1; piece <= out.size() + 1; ++piece) {
      CAPTURE(piece);
      const auto decoder = s.decoder();
      std::vector<std::string> got;
      Bytes rest = out;
      for (;;) {
        Value v;
        const auto step = must(decoder->next(arena, v));
        if (step == ItemDecoder::Step::end) break;
        if (step == ItemDecoder::Step::item) {
          got.push_back(v.is(Kind::bytes) ? "bytes" : shown(v));
          continue;
        }
        if (rest.empty()) {
          decoder->finish();
        } else {
          const Bytes next = rest.first(std::min(piece, rest.size()));
          rest = rest.subspan(next.size());
          decoder->feed(next);
        }
      }
      CHECK(got == back);
    }
  }
}

/// Whether a stream that holds these bytes is read to its end.
bool reads(const StreamSerializer& s, Bytes bytes) {
  const auto decoder = s.decoder();
  decoder->feed(bytes);
  bool finished = false;
  for (;;) {
    Arena arena;
    Value v;
    const auto step = decoder->next(arena, v);
    if (!step) return false;
    if (*step == ItemDecoder::Step::end) return true;
    if (*step != ItemDecoder::Step::more) continue;
    if (std::exchange(finished, true)) return true;
    decoder->finish();
  }
}

TEST_CASE("streams that end early or hold nonsense are errors") {
  const auto r = built_in_registry();
  const auto of = [&](const char* name) -> const StreamSerializer& { return *must(r->stream_serializer(name)); };
  for (const std::string_view bad : {"", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[]x", "{}", "[{]", "[\"a]", "[1]]"}) {
    CAPTURE(bad);
    CHECK_FALSE(reads(of("packhouse.json.stream@v1"), as_bytes(bad)));
  }
  CHECK(reads(of("packhouse.json.stream@v1"), as_bytes(" [ 1 , 2 ] ")));
  for (const std::string_view bad : {"92 01", "c4 05 00", "ce 00 00", "c1", "81 01 02", "dc ff ff 01", "a5 61", "d9"}) {
    CAPTURE(bad);
    CHECK_FALSE(reads(of("packhouse.msgpack.stream@v1"), tests::unhex(bad)));
  }
  for (const std::string_view bad : {"01", "05 00 00 00 01", "01 00 00 00 ff ff", "ff ff ff ff", "02 00 00 00 01 01"}) {
    CAPTURE(bad);
    CHECK_FALSE(reads(of("packhouse.records.stream@v1"), tests::unhex(bad)));
  }
  CHECK_FALSE(reads(of("packhouse.csv.stream@v1"), as_bytes("\"open")));
  CHECK_FALSE(reads(of("packhouse.text.stream@v1"), tests::unhex("41 c3")));
  CHECK(reads(of("packhouse.text.stream@v1"), tests::unhex("41 c3 a9")));
}

TEST_CASE("text comes in pieces that end between characters") {
  const auto r = built_in_registry();
  const std::string text = "aé€😀z";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const auto decoder = must(r->stream_serializer("packhouse.text.stream@v1"))->decoder();
    std::string got;
    Arena arena;
    Value v;
    for (const std::string_view piece : {std::string_view(text).substr(0, cut), std::string_view(text).substr(cut)}) {
      decoder->feed(as_bytes(piece));
      while (must(decoder->next(arena, v)) == ItemDecoder::Step::item) got += v.as_string();
    }
    decoder->finish();
    while (must(decoder->next(arena, v)) == ItemDecoder::Step::item) got += v.as_string();
    CHECK(got == text);
  }
}

}  // namespace
}  // namespace packhouse::objects::test
