#pragma once
#include "base/arena.hpp"
#include "base/error.hpp"
#include "codec/packos/schema/node.hpp"
#include "value/value.hpp"

namespace packhouse::packos {

class SchemaTypes;

/// One schema from its JSON form; `path` is where it stands, for messages; `types` may be null.
Result<Node> build_node(const Value& json, const std::string& path, int depth, const SchemaTypes* types);
/// The JSON form of one schema.
Value describe_node(const Node& node, Arena& arena);

}  // namespace packhouse::packos
