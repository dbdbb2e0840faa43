// A whole conversation as the input. Its first byte chooses the form: even, the bytes as a client would send
// them; odd, a version (2 bytes), then messages (16-bit length, PackStream), which are framed here, so that
// mutations stay within messages. What must hold: no crash; every answer is a well-formed message of the
// server; the answers do not depend on how the bytes are cut.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "packstream/decode.hpp"
#include "tests/protocol/toy_server.hpp"

using namespace packhouse;
using namespace packhouse::tests;

namespace {

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "violated: %s\n", what);
  std::abort();
}

Buffer conversation(Bytes in) {
  Buffer bytes;
  if ((std::to_integer<int>(in[0]) & 1) == 0 || in.size() < 3) {
    bytes.append(in.subspan(1));
    return bytes;
  }
  bytes.append(unhex("60 60 B0 17 00 00"));
  bytes.put(std::to_integer<std::uint8_t>(in[2]));
  bytes.put(std::to_integer<std::uint8_t>(in[1]));
  bytes.append(unhex("00 00 01 FF 00 08 08 05 00 02 04 04"));
  in = in.subspan(3);
  while (in.size() >= 2) {
    const std::size_t announced = std::to_integer<std::size_t>(in[0]) << 8 | std::to_integer<std::size_t>(in[1]);
    in = in.subspan(2);
    const std::size_t size = std::min(announced, in.size());
    ChunkFrame frame(bytes);
    bytes.append(in.first(size));
    frame.close();
    in = in.subspan(size);
  }
  return bytes;
}

void check_output(Bytes out) {
  if (out.size() < 4) return;
  // Behind the handshake's answer, a version or a manifest, there are only messages.
  const bool manifest = out[3] == std::byte{0xFF};
  const std::size_t handshake = manifest ? 4 + 1 + 4 * std::to_integer<std::size_t>(out[4]) + 1 : 4;
  require(out.size() >= handshake, "the handshake's answer is whole");
  Dechunker in;
  in.feed(out.subspan(handshake), std::size_t{1} << 30);
  while (!in.empty()) {
    const MessagePtr m = in.pop();
    require(m->bytes.size() >= 2, "an answer is a structure");
    const int tag = std::to_integer<int>(m->bytes[1]), fields = std::to_integer<int>(m->bytes[0]) & 15;
    require(tag == 0x70 || tag == 0x71 || tag == 0x7E || tag == 0x7F, "an answer has a known tag");
    require(fields == (tag == 0x7E ? 0 : 1), "an answer has its number of fields");
    if (fields == 1)
      require(packstream::decode_value(m->bytes.view().subspan(2), m->arena).has_value(), "an answer decodes");
  }
  require(in.backlog() == 0, "the last answer is whole");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Buffer bytes = conversation(std::as_bytes(std::span(data, size)));
  if (bytes.empty()) return 0;
  const auto whole = converse(bytes, bytes.size(), false);
  check_output(whole);
  require(converse(bytes, 1, false) == whole, "cutting the input changes nothing");
  check_output(converse(bytes, 1 + data[0] / 2, true));
  return 0;
}
