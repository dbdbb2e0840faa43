#pragma once
#include <memory>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "tdtp/rows.hpp"
#include "tdtp/sort.hpp"
#include "tdtp/tdtql/condition.hpp"
#include "tdtp/tdtql/order.hpp"
#include "tdtp/tdtql/select.hpp"

namespace packhouse::tdtp::tdtql {

/// Filters, sorts and cuts a table that comes piece by piece: what select() does for one that is in memory. ORDER BY
/// holds rows back until all have come; with a limit only those that may be wanted, else in a temporary file
/// (ExternalSorter).
class Selector {
 public:
  /// Messages: `filter error: …`.
  static Result<std::unique_ptr<Selector>> create(const Query& query, const Schema& schema,
                                                  std::size_t sort_memory = std::size_t{64} << 20);

  /// From the text of a condition. Message, too: `invalid WHERE clause: …`.
  static Result<std::unique_ptr<Selector>> parse(std::string_view where, const Schema& schema,
                                                 const Limits& limits = {});

  /// Adds those of `rows` that are let through to `chosen`, as views of them; with ORDER BY none yet.
  Result<void> take(const Rows& rows, Rows& chosen);
  /// After the last piece: all have come.
  Result<void> finish();
  /// Then the rows that were held back: puts the next ones in the place of those in `chosen`; false at the end.
  Result<bool> drain(Rows& chosen);

  /// Complete after the last row.
  PageContext context() const;

 private:
  Selector(Condition condition, RowOrder order, const Query& query, std::size_t sort_memory);
  bool in_page();

  Condition condition_;
  RowOrder order_;
  std::uint64_t skip_, limit_;
  std::optional<ExternalSorter> sorter_;
  std::uint64_t total_ = 0, matched_ = 0, returned_ = 0, skipped_ = 0;
  std::string packed_;
  std::vector<std::string_view> cells_;
};

}  // namespace packhouse::tdtp::tdtql
