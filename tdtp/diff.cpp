#include "tdtp/diff.hpp"

#include <unordered_map>

#include "tdtp/diff_rows.hpp"

namespace packhouse::tdtp {

namespace {

using Index = std::unordered_map<std::string_view, std::size_t>;

/// Keys of rows; those that are not views of the rows live in `memory`.
Result<Index> index_rows(const Rows& rows, const RowComparer& comparer, Rows& memory, std::string_view which) {
  Index index;
  index.reserve(rows.size());
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::string_view key = comparer.key(rows[i], text);
    if (key.data() == text.data()) key = memory.keep(key);
    const auto [at, fresh] = index.emplace(key, i);
    if (!fresh) return tl::make_unexpected(repeated_key(comparer.shown_key(rows[i]), which, at->second, i));
  }
  return index;
}

}  // namespace

Result<Diff> diff(const Packet& old_packet, const Packet& new_packet, bool ignore_case) {
  PACKHOUSE_TRY(auto keys, diff_keys(old_packet.header, old_packet.schema, new_packet.header, new_packet.schema));
  const RowComparer comparer(std::move(keys), ignore_case);
  Rows memory;
  PACKHOUSE_TRY(const Index olds, index_rows(old_packet.rows, comparer, memory, "old"));
  PACKHOUSE_TRY(const Index news, index_rows(new_packet.rows, comparer, memory, "new"));
  Diff out;
  out.total_old = old_packet.rows.size();
  out.total_new = new_packet.rows.size();
  std::vector<bool> found(old_packet.rows.size());
  std::string text;
  for (std::size_t i = 0; i < new_packet.rows.size(); ++i) {
    const Rows::Row row = new_packet.rows[i];
    const auto old = olds.find(comparer.key(row, text));
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
