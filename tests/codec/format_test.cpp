#include <doctest/doctest.h>

#include "codec/format.hpp"
#include "tests/codec/support.hpp"

namespace packhouse::codec::test {
namespace {

std::string between(std::string_view from, std::string_view to, Bytes in) {
  Buffer out;
  const auto r = transcode(from, to, in, out);
  if (!r) {
    CHECK(out.empty());
    return "error: " + r.error().message();
  }
  return std::string(as_text(out));
}

TEST_CASE("every pair of formats transcodes, there and back without loss") {
  Arena arena;
  for (const Value& sample : samples(arena)) {
    const std::string json = as_json(sample);
    CAPTURE(json.substr(0, 200));
    for (const Format& from : formats().all()) {
      const std::string source = between("json", from.name, as_bytes(json));
      REQUIRE_FALSE(source.starts_with("error"));
      for (const Format& to : formats().all()) {
        CAPTURE(from.name);
        CAPTURE(to.name);
        const std::string there = between(from.name, to.name, as_bytes(source));
        const std::string back = between(to.name, from.name, as_bytes(there));
        if (from.name == "packos" || to.name == "packos") {  // sorts the entries of maps
          CHECK((between(from.name, "packos", as_bytes(back)) == between(from.name, "packos", as_bytes(source))));
        } else {
          CHECK((back == source));
        }
      }
    }
  }
}

TEST_CASE("formats are found by name, unknown ones are an error that lists those known") {
  CHECK(formats().find("json") != nullptr);
  CHECK(formats().find("JSON") == nullptr);
  Buffer out;
  const auto r = transcode("xml", "json", {}, out);
  REQUIRE_FALSE(r);
  CHECK(r.error().message().starts_with("unknown format 'xml', known are "));
  CHECK(r.error().message().find("packstream, json, msgpack") != std::string::npos);
  FormatRegistry registry;
  CHECK(registry.add(*formats().find("json")));
  CHECK_FALSE(registry.add(*formats().find("json")));
}

TEST_CASE("what failed leaves the output as it was") {
  Buffer out;
  out.append(as_bytes("before"));
  CHECK_FALSE(transcode("json", "msgpack", as_bytes("[1, 2, }"), out));
  CHECK(as_text(out) == "before");
}

TEST_CASE("limits hold for every format") {
  for (const Format& f : formats().all()) {
    CAPTURE(f.name);
    const auto nested = [&](int depth) {
      const std::string json = std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']');
      return between("json", f.name, as_bytes(json));
    };
    Buffer out;
    const Format& json = *formats().find("json");
    CHECK(transcode(f, json, as_bytes(nested(9)), out, {.max_depth = 9}));
    // PackOS counts an innermost empty list as a leaf.
    CHECK_FALSE(transcode(f, json, as_bytes(nested(f.name == "packos" ? 11 : 10)), out, {.max_depth = 9}));
  }
}

}  // namespace
}  // namespace packhouse::codec::test
