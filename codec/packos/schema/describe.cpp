#include <boost/container/small_vector.hpp>

#include "codec/json/reader.hpp"
#include "codec/packos/schema/build.hpp"

namespace packhouse::packos {
namespace {

/// Collects the members that differ from what a reader assumes.
class Members {
 public:
  explicit Members(Arena& arena) : arena_(arena) {}

  void text(std::string_view key, std::string_view v) {
    if (!v.empty()) add(key, Value::string(arena_.copy(v)));
  }
  void flag(std::string_view key, bool v) {
    if (v) add(key, Value::boolean(true));
  }
  void number(std::string_view key, std::optional<std::int64_t> v) {
    if (v) add(key, Value::integer(*v));
  }
  void names(const std::vector<std::string>& names) {
    if (names.empty()) return;
    auto out = arena_.array<Value>(names.size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = Value::string(arena_.copy(names[i]));
    add("fieldNames", Value::list(out));
  }
  void children(const std::vector<Node>& nodes) {
    if (nodes.empty()) return;
    auto out = arena_.array<Value>(nodes.size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = describe_node(nodes[i], arena_);
    add("schema", Value::list(out));
  }
  void json(std::string_view key, const std::string& text) {
    if (text.empty()) return;
    if (const auto v = codec::json::read_value(as_bytes(text), arena_, {.typed = false}))
      add(key, *v);  // build_node wrote it
  }
  Value take() {
    auto out = arena_.array<MapEntry>(entries_.size());
    std::uninitialized_copy(entries_.begin(), entries_.end(), out.begin());
    return Value::map(out);
  }

 private:
  void add(std::string_view key, const Value& v) { entries_.push_back({key, v}); }

  Arena& arena_;
  boost::container::small_vector<MapEntry, 8> entries_;
};

}  // namespace

Value describe_node(const Node& node, Arena& arena) {
  Members m(arena);
  m.text("type", json_type(node.rule));
  m.names(node.names);
  m.children(node.children);
  m.flag("nullable", node.nullable);
  m.flag("variableLength", node.variable_length);
  m.flag("flatten", node.flatten);
  m.number("width", node.width != 0 ? std::optional(node.width) : std::nullopt);
  m.number("min", node.min);
  m.number("max", node.max);
  m.text("exact", node.exact);
  m.text("prefix", node.prefix);
  m.text("suffix", node.suffix);
  if (node.rule != Rule::color) m.text("pattern", node.pattern);
  m.text("dateFrom", node.date_from);
  m.text("dateTo", node.date_to);
  m.text("decodeDefault", node.decode_default);
  m.json("extra", node.extra);
  return m.take();
}

}  // namespace packhouse::packos
