#pragma once
#include "codec/any_sink.hpp"
#include "codec/cbor/head.hpp"

namespace packhouse::codec::cbor {

/// Reports the value of a tag with a meaning of ours (codec/cbor/tags.hpp), whose head has been read already,
/// big numbers aside; unknown tags are an error.
Result<void> deliver_tag(std::uint64_t tag, Input& in, AnySink& out);

}  // namespace packhouse::codec::cbor
