#pragma once
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "objects/object_store.hpp"
#include "tests/storage/graph/support.hpp"
#include "value/value.hpp"

// What the tests of objects/ share.
namespace packhouse::objects::test {

using storage::AccessMode;
using storage::EngineKind;
using storage::Folder;
using storage::must;

/// One transaction and the object store on it.
class Session {
 public:
  Session(storage::Store& store, const Registry& registry, AccessMode mode = AccessMode::write)
      : tx_(must(store.begin(mode))), objects(tx_->cells(), registry, tx_->id()) {
    tx_->begin_statement();
  }
  storage::Transaction& tx() { return *tx_; }
  storage::Cells& cells() { return tx_->cells(); }
  void commit();

 private:
  std::unique_ptr<storage::Transaction> tx_;

 public:
  ObjectStore objects;
};

/// Cells of this room that are there, of one table or of all.
std::size_t count_cells(storage::Cells& cells, std::string_view table = {});

inline constexpr Instant noon{1'750'000'000, 0};

/// An object of a class that ships: "packhouse.map" …
StorableValue object_of(std::string_view class_name, const Value& v);
/// Values from JSON text.
Value from_json(std::string_view text, Arena& arena);
/// A value as text, for comparisons that show what differs.
std::string shown(const Value& v);
/// All items of a content.
std::vector<std::string> items_of(ContentReader& reader);

/// The vector file and its typed JSON.
Value load_vectors(Arena& arena);
Value member(const Value& object, std::string_view name);
std::string text_of(const Value& object, std::string_view name);
/// Nothing for what no Value can hold: sets, big integers, data frames …
std::optional<Value> typed_value(const Value& typed, Arena& arena);

}  // namespace packhouse::objects::test
