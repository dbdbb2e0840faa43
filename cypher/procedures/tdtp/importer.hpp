#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cypher/exec/context.hpp"
#include "cypher/exec/row_table.hpp"
#include "cypher/procedures/tdtp/cells.hpp"
#include "tdtp/packet.hpp"

namespace packhouse::cypher {

/// How rows become nodes.
struct ImportOptions {
  std::string label;
  std::optional<std::vector<std::string>> keys;  ///< names of fields; none: the table's; empty: every row is a new node
  std::map<std::string, std::optional<std::string>> mapping;  ///< field -> property, or nothing: the field is left out
  CellOptions cells;
};

struct ImportCounts {
  std::int64_t rows = 0, created = 0, updated = 0, unchanged = 0;

  ImportCounts operator-(const ImportCounts& o) const {
    return {rows - o.rows, created - o.created, updated - o.updated, unchanged - o.unchanged};
  }
};

/// Puts rows of a table into the nodes with a label: the node with the row's key gets its values, or else a node is
/// made. Nodes are found through an index on the key properties, else through a table of the keys of all nodes, which
/// is built once. Empty cells take properties away. Throws QueryError; then the transaction has to be rolled back.
class TableImporter {
 public:
  /// The schema has been checked. Errors: unknown fields in keys or mapping, no keys, two fields for one property.
  TableImporter(ExecContext& context, const tdtp::Schema& schema, const ImportOptions& options);

  /// To be called first with every transaction, or part of one: looks at what others have changed.
  void begin(ExecContext& context);
  void add(ExecContext& context, tdtp::Rows::Row row);
  /// To be called when a transaction has all its rows, before it is committed.
  void end(ExecContext& context);
  /// The rows since begin() were taken back.
  void undo(ExecContext& context);
  /// Of all transactions.
  const ImportCounts& counts() const { return counts_; }

 private:
  struct Column {
    tdtp::tdtql::Column from;
    KeyId key{};
    bool is_key = false;
  };
  void find_columns(ExecContext& context, const tdtp::Schema& schema, const ImportOptions& options);
  void find_keys(const tdtp::Schema& schema, const ImportOptions& options);
  void index_nodes(ExecContext& context);
  void forget_nodes(ExecContext& context);
  std::optional<NodeId> node_with_key(ExecContext& context);
  std::optional<NodeId> seek(ExecContext& context);
  void create(ExecContext& context);
  void update(ExecContext& context, NodeId id);
  void remember(NodeId id);
  [[noreturn]] void refuse(const std::string& why) const;

  LabelId label_;
  std::string label_name_;
  CellOptions cells_;
  std::vector<Column> columns_;       // those that are imported
  std::vector<std::size_t> cell_of_;  // the cell of each
  std::vector<std::size_t> keys_;     // which of columns_, in the order of the index if there is one
  std::optional<IndexId> index_;
  std::optional<IndexId> unique_;  // whose entries are locked, so that two imports don't make the same node
  bool counted_ = false;           // known_ has the nodes that were there
  RowTable known_;                 // key values, then the node, or true for several
  std::uint64_t sequence_ = 0, commits_ = 0, wrote_ = 0;  // the snapshot known_ is of, commits then, and whether one was ours
  ImportCounts counts_, at_begin_;
  std::vector<Value> values_, key_values_;
  std::vector<LabelId> labels_;
  std::vector<std::pair<KeyId, Value>> properties_;
  Arena scratch_, old_;
};

}  // namespace packhouse::cypher
