// Any bytes as the start of a .npy file: what is read makes sense, and what has a dtype is written as the same array.
#include <cstdlib>

#include "codec/npy/npy.hpp"

namespace {
using namespace packhouse;

void demand(bool fine) {
  if (!fine) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes in(reinterpret_cast<const std::byte*>(data), size);
  const auto header = codec::npy::read_header(in);
  if (!header) return 0;
  demand(header->item_size > 0 && codec::npy::data_offset(in).value() <= size);
  const auto dtype = codec::npy::dtype_of(*header);
  if (!dtype) return 0;
  Buffer out;
  demand(codec::npy::write_header(*dtype, header->rows(), out).has_value());
  const auto again = codec::npy::read_header(out);
  demand(again.has_value() && codec::npy::data_offset(out).value() == out.size());
  demand(again->rows() == header->rows() && again->row_size() == header->row_size());
  demand(codec::npy::dtype_of(*again).value() == *dtype);
  return 0;
}
