#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "cypher/exec/context.hpp"
#include "cypher/procedures/tdtp/cells.hpp"
#include "cypher/procedures/tdtp/columns.hpp"
#include "tdtp/row_source.hpp"

namespace packhouse::cypher {

/// What rows of a graph have in common on their way to a table. Errors of cells name the row.
class ValueRows : public tdtp::RowSource {
 public:
  ValueRows(tdtp::Header header, tdtp::Schema schema, bool xml);
  const tdtp::Header& header() const override { return header_; }
  const tdtp::Schema& schema() const override { return schema_; }

 protected:
  /// Adds the cell of the next column of the row that is being made.
  Result<void> cell(const Value& v, tdtp::Rows& rows);
  /// The cells of a row by the names of its columns; of nothing all are empty.
  Result<void> cells(ExecContext& context, const Value& map, tdtp::Rows& rows, Arena& scratch);
  void end_row(tdtp::Rows& rows);

 private:
  tdtp::Header header_;
  tdtp::Schema schema_;
  std::vector<tdtp::tdtql::Column> columns_;
  bool xml_;
  std::size_t column_ = 0;
  std::uint64_t row_ = 0;
  std::string text_;
};

/// The nodes with a label: fields are properties of the same name.
class NodeRows final : public ValueRows {
 public:
  /// `xml`: cells that XML can't hold are an error.
  NodeRows(ExecContext& context, LabelId label, tdtp::Header header, tdtp::Schema schema, bool xml);
  Result<bool> next(tdtp::Rows& rows) override;

 private:
  ExecContext& context_;
  std::vector<std::optional<KeyId>> keys_;
  storage::NodeCursor cursor_;
  std::array<NodeId, 256> ids_;
  Arena scratch_;
};

/// The rows of a query given as text, as they come.
class QueryRows final : public ValueRows {
 public:
  QueryRows(ExecContext& context, std::unique_ptr<NestedQuery> query, tdtp::Header header, QueryColumns columns,
            bool xml);
  Result<bool> next(tdtp::Rows& rows) override;

 private:
  ExecContext& context_;
  std::unique_ptr<NestedQuery> query_;
  bool of_one_;
  std::vector<std::size_t> columns_;  // of the query, unless the rows are the values of its one column
  Arena scratch_;
};

/// The items of a list: maps, nodes and relationships by name, or lists with one value a column.
class ListRows final : public ValueRows {
 public:
  ListRows(ExecContext& context, std::span<const Value> items, tdtp::Header header, tdtp::Schema schema, bool xml);
  Result<bool> next(tdtp::Rows& rows) override;

 private:
  ExecContext& context_;
  std::span<const Value> items_;
  std::size_t at_ = 0;
  Arena scratch_;
};

}  // namespace packhouse::cypher
