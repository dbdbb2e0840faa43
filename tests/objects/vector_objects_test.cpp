#include "tests/objects/components.hpp"

// Cases of the original whose objects have a class of their own.
namespace packhouse::objects::test {
namespace {

struct Fixture {
  std::unique_ptr<Registry> registry = test_registry();
  storage::TestStore store;
  Arena arena;
  Value vectors = load_vectors(arena);

  Value named(std::string_view name) const {
    for (const Value& c : member(vectors, "cases").as_list()) {
      if (text_of(c, "name") == name) return c;
    }
    FAIL("no case " << name);
    return {};
  }
  Value fields_of(const Value& c) {
    const Value typed = member(member(c, "object"), "fields");
    const auto entries = arena.array<MapEntry>(typed.as_map().size());
    for (std::size_t i = 0; i < entries.size(); ++i) ::new (&entries[i]) MapEntry{typed.as_map()[i].key, *typed_value(typed.as_map()[i].value, arena)};
    return Value::map(entries);
  }
  ManifestRecord save(const Storable& object) {
    Session session(*store, *registry);
    ManifestRecord m = must(session.objects.save(object, {.now = noon}));
    session.commit();
    return m;
  }
  std::string load(const ObjectId& id) {
    Session session(*store, *registry, AccessMode::read);
    const auto loaded = must(session.objects.load(id, {}));
    return shown(dynamic_cast<Attrs&>(*loaded.object).fields);
  }
};

TEST_CASE_FIXTURE(Fixture, "a C++ class and its unpacker: a content a field") {
  for (const std::string name : {"unpacker-attrs", "unpacker-attrs-empty", "unpacker-same-content-twice"}) {
    CAPTURE(name);
    const Value c = named(name), fields = fields_of(c);
    const ManifestRecord m = save(Attrs(fields));
    const auto wanted = member(c, "contents").as_list();
    REQUIRE(m.contents.size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      CHECK(m.contents[i].key == text_of(wanted[i], "content_key"));
      CHECK(m.contents[i].hash.hex() == text_of(wanted[i], "content_hash"));
    }
    CHECK(text(m.class_id) == text_of(member(c, "manifests").as_list()[0], "class_id"));
    CHECK(m.unpacker == text_of(member(c, "manifests").as_list()[0], "unpacker_name"));
    CHECK(load(m.id) == shown(fields));
  }
}

TEST_CASE_FIXTURE(Fixture, "equal contents are one entry with two references") {
  const std::string large(1000, 'x');
  const std::array entries{MapEntry{"a", Value::string(large)}, MapEntry{"b", Value::string(large)}};
  const ManifestRecord m = save(Attrs(Value::map(entries)));
  CHECK(m.contents.size() == 2);
  Session session(*store, *registry);
  CHECK(count_cells(session.cells(), "d") == 1);
  CHECK(must(session.objects.remove(m.id)));
  CHECK(count_cells(session.cells()) == 0);
}

TEST_CASE_FIXTURE(Fixture, "unpacker-attrs-mixed-serializers: each field by its kind") {
  const Value c = named("unpacker-attrs-mixed-serializers"), fields = fields_of(c);
  const ManifestRecord m = save(Attrs(fields));
  for (const Value& wanted : member(c, "contents").as_list()) {
    const ContentRecord* got = m.find(text_of(wanted, "content_key"));
    REQUIRE(got != nullptr);
    CHECK(got->hash.hex() == text_of(wanted, "content_hash"));
    CHECK(got->content_type == text_of(wanted, "content_type"));
  }
  CHECK(load(m.id) == shown(fields));
}

TEST_CASE_FIXTURE(Fixture, "unpacker-mixed-value-and-stream: values and streams in one object") {
  const Value c = named("unpacker-mixed-value-and-stream");
  registry = built_in_registry();
  must(registry->add(std::shared_ptr<const Unpacker>(std::make_shared<AttrsUnpacker>(
      "example.mixed@v1", std::map<std::string, Wishes>{{"meta", {.storage = "packhouse.record@v1"}}, {"rows", {.serializer = "packhouse.msgpack.stream@v1"}}}))));
  must(registry->add(StorableClass{Attrs(Value()).class_id(), "Mixed", "example.mixed@v1"}));
  Attrs object(from_json(R"({"meta": {"k": 1}})", arena));
  object.streams.emplace_back("rows", std::make_shared<ListSource>(from_json("[1, 2]", arena)));
  const ManifestRecord m = save(object);
  REQUIRE(m.contents.size() == 2);
  const auto wanted = member(c, "contents").as_list();
  for (std::size_t i = 0; i < 2; ++i) CHECK(m.contents[i].hash.hex() == text_of(wanted[i], "content_hash"));
  CHECK(m.contents[0].storage_config == text_of(wanted[0], "storage_config"));
  Session session(*store, *registry, AccessMode::read);
  LoadOptions with;
  with.streams = true;
  const auto loaded = must(session.objects.load(m.id, with));
  const auto& attrs = dynamic_cast<Attrs&>(*loaded.object);
  CHECK(shown(attrs.fields) == "{meta: {k: 1}}");
  REQUIRE(attrs.streams.size() == 1);
  std::vector<std::string> rows;
  Arena items;
  while (const auto item = must(attrs.streams[0].second->next(items))) rows.push_back(shown(*item));
  CHECK(rows == std::vector<std::string>{"1", "2"});
}

/// Saves Attrs whose field "bad" goes to `storage`, or whose stream does; the error, after which nothing is left.
std::string failing(storage::TestStore& store, const std::string& storage, std::shared_ptr<ItemSource> stream, Arena& arena) {
  auto registry = test_registry();
  auto r = built_in_registry();
  must(r->add(std::shared_ptr<const Unpacker>(
      std::make_shared<AttrsUnpacker>("failing@v1", std::map<std::string, Wishes>{{"bad", {.storage = storage}}}))));
  must(r->add(StorableClass{Attrs(Value()).class_id(), "Failing", "failing@v1"}));
  std::shared_ptr<Registry> shared = std::move(registry);
  if (storage.starts_with("test.")) must(r->add(std::shared_ptr<const Storage>(shared, must(shared->storage(storage)))));
  const std::string large(5000, 'g');
  const std::array fields{MapEntry{"good", Value::string(large)}, MapEntry{"bad", from_json("{}", arena)}};
  Attrs object(Value::map(std::span(fields).first(stream ? 1 : 2)));
  if (stream) object.streams.emplace_back("bad", std::move(stream));
  Session session(*store, *r);
  const auto saved = session.objects.save(object, {.now = noon});
  REQUIRE_FALSE(saved);
  CHECK(count_cells(session.cells()) == 0);
  session.commit();
  return saved.error().message();
}

TEST_CASE_FIXTURE(Fixture, "a content that fails takes the others back") {
  const auto rows = std::make_shared<ListSource>(from_json(R"([{"a":1},{"b":2}])", arena));
  CHECK(failing(store, "test.full@v1", nullptr, arena) == "content 'bad': disk full");
  CHECK(failing(store, "packhouse.embedded@v1", std::make_shared<BreakingSource>(1), arena) == "content 'bad': source broke");
  CHECK(failing(store, "packhouse.embedded@v1", std::make_shared<BreakingSource>(100'000), arena) == "content 'bad': source broke");
  CHECK(failing(store, "gone@v1", nullptr, arena).find("No storage named 'gone@v1'") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "stream-partial-storage: a storage that stops reading is found out") {
  std::string rows = "[";
  for (int i = 0; i < 50'000; ++i) rows += (i ? "," : "") + std::string(R"({"a":1})");
  const auto items = std::make_shared<ListSource>(from_json(rows + "]", arena));
  CHECK(failing(store, "test.partial-stream@v1", items, arena) ==
        "content 'bad': Storage 'test.partial-stream@v1' did not fully consume the data stream");
}

TEST_CASE_FIXTURE(Fixture, "value-tags-reach-storage") {
  registry = test_registry("test.tagspy@v1");
  Session session(*store, *registry);
  const Value list = from_json("[1]", arena);
  const auto m = must(session.objects.save(object_of("packhouse.value", list), {.tags = {{"env", "prod"}}, .now = noon}));
  CHECK(m.contents[0].storage_config == "\"env=prod\"");
}

}  // namespace
}  // namespace packhouse::objects::test
