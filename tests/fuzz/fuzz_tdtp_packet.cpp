// Any bytes as a TDTP file: an error or rows, in bounded memory; what could be read can be written and read again.
#include <unistd.h>

#include <cstdlib>

#include "tdtp/json/packet.hpp"
#include "tdtp/json/writer.hpp"
#include "tdtp/xml/reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace packhouse::tdtp;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Limits limits;
  limits.decompressed_bytes = 1 << 22;
  Packet packet;
  const auto reader = PacketReader::over(text, limits);
  for (;;) {
    const auto more = reader->next(packet.rows);
    if (!more) return 0;
    if (!*more) break;
  }
  packet.header = reader->header();
  packet.schema = reader->schema();
  const std::string as_json = json::write_packet(packet);
  const auto again = json::read_packet(as_json);
  if (!again || again->packet.rows.size() != packet.rows.size() ||
      again->packet.rows.cell_count() != packet.rows.cell_count())
    std::abort();
  return 0;
}
