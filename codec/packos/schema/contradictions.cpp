#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "codec/packos/schema/schema.hpp"
#include "codec/packos/schema/text_rules.hpp"

// Schemas that are well formed, but that nothing can ever meet.
namespace packhouse::packos {
namespace {

bool is_text(const Node& n) {
  switch (n.rule) {
    case Rule::string:
    case Rule::email:
    case Rule::uri:
    case Rule::lang:
    case Rule::color:
    case Rule::bytes:
    case Rule::any: return true;
    default: return n.rule == Rule::only && n.tag == Tag::string;
  }
}

/// What is wrong with a text or bytes schema; empty: nothing.
std::string in_text(const Node& n) {
  const auto excludes = [&](std::string_view what, const std::string& text) {
    return fmt::format("width {} and {} '{}' exclude each other", n.width, what, text);
  };
  if (n.fixed_width > 0) {
    if (n.test == TextTest::exact && n.exact.size() != n.fixed_width) return excludes("exact", n.exact);
    if (n.test == TextTest::prefix && n.prefix.size() > n.fixed_width) return excludes("prefix", n.prefix);
    if (n.test == TextTest::suffix && n.suffix.size() > n.fixed_width) return excludes("suffix", n.suffix);
  }
  if (n.has_default && !meets(n, n.decode_default))
    return fmt::format("decodeDefault '{}' does not meet its own schema", n.decode_default);
  return {};
}

std::string in_integer(const Node& n, unsigned bits) {
  const std::int64_t most = bits == 64 ? std::numeric_limits<std::int64_t>::max() : (std::int64_t{1} << (bits - 1)) - 1;
  if (n.min && *n.min > most)
    return fmt::format("min {} is beyond {}, the greatest {}", *n.min, most, json_type(n.rule));
  if (n.max && *n.max < -most - 1)
    return fmt::format("max {} is below {}, the least {}", *n.max, -most - 1, json_type(n.rule));
  return {};
}

std::string in_keys(const Node& n) {
  std::vector<std::string_view> exact;
  for (std::size_t i = 0; i < n.children.size(); i += 2) {
    const Node& key = n.children[i];
    if (!is_text(key)) return fmt::format("the keys of a map are text, schema {} is {}", i, json_type(key.rule));
    if (key.test != TextTest::exact) continue;
    if (std::ranges::find(exact, key.exact) != exact.end())
      return fmt::format("the key '{}' is asked for twice", key.exact);
    exact.push_back(key.exact);
  }
  return {};
}

/// A repeat without a maximum leaves nothing for what follows it.
std::string in_sequence(std::span<const Node> nodes) {
  for (std::size_t i = 0; i + 1 < nodes.size(); ++i) {
    if (nodes[i].rule != Rule::repeat || nodes[i].max.value_or(-1) >= 0) continue;
    return fmt::format("schema {} is a repeat without max, which leaves no field for schema {}", i, i + 1);
  }
  return {};
}

std::string contradiction(const Node& n) {
  switch (n.rule) {
    case Rule::string:
    case Rule::bytes:
    case Rule::color: return in_text(n);
    case Rule::int16: return in_integer(n, 16);
    case Rule::int32: return in_integer(n, 32);
    case Rule::int64: return in_integer(n, 64);
    case Rule::enumeration:
      return n.names.empty() && !n.nullable ? "enum has no names, so that nothing can meet it" : "";
    case Rule::map:
    case Rule::map_repeat: return in_keys(n);
    case Rule::tuple: return in_sequence(n.children);
    default: return {};
  }
}

Result<void> check_node(const Node& node, const std::string& path) {
  if (const auto wrong = contradiction(node); !wrong.empty()) {
    return fail(Status::argument_error, fmt::format("PackOS schema{}{}: {}", path.empty() ? "" : " at ", path, wrong));
  }
  for (std::size_t i = 0; i < node.children.size(); ++i)
    PACKHOUSE_CHECK(check_node(node.children[i], fmt::format("{}.schema[{}]", path, i)));
  return ok;
}

}  // namespace

Result<void> Schema::satisfiable() const {
  if (const auto wrong = in_sequence(chain_); !wrong.empty())
    return fail(Status::argument_error, "PackOS schema: " + wrong);
  for (std::size_t i = 0; i < chain_.size(); ++i)
    PACKHOUSE_CHECK(check_node(chain_[i], chain_.size() > 1 ? fmt::format("[{}]", i) : ""));
  return ok;
}

}  // namespace packhouse::packos
