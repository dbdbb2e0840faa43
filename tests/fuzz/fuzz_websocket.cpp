// Any bytes as WebSocket frames and as the HTTP request before them: how they are cut makes no difference, and neither
// payload nor answers are more than came in, or than the bound.
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "server/websocket.hpp"

using namespace packhouse;
using server::WebSocketFrames;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

struct Decoded {
  std::vector<std::byte> payload;
  std::vector<std::byte> replies;
  bool closed = false;
  bool operator==(const Decoded&) const = default;
};

Decoded decode(Bytes in, std::size_t piece) {
  WebSocketFrames frames;
  Decoded out;
  std::vector<std::byte> bytes(in.begin(), in.end());
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const auto part = std::span(bytes).subspan(at, std::min(piece, bytes.size() - at));
    const std::size_t n = frames.decode(part);
    require(n <= part.size());
    out.payload.insert(out.payload.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(n));
  }
  const Bytes replies = frames.replies();
  require(replies.size() < 8192);
  out.replies.assign(replies.begin(), replies.end());
  out.closed = frames.closed();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes in(reinterpret_cast<const std::byte*>(data), size);
  const Decoded whole = decode(in, std::max<std::size_t>(size, 1));
  for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{16}}) require(decode(in, piece) == whole);
  const server::OriginRule rule{.any = false, .allowed = {}};
  require(server::answer_upgrade(as_text(in), rule).text.starts_with("HTTP/1.1 "));
  return 0;
}
