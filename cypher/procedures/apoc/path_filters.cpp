#include "cypher/procedures/apoc/path_filters.hpp"

#include <algorithm>

#include "cypher/exec/expressions/entity.hpp"

namespace packhouse::cypher::apoc {
namespace {

using storage::Direction;

std::string_view trimmed(std::string_view s) {
  while (s.starts_with(' ')) s.remove_prefix(1);
  while (s.ends_with(' ')) s.remove_suffix(1);
  return s;
}

template <class Use>
void each_part(std::string_view text, char separator, Use&& use) {
  for (;;) {
    const std::size_t at = text.find(separator);
    use(trimmed(text.substr(0, at)));
    if (at == std::string_view::npos) return;
    text.remove_prefix(at + 1);
  }
}

bool has_one(const storage::NodeView& node, const std::vector<LabelId>& labels) {
  return std::ranges::any_of(labels, [&](LabelId l) { return node.has_label(l); });
}

}  // namespace

RelationshipFilter::RelationshipFilter(ExecContext& c, std::string_view text) {
  each_part(text, ',', [&](std::string_view step) {
    auto& ways = steps_.emplace_back();
    each_part(step, '|', [&](std::string_view one) {
      Way way;
      const auto take = [&](char sign, Direction direction) {
        if (one.starts_with(sign)) one.remove_prefix(1);
        else if (one.ends_with(sign)) one.remove_suffix(1);
        else return;
        way.direction = direction;
      };
      take('<', Direction::in);
      take('>', Direction::out);
      way.any_type = one.empty();
      if (!one.empty()) way.type = c.store.find_type(one);
      ways.push_back(way);
    });
  });
}

void RelationshipFilter::expand(ExecContext& c, NodeId node, std::size_t depth, std::vector<storage::Edge>& out) const {
  for (const Way& way : steps_[depth % steps_.size()]) {
    if (way.any_type) {
      or_throw(c.tx.expand(node, way.direction, {}, out));
    } else if (way.type) {
      or_throw(c.tx.expand(node, way.direction, {&*way.type, 1}, out));
    }
  }
}

bool RelationshipFilter::lets(TypeId type) const {
  return std::ranges::any_of(steps_, [&](const auto& ways) {
    return std::ranges::any_of(ways, [&](const Way& w) { return w.any_type || w.type == type; });
  });
}

LabelFilter::LabelFilter(ExecContext& c, std::string_view text, bool filter_start, bool begin_at_start)
    : filter_start_(filter_start), begin_at_start_(begin_at_start) {
  each_part(text, ',', [&](std::string_view step) {
    Group& group = steps_.emplace_back();
    each_part(step, '|', [&](std::string_view one) {
      if (one.empty() || one == "*" || one == "+*") return;
      const char sign = one.front();
      if (std::string_view("+-/>").find(sign) != std::string_view::npos) one.remove_prefix(1);
      const auto label = c.store.find_label(one);
      const bool only = sign != '-' && sign != '/' && sign != '>';
      group.restricted = group.restricted || only;
      ends_only_ = ends_only_ || sign == '/' || sign == '>';
      if (label) (sign == '-' ? group.never : sign == '/' ? group.stops : sign == '>' ? group.ends : group.only).push_back(*label);
    });
  });
}

Verdict LabelFilter::judge(ExecContext& c, NodeId id, std::size_t depth, std::int64_t least) const {
  if (depth == 0 && (!filter_start_ || !begin_at_start_)) return {!ends_only_, true};
  const Group& group = steps_[(begin_at_start_ ? depth : depth - 1) % steps_.size()];
  if (!ends_only_ && !group.restricted && group.never.empty()) return {};
  const auto node = node_view(c, id);
  if (has_one(node, group.never)) return {false, false};
  const bool too_near = static_cast<std::int64_t>(depth) < least;
  if (has_one(node, group.stops)) return {!too_near, too_near};
  if (has_one(node, group.ends)) return {!too_near, true};
  if (!group.restricted || has_one(node, group.only)) return {!ends_only_, true};
  return {false, false};
}

}  // namespace packhouse::cypher::apoc
