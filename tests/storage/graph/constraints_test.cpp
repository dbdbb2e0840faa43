#include <thread>

#include "storage/constraints.hpp"
#include "support.hpp"

namespace packhouse::storage {
namespace {

struct People {
  TestStore store;
  LabelId person = must(store->label("Person"));
  TypeId knows = must(store->type("KNOWS"));
  KeyId id = must(store->key("id")), name = must(store->key("name"));

  ConstraintDefinition constraint(ConstraintType type, std::vector<KeyId> keys) const {
    ConstraintDefinition d;
    d.type = type;
    d.token = raw(person);
    d.keys = std::move(keys);
    return d;
  }
  ConstraintId add(const ConstraintDefinition& d) {
    const auto tx = begin(*store);
    const ConstraintId made = must(tx->create_constraint(d));
    must(commit(*tx));
    return made;
  }
  Result<NodeId> create(Transaction& tx, Properties properties) { return tx.create_node(std::span(&person, 1), properties); }
  NodeId create(Properties properties) {
    const auto tx = begin(*store);
    const NodeId made = must(create(*tx, std::move(properties)));
    must(commit(*tx));
    return made;
  }
};

void check_failed(const Result<void>& r, Status status, std::string_view message) {
  REQUIRE_FALSE(r);
  CHECK(r.error().status() == status);
  CHECK(r.error().message() == message);
}
template <class T>
Result<void> plain(const Result<T>& r) {
  if (r) return ok;
  return tl::make_unexpected(r.error());
}

}  // namespace

TEST_CASE("uniqueness: at the statement, within a transaction, and against others") {
  People p;
  p.add(p.constraint(ConstraintType::unique, {p.id}));
  const NodeId first = p.create({{p.id, Value::integer(1)}});
  constexpr auto message = "Node(0) already exists with label `Person` and property `id` = 1";
  auto tx = begin(*p.store);
  check_failed(plain(p.create(*tx, {{p.id, Value::integer(1)}})), Status::constraint_failed, message);
  tx = begin(*p.store);
  check_failed(plain(p.create(*tx, {{p.id, Value::real(1.0)}})), Status::constraint_failed,
               "Node(0) already exists with label `Person` and property `id` = 1.0");
  tx = begin(*p.store);
  const NodeId bare = must(tx->create_node({}, Properties{{p.id, Value::integer(1)}}));
  check_failed(plain(tx->add_label(bare, p.person)), Status::constraint_failed, message);
  tx = begin(*p.store);
  const NodeId second = must(p.create(*tx, {}));
  must(tx->set_property(first, p.id, Value::integer(2)));
  must(tx->set_property(second, p.id, Value::integer(1)));  // free now
  check_failed(plain(tx->set_property(second, p.id, Value::integer(2))), Status::constraint_failed,
               "Node(0) already exists with label `Person` and property `id` = 2");
  tx = begin(*p.store);
  must(p.create(*tx, {{p.id, Value::integer(7)}}));
  CHECK_FALSE(p.create(*tx, {{p.id, Value::integer(7)}}));
  tx = begin(*p.store);
  must(p.create(*tx, {{p.id, Value::integer(8)}}));
  auto other = begin(*p.store);
  REQUIRE_FALSE(p.create(*other, {{p.id, Value::integer(8)}}));
  REQUIRE(other->wait_pending());
  other->rollback_statement();
  must(commit(*tx));
  must(wait_and_resume(*other));
  other->begin_statement();
  const auto lost = p.create(*other, {{p.id, Value::integer(8)}});
  REQUIRE_FALSE(lost);
  CHECK(lost.error().status() == Status::constraint_failed);
}

TEST_CASE("long values that share a cut key are told apart") {
  People p;
  p.add(p.constraint(ConstraintType::unique, {p.name}));
  const std::string stem(1000, 'x');
  p.create({{p.name, Value::string(stem + "1")}});
  p.create({{p.name, Value::string(stem + "2")}});
  const auto tx = begin(*p.store);
  const auto again = p.create(*tx, {{p.name, Value::string(stem + "1")}});
  REQUIRE_FALSE(again);
  CHECK(again.error().status() == Status::constraint_failed);
}

TEST_CASE("of many who create the same node at once, one succeeds") {
  for (const EngineKind kind : {EngineKind::memory, EngineKind::lmdb}) {
    People p{.store = TestStore(kind)};
    p.add(p.constraint(ConstraintType::unique, {p.id}));
    constexpr int threads = 8, values = 40;
    std::atomic<int> created{0}, refused{0}, other{0};
    std::vector<std::thread> clients;
    for (int t = 0; t < threads; ++t) {
      clients.emplace_back([&] {
        for (int i = 0; i < values; ++i) {
          const auto r = auto_commit(*p.store, [&](Transaction& tx) { return plain(p.create(tx, {{p.id, Value::integer(i)}})); });
          ++(r ? created : r.error().status() == Status::constraint_failed ? refused : other);
        }
      });
    }
    for (auto& c : clients) c.join();
    CHECK(created == values);
    CHECK(refused == values * (threads - 1));
    CHECK(other == 0);
    CHECK(begin(*p.store)->node_count(p.person) == values);
  }
}

TEST_CASE("a constraint that comes while data is being written is still kept") {
  People p;
  auto early = begin(*p.store), also = begin(*p.store);
  must(p.create(*early, {{p.id, Value::integer(1)}}));
  must(p.create(*also, {{p.id, Value::integer(1)}}));
  p.add(p.constraint(ConstraintType::unique, {p.id}));
  p.add(p.constraint(ConstraintType::existence, {p.id}));
  must(commit(*early));
  check_failed(plain(commit(*also)), Status::constraint_failed, "Node(0) already exists with label `Person` and property `id` = 1");
  auto tx = begin(*p.store);
  IndexRange range;
  range.prefix.push_back(Value::integer(1));
  CHECK(drain(tx->index_seek(tx->schema().indexes.at(0).id, range)).size() == 1);
}

TEST_CASE("existence, key and type constraints are checked at the commit") {
  People p;
  p.add(p.constraint(ConstraintType::existence, {p.name}));
  auto tx = begin(*p.store);
  const NodeId node = must(p.create(*tx, {}));
  check_failed(plain(commit(*tx)), Status::constraint_failed, "Node(0) with label `Person` must have the property `name`");
  tx = begin(*p.store);
  const NodeId later = must(p.create(*tx, {}));
  must(tx->set_property(later, p.name, Value::string("Ann")));
  must(commit(*tx));
  tx = begin(*p.store);
  must(tx->set_property(later, p.name, Value()));
  CHECK_FALSE(commit(*tx));

  p.add(p.constraint(ConstraintType::key, {p.name}));
  tx = begin(*p.store);
  check_failed(plain(p.create(*tx, {{p.name, Value::string("Ann")}})), Status::constraint_failed,
               "Node(1) already exists with label `Person` and property `name` = 'Ann'");
  auto typed = p.constraint(ConstraintType::property_type, {p.id});
  typed.property_type = "INTEGER | STRING";
  p.add(typed);
  tx = begin(*p.store);
  must(p.create(*tx, {{p.name, Value::string("Bob")}, {p.id, Value::boolean(true)}}));
  const auto wrong = commit(*tx);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().status() == Status::constraint_failed);
  CHECK(raw(node) == 0);
}

