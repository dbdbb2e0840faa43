#include "tdtp/diff.hpp"

#include <algorithm>
#include <unordered_map>

#include "tdtp/text.hpp"

namespace packhouse::tdtp {

namespace {

tl::unexpected<Error> refuse(const std::string& why) {
  return fail(Status::argument_error, "diff error: " + why);
}

Result<std::vector<std::size_t>> key_columns(const Packet& a, const Packet& b) {
  std::vector<std::size_t> keys;
  for (std::size_t i = 0; i < a.schema.fields.size(); ++i) {
    if (a.schema.fields[i].key) keys.push_back(i);
  }
  if (a.header.table_name != b.header.table_name)
    return refuse("different tables: " + a.header.table_name + " vs " + b.header.table_name);
  const auto& x = a.schema.fields;
  const auto& y = b.schema.fields;
  const std::string mismatch = "schema mismatch: ";
  if (x.size() != y.size())
    return refuse(mismatch + "different number of fields: " + std::to_string(x.size()) + " vs " +
                  std::to_string(y.size()));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::string at = " mismatch at position " + std::to_string(i) + ": ";
    if (x[i].name != y[i].name) return refuse(mismatch + "field name" + at + x[i].name + " vs " + y[i].name);
    if (x[i].type != y[i].type) return refuse(mismatch + "field type" + at + x[i].type + " vs " + y[i].type);
  }
  if (keys.empty()) return refuse("no key fields specified and no primary key in schema");
  return keys;
}

/// Compares rows by some columns.
class Comparer {
 public:
  Comparer(std::vector<std::size_t> keys, bool ignore_case) : keys_(std::move(keys)), ignore_case_(ignore_case) {}

  /// A text that two rows share only if their keys are equal: cells with their lengths. A single cell stands for
  /// itself, as a view of the row.
  std::string_view key(Rows::Row row, Rows& memory) const {
    if (keys_.size() == 1 && !ignore_case_) return cell(row, keys_[0]);
    std::string text;
    for (const std::size_t k : keys_) {
      const std::string_view c = cell(row, k);
      const std::string folded = ignore_case_ ? lower(c) : std::string(c);
      text += std::to_string(folded.size()) + ':' + folded;
    }
    return memory.keep(text);
  }
  std::string shown_key(Rows::Row row) const {
    std::string text;
    for (const std::size_t k : keys_) {
      if (k != keys_[0]) text += '|';
      text += ignore_case_ ? lower(cell(row, k)) : std::string(cell(row, k));
    }
    return text;
  }
  std::vector<std::size_t> changed(Rows::Row a, Rows::Row b) const {
    std::vector<std::size_t> columns;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
      if (a[i] != b[i] && (!ignore_case_ || lower(a[i]) != lower(b[i]))) columns.push_back(i);
    }
    return columns;
  }

 private:
  static std::string_view cell(Rows::Row row, std::size_t column) {
    return column < row.size() ? row[column] : std::string_view();
  }

  std::vector<std::size_t> keys_;
  bool ignore_case_;
};

using Index = std::unordered_map<std::string_view, std::size_t>;

Result<Index> index_rows(const Rows& rows, const Comparer& comparer, Rows& memory, std::string_view which) {
  Index index;
  index.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto [at, fresh] = index.emplace(comparer.key(rows[i], memory), i);
    if (!fresh) {
      return refuse("the key '" + comparer.shown_key(rows[i]) + "' comes twice in the " + std::string(which) +
                    " data: rows " + std::to_string(at->second + 1) + " and " + std::to_string(i + 1));
    }
  }
  return index;
}

}  // namespace

Result<Diff> diff(const Packet& old_packet, const Packet& new_packet, bool ignore_case) {
  PACKHOUSE_TRY(auto keys, key_columns(old_packet, new_packet));
  const Comparer comparer(std::move(keys), ignore_case);
  Rows memory;
  PACKHOUSE_TRY(const Index olds, index_rows(old_packet.rows, comparer, memory, "old"));
  PACKHOUSE_TRY(const Index news, index_rows(new_packet.rows, comparer, memory, "new"));
  Diff out;
  out.total_old = old_packet.rows.size();
  out.total_new = new_packet.rows.size();
  std::vector<bool> found(old_packet.rows.size());
  for (std::size_t i = 0; i < new_packet.rows.size(); ++i) {
    const Rows::Row row = new_packet.rows[i];
    const auto old = olds.find(comparer.key(row, memory));
    if (old == olds.end()) {
      out.added.push_back(row);
      continue;
    }
    found[old->second] = true;
    const Rows::Row before = old_packet.rows[old->second];
    auto columns = comparer.changed(before, row);
    if (columns.empty()) {
      ++out.unchanged;
    } else {
      out.modified.push_back({comparer.shown_key(before), before, row, std::move(columns)});
    }
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i]) out.removed.push_back(old_packet.rows[i]);
  }
  return out;
}

}  // namespace packhouse::tdtp
