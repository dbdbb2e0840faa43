#pragma once
#include "packstream/reader.hpp"

namespace packhouse::packstream {

/// Reads the next item into a Value. Text and bytes stay views of the input, which must outlive the
/// value; the rest lies in `arena`. The same rules as Reader, without a call per item.
/// With Structures::raw a structure becomes a list of its tag and its fields.
Result<Value> decode_next(Cursor& in, Arena& arena, const ReadOptions& options = {});

/// Reads exactly one item: bytes left over are an error.
Result<Value> decode_value(Bytes in, Arena& arena, const ReadOptions& options);
inline Result<Value> decode_value(Bytes in, Arena& arena, const Dialect& dialect = {}) {
  return decode_value(in, arena, ReadOptions{.dialect = dialect});
}

}  // namespace packhouse::packstream