TEST_CASE("data that does not meet a new constraint refuses it and changes nothing") {
  People p;
  p.create({{p.id, Value::integer(1)}});
  p.create({{p.id, Value::integer(1)}, {p.name, Value::string("x")}});
  auto unique = p.constraint(ConstraintType::unique, {p.id});
  unique.name = "u";
  auto tx = begin(*p.store);
  must(tx->create_constraint(unique));
  check_failed(plain(commit(*tx)), Status::constraint_creation_failed,
               "Unable to create Constraint( name='u', type='UNIQUENESS', schema=(:Person {id}) ):\n"
               "Both Node(0) and Node(1) have the label `Person` and property `id` = 1");
  tx = begin(*p.store);
  must(tx->create_constraint(p.constraint(ConstraintType::existence, {p.name})));
  const auto refused = commit(*tx);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().status() == Status::constraint_creation_failed);
  tx = begin(*p.store);
  CHECK(tx->schema().constraints.empty());
  CHECK(tx->schema().indexes.empty());
  must(tx->set_property(NodeId{1}, p.id, Value::integer(2)));
  must(tx->create_constraint(unique));  // together with the change that makes it possible
  must(commit(*tx));
  CHECK_FALSE(p.create(*begin(*p.store), {{p.id, Value::integer(2)}}));
}

