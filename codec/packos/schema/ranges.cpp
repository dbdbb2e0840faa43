#include <fmt/format.h>

#include <algorithm>

#include "codec/packos/schema/take.hpp"
#include "codec/packos/schema/text_rules.hpp"

namespace packhouse::packos {
namespace {

Failed outside(const Node& node, Code code, const std::string& v, std::optional<std::int64_t> min, std::optional<std::int64_t> max) {
  if (min && max) return refuse(node, code, fmt::format("{} not in [{} , {}]", v, *min, *max));
  if (min) return refuse(node, code, fmt::format("{} < {}", v, *min));
  return refuse(node, code, fmt::format("{} > {}", v, *max));
}

}  // namespace

Checked<void> check_range(const Node& node, std::int64_t v) {
  if ((node.min && v < *node.min) || (node.max && v > *node.max)) [[unlikely]] {
    return outside(node, Code::out_of_range, std::to_string(v), node.min, node.max);
  }
  return {};
}

Checked<void> check_range(const Node& node, double v) {
  const bool inside = (!node.min || v >= static_cast<double>(*node.min)) && (!node.max || v <= static_cast<double>(*node.max));
  if (!inside) return outside(node, Code::out_of_range, number_text(v), node.min, node.max);
  return {};
}

Checked<void> check_date(const Node& node, std::int64_t seconds) {
  if ((node.from && seconds < *node.from) || (node.to && seconds > *node.to)) {
    return outside(node, Code::date_out_of_range, std::to_string(seconds), node.from, node.to);
  }
  return {};
}

Checked<std::size_t> repeated(const Node& node, std::size_t available) {
  // Bounds count groups: one round through the schemas.
  const auto groups = static_cast<std::int64_t>(node.children.size());
  const std::int64_t least = std::max<std::int64_t>(node.min.value_or(0), 0) * groups;
  const std::int64_t most = node.max.value_or(-1) < 0 ? -1 : *node.max * groups;
  const auto n = static_cast<std::int64_t>(available);
  if (n < least) return refuse(node, Code::constraint_violated, fmt::format("{} not in [{} , {}]", n, least, most));
  return static_cast<std::size_t>(most < 0 ? n : std::min(n, most));
}

}  // namespace packhouse::packos
