#include "tdtp/cells.hpp"

#include <cstring>

namespace packhouse::tdtp {

namespace {

/// A row with escapes: unescaped text goes to the rows' own memory, never more than `text` has.
void split_escaped(std::string_view text, Rows& rows) {
  char* out = rows.room(text.size());
  const char* begin = out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '|') {
      rows.add({begin, static_cast<std::size_t>(out - begin)});
      begin = out;
    } else if (c == '\\' && i + 1 < text.size()) {
      const char next = text[++i];
      *out++ = next == 'n' ? '\n' : next;
    } else {
      *out++ = c;
    }
  }
  rows.add({begin, static_cast<std::size_t>(out - begin)});
}

}  // namespace

void split_row(std::string_view text, Rows& rows) {
  if (text.empty()) {
    rows.add({});
  } else if (std::memchr(text.data(), '\\', text.size()) != nullptr) {
    split_escaped(text, rows);
  } else {
    const char* at = text.data();
    const char* end = at + text.size();
    while (const auto* bar = static_cast<const char*>(std::memchr(at, '|', static_cast<std::size_t>(end - at)))) {
      rows.add({at, static_cast<std::size_t>(bar - at)});
      at = bar + 1;
    }
    rows.add({at, static_cast<std::size_t>(end - at)});
  }
  rows.end_row();
}

void join_row(Rows::Row row, std::string& out) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) out += '|';
    std::string_view cell = row[i];
    for (std::size_t at; (at = cell.find_first_of("\\|\n")) != std::string_view::npos; cell.remove_prefix(at + 1)) {
      out += cell.substr(0, at);
      out += '\\';
      out += cell[at] == '\n' ? 'n' : cell[at];
    }
    out += cell;
  }
}

}  // namespace packhouse::tdtp
