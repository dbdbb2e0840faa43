#pragma once
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "tdtp/file.hpp"
#include "tdtp/packet.hpp"

namespace packhouse::tdtp {

/// Writes one `.tdtp.xml` file row by row, byte for byte as the original does (except where decisions T10 and T11
/// say otherwise). A file that is not closed is removed again.
class PacketWriter {
 public:
  /// Opens the file and writes everything ahead of the rows. Header numbers of 0 and empty texts are left out; an
  /// empty timestamp means now. Nothing is checked: what cannot be read back can be written.
  static Result<PacketWriter> create(const std::string& path, const Header& header, const Schema& schema,
                                     std::string_view compression = {}, std::string_view checksum = {});
  Result<void> row(Rows::Row cells);
  Result<void> close();

 private:
  explicit PacketWriter(OutFile file) : file_(std::move(file)) {}
  OutFile file_;
  bool any_ = false;
};

/// Header, schema, rows, and the marks of compression if they are set. Messages begin with `open PATH: …`.
Result<void> write_packet(const std::string& path, const Packet& packet);

/// The timestamp to write: the one given (as it is, if it is RFC 3339; in UTC, if it has another known layout), or
/// the time of the call. An error for any other text.
Result<std::string> written_timestamp(std::string_view given);

}  // namespace packhouse::tdtp
