#include "handlers/hydrate.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "value/write.hpp"

namespace packhouse::handlers {
namespace {

constexpr std::uint8_t node_tag = 0x4E, relationship_tag = 0x52, unbound_tag = 0x72, path_tag = 0x50;

std::int64_t signed_id(std::uint64_t id) { return static_cast<std::int64_t>(id); }

}  // namespace

Hydrator::Hydrator(storage::Transaction& transaction, const packstream::Dialect& dialect)
    : tx_(transaction), store_(transaction.store()), dialect_(dialect), node_prefix_("4:" + std::string(store_.uuid()) + ":"),
      relationship_prefix_("5:" + std::string(store_.uuid()) + ":") {}

Result<void> Hydrator::write(const Value& v, packstream::Writer& out, int depth) {
  if (depth < 0) return fail(Status::argument_error, "the result is nested too deeply");
  switch (v.kind()) {
    case Kind::node: return node(v.as_node(), out);
    case Kind::relationship: return relationship(v.as_relationship(), out);
    case Kind::path: return path(v.as_path(), out);
    case Kind::integer: return out.write_integer(v.as_integer()), ok;
    case Kind::string: return out.write_string(v.as_string()), ok;
    case Kind::list: {
      const auto items = v.as_list();
      out.write_list_header(items.size());
      for (const Value& item : items) PACKHOUSE_CHECK(write(item, out, depth - 1));
      return ok;
    }
    case Kind::map: {
      const auto entries = v.as_map();
      out.write_map_header(entries.size());
      for (const auto& [key, value] : entries) {
        out.write_string(key);
        PACKHOUSE_CHECK(write(value, out, depth - 1));
      }
      return ok;
    }
    default: return packhouse::write(v, out, depth);
  }
}

void Hydrator::element_id(bool node, std::uint64_t id, packstream::Writer& out) {
  const std::string& prefix = node ? node_prefix_ : relationship_prefix_;
  char text[96];
  char* at = std::copy_n(prefix.data(), std::min<std::size_t>(prefix.size(), 64), text);
  at = std::to_chars(at, text + sizeof text, signed_id(id)).ptr;
  out.write_string({text, static_cast<std::size_t>(at - text)});
}

Result<void> Hydrator::properties(packstream::Writer& out) {
  out.write_map_header(properties_.size());
  for (const auto& [key, value] : properties_) {
    out.write_string(store_.name(key));
    PACKHOUSE_CHECK(write(value, out));
  }
  scratch_.reset();
  return ok;
}

Result<void> Hydrator::node(NodeId id, packstream::Writer& out) {
  PACKHOUSE_TRY(const auto view, tx_.node(id));
  out.write_structure_header(node_tag, dialect_.element_ids ? 4 : 3);
  out.write_integer(signed_id(raw(id)));
  if (view) {
    PACKHOUSE_CHECK(view->contents(labels_, properties_, scratch_));
    out.write_list_header(labels_.size());
    for (const LabelId label : labels_) out.write_string(store_.name(label));
    PACKHOUSE_CHECK(properties(out));
  } else {  // deleted by this query: a shell without labels and properties (BOLT.md section 10)
    out.write_list_header(0);
    out.write_map_header(0);
  }
  if (dialect_.element_ids) element_id(true, raw(id), out);
  return ok;
}

Result<void> Hydrator::relationship(RelId id, packstream::Writer& out) {
  PACKHOUSE_TRY(const auto view, tx_.relationship(id));
  out.write_structure_header(relationship_tag, dialect_.element_ids ? 8 : 5);
  out.write_integer(signed_id(raw(id)));
  out.write_integer(view ? signed_id(raw(view->start())) : -1);
  out.write_integer(view ? signed_id(raw(view->end())) : -1);
  out.write_string(view ? store_.name(view->type()) : "");
  if (view) {
    PACKHOUSE_CHECK(view->contents(properties_, scratch_));
    PACKHOUSE_CHECK(properties(out));
  } else {
    out.write_map_header(0);
  }
  if (!dialect_.element_ids) return ok;
  element_id(false, raw(id), out);
  if (view) {
    element_id(true, raw(view->start()), out);
    element_id(true, raw(view->end()), out);
  } else {
    out.write_string("");
    out.write_string("");
  }
  return ok;
}

Result<void> Hydrator::unbound(RelId id, packstream::Writer& out) {
  PACKHOUSE_TRY(const auto view, tx_.relationship(id));
  out.write_structure_header(unbound_tag, dialect_.element_ids ? 4 : 3);
  out.write_integer(signed_id(raw(id)));
  out.write_string(view ? store_.name(view->type()) : "");
  if (view) {
    PACKHOUSE_CHECK(view->contents(properties_, scratch_));
    PACKHOUSE_CHECK(properties(out));
  } else {
    out.write_map_header(0);
  }
  if (dialect_.element_ids) element_id(false, raw(id), out);
  return ok;
}

/// Distinct nodes and relationships, then for each step the relationship's index from 1, negative when it is walked
/// against its direction, and the node's index from 0.
Result<void> Hydrator::path(const PathValue& p, packstream::Writer& out) {
  std::vector<NodeId> nodes;
  std::vector<RelId> rels;
  std::vector<std::int64_t> indices;
  const auto index_of = [](auto& seen, auto id) {
    const auto it = std::ranges::find(seen, id);
    if (it != seen.end()) return static_cast<std::int64_t>(it - seen.begin());
    seen.push_back(id);
    return static_cast<std::int64_t>(seen.size()) - 1;
  };
  index_of(nodes, p.nodes[0]);
  for (std::size_t i = 0; i < p.rels.size(); ++i) {
    PACKHOUSE_TRY(const auto rel, tx_.relationship(p.rels[i]));
    const bool forwards = !rel || rel->start() == p.nodes[i];
    const std::int64_t r = index_of(rels, p.rels[i]) + 1;
    indices.push_back(forwards ? r : -r);
    indices.push_back(index_of(nodes, p.nodes[i + 1]));
  }
  out.write_structure_header(path_tag, 3);
  out.write_list_header(nodes.size());
  for (const NodeId id : nodes) PACKHOUSE_CHECK(node(id, out));
  out.write_list_header(rels.size());
  for (const RelId id : rels) PACKHOUSE_CHECK(unbound(id, out));
  out.write_list_header(indices.size());
  for (const std::int64_t i : indices) out.write_integer(i);
  return ok;
}

}  // namespace packhouse::handlers
