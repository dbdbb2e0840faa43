#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cypher/exec/context.hpp"
#include "tdtp/table_reader.hpp"
#include "tdtp/tdtql/selector.hpp"

namespace packhouse::cypher {

/// The same error as seen by who called a procedure: what is wrong with a file is ExternalResourceFailed, as in LOAD
/// CSV.
[[noreturn]] void cannot_read(std::string_view file, Error e);
[[noreturn]] void cannot_write(std::string_view file, Error e);

/// A table in the import folder: a file, or the parts of that name.
std::unique_ptr<tdtp::TableReader> open_tdtp(ExecContext& context, std::string_view file);
/// The files behind it.
std::vector<std::string> tdtp_files(ExecContext& context, std::string_view file);
/// Where a name of the import folder leads: the path that means the table's file or parts.
std::string tdtp_place(ExecContext& context, std::string_view file);
/// Where a file of the import folder is to be written.
std::string tdtp_target(ExecContext& context, std::string_view file);

/// Rows of a table in the import folder that a query lets through, one after the other.
class QueriedTable {
 public:
  QueriedTable(ExecContext& context, std::string_view file, const tdtp::tdtql::Query& query);

  /// Nothing at the end. Cells are good until the next call.
  std::optional<tdtp::Rows::Row> next(ExecContext& context);
  const tdtp::Schema& schema() const { return reader_->schema(); }
  const tdtp::Header& header() const { return reader_->header(); }
  tdtp::tdtql::PageContext context() const { return selector_->context(); }

 private:
  bool more(ExecContext& context);

  std::string file_;
  std::unique_ptr<tdtp::TableReader> reader_;
  std::unique_ptr<tdtp::tdtql::Selector> selector_;
  tdtp::Rows rows_, chosen_;
  std::size_t at_ = 0;
  bool read_all_ = false;
};

}  // namespace packhouse::cypher
