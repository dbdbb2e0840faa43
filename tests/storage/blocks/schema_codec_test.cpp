#include "engines.hpp"
#include "storage/schema_codec.hpp"

namespace packhouse::storage {
namespace {

Index some_index() {
  Index index;
  index.id = IndexId{7};
  index.name = "by name ü";
  index.type = IndexType::text;
  index.entity = EntityType::relationship;
  index.token = 4'000'000'000;
  index.keys = {KeyId{3}, KeyId{1}};
  index.owner = ConstraintId{9};
  index.state = IndexState::populating;
  return index;
}

Constraint some_constraint() {
  Constraint constraint;
  constraint.id = ConstraintId{9};
  constraint.name = "typed";
  constraint.type = ConstraintType::property_type;
  constraint.keys = {KeyId{0}};
  constraint.property_type = "INTEGER NOT NULL";
  constraint.index = IndexId{7};
  return constraint;
}

void check_same(const Index& a, const Index& b) {
  CHECK(a.id == b.id);
  CHECK(a.name == b.name);
  CHECK(a.type == b.type);
  CHECK(a.entity == b.entity);
  CHECK(a.token == b.token);
  CHECK(a.keys == b.keys);
  CHECK(a.owner == b.owner);
  CHECK(a.state == b.state);
}

TEST_CASE("the schema survives being stored") {
  memory::Engine engine;
  Index plain;
  plain.id = IndexId{2};
  plain.name = "plain";
  plain.keys = {KeyId{5}};
  auto batch = must(engine.begin_batch());
  must(put(*batch, some_index()));
  must(put(*batch, plain));
  must(put(*batch, some_constraint()));
  must(batch->commit(1, true));

  const Schema schema = must(load_schema(*must(engine.snapshot())));
  REQUIRE(schema.indexes.size() == 2);
  check_same(schema.indexes[0], plain);
  check_same(schema.indexes[1], some_index());
  REQUIRE(schema.constraints.size() == 1);
  const Constraint& c = schema.constraints[0];
  CHECK(c.id == ConstraintId{9});
  CHECK(c.name == "typed");
  CHECK(c.type == ConstraintType::property_type);
  CHECK(c.property_type == "INTEGER NOT NULL");
  CHECK(c.index == IndexId{7});

  CHECK(schema.index("plain") == schema.indexes.data());
  CHECK(schema.index("typed") == nullptr);
  CHECK(schema.constraint("typed") == schema.constraints.data());
  CHECK(schema.range_index(EntityType::node, 0, {KeyId{5}}) == schema.indexes.data());
  CHECK(schema.range_index(EntityType::relationship, 0, {KeyId{5}}) == nullptr);
  CHECK(schema.range_index(EntityType::node, 0, {KeyId{5}, KeyId{6}}) == nullptr);
  CHECK(schema.range_index(EntityType::relationship, 4'000'000'000, {KeyId{3}, KeyId{1}}) == nullptr);  // text, populating

  batch = must(engine.begin_batch());
  must(erase(*batch, IndexId{7}));
  must(erase(*batch, ConstraintId{9}));
  must(batch->commit(2, true));
  CHECK(must(load_schema(*must(engine.snapshot()))).indexes.size() == 1);
}

TEST_CASE("damaged definitions are errors") {
  Buffer stored;
  serialize(some_index(), stored);
  for (std::size_t n = 0; n < stored.size(); ++n) {
    CHECK(parse_index(IndexId{1}, stored.view().first(n)).error().status() == Status::storage_failed);
  }
  Buffer constraint;
  serialize(some_constraint(), constraint);
  CHECK(!parse_index(IndexId{1}, constraint).has_value());
  CHECK(!parse_constraint(ConstraintId{1}, stored).has_value());
  for (std::size_t i = 0; i < stored.size(); ++i) {  // whatever comes out, nothing breaks
    for (const int flip : {1, 0x80, 0xFF}) {
      stored[i] ^= static_cast<std::byte>(flip);
      const auto parsed = parse_index(IndexId{1}, stored);
      if (parsed) CHECK(parsed->type <= IndexType::vector);
      stored[i] ^= static_cast<std::byte>(flip);
    }
  }
}

}  // namespace
}  // namespace packhouse::storage
