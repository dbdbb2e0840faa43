#include "tests/objects/components.hpp"

namespace packhouse::objects::test {
namespace {

TEST_CASE("class ids: the original's table; abc123 with a warning (U5)") {
  Arena arena;
  const Value vectors = load_vectors(arena);
  for (const Value& c : member(vectors, "cases").as_list()) {
    if (text_of(c, "name") != "class-id-normalisation") continue;
    for (const Value& row : member(c, "rows").as_list()) {
      const std::string id = text_of(row, "class_id"), wanted = text_of(row, "normalised");
      CAPTURE(id);
      const auto parsed = parse_class_id(id);
      if (id == "abc123") {
        REQUIRE(parsed);
        CHECK(text(parsed->id) == "abc12300-0000-0000-0000-000000000000");
        CHECK(parsed->warning.find("less than 8") != std::string::npos);
      } else if (wanted.empty()) {
        CHECK_FALSE(parsed);
      } else {
        REQUIRE(parsed);
        CHECK(text(parsed->id) == wanted);
        CHECK(parsed->warning.empty());
        CHECK(must(parse_class_id(wanted)).id == parsed->id);
      }
    }
  }
  for (const std::string bad : {"", "ab", "abcd", "abc1234", "abcd-1234", "gggggggg"}) CHECK_FALSE(parse_class_id(bad));
}

TEST_CASE("component names: the original's table") {
  Arena arena;
  const Value vectors = load_vectors(arena);
  for (const Value& c : member(vectors, "cases").as_list()) {
    if (text_of(c, "name") != "component-name-rule") continue;
    for (const Value& row : member(c, "rows").as_list()) {
      const std::string name = text_of(row, "name");
      CAPTURE(name);
      CHECK(check_component_name("unpacker", name).has_value() == member(row, "ok").is_true());
    }
  }
  CHECK(check_component_name("storage", "x").error().message() ==
        "Expected a versioned name for the storage, of the form '<name>@v<version>', but got 'x'");
}

TEST_CASE("object ids ascend with time and read back") {
  const ObjectId a = fresh_object_id({100, 0}), b = fresh_object_id({100, 5'000'000}), c = fresh_object_id({200, 0});
  CHECK(a < b);
  CHECK(b < c);
  CHECK(text(a)[14] == '7');
  CHECK(must(parse_object_id(text(a))) == a);
  CHECK_FALSE(parse_object_id("abc"));
  CHECK_FALSE(parse_object_id(text(a) + "0"));
}

TEST_CASE("the registry refuses names that are there, and says what is missing") {
  auto r = built_in_registry();
  CHECK(r->add(std::shared_ptr<const Unpacker>(std::make_shared<AttrsUnpacker>("packhouse.map@v1"))).error().message() ==
        "There is already a unpacker named 'packhouse.map@v1'");
  CHECK_FALSE(r->add(std::shared_ptr<const Unpacker>(std::make_shared<AttrsUnpacker>("unversioned"))));
  CHECK_FALSE(r->add(StorableClass{must(parse_class_id("5a044e9f")).id, "other", "packhouse.map@v1"}));
  CHECK_FALSE(r->add(StorableClass{must(parse_class_id("5a044e90")).id, "packhouse.map", "packhouse.map@v1"}));
  CHECK(r->add(StorableClass{must(parse_class_id("5a044e90")).id, "other", "gone@v1"}).error().message() ==
        "No unpacker named 'gone@v1' is registered");
  CHECK(r->storage("gone@v1").error().message() == "No storage named 'gone@v1' is registered");
  CHECK(Registry().default_storage().error().message() == "No default storage is set for this registry");
}

TEST_CASE("later registration wins where a serializer is chosen by kind") {
  /// Takes strings too.
  class Shouting final : public Serializer {
   public:
    std::string_view name() const override { return "shouting@v1"; }
    std::string_view content_type() const override { return "text/shouting"; }
    KindSet chosen_for() const override { return {Kind::string}; }
    Result<std::string> encode(const Value&, std::string_view, Buffer&) const override { return std::string(); }
    Result<Value> decode(Bytes, std::string_view, Arena&) const override { return Value(); }
  };
  auto r = built_in_registry();
  CHECK(must(r->serializer_for(Value::string("a")))->name() == "packhouse.json.value@v1");
  must(r->add(std::shared_ptr<const Serializer>(std::make_shared<Shouting>())));
  CHECK(must(r->serializer_for(Value::string("a")))->name() == "shouting@v1");
  CHECK(must(r->serializer_for(Value::integer(1)))->name() == "packhouse.json.value@v1");
}

TEST_CASE("manifests read back, and damage is found at every byte cut off") {
  ManifestRecord m;
  m.id = fresh_object_id(noon);
  m.class_id = must(parse_class_id("abcd1234")).id;
  m.unpacker = "x@v1";
  m.tags = {{"a", "1"}, {"b", ""}};
  m.created = noon;
  for (int i = 0; i < 3; ++i) {
    ContentRecord c;
    c.key = "ref/" + std::to_string(i);
    c.content_type = "application/json";
    c.hash = Sha256::of(as_bytes(c.key));
    c.size = std::uint64_t{1} << (20 * i);
    c.serializer = "s@v1";
    c.serializer_type = i == 1 ? SerializerType::stream : SerializerType::value;
    c.storage = "t@v1";
    c.storage_config = "\"x\"";
    m.contents.push_back(c);
  }
  Buffer out;
  must(encode(m, out));
  CHECK(must(decode_manifest(m.id, out)) == m);
  for (std::size_t n = 0; n < out.size(); ++n) CHECK_FALSE(decode_manifest(m.id, out.view().first(n)));
}

}  // namespace
}  // namespace packhouse::objects::test
