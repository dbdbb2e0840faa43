#include "cypher/syntax/error.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "cypher/syntax/ast.hpp"

namespace packhouse::cypher {

Position ast::position_of(std::string_view text, std::uint32_t byte_offset) {
  const std::string_view before = text.substr(0, std::min<std::size_t>(byte_offset, text.size()));
  const std::size_t line_begin = before.find_last_of('\n') + 1;  // npos + 1 == 0
  return {static_cast<std::uint32_t>(utf8::length(before)),
          static_cast<std::uint32_t>(1 + std::count(before.begin(), before.end(), '\n')),
          static_cast<std::uint32_t>(1 + utf8::length(before.substr(line_begin)))};
}

namespace syntax {
namespace {

/// Lines longer than this are cut around the place, so that a message never repeats a huge query.
constexpr std::size_t shown = 120;

/// The line that the place is on, in quotes, and a caret below the place.
std::string excerpt(std::string_view text, std::size_t at) {
  at = std::min(at, text.size());
  const std::size_t begin = text.substr(0, at).find_last_of('\n') + 1;
  std::string_view line = text.substr(begin, std::min(text.find('\n', at), text.size()) - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::size_t column = utf8::length(line.substr(0, std::min(at - begin, line.size())));
  std::string lead, tail;
  if (const std::size_t length = utf8::length(line); length > shown) {
    const std::size_t from = column > shown / 2 ? std::min(column - shown / 2, length - shown) : 0;
    if (from > 0) lead = "...";
    if (from + shown < length) tail = "...";
    line = utf8::substr(line, from, shown);
    column = column - from + lead.size();
  }
  return "\n\"" + lead + std::string(line) + tail + "\"\n" + std::string(column + 1, ' ') + "^";
}

}  // namespace

Error located(Status status, std::string_view text, std::uint32_t byte_offset, std::string what,
              std::string_view cause) {
  const Position p = ast::position_of(text, byte_offset);
  std::string message = what + " (line " + std::to_string(p.line) + ", column " + std::to_string(p.column) +
                        " (offset: " + std::to_string(p.offset) + "))" + excerpt(text, byte_offset);
  return Error(status, std::move(message))
      .with_gql("42001")
      .at(p)
      .caused_by(Error(status, std::move(what)).with_gql(cause).at(p));
}

void syntax_error(std::string_view text, std::uint32_t byte_offset, std::string what, std::string_view cause) {
  throw QueryError(located(Status::syntax_error, text, byte_offset, std::move(what), cause));
}

}  // namespace syntax
}  // namespace packhouse::cypher
