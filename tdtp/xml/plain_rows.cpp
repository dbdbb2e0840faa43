// Rows that need no XML parser.
#include <algorithm>

#include "base/utf8.hpp"
#include "tdtp/cells.hpp"
#include "tdtp/xml/handler.hpp"

namespace packhouse::tdtp {

namespace {

/// Whether the text means itself in XML: no markup, no references, no control characters (line breaks and tabs are
/// left to the parser), no bad UTF-8. One pass without branches, which the compiler turns into vector code.
bool is_plain(std::string_view text) {
  unsigned char odd = 0, wide = 0;
  for (const char ch : text) {
    const auto c = static_cast<unsigned char>(ch);
    odd = static_cast<unsigned char>(odd | (c < 0x20) | (c == '&') | (c == '>'));
    wide |= c;
  }
  if (odd != 0) return false;
  if (wide < 0x80) return true;
  return utf8::is_valid(text) && text.find("\xEF\xBF") == std::string_view::npos;
}

}  // namespace

bool PacketHandler::between_rows() const {
  return opens_.size() == 2 && section_ == "Data" && !compressed_ && !failed_ && row_end_ == fed_;
}

std::size_t PacketHandler::take_rows(std::string_view text) {
  constexpr std::string_view open = "<R>", close = "</R>";
  std::size_t taken = 0;
  for (;;) {
    std::size_t at = taken;
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n')) ++at;
    if (!text.substr(at).starts_with(open)) break;
    const std::size_t begin = at + open.size(), end = text.find('<', begin);
    if (end == std::string_view::npos || !text.substr(end).starts_with(close)) break;
    const std::string_view row = text.substr(begin, end - begin);
    if (row.size() > limits_.cell_bytes || !is_plain(row)) break;
    skipped_lines_ += static_cast<std::uint64_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(taken),
                                                            text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    split_row(rows_->keep(row), *rows_);
    ++rows_seen_;
    taken = end + close.size();
  }
  return taken;
}

}  // namespace packhouse::tdtp
