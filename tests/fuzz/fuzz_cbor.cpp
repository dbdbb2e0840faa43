// Any bytes as CBOR. (MessagePack, not JSON, is the other format: JSON knows only one NaN, and CBOR's differ in width.)
#include "tests/fuzz/transcode_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  packhouse::codec::fuzz::check("cbor", "msgpack", {reinterpret_cast<const std::byte*>(data), size});
  return 0;
}
