#pragma once
#include "packstream/writer.hpp"
#include "value/value.hpp"

namespace packhouse::packstream {

/// Writes a Value as one item. Nodes, relationships and paths can't be written without their graph, so
/// they are an error here (handlers/hydrate.hpp writes them). Not for use inside a list or map of
/// unknown size: value/write.hpp goes through the sink and can do that.
Result<void> encode_value(const Value& v, Writer& out, std::uint32_t max_depth = 1000);

}  // namespace packhouse::packstream
