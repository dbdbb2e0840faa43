#include "objects/keys.hpp"
#include "objects/storages/embedded.hpp"
#include "tests/objects/components.hpp"

namespace packhouse::objects::test {
namespace {

struct Fixture {
  std::unique_ptr<Registry> registry = test_registry();
  storage::TestStore store;
  Arena arena;
  StorableValue map(std::string_view json) { return object_of("packhouse.map", from_json(json, arena)); }
  std::string load(const ObjectId& id) {
    Session session(*store, *registry, AccessMode::read);
    return shown(dynamic_cast<StorableValue&>(*must(session.objects.load(id, {})).object).value);
  }
};

TEST_CASE_FIXTURE(Fixture, "a map: small fields in the body, the others contents of their own") {
  const std::string text(2000, 't');
  std::string list = "[1.5";
  for (int i = 0; i < 3000; ++i) list += ", \"item\"";
  const StorableValue object = map(R"({"a": 1, "text": ")" + text + R"(", "list": )" + list +
                                   R"(], "small": [1, {"x": null}], "photo": {"$type": "Base64", "_value": "AAEC"},)"
                                   R"("vec": {"$type": "Vector", "_value": {"coordinatesType": "FLOAT32", "coordinates": ["1.0"]}}})");
  Session session(*store, *registry);
  const auto m = must(session.objects.save(object, {.tags = {{"z", "1"}, {"a", "2"}}, .now = noon}));
  session.commit();
  std::string keys;
  for (const auto& c : m.contents) keys += c.key + " " + c.serializer + "\n";
  CHECK(keys == "body packhouse.json.value@v1\nref/text packhouse.text@v1\nref/list packhouse.json.value@v1\n"
                "ref/photo packhouse.bytes@v1\nref/vec packhouse.npy@v1\n");
  CHECK(m.tags == Tags{{"a", "2"}, {"z", "1"}});
  CHECK(m.created == noon);
  const std::string loaded = load(m.id);
  CHECK(loaded.find("small: [1, {x: null}]") != std::string::npos);
  CHECK(loaded.find(text) != std::string::npos);
  CHECK(loaded.find("photo: ") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "a body that JSON can't carry is PackStream: nothing is lost") {
  const StorableValue object = map(R"({"d": {"$type": "Date", "_value": "2024-02-29"}, "n": {"$type": "Float", "_value": "NaN"}, "b": [{"$type": "Base64", "_value": "AA=="}]})");
  Session session(*store, *registry);
  const auto m = must(session.objects.save(object, {.now = noon}));
  session.commit();
  CHECK(m.contents[0].serializer == "packhouse.packstream.value@v1");
  CHECK(load(m.id) == shown(from_json(R"({"d": {"$type": "Date", "_value": "2024-02-29"}, "n": {"$type": "Float", "_value": "NaN"}, "b": [{"$type": "Base64", "_value": "AA=="}]})", arena)));
}

TEST_CASE_FIXTURE(Fixture, "three tiers of the embedded storage: in the record, in a cell, in a blob") {
  for (const std::size_t size : {std::size_t{0}, std::size_t{128}, std::size_t{129}, storage::blob_chunk_size, storage::blob_chunk_size + 1, std::size_t{300'000}}) {
    CAPTURE(size);
    const std::string bytes(size, 'b');
    Session session(*store, *registry);
    const auto m = must(session.objects.save(object_of("packhouse.value", Value::bytes(as_bytes(bytes))), {.now = noon}));
    session.commit();
    Session after(*store, *registry);
    CHECK(count_cells(after.cells(), "d") == (size > 128 ? 1 : 0));
    if (size > 128) {
      const auto entry = must(DigestEntry::read(*must(after.cells().cell(as_bytes(keys::key(keys::Table::digest, m.contents[0].hash.view()))))));
      CHECK(entry.references == 1);
      CHECK(entry.size == size);
      CHECK((storage::raw(entry.blob) != 0) == (size > storage::blob_chunk_size));
    }
    const auto loaded = must(after.objects.load(m.id, {}));
    CHECK(as_text(dynamic_cast<StorableValue&>(*loaded.object).value.as_bytes()) == bytes);
    CHECK(must(after.objects.remove(m.id)));
    after.commit();
  }
}

TEST_CASE_FIXTURE(Fixture, "equal contents are counted; the last reference frees them (U6)") {
  const std::string bytes(200'000, 'b');
  std::vector<ObjectId> ids;
  for (int i = 0; i < 3; ++i) {
    Session session(*store, *registry);
    ids.push_back(must(session.objects.save(object_of("packhouse.value", Value::bytes(as_bytes(bytes))), {.now = noon})).id);
    session.commit();
  }
  const std::string key = keys::key(keys::Table::digest, Sha256::of(as_bytes(bytes)).view());
  for (std::size_t left = 3; left > 0; --left) {
    Session session(*store, *registry);
    const auto entry = must(DigestEntry::read(*must(session.cells().cell(as_bytes(key)))));
    CHECK(entry.references == left);
    CHECK(must(session.objects.remove(ids[left - 1])));
    CHECK_FALSE(must(session.objects.remove(ids[left - 1])));
    session.commit();
    if (left == 1) {  // blobs are removed after the commit that drops them, before the next one
      Session next(*store, *registry);
      must(next.objects.remove(must(next.objects.save(object_of("packhouse.value", Value::integer(1)), {.now = noon})).id));
      next.commit();
    }
    Session after(*store, *registry, AccessMode::read);
    CHECK(must(after.cells().blob_chunk(entry.blob, 0)).has_value() == (left > 1));
  }
  Session session(*store, *registry);
  CHECK(count_cells(session.cells()) == 0);
}

TEST_CASE_FIXTURE(Fixture, "what the caller gets wrong") {
  Session session(*store, *registry);
  const auto error = [&](const Storable& object, const SaveOptions& options) { return session.objects.save(object, options).error().message(); };
  CHECK(error(StorableValue(fresh_class_id(), Value()), {}).find("No class with the id") == 0);
  CHECK(error(object_of("packhouse.map", Value::integer(1)), {}) == "packhouse.map@v1 takes maps, found INTEGER");
  CHECK(error(object_of("packhouse.stream", Value::integer(1)), {}) == "packhouse.stream@v1 takes a list of items, found INTEGER");
  CHECK(error(object_of("packhouse.value", Value::node(NodeId{1})), {}) == "content 'item': No serializer found for NODE");
  CHECK(error(object_of("packhouse.stream", from_json("[1]", arena)), {}) == "content 'item': No stream serializer found for INTEGER");
  CHECK(error(object_of("packhouse.stream", from_json("[]", arena)), {}).find("is empty, so that no serializer can be chosen") != std::string::npos);
  CHECK(error(Attrs(Value::map(std::array{MapEntry{"a", Value()}, MapEntry{"a", Value()}})), {}) == "The unpacker gave two contents the name 'a'");
  CHECK(error(map("{}"), {.tags = {{"a", "1"}, {"a", "2"}}}).find("tag 'a' can't be kept") == 0);
  CHECK(error(map("{}"), {.tags = {{"", "1"}}}).find("can't be kept") != std::string::npos);
  CHECK(error(map("{}"), {.storage = "gone@v1"}) == "content 'body': No storage named 'gone@v1' is registered");
  const auto id = must(session.objects.save(map("{}"), {.now = noon})).id;
  CHECK(error(map("{}"), {.id = id}).find("There is already an object with the id") == 0);
  CHECK(count_cells(session.cells(), "m") == 1);
}

TEST_CASE_FIXTURE(Fixture, "many objects: outcomes in the order given (U3), those that fail leave nothing") {
  const StorableValue good = object_of("packhouse.value", Value::integer(1)), bad = object_of("packhouse.value", Value::node(NodeId{1}));
  StorableValue full = object_of("packhouse.value", Value::integer(2));
  full.wishes.storage = "test.full@v1";
  const std::vector<const Storable*> all{&good, &full, &good, &bad};
  Session session(*store, *registry);
  const auto saved = must(session.objects.save_many(all, {.now = noon}));
  REQUIRE(saved.size() == 4);
  CHECK(saved[0]);
  CHECK(saved[1].error().message() == "content 'item': disk full");
  CHECK(saved[2]);
  CHECK(saved[3].error().message() == "content 'item': No serializer found for NODE");
  session.commit();
  Session after(*store, *registry, AccessMode::read);
  CHECK(count_cells(after.cells(), "m") == 2);
}

TEST_CASE_FIXTURE(Fixture, "a transaction that is not committed leaves nothing (U2)") {
  {
    Session session(*store, *registry);
    must(session.objects.save(map(R"({"a": 1})"), {.tags = {{"t", "v"}}, .now = noon}));
    must(session.objects.save(object_of("packhouse.value", Value::bytes(as_bytes(std::string(300'000, 'x')))), {.now = noon}));
    CHECK(count_cells(session.cells()) > 0);
  }
  Session after(*store, *registry, AccessMode::read);
  CHECK(count_cells(after.cells()) == 0);
}

TEST_CASE_FIXTURE(Fixture, "two transactions save the same content: both are counted") {
  const std::string text(1000, 's');
  const auto save = [&](storage::Transaction& tx) -> Result<void> {
    PACKHOUSE_CHECK(ObjectStore(tx.cells(), *registry, tx.id()).save(object_of("packhouse.value", Value::string(text)), {.now = noon}));
    return ok;
  };
  auto first = must(store->begin(AccessMode::write));
  first->begin_statement();
  must(save(*first));
  std::promise<void> waits;
  auto second = std::async(std::launch::async, [&] {
    return storage::auto_commit(*store, [&](storage::Transaction& tx) {
      auto r = save(tx);
      if (!r && tx.wait_pending()) waits.set_value();
      return r;
    });
  });
  waits.get_future().get();
  must(storage::commit(*first));
  must(second.get());
  Session after(*store, *registry, AccessMode::read);
  const std::string json = '"' + text + '"';
  CHECK(must(DigestEntry::read(*must(after.cells().cell(as_bytes(keys::key(keys::Table::digest, Sha256::of(as_bytes(json)).view())))))).references == 2);
}

}  // namespace
}  // namespace packhouse::objects::test
