#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "tdtp/limits.hpp"
#include "tdtp/packet.hpp"

namespace packhouse::tdtp {

/// Reads one `.tdtp.xml` file piece by piece: what is in memory is one piece of the file and its rows. Lenient as
/// the original: unknown elements and attributes are passed over; strict about XML itself, entities and limits.
/// The rows come before the end of the file is known, so whoever acts on them must be able to take it back.
/// Not to be shared between threads.
class PacketReader {
 public:
  /// Messages begin as those of J_ReadFile do: `parse error: failed to open file: …`.
  static Result<std::unique_ptr<PacketReader>> open(const std::string& path, const Limits& limits = {});
  /// Reads from memory; `xml` must outlive the reader.
  static std::unique_ptr<PacketReader> over(std::string_view xml, const Limits& limits = {});
  ~PacketReader();

  /// Adds the rows of the next piece (often none). False at the end, after everything has been checked: the
  /// header, the checksum, the compressed text.
  Result<bool> next(Rows& rows);

  /// Complete once rows have come or the end is reached.
  const Header& header() const;
  const Schema& schema() const;
  /// Bytes of the file read so far, and its size.
  std::uint64_t position() const;
  std::uint64_t size() const;

 private:
  struct State;
  explicit PacketReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// The whole packet, decompressed; header timestamps in UTC seconds as J_ReadFile gives them.
Result<Packet> read_packet(const std::string& path, const Limits& limits = {});

}  // namespace packhouse::tdtp
