#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "tdtp/limits.hpp"
#include "tdtp/packet.hpp"

namespace packhouse::tdtp::json {

/// A packet read from its JSON form. Cells are views of the text it was read from, of `repaired` or of the arena.
struct ReadPacket {
  Packet packet;
  bool ignore_case = false;  ///< options.ignore_case: how J_Diff is asked to compare as the original does (T12)
  std::unique_ptr<std::string> repaired;
};

/// Reads {"schema":…,"header":…,"data":…}. Names of members in any case, unknown ones passed over, null for
/// anything; cells must be strings. `text` must outlive the packet. Message: `invalid data JSON: …`.
Result<ReadPacket> read_packet(std::string_view text, const Limits& limits = {});

}  // namespace packhouse::tdtp::json
