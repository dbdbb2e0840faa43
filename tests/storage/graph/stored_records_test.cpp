// Reads what lies on disk with nothing but docs/RECORDS.md: a decoder of its own, no line of codec/packos.
#include <bit>
#include <cstring>
#include <map>
#include <variant>

#include "storage/keys.hpp"
#include "support.hpp"

namespace packhouse::storage {
namespace {

using Raw = std::string;  // bytes

std::uint64_t little(const Raw& b, std::size_t at, std::size_t width) {
  REQUIRE(at + width <= b.size());
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < width; ++i)
    out |= static_cast<std::uint64_t>(static_cast<unsigned char>(b[at + i])) << (8 * i);
  return out;
}

struct RawField {
  unsigned tag = 0;
  Raw bytes;
};

/// "Wide frames": kind, N, ends, tags, payload.
std::vector<RawField> wide_fields(const Raw& b) {
  const std::size_t n = little(b, 1, 4), payload = 5 + 5 * n;
  std::vector<RawField> out;
  std::size_t start = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t end = little(b, 5 + 4 * i, 4);
    REQUIRE(payload + end <= b.size());
    out.push_back({static_cast<unsigned>(little(b, 5 + 4 * n + i, 1)), b.substr(payload + start, end - start)});
    start = end;
  }
  return out;
}

/// "Frame (narrow)": N + 1 words, then the payload.
std::vector<RawField> fields(const Raw& b) {
  if (b.size() > 4 && little(b, 0, 4) == 0xFFF80022) return wide_fields(b.substr(4));
  const std::size_t payload = little(b, 0, 2) >> 3, n = payload / 2 - 1;
  std::vector<RawField> out;
  std::size_t start = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t end = little(b, 2 * i + 2, 2) >> 3;
    REQUIRE(payload + end <= b.size());
    out.push_back({static_cast<unsigned>(little(b, 2 * i, 2) & 7), b.substr(payload + start, end - start)});
    start = end;
  }
  CHECK((little(b, 2 * n, 2) & 7) == 0);
  CHECK(payload + start == b.size());  // nothing is left over
  return out;
}

std::int64_t integer(const RawField& f) {
  REQUIRE(f.tag == 1);
  const std::uint64_t v = little(f.bytes, 0, f.bytes.size());
  const unsigned unused = 64 - 8 * static_cast<unsigned>(f.bytes.size());
  return static_cast<std::int64_t>(v << unused) >> unused;
}

std::vector<std::uint64_t> ids(const RawField& f) {
  std::size_t at = 0, width = 2;
  if (f.tag == 2) {
    REQUIRE(little(f.bytes, 0, 2) == 0x0807);  // kind 7, element code 8
    at = 2, width = 4;
  } else {
    REQUIRE(f.tag == 6);
  }
  std::vector<std::uint64_t> out;
  for (; at < f.bytes.size(); at += width) out.push_back(little(f.bytes, at, width));
  return out;
}

struct DecodedRecord {
  bool node = true;
  std::vector<std::uint64_t> labels;
  std::int64_t type = 0, start = 0, end = 0;
  std::map<std::uint64_t, RawField> properties;
};

DecodedRecord decode(const Raw& stored) {
  const auto f = fields(stored);
  DecodedRecord out;
  out.node = f.at(0).tag != 1;
  std::size_t at = 1;
  if (out.node) {
    out.labels = ids(f[0]);
  } else {
    out.type = integer(f[0]), out.start = integer(f.at(1)), out.end = integer(f.at(2));
    at = 3;
  }
  const auto keys = ids(f.at(at++));
  REQUIRE(f.size() == at + keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i > 0) CHECK(keys[i - 1] < keys[i]);
    out.properties[keys[i]] = f[at + i];
  }
  return out;
}

Raw stored(TestStore& store, Bytes key) {
  const auto snapshot = must(store.engine().snapshot());
  const auto found = must(snapshot->get(key));
  REQUIRE(found);
  return Raw(as_text(*found));
}

struct Graph {
  TestStore store;
  std::vector<LabelId> labels{must(store->label("A")), must(store->label("B"))};
  TypeId type = must(store->type("R"));
  std::vector<KeyId> keys;
  KeyId key(std::size_t i) {
    while (keys.size() <= i) keys.push_back(must(store->key("k" + std::to_string(keys.size()))));
    return keys[i];
  }
};

}  // namespace

