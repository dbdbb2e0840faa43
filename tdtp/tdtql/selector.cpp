#include "tdtp/tdtql/selector.hpp"

#include <limits>

namespace packhouse::tdtp::tdtql {

namespace {

constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t piece_rows = 1024, piece_bytes = std::size_t{256} << 10;

tl::unexpected<Error> filter_error(Error&& e) {
  return tl::make_unexpected(std::move(e).in("filter error: "));
}

std::uint64_t count(const std::optional<std::int64_t>& n, std::uint64_t otherwise) {
  return n && *n >= 0 ? static_cast<std::uint64_t>(*n) : otherwise;
}

}  // namespace

Selector::Selector(Condition condition, RowOrder order, const Query& query, std::size_t sort_memory)
    : condition_(std::move(condition)),
      order_(std::move(order)),
      skip_(count(query.offset, 0)),
      limit_(count(query.limit, no_limit)) {
  if (order_.empty()) return;
  ExternalSorter::Options options{.memory = sort_memory};
  if (limit_ < no_limit - skip_) options.first = skip_ + limit_;
  sorter_.emplace(
      [this](std::string_view a, std::string_view b) {
        return order_.before([a](std::size_t c) { return packed_cell(a, c); },
                             [b](std::size_t c) { return packed_cell(b, c); });
      },
      options);
}

Result<std::unique_ptr<Selector>> Selector::create(const Query& query, const Schema& schema, std::size_t sort_memory) {
  if (auto r = schema.check(); !r) return filter_error(std::move(r).error());
  auto condition = Condition::compile(query.where, schema);
  if (!condition) return filter_error(std::move(condition).error());
  auto order = RowOrder::compile(query.order, schema);
  if (!order) return filter_error(std::move(order).error());
  return std::unique_ptr<Selector>(new Selector(std::move(*condition), std::move(*order), query, sort_memory));
}

Result<std::unique_ptr<Selector>> Selector::parse(std::string_view where, const Schema& schema, const Limits& limits) {
  auto query = tdtql::parse(where, limits.depth);
  if (!query) return tl::make_unexpected(std::move(query).error().in("invalid WHERE clause: "));
  return create(*query, schema);
}

bool Selector::in_page() {
  if (skipped_ < skip_) return ++skipped_, false;
  if (returned_ >= limit_) return false;
  ++returned_;
  return true;
}

Result<void> Selector::take(const Rows& rows, Rows& chosen) {
  total_ += rows.size();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto yes = condition_.matches(rows[i]);
    if (!yes) return filter_error(std::move(yes).error());
    if (!*yes) continue;
    ++matched_;
    if (!sorter_) {
      if (in_page()) chosen.add_row(rows[i]);
      continue;
    }
    packed_.clear();
    pack_row(rows[i], packed_);
    PACKHOUSE_CHECK(sorter_->add(packed_));
  }
  return ok;
}

Result<void> Selector::finish() {
  if (sorter_) return sorter_->finish();
  return ok;
}

Result<bool> Selector::drain(Rows& chosen) {
  chosen.clear();
  if (!sorter_) return false;
  std::size_t bytes = 0;
  while (chosen.size() < piece_rows && bytes < piece_bytes) {
    PACKHOUSE_TRY(const auto record, sorter_->next());
    if (!record) break;
    if (!in_page()) continue;
    cells_.clear();
    unpack_row(*record, cells_);
    for (const auto cell : cells_) chosen.add(chosen.keep(cell));
    chosen.end_row();
    bytes += record->size();
  }
  return !chosen.empty();
}

PageContext Selector::context() const {
  PageContext c;
  c.total = total_;
  c.matched = matched_;
  c.returned = returned_;
  c.more = matched_ > skip_ + returned_ && returned_ == limit_;
  if (c.more) c.next_offset = skip_ + returned_;
  c.limit = limit_ == no_limit ? 0 : static_cast<std::int64_t>(limit_);
  c.offset = static_cast<std::int64_t>(skip_);
  return c;
}

}  // namespace packhouse::tdtp::tdtql
