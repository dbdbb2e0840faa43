// Any bytes as MessagePack. (CBOR is the other format: it too has integers above 2^63-1.)
#include "tests/fuzz/transcode_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  packhouse::codec::fuzz::check("msgpack", "cbor", {reinterpret_cast<const std::byte*>(data), size});
  return 0;
}
