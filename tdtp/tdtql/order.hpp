#pragma once
#include <vector>

#include "base/error.hpp"
#include "tdtp/tdtql/operand.hpp"
#include "tdtp/tdtql/syntax.hpp"

namespace packhouse::tdtp::tdtql {

/// ORDER BY with its fields found: which of two rows comes first.
class RowOrder {
 public:
  static Result<RowOrder> compile(const std::vector<Order>& order, const Schema& schema) {
    RowOrder out;
    for (const Order& o : order) {
      const auto column = schema.find_ignoring_case(o.field);
      if (!column) return fail(Status::argument_error, "field '" + o.field + "' not found in schema");
      out.by_.emplace_back(Column(schema, *column), o.descending);
    }
    return out;
  }

  bool empty() const { return by_.empty(); }
  /// `a` and `b` give the cell of a column of their row.
  template <class A, class B>
  bool before(A&& a, B&& b) const {
    for (const auto& [column, descending] : by_) {
      const int o = sort_order(column, a(column.index), b(column.index));
      if (o != 0) return descending ? o > 0 : o < 0;
    }
    return false;
  }

 private:
  std::vector<std::pair<Column, bool>> by_;
};

}  // namespace packhouse::tdtp::tdtql
