#include "objects/storages/folder.hpp"

#include <chrono>
#include <fstream>
#include <limits>
#include <set>

#include "tests/objects/components.hpp"

namespace packhouse::objects::test {
namespace {

namespace fs = std::filesystem;

struct Fixture {
  Folder folder;
  std::unique_ptr<Registry> registry = test_registry();
  storage::TestStore store;
  Arena arena;
  Fixture() {
    must(registry->add(std::shared_ptr<const Storage>(std::make_shared<FolderStorage>(folder.path() / "files"))));
    must(registry->set_default_storage("packhouse.folder@v1"));
  }
  std::set<std::string> files() {
    std::set<std::string> out;
    for (const auto& e : fs::recursive_directory_iterator(folder.path())) {
      if (e.is_regular_file()) out.insert(e.path().filename().string());
    }
    return out;
  }
  ObjectId save(const Value& v, const char* class_name = "packhouse.value") {
    Session session(*store, *registry);
    const auto id = must(session.objects.save(object_of(class_name, v), {.now = noon})).id;
    session.commit();
    return id;
  }
  std::string load(const ObjectId& id) {
    Session session(*store, *registry, AccessMode::read);
    const auto loaded = session.objects.load(id, {});
    return loaded ? shown(dynamic_cast<StorableValue&>(*loaded->object).value) : loaded.error().message();
  }
  std::uint64_t collect(std::int64_t age) {
    Session session(*store, *registry);
    const auto c = must(session.objects.collect(age));
    session.commit();
    return c.pieces;
  }
};

TEST_CASE_FIXTURE(Fixture, "file-storage-layout: files are named by digest and media type, and kept once") {
  const auto a = save(from_json(R"({"a": 1})", arena)), b = save(from_json(R"({"a": 1})", arena));
  save(from_json(R"([{"a": 1}])", arena), "packhouse.stream");
  CHECK(files() == std::set<std::string>{"015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862.json",
                                         "b713f6d2a989e907c58516a7c8bb487792c8785ddbf367b80dc774bf33b85a85.json"});
  CHECK(load(a) == "{a: 1}");
  CHECK(load(b) == "{a: 1}");
}

TEST_CASE_FIXTURE(Fixture, "files stay until their last reference is gone and somebody collects") {
  const Value v = from_json(R"({"a": 1})", arena);
  const auto a = save(v), b = save(v);
  const auto remove = [&](const ObjectId& id) {
    Session session(*store, *registry);
    CHECK(must(session.objects.remove(id)));
    session.commit();
  };
  remove(a);
  CHECK(collect(0) == 0);
  CHECK(load(b) == "{a: 1}");
  {
    Session session(*store, *registry);  // a deletion that is taken back
    CHECK(must(session.objects.remove(b)));
  }
  CHECK(collect(0) == 0);
  remove(b);
  CHECK(collect(3600) == 0);  // touched just now
  CHECK(files().size() == 1);
  CHECK(collect(0) == 1);
  CHECK(files().empty());
}

TEST_CASE_FIXTURE(Fixture, "collecting waits for who is saving the same content, and takes nothing that was saved meanwhile") {
  const Value v = from_json(R"({"a": 1})", arena);
  {
    Session undone(*store, *registry);
    must(undone.objects.save(object_of("packhouse.value", v), {.now = noon}));
  }
  const auto other = save(Value::integer(1));
  CHECK(files().size() == 2);  // one has no owner
  Session collecting(*store, *registry), saving(*store, *registry);
  CHECK_FALSE(must(collecting.cells().cell(as_bytes("x"))));  // so that its snapshot stays
  const auto id = must(saving.objects.save(object_of("packhouse.value", v), {.now = noon})).id;
  CHECK(collecting.objects.collect(0).error().status() == Status::conflict);
  CHECK(load(other) == "1");
  saving.commit();
  CHECK(collecting.objects.collect(0).error().status() == Status::conflict);  // it would not see the owner
  CHECK(load(id) == "{a: 1}");
  CHECK(collect(0) == 0);
  CHECK(load(id) == "{a: 1}");
}

TEST_CASE_FIXTURE(Fixture, "an age that no clock has collects nothing") {
  { Session(*store, *registry).objects.save(object_of("packhouse.value", Value::integer(1)), {.now = noon}); }
  CHECK(files().size() == 1);
  for (const std::int64_t age : {std::int64_t{9'300'000'000}, std::numeric_limits<std::int64_t>::max()}) CHECK(collect(age) == 0);
  CHECK(collect(0) == 1);
}

TEST_CASE_FIXTURE(Fixture, "the age of a file begins anew with its last reference") {
  const auto id = save(Value::integer(1));
  for (const auto& e : fs::directory_iterator(folder.path() / "files")) {
    if (e.is_regular_file()) fs::last_write_time(e.path(), fs::file_time_type::clock::now() - std::chrono::hours(10));
  }
  Session session(*store, *registry);
  CHECK(must(session.objects.remove(id)));
  session.commit();
  CHECK(collect(3600) == 0);
  CHECK(collect(0) == 1);
}

TEST_CASE_FIXTURE(Fixture, "a transaction that is rolled back leaves an orphan, which is collected; one that fails no more than that") {
  {
    Session session(*store, *registry);
    must(session.objects.save(object_of("packhouse.value", Value::integer(1)), {.now = noon}));
  }
  CHECK(files().size() == 1);
  Session session(*store, *registry);
  const auto storage = must(registry->storage("packhouse.folder@v1"));
  ListSource unused{Value()};
  /// Ends with an error after one piece.
  class Breaking final : public ByteSource {
   public:
    Result<std::optional<Bytes>> next() override {
      if (std::exchange(done_, true)) return fail(Status::storage_failed, "broke");
      return as_bytes("piece");
    }

   private:
    bool done_ = false;
  } breaking;
  const Tags tags;
  CHECK_FALSE(storage->put_stream(session.cells(), breaking, [] { return StreamDigest{}; }, {"text/plain", "", ".txt", tags}));
  CHECK(files().size() == 1);
  CHECK(collect(0) == 1);
  CHECK(files().empty());
}

TEST_CASE_FIXTURE(Fixture, "a file that was changed, cut or removed is found") {
  const auto id = save(from_json(R"({"a": 1})", arena));
  const fs::path file = folder.path() / "files" / "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862.json";
  const std::string place = "object " + text(id) + ", content 'item', storage packhouse.folder@v1: ";
  for (const auto& [damaged, fault] : {std::pair(R"({"a":2})", "its bytes have changed"), std::pair(R"({"a")", "it ends after 4 of 7 bytes")}) {
    std::ofstream(file) << damaged;
    CHECK(load(id).find(place + fault) == 0);
    save(from_json(R"({"a": 1})", arena));  // whatever is there, saving the same content again mends it
    CHECK(load(id) == "{a: 1}");
  }
  fs::remove(file);
  CHECK(load(id).find(place + "can't open") == 0);
}

TEST_CASE_FIXTURE(Fixture, "no config leads out of the folder") {
  std::ofstream(folder.path() / "secret") << "secret";
  Session session(*store, *registry, AccessMode::read);
  const auto storage = must(registry->storage("packhouse.folder@v1"));
  for (const std::string bad : {"\"../secret\"", "\"/etc/passwd\"", "\"\"", "secret", ""}) {
    ContentRecord c;
    c.storage_config = bad;
    CHECK(storage->get(session.cells(), c).error().message() == "its place is damaged");
  }
  const std::string up = '"' + std::string(70, '.') + '"';
  ContentRecord c;
  c.storage_config = up;
  CHECK_FALSE(storage->get(session.cells(), c));
}

TEST_CASE_FIXTURE(Fixture, "a folder that can't be written is told") {
  std::ofstream(folder.path() / "blocked") << "a file";
  auto r = test_registry();
  must(r->add(std::shared_ptr<const Storage>(std::make_shared<FolderStorage>(folder.path() / "blocked"))));
  Session session(*store, *r);
  CHECK(session.objects.save(object_of("packhouse.value", Value::integer(1)), {.storage = "packhouse.folder@v1", .now = noon})
            .error().message().find("can't create") != std::string::npos);
}

}  // namespace
}  // namespace packhouse::objects::test
