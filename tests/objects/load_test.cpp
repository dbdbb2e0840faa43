#include "objects/keys.hpp"
#include "objects/storages/embedded.hpp"
#include "tests/objects/components.hpp"

namespace packhouse::objects::test {
namespace {

struct Fixture {
  std::unique_ptr<Registry> registry = test_registry();
  storage::TestStore store;
  Arena arena;
  ObjectId saved(std::string_view class_name, const Value& v) {
    Session session(*store, *registry);
    const auto id = must(session.objects.save(object_of(class_name, v), {.now = noon})).id;
    session.commit();
    return id;
  }
  std::string load_error(const ObjectId& id, const Registry& with, const LoadOptions& options = {}) {
    Session session(*store, with, AccessMode::read);
    const auto loaded = session.objects.load(id, options);
    REQUIRE_FALSE(loaded);
    return loaded.error().message();
  }
};

TEST_CASE_FIXTURE(Fixture, "classes that are asked for") {
  const auto id = saved("packhouse.value", Value::integer(1));
  CHECK(load_error(id, *registry, {.expected_class = "Attrs"}).find("Expected an object of class Attrs, but") == 0);
  CHECK(load_error(id, *registry, {.expected_class = "Nobody"}) == "No class named 'Nobody' is registered");
  Session session(*store, *registry, AccessMode::read);
  CHECK(session.objects.load(id, {.expected_class = "packhouse.value"}));
  CHECK(session.objects.load(id, {.expected_class = "5a044e9f"}));
  CHECK(session.objects.load(fresh_object_id(noon), {}).error().status() == Status::entity_not_found);
}

TEST_CASE_FIXTURE(Fixture, "what is not registered any more is named") {
  const auto id = saved("packhouse.value", Value::integer(1));
  const auto shared = std::shared_ptr<Registry>(built_in_registry());
  Registry r;
  CHECK(load_error(id, r) == "No class with the id 5a044e9f-0000-0000-0000-000000000000 is registered");
  must(r.add(std::shared_ptr<const Unpacker>(shared, shared->find_unpacker("packhouse.map@v1"))));
  must(r.add(StorableClass{must(parse_class_id("5a044e9f")).id, "renamed", "packhouse.map@v1"}));
  CHECK(load_error(id, r) == "No unpacker named 'packhouse.value@v1' is registered");
  must(r.add(std::shared_ptr<const Unpacker>(shared, shared->find_unpacker("packhouse.value@v1"))));
  const std::string place = "object " + text(id) + ", content 'item', storage packhouse.embedded@v1: ";
  CHECK(load_error(id, r) == place + "No serializer named 'packhouse.json.value@v1' is registered");
  must(r.add(std::shared_ptr<const Serializer>(shared, must(shared->serializer("packhouse.json.value@v1")))));
  CHECK(load_error(id, r) == place + "No storage named 'packhouse.embedded@v1' is registered");
  must(r.add(std::shared_ptr<const Storage>(shared, must(shared->storage("packhouse.embedded@v1")))));
  Session session(*store, r, AccessMode::read);
  const auto loaded = must(session.objects.load(id, {}));
  CHECK(loaded.storable_class.name == "renamed");  // the class is its id
  CHECK(shown(dynamic_cast<StorableValue&>(*loaded.object).value) == "1");
}

/// Writes `bytes` over what is kept under the digest of `content`.
void corrupt(storage::TestStore& store, const Registry& registry, const Digest& hash, std::string_view bytes) {
  Session session(*store, registry);
  const std::string key = keys::key(keys::Table::digest, hash.view());
  must(session.cells().patch_cell(as_bytes(key), 25, as_bytes(bytes)));
  session.commit();
}

TEST_CASE_FIXTURE(Fixture, "damage is reported, never returned (U1)") {
  const std::string text(1000, 's');
  const auto id = saved("packhouse.value", Value::string(text));
  const Digest hash = Sha256::of(as_bytes('"' + text + '"'));
  corrupt(store, *registry, hash, "\"x");
  const std::string place = "object " + objects::text(id) + ", content 'item', storage packhouse.embedded@v1: ";
  CHECK(load_error(id, *registry).find(place + "its bytes have changed: the digest should be " + hash.hex()) == 0);
  {
    Session session(*store, *registry, AccessMode::read);
    const auto content = must(session.objects.manifest(id)).contents.at(0);
    ContentCheck check(session.cells(), *registry, id, content);
    CHECK(check.next().error().message().find(place + "its bytes have changed") == 0);
    Arena items;
    CHECK(must(session.objects.open_content(id, "item"))->next(items).error().message().find("have changed") != std::string::npos);
  }
  corrupt(store, *registry, hash, '"' + text + "\"more");
  CHECK(load_error(id, *registry).find(place + "it is longer than its record says") == 0);
  {
    Session session(*store, *registry);
    must(session.cells().erase_cell(as_bytes(keys::key(keys::Table::digest, hash.view()))));
    session.commit();
  }
  CHECK(load_error(id, *registry) == place + "its bytes are missing");
  Session session(*store, *registry);
  CHECK(must(session.objects.remove(id)));  // a damaged object can be deleted
}

TEST_CASE_FIXTURE(Fixture, "a damaged stream never comes to its end") {
  std::string json = "[";
  for (int i = 0; i < 60'000; ++i) json += (i ? "," : "") + std::string("[1]");
  Session session(*store, *registry);
  const auto m = must(session.objects.save(object_of("packhouse.stream", from_json(json + "]", arena)), {.now = noon}));
  ContentRecord wrong = m.contents[0];
  wrong.hash = Sha256::of({});
  const auto embedded = must(registry->storage("packhouse.embedded@v1"));
  CheckedSource source(must(embedded->get(session.cells(), m.contents[0])), wrong);
  std::uint64_t given = 0;
  Result<std::optional<Bytes>> piece = source.next();
  for (; piece && *piece; piece = source.next()) given += (*piece)->size();
  REQUIRE_FALSE(piece);
  CHECK(given < m.contents[0].size);
  wrong.size += 1;
  CheckedSource shorter(must(embedded->get(session.cells(), m.contents[0])), wrong);
  do piece = shorter.next();
  while (piece && *piece);
  REQUIRE_FALSE(piece);
  CHECK(piece.error().message().find("it ends after") != std::string::npos);
  CHECK(items_of(*must(session.objects.open_content(m.id, "item"))).size() == 60'000);
}

TEST_CASE_FIXTURE(Fixture, "more than may be read at once is refused; bytes and text come in pieces") {
  const std::string bytes(200'000, 'b');
  const auto id = saved("packhouse.value", Value::bytes(as_bytes(bytes)));
  CHECK(load_error(id, *registry, {.most_bytes = 199'999}).find("more than may be read at once") != std::string::npos);
  std::string json = "[0";
  for (int i = 0; i < 10'000; ++i) json += ",0";
  const auto numbers = saved("packhouse.value", from_json(json + "]", arena));  // 2 bytes each, 16 when they are read
  CHECK(load_error(numbers, *registry, {.most_bytes = 100'000}).find("more than may be read at once") != std::string::npos);
  CHECK(must(Session(*store, *registry, AccessMode::read).objects.load(numbers, {.most_bytes = 1'000'000})).notes.empty());
  Session session(*store, *registry, AccessMode::read);
  const auto reader = must(session.objects.open_content(id, "item"));
  Arena arena_;
  std::size_t pieces = 0, size = 0;
  while (const auto piece = must(reader->next(arena_))) ++pieces, size += piece->as_bytes().size();
  CHECK(pieces == 4);
  CHECK(size == bytes.size());
  CHECK(session.objects.open_content(id, "gone").error().message() == "object " + text(id) + " has no content 'gone'");
}

Declaration declared(std::string name, std::vector<FieldRule> fields, bool strict = false) {
  Declaration d;
  d.name = std::move(name);
  d.fields = std::move(fields);
  d.strict = strict;
  return d;
}

TEST_CASE_FIXTURE(Fixture, "versions: x@v1 loads after x@v2 is the default, with notes on its fields (U4)") {
  const StorableClass inner{must(parse_class_id("11111111")).id, "Inner", "inner@v1"};
  ObjectId id;
  {
    Session session(*store, *registry);
    must(session.objects.definitions().declare(declared("inner@v1", {{"x", {}, false, {}}, {"when", {}, false, {}}})));
    must(session.objects.definitions().put_class(inner));
    id = must(session.objects.save(StorableValue(inner.id, from_json(R"({"x": 5, "when": "gone", "free": 1})", arena)), {.now = noon})).id;
    CHECK(must(session.objects.load(id, {})).notes.empty());
    session.commit();
  }
  {
    Session session(*store, *registry);
    auto& definitions = session.objects.definitions();
    must(definitions.declare(declared("inner@v2", {{"x", {}, false, {}}, {"extra", {}, false, Value::string("default")}, {"need", {}, false, {}}})));
    must(definitions.put_class({inner.id, "Inner", "inner@v2"}));
    session.commit();
  }
  Session session(*store, *registry);
  const auto loaded = must(session.objects.load(id, {}));
  CHECK(loaded.manifest.unpacker == "inner@v1");
  CHECK(shown(dynamic_cast<StorableValue&>(*loaded.object).value) == "{x: 5, when: 'gone', free: 1, extra: 'default'}");
  CHECK(loaded.notes == std::vector<std::string>{"field 'when', stored by inner@v1, is unknown to inner@v2",
                                                 "field 'extra' of inner@v2 is missing: it has its default", "field 'need' of inner@v2 is missing"});
  const auto now = must(session.objects.save(StorableValue(inner.id, from_json(R"({"x": 6, "extra": 1, "need": 2})", arena)), {.now = noon}));
  CHECK(now.unpacker == "inner@v2");
  CHECK(must(session.objects.load(now.id, {})).notes.empty());
}

TEST_CASE_FIXTURE(Fixture, "declarations are for good") {
  Session session(*store, *registry);
  auto& d = session.objects.definitions();
  const auto first = declared("doc@v1", {{"photo", {.serializer = "packhouse.bytes.stream@v1", .storage = "packhouse.embedded@v1"}, true, {}}}, true);
  must(d.declare(first));
  must(d.declare(first));  // saying the same again is fine
  CHECK(d.declare(declared("doc@v1", {})).error().message().find("There is already an unpacker named 'doc@v1', which says something else") == 0);
  CHECK(d.declare(declared("packhouse.map@v1", {})).error().message() == "There is already a unpacker named 'packhouse.map@v1'");
  CHECK(d.declare(declared("doc", {})).error().message().find("Expected a versioned name") == 0);
  CHECK(d.declare(declared("d@v1", {{"a", {.serializer = "gone@v1"}, false, {}}})).error().message() ==
        "field 'a' of unpacker 'd@v1': No serializer named 'gone@v1' is registered");
  CHECK(d.declare(declared("d@v1", {{"a", {.serializer = "packhouse.bytes@v1"}, true, {}}})).error().message() ==
        "field 'a' of unpacker 'd@v1': No stream serializer named 'packhouse.bytes@v1' is registered");
  CHECK(d.declare(declared("d@v1", {{"a", {.storage = "gone@v1"}, false, {}}})).error().message() ==
        "field 'a' of unpacker 'd@v1': No storage named 'gone@v1' is registered");
  const ClassId id = fresh_class_id();
  CHECK(d.put_class({id, "Doc", "gone@v1"}).error().message() == "No unpacker named 'gone@v1' is registered");
  must(d.put_class({id, "Doc", "doc@v1"}));
  CHECK(d.put_class({fresh_class_id(), "Doc", "doc@v1"}).error().message().find("There is already a class named 'Doc', with the id " + text(id)) == 0);
  CHECK(d.put_class({fresh_class_id(), "packhouse.map", "doc@v1"}).error().message().find("comes with the program") != std::string::npos);
  must(d.put_class({id, "Document", "doc@v1"}));
  CHECK_FALSE(must(d.find_class("Doc")));
  CHECK(must(d.find_class("Document"))->id == id);
  CHECK(must(d.find_class(text(id)))->name == "Document");
  CHECK(must(d.classes()).size() == 5);
  CHECK(session.objects.save(StorableValue(id, from_json(R"({"title": 1})", arena)), {}).error().message() == "field 'title' is not declared by doc@v1");
}

TEST_CASE_FIXTURE(Fixture, "lists of objects: all, by class, by tags, in the order of their making") {
  std::vector<std::string> made;
  for (int i = 0; i < 20; ++i) {
    Session session(*store, *registry);
    SaveOptions options{.tags = {{"even", i % 2 == 0 ? "yes" : "no"}, {"third", i % 3 == 0 ? "yes" : "no"}}, .now = {noon.seconds + i, 0}};
    const char* class_name = i < 10 ? "packhouse.value" : "packhouse.map";
    made.push_back(text(must(session.objects.save(object_of(class_name, from_json("{}", arena)), options)).id));
    session.commit();
  }
  Session session(*store, *registry);
  const auto listed = [&](const ObjectFilter& filter) {
    std::vector<std::string> out;
    const auto cursor = must(session.objects.list(filter));
    while (const auto m = must(cursor->next())) out.push_back(text(m->id));
    return out;
  };
  CHECK(listed({}) == made);
  CHECK(listed({.class_id = object_of("packhouse.map", Value()).class_id()}) == std::vector(made.begin() + 10, made.end()));
  CHECK(listed({.tags = {{"even", "yes"}}}).size() == 10);
  CHECK(listed({.tags = {{"even", "yes"}, {"third", "yes"}}}) == std::vector{made[0], made[6], made[12], made[18]});
  CHECK(listed({.class_id = object_of("packhouse.map", Value()).class_id(), .tags = {{"third", "yes"}}}) == std::vector{made[12], made[15], made[18]});
  CHECK(listed({.tags = {{"even", "maybe"}}}).empty());
  CHECK(must(session.objects.remove(must(parse_object_id(made[6])))));
  CHECK(listed({.tags = {{"even", "yes"}, {"third", "yes"}}}).size() == 3);
}

}  // namespace
}  // namespace packhouse::objects::test
