// Record schemas: enforced at the commit, transactional, kept over restarts, whatever their language.
#include "storage/record_rules.hpp"
#include "support.hpp"

namespace packhouse::storage {
namespace {

constexpr std::string_view adult = R"({"type": "mapUnordered", "fieldNames": ["age", "name", "nick"], "schema": [
  {"type": "int32", "min": 18, "max": 99}, {"type": "string", "pattern": "^[A-Z]"}, {"type": "string", "width": 3, "nullable": true}]})";

Result<void> plain(const Result<std::uint64_t>& r) {
  if (r) return ok;
  return tl::make_unexpected(r.error());
}

struct Town {
  explicit Town(EngineKind kind = EngineKind::memory) : store(kind) { names(); }
  void names() {
    person = must(store->label("Person"));
    other = must(store->label("Other"));
    knows = must(store->type("KNOWS"));
    age = must(store->key("age"));
    name = must(store->key("name"));
    nick = must(store->key("nick"));
  }
  Result<void> set(std::optional<LabelId> label, std::optional<TypeId> type, std::string_view text) {
    const auto tx = begin(*store);
    PACKHOUSE_CHECK(tx->set_record_schema({RecordSchemaKind::packos, label, type, std::string(text)}));
    return plain(commit(*tx));
  }
  Result<void> create(Properties properties) {
    const auto tx = begin(*store);
    PACKHOUSE_TRY([[maybe_unused]] const NodeId made, tx->create_node(std::span(&person, 1), properties));
    return plain(commit(*tx));
  }
  std::size_t schemas() { return begin(*store)->schema().record_schemas.size(); }

  TestStore store;
  LabelId person, other;
  TypeId knows;
  KeyId age, name, nick;
};

void check_refused(const Result<void>& r, std::string_view message, Status status = Status::constraint_failed) {
  REQUIRE_FALSE(r);
  CHECK(r.error().status() == status);
  CHECK(r.error().message() == message);
}

}  // namespace

TEST_CASE("a record schema names the record, the property and the rule") {
  Town t;
  must(t.set(t.person, {}, adult));
  must(t.create({{t.age, Value::integer(31)}, {t.name, Value::string("Ann")}}));
  must(t.create({{t.age, Value::integer(31)}, {t.name, Value::string("Ann")}, {t.nick, Value::string("abc")}}));
  struct {
    Properties properties;
    std::string_view message;
  } cases[] = {
      {{{t.age, Value::integer(17)}, {t.name, Value::string("Ann")}},
       "property `age`: 17 not in [18 , 99] (SchemaInt32 ErrOutOfRange)"},
      {{{t.name, Value::string("Ann")}}, "property `age`: is missing (SchemaInt32 ErrConstraintViolated)"},
      {{{t.age, Value::real(20.5)}}, "property `age`: found FLOAT, expected int32 (SchemaInt32 ErrConstraintViolated)"},
      {{{t.age, Value::integer(20)}, {t.name, Value::string("ann")}},
       "property `name`: 'ann'!='^[A-Z]' (SchemaString ErrStringPattern)"},
  };
  std::uint64_t id = 2;
  for (const auto& c : cases) {
    check_refused(t.create(c.properties),
                  "Node(" + std::to_string(id++) +
                      ") with label `Person` does not meet its PackOS schema: " + std::string(c.message));
  }
  CHECK(begin(*t.store)->node_count() == 2);
}

TEST_CASE("changes, labels that are added, and relationships are held against it, too") {
  Town t;
  must(t.create({}));  // before there is a schema
  must(t.set(t.person, t.knows, adult));
  auto tx = begin(*t.store);
  must(tx->set_property(NodeId{0}, t.age, Value::integer(20)));
  must(commit(*tx));
  tx = begin(*t.store);
  must(tx->set_property(NodeId{0}, t.age, Value::integer(120)));
  check_refused(plain(commit(*tx)),
                "Node(0) with label `Person` does not meet its PackOS schema: property `age`: 120 not in [18 , 99] "
                "(SchemaInt32 ErrOutOfRange)");
  tx = begin(*t.store);
  const NodeId bare = must(tx->create_node(std::span(&t.other, 1)));
  must(commit(*tx));
  tx = begin(*t.store);
  must(tx->add_label(bare, t.person));
  check_refused(plain(commit(*tx)),
                "Node(1) with label `Person` does not meet its PackOS schema: property `age`: is missing (SchemaInt32 "
                "ErrConstraintViolated)");
  tx = begin(*t.store);
  const Properties young{{t.age, Value::integer(1)}};
  must(tx->create_relationship(bare, bare, t.knows, young));
  check_refused(plain(commit(*tx)),
                "Relationship(0) with type `KNOWS` does not meet its PackOS schema: property `age`: 1 not in [18 , 99] "
                "(SchemaInt32 ErrOutOfRange)");
  tx = begin(*t.store);  // what is deleted again isn't looked at
  const NodeId gone = must(tx->create_node(std::span(&t.person, 1)));
  must(tx->delete_node(gone));
  must(commit(*tx));
}

