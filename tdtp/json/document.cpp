#include "tdtp/json/document.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "tdtp/json/scanner.hpp"
#include "tdtp/json/writer.hpp"
#include "tdtp/number.hpp"
#include "tdtp/text.hpp"

namespace packhouse::tdtp::json {

namespace {

bool build(Scanner& in, Node& out);

/// Of members with one name the last stays.
void keep_last(std::vector<Member>& members) {
  std::unordered_map<std::string_view, std::size_t> last;
  for (std::size_t i = 0; i < members.size(); ++i) last[members[i].name] = i;
  if (last.size() == members.size()) return;
  std::vector<Member> kept;
  kept.reserve(last.size());
  std::vector<bool> keep(members.size());
  for (const auto& [name, i] : last) keep[i] = true;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (keep[i]) kept.push_back(std::move(members[i]));
  }
  members = std::move(kept);
}

bool build_object(Scanner& in, Node& out) {
  out.kind = Node::Kind::object;
  if (!in.begin_object()) return false;
  bool first = true;
  std::string_view name;
  while (in.next_member(first, name)) {
    out.members.push_back({std::string(name), Node()});
    if (!build(in, out.members.back().value)) return false;
  }
  keep_last(out.members);
  return !in.failed();
}

bool build_array(Scanner& in, Node& out) {
  out.kind = Node::Kind::array;
  if (!in.begin_array()) return false;
  for (bool first = true; in.next_element(first);) {
    if (!build(in, out.elements.emplace_back())) return false;
  }
  return !in.failed();
}

bool build(Scanner& in, Node& out) {
  std::string_view text;
  switch (in.peek_value()) {
    case '\0': return false;
    case '{': return build_object(in, out);
    case '[': return build_array(in, out);
    case '"':
      out.kind = Node::Kind::string;
      if (!in.string(text)) return false;
      out.text = text;
      return true;
    case 't':
    case 'f':
    case 'n':
      if (!in.literal(text)) return false;
      out.kind = text == "null" ? Node::Kind::null : Node::Kind::boolean;
      out.truth = text == "true";
      return true;
    default:
      out.kind = Node::Kind::number;
      if (!in.number(text)) return false;
      out.text = text;
      return true;
  }
}

Result<void> write_number(std::string_view text, std::string& out) {
  if (text.find_first_of(".eE") == std::string_view::npos) {
    out += text;  // an integer of any size
    return ok;
  }
  double v = 0;
  if (parse_double(text, v) == Parsed::out_of_range) {
    return fail(Status::argument_error,
                "json: cannot unmarshal number " + std::string(text) + " into Go value of type float64");
  }
  out += json_number(v);
  return ok;
}

Result<void> write(const Node& node, std::string& out);

Result<void> write_members(const Node& node, std::string& out) {
  std::vector<const Member*> sorted;
  for (const auto& member : node.members) sorted.push_back(&member);
  std::ranges::sort(sorted, {}, [](const auto* m) -> const std::string& { return m->name; });
  out += '{';
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i > 0) out += ',';
    append_string(sorted[i]->name, out);
    out += ':';
    PACKHOUSE_CHECK(write(sorted[i]->value, out));
  }
  out += '}';
  return ok;
}

Result<void> write(const Node& node, std::string& out) {
  switch (node.kind) {
    case Node::Kind::null: out += "null"; return ok;
    case Node::Kind::boolean: out += node.truth ? "true" : "false"; return ok;
    case Node::Kind::number: return write_number(node.text, out);
    case Node::Kind::string: append_string(node.text, out); return ok;
    case Node::Kind::array:
      out += '[';
      for (std::size_t i = 0; i < node.elements.size(); ++i) {
        if (i > 0) out += ',';
        PACKHOUSE_CHECK(write(node.elements[i], out));
      }
      out += ']';
      return ok;
    case Node::Kind::object: return write_members(node, out);
  }
  return ok;
}

}  // namespace

const Node* Node::find(std::string_view name) const {
  for (const auto& [key, value] : members) {
    if (key == name) return &value;
  }
  return nullptr;
}

const Node* Node::find_ignoring_case(std::string_view name) const {
  const Node* found = nullptr;
  for (const auto& [key, value] : members) {
    if (same_ignoring_case(key, name)) found = &value;
  }
  return found;
}

std::string_view Node::kind_name() const {
  switch (kind) {
    case Kind::null: return "null";
    case Kind::boolean: return "bool";
    case Kind::number: return "number";
    case Kind::string: return "string";
    case Kind::array: return "array";
    case Kind::object: return "object";
  }
  return {};
}

double Node::as_double() const {
  double v = 0;
  if (kind == Kind::number && parse_double(text, v) != Parsed::bad_syntax) return v;
  return 0;
}

std::string Node::shown() const {
  switch (kind) {
    case Kind::null: return "<nil>";
    case Kind::boolean: return truth ? "true" : "false";
    case Kind::number: return plain_number(as_double());
    case Kind::string: return text;
    default: return std::string(kind_name());
  }
}

std::string_view valid_text(std::string_view text, std::string& repaired) {
  if (utf8::is_valid(text)) return text;
  repaired = made_valid(text);
  return repaired;
}

Result<Node> parse(std::string_view text, std::size_t depth) {
  std::string repaired;
  Arena arena;
  Scanner in(valid_text(text, repaired), arena, depth);
  Node node;
  if (!build(in, node) || !in.finish()) return fail(Status::argument_error, in.error());
  return node;
}

Result<std::string> compact(std::string_view text, std::size_t depth) {
  PACKHOUSE_TRY(const Node node, parse(text, depth));
  std::string out;
  PACKHOUSE_CHECK(write(node, out));
  return out;
}

tl::unexpected<Error> invalid_json(std::string_view what, const std::string& why) {
  return fail(Status::invalid_arguments, "invalid " + std::string(what) + " JSON: " + why);
}

tl::unexpected<Error> wrong_json(std::string_view what, const Node& found, std::string_view expected) {
  return invalid_json(what, "json: cannot unmarshal " + std::string(found.kind_name()) + " into Go " + std::string(expected));
}

}  // namespace packhouse::tdtp::json
