#pragma once
#include "storage/fulltext/delta.hpp"

namespace packhouse::storage {

/// What a Contribution keeps of a full-text index: the documents before and after, in one.
FulltextDelta::Change read_change(Bytes kept);

}  // namespace packhouse::storage