TEST_CASE("schemas are transactional, and records written with them obey them") {
  Town t;
  auto tx = begin(*t.store);
  must(tx->set_record_schema({RecordSchemaKind::packos, t.person, {}, std::string(adult)}));
  CHECK(tx->schema().record_schemas.size() == 1);
  tx->rollback();
  CHECK(t.schemas() == 0);
  must(t.create({}));
  tx = begin(*t.store);
  must(tx->set_record_schema({RecordSchemaKind::packos, t.person, {}, std::string(adult)}));
  must(tx->create_node(std::span(&t.person, 1)));
  CHECK(commit(*tx).error().status() == Status::constraint_failed);
  CHECK(t.schemas() == 0);
  // A statement that fails takes its schema back.
  tx = begin(*t.store);
  tx->begin_statement();
  must(tx->set_record_schema({RecordSchemaKind::packos, t.person, {}, std::string(adult)}));
  tx->rollback_statement();
  must(tx->create_node(std::span(&t.person, 1)));
  must(commit(*tx));
  // A transaction that began before the schema is held against it at its commit.
  tx = begin(*t.store);
  must(tx->create_node(std::span(&t.person, 1)));
  must(t.set(t.person, {}, adult));
  CHECK(commit(*tx).error().status() == Status::constraint_failed);
}

TEST_CASE("a label or type has one schema of a kind; a shared one can be taken apart") {
  Town t;
  must(t.set(t.person, t.knows, adult));
  must(t.set(t.person, {}, R"({"type": "mapRepeat", "schema": [{"type": "string"}, {"type": "int64"}]})"));
  CHECK(t.schemas() == 2);
  must(t.create({{t.age, Value::integer(5)}}));
  check_refused(t.create({{t.age, Value::integer(5)}, {t.name, Value::string("x")}}),
                "Node(1) with label `Person` does not meet its PackOS schema: property `name`: Type Mismatch "
                "(SchemaInt64 ErrEncode)");
  auto tx = begin(*t.store);
  const auto& schema = tx->schema();
  REQUIRE(schema.record_schema(RecordSchemaKind::packos, EntityType::relationship, raw(t.knows)));
  CHECK_FALSE(schema.record_schema(RecordSchemaKind::packos, EntityType::relationship, raw(t.knows))->label);
  CHECK(must(tx->drop_record_schema(RecordSchemaKind::packos, t.person, t.knows)));
  CHECK_FALSE(must(tx->drop_record_schema(RecordSchemaKind::packos, t.person, t.knows)));
  must(commit(*tx));
  CHECK(t.schemas() == 0);
  must(t.create({{t.name, Value::string("x")}}));
}

TEST_CASE("a text that is no schema of a record is refused at once") {
  Town t;
  struct {
    std::string_view text, message;
  } cases[] = {
      {"{", "PackOS schema: "},
      {R"({"type": "mapUnordered", "fieldNames": ["a"], "schema": [{"type": "string", "pattern": "("}]})",
       "PackOS schema at .schema[0]: the pattern '(' does not compile: missing ): ("},
      {R"({"type": "mapUnordered", "fieldNames": ["a"], "schema": [{"type": "int32", "min": 2, "max": 1}]})",
       "PackOS schema at .schema[0]: min 2 is greater than max 1"},
      {R"({"type": "int32"})",
       "PackOS schema: the schema of a record is a mapUnordered, map or mapRepeat, or a tuple or chain with "
       "fieldNames, not a int32"},
      {R"([{"type": "int32"}, {"type": "int32"}])",
       "PackOS schema: a chain of 2 schemas without field names can't be that of a record"},
  };
  for (const auto& c : cases) {
    const auto set = t.set(t.person, {}, c.text);
    REQUIRE_FALSE(set);
    CHECK(set.error().status() == Status::argument_error);
    CHECK(set.error().message().starts_with(c.message));
  }
  CHECK(t.schemas() == 0);
}

TEST_CASE("schemas are there after a restart") {
  for (const EngineKind kind : {EngineKind::memory, EngineKind::lmdb}) {
    CAPTURE(name_of(kind));
    Town t(kind);
    must(t.set(t.person, t.knows, adult));
    must(t.set(t.other, {}, adult));
    const std::string text = begin(*t.store)->schema().record_schemas[0].text;
    t.store.reopen();
    t.names();
    CHECK(t.schemas() == 2);
    CHECK(begin(*t.store)->schema().record_schemas[0].text == text);
    CHECK(t.create({}).error().status() == Status::constraint_failed);
    auto tx = begin(*t.store);
    CHECK(must(tx->drop_record_schema(RecordSchemaKind::packos, t.person, {})));
    must(commit(*tx));
    tx.reset();  // no transaction outlives its store
    t.store.reopen();
    tx = begin(*t.store);
    const NodeId node = must(tx->create_node(std::span(&t.person, 1)));
    must(commit(*tx));
    tx = begin(*t.store);
    must(tx->create_relationship(node, node, t.knows));
    CHECK(commit(*tx).error().status() == Status::constraint_failed);
  }
}

TEST_CASE("JSON Schemas beside PackOS's: one of each kind, after a restart too") {
  for (const EngineKind kind : {EngineKind::memory, EngineKind::lmdb}) {
    CAPTURE(name_of(kind));
    Town t(kind);
    must(t.set(t.person, {}, R"({"type": "mapRepeat", "schema": [{"type": "string"}, {"type": "any"}]})"));
    auto tx = begin(*t.store);
    must(tx->set_record_schema(
        {RecordSchemaKind::json, t.person, {}, R"({"required": ["age"], "properties": {"age": {"minimum": 18}}})"}));
    must(commit(*tx));
    tx.reset();
    CHECK(t.schemas() == 2);
    t.store.reopen();
    t.names();
    CHECK(t.schemas() == 2);
    check_refused(t.create({{t.age, Value::integer(5)}}),
                  "Node(0) with label `Person` does not meet its JSON schema: property `age`: 5 is less than the "
                  "minimum of 18");
    must(t.create({{t.age, Value::integer(18)}}));
    tx = begin(*t.store);
    CHECK(must(tx->drop_record_schema(RecordSchemaKind::json, t.person, {})));
    must(commit(*tx));
    CHECK(t.schemas() == 1);
  }
}

}  // namespace packhouse::storage
