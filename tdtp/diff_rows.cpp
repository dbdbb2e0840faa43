#include "tdtp/diff_rows.hpp"

#include <algorithm>

#include "tdtp/text.hpp"

namespace packhouse::tdtp {

namespace {

Error refused(const std::string& why) {
  return Error(Status::argument_error, "diff error: " + why);
}

tl::unexpected<Error> refuse(const std::string& why) {
  return tl::make_unexpected(refused(why));
}

std::string_view cell(Rows::Row row, std::size_t column) {
  return column < row.size() ? row[column] : std::string_view();
}

Result<void> check_columns(const Schema& a, const Schema& b) {
  const auto& x = a.fields;
  const auto& y = b.fields;
  const std::string mismatch = "schema mismatch: ";
  if (x.size() != y.size())
    return refuse(mismatch + "different number of fields: " + std::to_string(x.size()) + " vs " +
                  std::to_string(y.size()));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::string at = " mismatch at position " + std::to_string(i) + ": ";
    if (x[i].name != y[i].name) return refuse(mismatch + "field name" + at + x[i].name + " vs " + y[i].name);
    if (x[i].type != y[i].type) return refuse(mismatch + "field type" + at + x[i].type + " vs " + y[i].type);
  }
  return ok;
}

}  // namespace

Result<std::vector<std::size_t>> diff_keys(const Header& old_header, const Schema& old_schema, const Header& new_header,
                                           const Schema& new_schema, const std::vector<std::string>& keys) {
  if (old_header.table_name != new_header.table_name)
    return refuse("different tables: " + old_header.table_name + " vs " + new_header.table_name);
  PACKHOUSE_CHECK(check_columns(old_schema, new_schema));
  std::vector<std::size_t> out;
  for (const std::string& name : keys) {
    const auto column = old_schema.find_ignoring_case(name);
    if (!column) return refuse("the key field '" + name + "' is not in the schema");
    out.push_back(*column);
  }
  for (std::size_t i = 0; i < old_schema.fields.size() && keys.empty(); ++i) {
    if (old_schema.fields[i].key) out.push_back(i);
  }
  if (out.empty()) return refuse("no key fields specified and no primary key in schema");
  return out;
}

Error repeated_key(std::string_view key, std::string_view which, std::uint64_t first, std::uint64_t second) {
  return refused("the key '" + std::string(key) + "' comes twice in the " + std::string(which) + " data: rows " +
                 std::to_string(first + 1) + " and " + std::to_string(second + 1));
}

std::string_view RowComparer::key(Rows::Row row, std::string& memory) const {
  if (keys_.size() == 1 && !ignore_case_) return cell(row, keys_[0]);
  memory.clear();
  for (const std::size_t k : keys_) {
    const std::string_view c = cell(row, k);
    const std::string folded = ignore_case_ ? lower(c) : std::string(c);
    memory += std::to_string(folded.size()) + ':' + folded;
  }
  return memory;
}

std::string RowComparer::shown_key(Rows::Row row) const {
  std::string text;
  for (const std::size_t k : keys_) {
    if (k != keys_[0]) text += '|';
    text += ignore_case_ ? lower(cell(row, k)) : std::string(cell(row, k));
  }
  return text;
}

std::vector<std::size_t> RowComparer::changed(Rows::Row a, Rows::Row b) const {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (a[i] != b[i] && (!ignore_case_ || lower(a[i]) != lower(b[i]))) columns.push_back(i);
  }
  return columns;
}

}  // namespace packhouse::tdtp
