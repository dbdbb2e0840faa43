#include "objects/keys.hpp"
#include "objects/storages/embedded.hpp"
#include "objects/storages/folder.hpp"
#include "tests/objects/components.hpp"

// Objects that are written over many statements of one transaction.
namespace packhouse::objects::test {
namespace {

struct Fixture {
  std::unique_ptr<Registry> registry = test_registry();
  Folder folder;
  storage::TestStore store;
  Arena arena;
  Fixture() { must(registry->add(std::shared_ptr<const Storage>(std::make_shared<FolderStorage>(folder.path())))); }
  StorableClass named(std::string_view name) { return *registry->find_class(name); }
  Value piece(std::size_t n, char c = 'p') { return Value::bytes(arena.copy(as_bytes(std::string(n, c)))); }
  std::string read(const ObjectId& id, std::string_view content) {
    Session session(*store, *registry, AccessMode::read);
    const auto reader = must(session.objects.open_content(id, content));
    std::string out;
    for (;;) {
      Arena items;
      const auto item = must(reader->next(items));
      if (!item) return out;
      out += item->is(Kind::bytes) ? std::string(as_text(item->as_bytes())) : shown(*item);
    }
  }
  void nothing_left() {
    Session session(*store, *registry, AccessMode::read);
    CHECK(count_cells(session.cells()) == 0);
  }
};

TEST_CASE_FIXTURE(Fixture, "a stream in pieces of any size, beside the fields of its object") {
  for (const std::size_t piece_size : {std::size_t{1}, std::size_t{1000}, std::size_t{65'520}, std::size_t{200'000}}) {
    CAPTURE(piece_size);
    Session session(*store, *registry);
    const ObjectId id = must(session.objects.create(named("packhouse.map"), {.save = {.tags = {{"t", "v"}}, .now = noon}}));
    Sha256 hash;
    std::string all;
    for (std::size_t i = 0; i < 5; ++i) {
      session.tx().begin_statement();
      const Value v = piece(piece_size, static_cast<char>('a' + i));
      all += as_text(v.as_bytes());
      hash.add(v.as_bytes());
      CHECK(must(session.objects.append(id, "video", v)) == all.size());
    }
    const auto m = must(session.objects.finish(id, from_json(R"({"title": "x"})", arena), {{"video", {all.size(), hash.digest()}}}, noon));
    session.commit();
    CHECK(m.tags == Tags{{"t", "v"}});
    REQUIRE(m.find("ref/video") != nullptr);
    CHECK(m.find("ref/video")->size == all.size());
    CHECK(m.find("ref/video")->hash == hash.digest());
    CHECK(m.find("ref/video")->serializer == "packhouse.bytes.stream@v1");
    CHECK(read(id, "video") == all);
    Session after(*store, *registry);
    const auto loaded = must(after.objects.load(id, {}));
    CHECK(shown(dynamic_cast<StorableValue&>(*loaded.object).value).find("title: 'x', video: {content: 'ref/video'") != std::string::npos);
    CHECK(count_cells(after.cells(), "s") + count_cells(after.cells(), "o") == 0);
    CHECK(must(after.objects.remove(id)));
    after.commit();
  }
  nothing_left();
}

TEST_CASE_FIXTURE(Fixture, "the same stream twice is kept once") {
  for (int i = 0; i < 2; ++i) {
    Session session(*store, *registry);
    const ObjectId id = must(session.objects.create(named("packhouse.stream"), {.save = {.now = noon}}));
    for (int k = 0; k < 4; ++k) must(session.objects.append(id, "item", piece(50'000)));
    must(session.objects.finish(id, Value(), {}, noon));
    session.commit();
  }
  Session session(*store, *registry, AccessMode::read);
  CHECK(count_cells(session.cells(), "d") == 1);
  const std::string key = keys::key(keys::Table::digest, Sha256::of(as_bytes(std::string(200'000, 'p'))).view());
  CHECK(must(DigestEntry::read(*must(session.cells().cell(as_bytes(key))))).references == 2);
}

TEST_CASE_FIXTURE(Fixture, "items, several streams at a time, an announced one without items, another storage") {
  Session session(*store, *registry);
  ObjectStore::OpenOptions options;
  options.save.now = noon;
  options.contents["rows"] = {.serializer = "packhouse.msgpack.stream@v1"};
  options.contents["none"] = {.serializer = "packhouse.json.stream@v1"};
  options.contents["file"] = {.storage = "packhouse.folder@v1"};
  const ObjectId id = must(session.objects.create(named("packhouse.map"), options));
  for (std::int64_t i = 0; i < 10; ++i) {
    must(session.objects.append(id, "rows", Value::integer(i)));
    must(session.objects.append(id, "maps", from_json(R"({"a": 1})", arena)));
    must(session.objects.append(id, "file", Value::string("text ")));
  }
  const auto m = must(session.objects.finish(id, Value(), {}, noon));
  session.commit();
  CHECK(read(id, "rows") == "0123456789");
  CHECK(read(id, "none").empty());
  CHECK(m.find("ref/none")->size == 2);
  CHECK(m.find("ref/maps")->serializer == "packhouse.json.stream@v1");
  CHECK(m.find("ref/file")->storage == "packhouse.folder@v1");
  CHECK(std::filesystem::file_size(folder.path() / (m.find("ref/file")->hash.hex() + ".txt")) == 50);
  CHECK(read(id, "file").find("text text") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "a client that vanishes in the middle leaves nothing") {
  for (const bool finished : {false, true}) {
    Session session(*store, *registry);
    const ObjectId id = must(session.objects.create(named("packhouse.map"), {.save = {.now = noon}}));
    for (int i = 0; i < 20; ++i) must(session.objects.append(id, "video", piece(100'000)));
    if (finished) must(session.objects.finish(id, Value(), {}, noon));
    session.tx().rollback();
  }
  nothing_left();
}

TEST_CASE_FIXTURE(Fixture, "a statement that fails takes its part of the stream back") {
  Session session(*store, *registry);
  const ObjectId id = must(session.objects.create(named("packhouse.stream"), {.save = {.now = noon}}));
  must(session.objects.append(id, "item", piece(100'000, 'a')));
  session.tx().begin_statement();
  must(session.objects.append(id, "item", piece(100'000, 'b')));
  session.tx().rollback_statement();
  session.tx().begin_statement();
  CHECK(must(session.objects.append(id, "item", piece(10, 'c'))) == 100'010);
  must(session.objects.finish(id, Value(), {}, noon));
  session.commit();
  CHECK(read(id, "item") == std::string(100'000, 'a') + std::string(10, 'c'));
}

TEST_CASE_FIXTURE(Fixture, "what the caller gets wrong") {
  Session session(*store, *registry);
  auto& o = session.objects;
  const ObjectId id = must(o.create(named("packhouse.map"), {.save = {.now = noon}}));
  CHECK(o.create(named("packhouse.map"), {.save = {.id = id}}).error().message() == "The object " + text(id) + " is being written already");
  CHECK(o.append(fresh_object_id(noon), "x", Value()).error().message().find("is not being written") != std::string::npos);
  CHECK(o.append(id, "x", Value::integer(1)).error().message() == "No stream serializer found for INTEGER");
  CHECK(o.append(id, "", piece(1)).error().message().find("a stream's name has 1 to") == 0);
  must(o.append(id, "x", piece(1)));
  CHECK(o.append(id, "x", Value::string("text")).error().message() == "packhouse.bytes.stream@v1 takes bytes, found STRING");
  const auto finish_error = [&](const Value& v, const std::map<std::string, ObjectStore::Expected>& expected) {
    session.tx().begin_statement();
    const std::string message = o.finish(id, v, expected, noon).error().message();
    session.tx().rollback_statement();
    return message;
  };
  CHECK(finish_error(Value(), {{"x", {10, {}}}}) == "stream 'x': the stream ended after 1 of 10 bytes");
  CHECK(finish_error(Value(), {{"x", {1, Digest{}}}}).find("stream 'x': the stream's digest should be") == 0);
  CHECK(finish_error(Value(), {{"y", {}}}) == "there is no stream 'y'");
  CHECK(finish_error(from_json(R"({"x": 1})", arena), {}) == "field 'x' is there twice: as a stream and as a value");
  CHECK(finish_error(Value::integer(1), {}) == "packhouse.map@v1 takes maps, found INTEGER");
  CHECK(o.create(named("packhouse.map"), {.contents = {{"a", {.serializer = "gone@v1"}}}}).error().message() ==
        "No stream serializer named 'gone@v1' is registered");
  must(o.finish(id, Value(), {}, noon));
  CHECK(o.append(id, "x", piece(1)).error().message().find("is not being written") != std::string::npos);
  const ObjectId other = must(o.create(named("packhouse.map"), {.save = {.now = noon}, .contents = {{"a", {}}}}));
  CHECK(o.finish(other, Value(), {}, noon).error().message().find("The stream 'a' is empty, so that no serializer can be chosen") == 0);
}

TEST_CASE_FIXTURE(Fixture, "what was committed without being finished is collected") {
  ObjectId id;
  {
    Session session(*store, *registry);
    id = must(session.objects.create(named("packhouse.map"), {.save = {.now = noon}}));
    must(session.objects.append(id, "x", piece(200'000)));
    session.commit();
  }
  Session session(*store, *registry);
  CHECK(session.objects.append(id, "x", piece(1)).error().message().find("was begun in another transaction") != std::string::npos);
  CHECK(session.objects.load(id, {}).error().status() == Status::entity_not_found);
  must(session.objects.create(named("packhouse.map"), {.save = {.now = noon}}));  // this one's own stay
  const Collected c = must(session.objects.collect(0));
  CHECK(c.pieces == 2);
  CHECK(c.bytes == 200'000);
  CHECK(count_cells(session.cells()) == 1);
}

}  // namespace
}  // namespace packhouse::objects::test
