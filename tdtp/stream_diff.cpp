#include "tdtp/stream_diff.hpp"

#include <cstring>

namespace packhouse::tdtp {

namespace {

using Number = std::uint64_t;

template <class T>
void append(T n, std::string& out) {
  out.append(reinterpret_cast<const char*>(&n), sizeof n);
}
template <class T>
T take(std::string_view& from) {
  T n;
  std::memcpy(&n, from.data(), sizeof n);
  from.remove_prefix(sizeof n);
  return n;
}

/// A row on its way through a sorter: number of the row, key, cells.
struct Keyed {
  Number number;
  std::string_view key, cells;

  static Keyed of(std::string_view record) {
    const auto number = take<Number>(record);
    const auto n = take<std::uint32_t>(record);
    return {number, record.substr(0, n), record.substr(n)};
  }
};

bool key_before(std::string_view a, std::string_view b) {
  return Keyed::of(a).key < Keyed::of(b).key;
}

/// A difference on its way: what it is, number of the row, cells before and after.
struct Found {
  StreamDiff::Change change;
  Number at;
  std::string_view before, after;

  static Found of(std::string_view record) {
    const auto change = take<StreamDiff::Change>(record);
    const auto at = take<Number>(record);
    const auto n = take<std::uint32_t>(record);
    return {change, at, record.substr(0, n), record.substr(n)};
  }
};

bool found_before(std::string_view a, std::string_view b) {
  const Found x = Found::of(a), y = Found::of(b);
  return x.change != y.change ? x.change < y.change : x.at < y.at;
}

Result<void> sort_by_key(RowSource& source, const RowComparer& comparer, ExternalSorter& sorter, Number& total,
                         const std::function<bool()>& going_on) {
  Rows rows;
  std::string key, record;
  for (;;) {
    if (going_on && !going_on()) return fail(Status::terminated, "stopped");
    PACKHOUSE_TRY(const bool more, source.next(rows));
    if (!more) return sorter.finish();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string_view k = comparer.key(rows[i], key);
      record.clear();
      append(total++, record);
      append(static_cast<std::uint32_t>(k.size()), record);
      record += k;
      pack_row(rows[i], record);
      PACKHOUSE_CHECK(sorter.add(record));
    }
  }
}

/// Rows in the order of their keys, each key once.
class Keys {
 public:
  Keys(ExternalSorter& rows, const RowComparer& comparer, std::string_view which)
      : rows_(rows), comparer_(comparer), which_(which) {}

  Result<void> advance() {
    const Number number = any_ ? row().number : 0;
    last_key_.assign(any_ ? row().key : std::string_view());
    PACKHOUSE_TRY(const auto record, rows_.next());
    const bool repeated = any_ && record && Keyed::of(*record).key == last_key_;
    any_ = record.has_value();
    if (!any_) return ok;
    record_ = *record;
    if (!repeated) return ok;
    std::vector<std::string_view> cells;
    unpack_row(row().cells, cells);
    return tl::make_unexpected(repeated_key(comparer_.shown_key(cells), which_, number, row().number));
  }
  bool any() const { return any_; }
  Keyed row() const { return Keyed::of(record_); }

 private:
  ExternalSorter& rows_;
  const RowComparer& comparer_;
  std::string_view which_, record_;
  std::string last_key_;
  bool any_ = false;
};

}  // namespace

StreamDiff::StreamDiff(std::vector<std::size_t> keys, const DiffOptions& options)
    : keys_(std::move(keys)),
      comparer_(keys_, options.ignore_case),
      found_(found_before, {.memory = options.memory / 2}) {}

Result<std::unique_ptr<StreamDiff>> StreamDiff::open(RowSource& old_table, RowSource& new_table,
                                                     const DiffOptions& options) {
  PACKHOUSE_TRY(auto keys, diff_keys(old_table.header(), old_table.schema(), new_table.header(), new_table.schema(),
                                     options.keys));
  auto diff = std::unique_ptr<StreamDiff>(new StreamDiff(std::move(keys), options));
  ExternalSorter old_rows(key_before, {.memory = options.memory / 4}),
      new_rows(key_before, {.memory = options.memory / 4});
  PACKHOUSE_CHECK(sort_by_key(old_table, diff->comparer_, old_rows, diff->counts_.total_old, options.going_on));
  PACKHOUSE_CHECK(sort_by_key(new_table, diff->comparer_, new_rows, diff->counts_.total_new, options.going_on));
  PACKHOUSE_CHECK(diff->merge(old_rows, new_rows, options.going_on));
  PACKHOUSE_CHECK(diff->found_.finish());
  return diff;
}

Result<void> StreamDiff::merge(ExternalSorter& old_rows, ExternalSorter& new_rows,
                               const std::function<bool()>& going_on) {
  Keys olds(old_rows, comparer_, "old"), news(new_rows, comparer_, "new");
  PACKHOUSE_CHECK(olds.advance());
  PACKHOUSE_CHECK(news.advance());
  std::vector<std::string_view> a, b;
  for (std::uint64_t n = 0; olds.any() || news.any(); ++n) {
    if (n % 1024 == 0 && going_on && !going_on()) return fail(Status::terminated, "stopped");
    const int order = !olds.any() ? 1 : !news.any() ? -1 : olds.row().key.compare(news.row().key);
    if (order < 0) {
      PACKHOUSE_CHECK(keep(Change::removed, olds.row().number, olds.row().cells, {}));
      ++counts_.removed;
    } else if (order > 0) {
      PACKHOUSE_CHECK(keep(Change::added, news.row().number, {}, news.row().cells));
      ++counts_.added;
    } else {
      a.clear();
      b.clear();
      unpack_row(olds.row().cells, a);
      unpack_row(news.row().cells, b);
      if (comparer_.changed(a, b).empty()) {
        ++counts_.unchanged;
      } else {
        PACKHOUSE_CHECK(keep(Change::modified, news.row().number, olds.row().cells, news.row().cells));
        ++counts_.modified;
      }
    }
    if (order <= 0) PACKHOUSE_CHECK(olds.advance());
    if (order >= 0) PACKHOUSE_CHECK(news.advance());
  }
  return ok;
}

Result<void> StreamDiff::keep(Change change, std::uint64_t at, std::string_view before, std::string_view after) {
  record_.clear();
  append(change, record_);
  append(at, record_);
  append(static_cast<std::uint32_t>(before.size()), record_);
  record_ += before;
  record_ += after;
  return found_.add(record_);
}

Result<bool> StreamDiff::next(Entry& entry) {
  PACKHOUSE_TRY(const auto record, found_.next());
  if (!record) return false;
  const Found f = Found::of(*record);
  entry.change = f.change;
  entry.before.clear();
  entry.after.clear();
  entry.columns.clear();
  unpack_row(f.before, entry.before);
  unpack_row(f.after, entry.after);
  entry.key = comparer_.shown_key(f.change == Change::added ? entry.after : entry.before);
  if (f.change == Change::modified) entry.columns = comparer_.changed(entry.before, entry.after);
  return true;
}

}  // namespace packhouse::tdtp