TEST_CASE("stored nodes and relationships are what docs/RECORDS.md says") {
  Graph g;
  const Value items[] = {Value::integer(1), Value::string("x"), Value()};
  const std::vector<Value> numbers(20, Value::integer(-2));
  const auto tx = begin(*g.store);
  const NodeId a = must(tx->create_node(g.labels, Properties{{g.key(3), Value::string("Ann")},
                                                             {g.key(0), Value::integer(-70'000)},
                                                             {g.key(7), Value::date({19'723})},
                                                             {g.key(9), Value::list(items)},
                                                             {g.key(11), Value::list(numbers)},
                                                             {g.key(12), Value::boolean(true)},
                                                             {g.key(13), Value::bytes(as_bytes("\xAA"))},
                                                             {g.key(14), Value::list({})}}));
  const NodeId b = must(tx->create_node({}, Properties{{g.key(1), Value::real(2.5)}}));
  const RelId r = must(tx->create_relationship(b, a, g.type, Properties{{g.key(2), Value::local_time({1})}}));
  must(tx->set_property(a, g.key(3), Value::string("Anne")));
  must(commit(*tx));

  const auto node = decode(stored(g.store, keys::node(a)));
  CHECK(node.node);
  CHECK(node.labels == std::vector<std::uint64_t>{raw(g.labels[0]), raw(g.labels[1])});
  REQUIRE(node.properties.size() == 8);
  const auto at = [&](std::size_t i) { return node.properties.at(raw(g.key(i))); };
  CHECK(at(3).tag == 6);
  CHECK(at(3).bytes == "Anne");
  CHECK(integer(at(0)) == -70'000);
  CHECK(at(0).bytes.size() == 4);
  CHECK(at(7).tag == 2);
  CHECK(at(7).bytes == "\x08\x0B\x4D");
  REQUIRE(at(9).tag == 4);
  const auto list = fields(at(9).bytes);
  CHECK(integer(list.at(0)) == 1);
  CHECK(list.at(1).bytes == "x");
  CHECK((list.at(2).tag == 4 && list.at(2).bytes.empty()));
  CHECK(at(11).bytes == Raw("\x07\x00", 2) + Raw(20, '\xFE'));
  CHECK((at(12).tag == 5 && at(12).bytes == "\x01"));
  CHECK(at(13).bytes == "\x04\xAA");
  CHECK(at(14).bytes == "\x03");

  const auto rel = decode(stored(g.store, keys::relationship(r)));
  CHECK_FALSE(rel.node);
  CHECK(rel.type == raw(g.type));
  CHECK(rel.start == static_cast<std::int64_t>(raw(b)));
  CHECK(rel.end == static_cast<std::int64_t>(raw(a)));
  CHECK(rel.properties.at(raw(g.key(2))).bytes == Raw("\x09\x01\0\0\0\0\0\0\0", 9));
  const auto plain = decode(stored(g.store, keys::node(b)));
  CHECK(plain.labels.empty());
  CHECK(plain.properties.at(raw(g.key(1))).tag == 3);
  CHECK(std::bit_cast<double>(little(plain.properties.at(raw(g.key(1))).bytes, 0, 8)) == 2.5);
}

TEST_CASE("records beyond 8 KB and beyond 4,094 fields are wide frames") {
  Graph g;
  const Raw text(9000, 'y');
  Properties many;
  for (std::size_t i = 0; i < 5000; ++i) many.emplace_back(g.key(i), Value::integer(static_cast<std::int64_t>(i)));
  const auto tx = begin(*g.store);
  const NodeId large =
      must(tx->create_node({}, Properties{{g.key(0), Value::string(text)}, {g.key(1), Value::integer(1)}}));
  const NodeId full = must(tx->create_node(g.labels, many));
  must(commit(*tx));
  const Raw bytes = stored(g.store, keys::node(large));
  CHECK(little(bytes, 0, 4) == 0xFFF80022);
  const auto record = decode(bytes);
  CHECK(record.properties.at(raw(g.key(0))).bytes == text);
  CHECK(integer(record.properties.at(raw(g.key(1)))) == 1);
  const auto wide = decode(stored(g.store, keys::node(full)));
  REQUIRE(wide.properties.size() == 5000);
  CHECK(integer(wide.properties.at(raw(g.key(4999)))) == 4999);
  CHECK(wide.labels.size() == 2);
}

}  // namespace packhouse::storage
