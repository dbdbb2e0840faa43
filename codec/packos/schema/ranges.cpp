#include <fmt/format.h>

#include <algorithm>

#include "codec/packos/schema/take.hpp"
#include "codec/packos/schema/text_rules.hpp"

namespace packhouse::packos {
namespace {

std::string outside(const std::string& v, std::optional<std::int64_t> min, std::optional<std::int64_t> max) {
  if (min && max) return fmt::format("{} not in [{} , {}]", v, *min, *max);
  return min ? fmt::format("{} < {}", v, *min) : fmt::format("{} > {}", v, *max);
}

}  // namespace

Refusal outside_range(const Node& node, std::int64_t v) { return {Code::out_of_range, outside(std::to_string(v), node.min, node.max)}; }
Refusal outside_range(const Node& node, double v) { return {Code::out_of_range, outside(number_text(v), node.min, node.max)}; }
Refusal outside_dates(const Node& node, std::int64_t v) { return {Code::date_out_of_range, outside(std::to_string(v), node.from, node.to)}; }

bool in_range(const Node& node, double v) {
  return (!node.min || v >= static_cast<double>(*node.min)) && (!node.max || v <= static_cast<double>(*node.max));
}

std::optional<std::size_t> repeated(const Node& node, std::size_t available, Refusal& why) {
  // Bounds count groups: one round through the schemas.
  const auto groups = static_cast<std::int64_t>(node.children.size());
  const std::int64_t least = std::max<std::int64_t>(node.min.value_or(0), 0) * groups;
  const std::int64_t most = node.max.value_or(-1) < 0 ? -1 : *node.max * groups;
  const auto n = static_cast<std::int64_t>(available);
  if (n < least) {
    why = {Code::constraint_violated, fmt::format("{} not in [{} , {}]", n, least, most)};
    return std::nullopt;
  }
  return static_cast<std::size_t>(most < 0 ? n : std::min(n, most));
}

}  // namespace packhouse::packos
