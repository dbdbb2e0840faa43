#pragma once
#include <map>
#include <string>
#include <vector>

#include "support.hpp"

// A full-text index to test with: nodes with the labels A and B, properties p and q.
namespace packhouse::storage {

struct FulltextStore {
  explicit FulltextStore(EngineKind kind = EngineKind::memory) : store(kind) {
    a = must(store->label("A"));
    b = must(store->label("B"));
    p = must(store->key("p"));
    q = must(store->key("q"));
  }
  IndexDefinition definition(std::string name = "texts", std::string analyzer = "standard-no-stop-words") const {
    IndexDefinition d;
    d.name = std::move(name);
    d.type = IndexType::fulltext;
    d.token = raw(a);
    d.more_tokens = {raw(b)};
    d.keys = {p, q};
    d.fulltext.analyzer = std::move(analyzer);
    return d;
  }
  IndexId make_index(const IndexDefinition& d) {
    IndexId id{};
    must(auto_commit(*store, [&](Transaction& tx) -> Result<void> {
      PACKHOUSE_TRY(id, tx.create_index(d));
      return ok;
    }));
    return id;
  }
  /// A node with label A and these texts.
  NodeId add(Transaction& tx, std::string_view text, std::string_view other = {}) const {
    Properties properties{{p, Value::string(text)}};
    if (!other.empty()) properties.emplace_back(q, Value::string(other));
    return must(tx.create_node(std::span(&a, 1), properties));
  }
  void add(const std::vector<std::string>& texts) {
    must(auto_commit(*store, [&](Transaction& tx) -> Result<void> {
      for (const std::string& text : texts) add(tx, text);
      return ok;
    }));
  }

  TestStore store;
  LabelId a, b;
  KeyId p, q;
};

inline Result<std::vector<FulltextMatch>> try_ask(Transaction& tx, IndexId index, std::string_view text,
                                                  std::uint64_t limit = ~std::uint64_t{0}, std::uint64_t skip = 0) {
  return tx.fulltext_search({.index = index, .text = text, .analyzer = {}, .skip = skip, .limit = limit, .pause = {}});
}
inline std::vector<FulltextMatch> ask(Transaction& tx, IndexId index, std::string_view text) { return must(try_ask(tx, index, text)); }

/// The ids found, in ascending order: "0 3 7".
inline std::string ids(Transaction& tx, IndexId index, std::string_view text) {
  auto found = ask(tx, index, text);
  std::ranges::sort(found, {}, &FulltextMatch::id);
  std::string out;
  for (const FulltextMatch& m : found) out += (out.empty() ? "" : " ") + std::to_string(m.id);
  return out;
}

}  // namespace packhouse::storage
