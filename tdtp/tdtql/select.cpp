#include "tdtp/tdtql/select.hpp"

#include <algorithm>

#include "tdtp/tdtql/condition.hpp"
#include "tdtp/tdtql/order.hpp"

namespace packhouse::tdtp::tdtql {

namespace {

void sort(std::vector<std::size_t>& chosen, const Rows& rows, const RowOrder& order) {
  if (order.empty()) return;
  const auto cells = [&](std::size_t row) {
    return
        [&rows, row](std::size_t column) { return column < rows[row].size() ? rows[row][column] : std::string_view(); };
  };
  std::stable_sort(chosen.begin(), chosen.end(),
                   [&](std::size_t a, std::size_t b) { return order.before(cells(a), cells(b)); });
}

Result<Selection> run(const Packet& packet, const Query& query, std::int64_t limit, std::int64_t offset) {
  PACKHOUSE_CHECK(packet.schema.check());
  PACKHOUSE_TRY(const Condition condition, Condition::compile(query.where, packet.schema));
  PACKHOUSE_TRY(const RowOrder order, RowOrder::compile(query.order, packet.schema));
  Selection out;
  out.context.total = packet.rows.size();
  out.context.limit = limit;
  out.context.offset = offset;
  std::optional<std::int64_t> most = query.limit;
  if (limit > 0) most = limit;
  if (offset <= 0) offset = query.offset.value_or(0);
  const std::size_t skip = offset > 0 ? static_cast<std::size_t>(offset) : 0;
  for (std::size_t i = 0; i < packet.rows.size(); ++i) {
    auto yes = condition.matches(packet.rows[i]);
    if (!yes) return tl::make_unexpected(std::move(yes).error().in("filter error: "));
    if (*yes) out.rows.push_back(i);
  }
  out.context.matched = out.rows.size();
  sort(out.rows, packet.rows, order);
  out.rows.erase(out.rows.begin(), out.rows.begin() + static_cast<std::ptrdiff_t>(std::min(skip, out.rows.size())));
  if (most && *most >= 0 && out.rows.size() > static_cast<std::size_t>(*most)) {
    out.rows.resize(static_cast<std::size_t>(*most));
    out.context.more = true;
    out.context.next_offset = skip + out.rows.size();
  }
  out.context.returned = out.rows.size();
  return out;
}

}  // namespace

Result<Selection> select(const Packet& packet, std::string_view where, std::int64_t limit, std::int64_t offset,
                         const Limits& limits) {
  auto query = parse(where, limits.depth);
  if (!query) return tl::make_unexpected(std::move(query).error().in("invalid WHERE clause: "));
  auto selection = run(packet, *query, limit, offset);
  if (!selection) return tl::make_unexpected(std::move(selection).error().in("filter error: "));
  return selection;
}

}  // namespace packhouse::tdtp::tdtql