TEST_CASE("names of types") {
  const Value items[] = {Value::integer(1), Value::integer(2)};
  const Value list = Value::list(items);
  const std::tuple<Value, const char*, bool> cases[] = {
      {Value::integer(1), "INTEGER", true},       {Value::integer(1), "STRING", false},
      {Value::integer(1), "STRING | INTEGER", true}, {list, "LIST<INTEGER NOT NULL>", true},
      {list, "LIST<STRING NOT NULL>", false},     {list, "LIST<INTEGER | STRING NOT NULL> | BOOLEAN", true},
      {Value::boolean(true), "ANY", true},        {Value::real(1), "INTEGER NOT NULL", false},
  };
  for (const auto& [value, type, expected] : cases) {
    CAPTURE(type);
    CHECK(constraints::has_type(value, type) == expected);
  }
}

TEST_CASE("schema commands: names, equals, owners, waiting") {
  People p;
  const ConstraintId made = p.add(p.constraint(ConstraintType::unique, {p.id}));
  auto tx = begin(*p.store);
  const Constraint& constraint = tx->schema().constraints.at(0);
  CHECK(constraint.id == made);
  CHECK(constraint.name.starts_with("constraint_"));
  CHECK(tx->schema().index(constraint.name)->owner == made);
  CHECK(tx->create_constraint(p.constraint(ConstraintType::unique, {p.id})).error().status() == Status::equivalent_schema_rule_exists);
  IndexDefinition index;
  index.token = raw(p.person);
  index.keys = {p.id};
  CHECK(tx->create_index(index).error().status() == Status::constraint_exists);
  CHECK(tx->drop_index(*constraint.index).error().status() == Status::index_drop_failed);
  index.keys = {p.name};
  index.name = constraint.name;
  CHECK(tx->create_index(index).error().status() == Status::constraint_name_exists);
  index.name = "mine";
  must(tx->create_index(index));
  index.name = "other";
  CHECK(tx->create_index(index).error().status() == Status::index_exists);
  CHECK(tx->create_constraint(p.constraint(ConstraintType::unique, {p.name})).error().status() == Status::index_exists);
  CHECK(tx->statement_counts().indexes_added == 1);
  CHECK(tx->schema().range_index(EntityType::node, raw(p.person), {p.name}) == nullptr);  // not before the commit

  auto second = begin(*p.store);
  REQUIRE_FALSE(second->create_index(index));
  REQUIRE(second->wait_pending());
  second->rollback_statement();
  const std::uint64_t version = p.store->catalog_version();
  must(commit(*tx));
  CHECK(p.store->catalog_version() > version);
  must(wait_and_resume(*second));
  second->begin_statement();
  CHECK(second->create_index(index).error().status() == Status::index_exists);
  must(second->drop_constraint(made));
  must(commit(*second));
  tx.reset();
  second.reset();
  p.store.reopen();
  CHECK(begin(*p.store)->schema().constraints.empty());
  CHECK(begin(*p.store)->schema().indexes.at(0).name == "mine");
}

}  // namespace packhouse::storage
