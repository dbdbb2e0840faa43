#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "codec/datapacker/schema/schema.hpp"
#include "codec/json/reader.hpp"
#include "tests/codec/datapacker/vectors.hpp"

// The official test suite of JSON Schema, for the drafts that we claim, where Debian's package
// json-schema-test-suite is installed (tools/setup --tests installs it).
namespace packhouse::datapacker::test {
namespace {

const std::filesystem::path suite = "/usr/share/json-schema-test-suite/tests";

/// What we do otherwise, on purpose.
bool is_left_out(const std::string& file, const std::string& group) {
  static const std::set<std::string> files = {
      "refRemote.json",                      // nothing is fetched
      "definitions.json",                    // refers to the metaschema on the network
      "optional/bignum.json",                // integers have 64 bits
      "optional/ecmascript-regex.json",      // RE2 is no ECMA-262: no \Z rule, no look-around
      "optional/zeroTerminatedFloats.json",  // 1.0 is an integer in every draft, as in the original
      "optional/format/idn-hostname.json",
      "optional/content.json",  // media types of encoded contents are not looked into
  };
  static const std::set<std::string> groups = {"remote ref, containing refs itself",
                                               "$ref to boolean schema true in a remote"};
  return files.contains(file) || groups.contains(group);
}

struct Counts {
  int run = 0, left_out = 0;
};

void run_file(const std::filesystem::path& path, const std::string& draft, Counts& result) {
  const std::string name = std::filesystem::relative(path, suite / draft).string();
  std::ifstream in(path, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(in), {}};
  Arena arena;
  const auto groups = codec::json::read_value(as_bytes(content), arena, {.typed = false});
  if (!groups) {  // integers beyond 64 bits
    ++result.left_out;
    return;
  }
  const std::string uri = "http://json-schema.org/" + std::string("draft-0") + draft.back() + "/schema#";
  for (const Value& group : groups->as_list()) {
    std::vector<MapEntry> entries;
    Value schema = member(group, "schema");
    if (schema.is(Kind::map) && !find(schema.as_map(), "$schema")) {
      entries.assign(schema.as_map().begin(), schema.as_map().end());
      entries.push_back({"$schema", Value::string(uri)});
      schema = Value::map(entries);
    }
    INFO(draft, " ", name, ": ", text(group, "description"));
    if (is_left_out(name, text(group, "description"))) {
      ++result.left_out;
      continue;
    }
    const auto compiled = JsonSchema::compile(schema);
    CHECK_MESSAGE(compiled.has_value(), (compiled ? "" : compiled.error().message()));
    if (!compiled) continue;
    for (const Value& test : member(group, "tests").as_list()) {
      INFO(text(test, "description"));
      const auto valid = (*compiled)->validate(member(test, "data"));
      CHECK_MESSAGE(valid.has_value() == member(test, "valid").is_true(), (valid ? "" : valid.error().message()));
      ++result.run;
    }
  }
}

TEST_CASE("the official suite") {
  if (!std::filesystem::exists(suite)) {
    MESSAGE("json-schema-test-suite is not installed");
    return;
  }
  Counts result;
  for (const char* draft : {"draft4", "draft6", "draft7"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(suite / draft)) {
      if (entry.path().extension() == ".json") run_file(entry.path(), draft, result);
    }
  }
  CHECK(result.run > 1300);
  MESSAGE(result.run << " cases run, " << result.left_out << " groups or files left out");
}

}  // namespace
}  // namespace packhouse::datapacker::test
