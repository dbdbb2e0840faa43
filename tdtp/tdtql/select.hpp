#pragma once
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "tdtp/limits.hpp"
#include "tdtp/packet.hpp"

namespace packhouse::tdtp::tdtql {

/// What a page of a filtered table says about the rest.
struct PageContext {
  std::size_t total = 0;     ///< rows of the table
  std::size_t matched = 0;   ///< rows that the condition lets through
  std::size_t returned = 0;  ///< rows of this page
  bool more = false;         ///< the limit cut something off
  std::size_t next_offset = 0;
  std::int64_t limit = 0, offset = 0;  ///< as they were asked for
};

/// The rows of a page, by number, in their order.
struct Selection {
  std::vector<std::size_t> rows;
  PageContext context;
};

/// Filters, sorts (ORDER BY) and cuts a table. A limit above 0 and an offset above 0 win over LIMIT and OFFSET of the
/// text. Messages: `invalid WHERE clause: …` with the position of the error, `filter error: …`.
Result<Selection> select(const Packet& packet, std::string_view where, std::int64_t limit, std::int64_t offset,
                         const Limits& limits = {});

}  // namespace packhouse::tdtp::tdtql
