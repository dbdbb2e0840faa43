#include <algorithm>

#include "tests/cypher/runner/database.hpp"
#include "value/print.hpp"

namespace packhouse::tests {
namespace {

template <class View>
std::string properties(const View& view, storage::Transaction& tx) {
  Arena arena;
  std::vector<std::string> entries;
  for (std::size_t i = 0; i < view.property_count(); ++i) {
    const auto value = view.property_value(i, arena);
    entries.push_back(std::string(tx.store().name(view.property_key(i))) + ": " + (value ? print(*value) : value.error().message()));
  }
  std::sort(entries.begin(), entries.end());
  std::string out;
  for (const auto& e : entries) out += (out.empty() ? "{" : ", ") + e;
  return out.empty() ? out : out + '}';
}

std::string node(NodeId id, storage::Transaction& tx) {
  const auto view = tx.node(id);
  if (!view || !*view) return "(gone)";
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < (*view)->label_count(); ++i) labels.emplace_back(tx.store().name((*view)->label(i)));
  std::sort(labels.begin(), labels.end());
  std::string out = "(";
  for (const auto& l : labels) out += ':' + l;
  const std::string more = properties(**view, tx);
  return out + (more.empty() || labels.empty() ? "" : " ") + more + ')';
}

std::string relationship(RelId id, storage::Transaction& tx) {
  const auto view = tx.relationship(id);
  if (!view || !*view) return "[gone]";
  const std::string more = properties(**view, tx);
  return "[:" + std::string(tx.store().name((*view)->type())) + (more.empty() ? "" : " ") + more + ']';
}

std::string path(const PathValue& p, storage::Transaction& tx) {
  std::string out = '<' + node(p.nodes[0], tx);
  for (std::size_t i = 0; i < p.rels.size(); ++i) {
    const auto view = tx.relationship(p.rels[i]);
    const bool forwards = view && *view && (*view)->start() == p.nodes[i];
    out += (forwards ? "-" : "<-") + relationship(p.rels[i], tx) + (forwards ? "->" : "-") + node(p.nodes[i + 1], tx);
  }
  return out + '>';
}

}  // namespace

std::string print_result(const Value& v, storage::Transaction& tx) {
  switch (v.kind()) {
    case Kind::node: return node(v.as_node(), tx);
    case Kind::relationship: return relationship(v.as_relationship(), tx);
    case Kind::path: return path(v.as_path(), tx);
    case Kind::list: {
      std::string out;
      for (const Value& item : v.as_list()) out += (out.empty() ? "" : ", ") + print_result(item, tx);
      return '[' + out + ']';
    }
    case Kind::map: {
      std::string out;
      for (const auto& [key, item] : v.as_map()) out += (out.empty() ? "" : ", ") + std::string(key) + ": " + print_result(item, tx);
      return '{' + out + '}';
    }
    default: return print(v);
  }
}

}  // namespace packhouse::tests
