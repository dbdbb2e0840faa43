// Any bytes as MessagePack.
#include "tests/fuzz/transcode_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  packhouse::codec::fuzz::check("msgpack", "json", {reinterpret_cast<const std::byte*>(data), size});
  return 0;
}
