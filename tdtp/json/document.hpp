#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace packhouse::tdtp::json {

struct Member;

/// A small JSON document: options and processors' settings. Numbers are kept as they are written.
struct Node {
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };
  Kind kind = Kind::null;
  bool truth = false;
  std::string text;  ///< of a number or a string
  std::vector<Node> elements;
  std::vector<Member> members;  ///< in order; of members with one name only the last

  bool is(Kind k) const { return kind == k; }
  /// The member of exactly that name, or null.
  const Node* find(std::string_view name) const;
  /// The last member of that name in any case, or null.
  const Node* find_ignoring_case(std::string_view name) const;
  /// How messages name the kind: "array".
  std::string_view kind_name() const;
  /// The value as the original prints it in messages: `<nil>`, `1`, `true`, or the text.
  std::string shown() const;
  /// A number's value; 0 for anything else.
  double as_double() const;
};

/// A member of an object.
struct Member {
  std::string name;
  Node value;
};

/// The error's message is the original's wording without a prefix.
Result<Node> parse(std::string_view text, std::size_t depth);

/// The error of a JSON text that a caller gave as its `what` ("data", "options" …): Status::invalid_arguments, by which the
/// C functions know INVALID_INPUT. Message: `invalid WHAT JSON: WHY`.
[[gnu::cold]] tl::unexpected<Error> invalid_json(std::string_view what, const std::string& why);
/// The same for a text of a wrong kind.
[[gnu::cold]] tl::unexpected<Error> wrong_json(std::string_view what, const Node& found, std::string_view expected);

/// `text` itself if it is valid UTF-8; otherwise `repaired` is filled and returned.
std::string_view valid_text(std::string_view text, std::string& repaired);

/// Compact, members sorted by name, integers exact, other numbers as doubles (decision T13).
Result<std::string> compact(std::string_view text, std::size_t depth);

}  // namespace packhouse::tdtp::json
