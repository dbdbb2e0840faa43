#include "codec/packos/format.hpp"

#include <algorithm>

#include "codec/packos/codec.hpp"

namespace packhouse::packos {
namespace {

Result<void> read_any(Bytes in, codec::AnySink& out, const codec::Limits& limits) {
  return read(in, out, static_cast<int>(std::min<std::uint32_t>(limits.max_depth, max_depth)));
}

std::unique_ptr<codec::AnySink> make_writer(Buffer& out) { return std::make_unique<codec::SinkAdapter<Writer>>(out); }

}  // namespace

codec::Format format() {
  return {.name = "packos",
          .media_type = "application/vnd.packos",
          .carries = {.bytes = true, .non_finite = true, .temporals = true, .points = true, .vectors = true},
          .read = read_any,
          .writer = make_writer};
}

}  // namespace packhouse::packos
