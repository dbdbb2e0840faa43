// Any bytes as a WHERE text over a small table: an error with a position inside the text, or rows.
#include <cstdlib>
#include <string_view>

#include "tdtp/tdtql/select.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace packhouse::tdtp;
  static const Packet packet = [] {
    Packet p;
    for (const char* type : {"INTEGER", "REAL", "DECIMAL", "TEXT", "BOOLEAN", "DATE", "TIMESTAMP", "BLOB"}) {
      Field f;
      f.name = std::string(1, type[0]) + std::to_string(p.schema.fields.size());
      f.type = type;
      p.schema.fields.push_back(f);
    }
    for (const char* cell : {"1", "2.5", "9.50", "a_b\n%", "true", "2020-01-01", "2020-01-01T00:00:00Z", "AA=="})
      p.rows.add(cell);
    p.rows.end_row();
    for (int i = 0; i < 8; ++i) p.rows.add("");
    p.rows.end_row();
    return p;
  }();
  const std::string_view where(reinterpret_cast<const char*>(data), size);
  const auto s = tdtql::select(packet, where, 0, 0);
  if (!s && s.error().position() && s.error().position()->offset > size) std::abort();
  if (s && s->rows.size() > packet.rows.size()) std::abort();
  return 0;
}
