#pragma once
#include <string>
#include <string_view>

#include "tdtp/packet.hpp"
#include "tdtp/tdtql/select.hpp"

namespace packhouse::tdtp::json {

/// Appends a JSON string as the original writes it: < > & and the line separators escaped, bad UTF-8 as U+FFFD.
void append_string(std::string_view s, std::string& out);
void append_row(Rows::Row row, std::string& out);

/// The whole packet, with compression and checksum where they are set.
std::string write_packet(const Packet& packet);
/// write_packet for rows that come in pieces, without marks.
class PacketText {
 public:
  /// `room`: a guess at the size of the text.
  PacketText(const Header& header, const Schema& schema, std::size_t room);
  void add(const Rows& rows);
  std::string finish() &&;

 private:
  std::string text_;
};
/// The rows `chosen` of a packet, and the page's context if there is one.
std::string write_selection(const Packet& packet, const std::vector<std::size_t>& chosen,
                            const tdtql::PageContext* context);

}  // namespace packhouse::tdtp::json
