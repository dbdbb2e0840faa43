#include "storage/columns/column.hpp"

// Columns: reading.
namespace packhouse::storage {

using namespace columns;

Column::Column(Cells& cells, std::string name, datapacker::Packer packer, std::uint64_t id, bool writable)
    : cells_(cells),
      name_(std::move(name)),
      key_(root_key(name_)),
      packer_(std::move(packer)),
      id_(id),
      writable_(writable) {}

tl::unexpected<Error> Column::damaged(std::string_view what) const {
  return fail(Status::storage_failed, "column `" + name_ + "` is damaged: " + std::string(what));
}

/// Where `index` is, counted from 0, in a column of that length; it may be the end if `end_too`.
Result<std::uint64_t> Column::counted(std::int64_t index, std::uint64_t length, bool end_too) const {
  const std::int64_t from_start = index < 0 ? index + static_cast<std::int64_t>(length) : index;
  const auto at = static_cast<std::uint64_t>(from_start);
  if (from_start >= 0 && (at < length || (end_too && at == length))) return at;
  return fail(Status::argument_error, "column `" + name_ + "`: index " + std::to_string(index) +
                                          " is out of range, it has " + std::to_string(length) +
                                          (length == 1 ? " element" : " elements"));
}

Result<Root> Column::root() {
  PACKHOUSE_TRY(const auto cell, cells_.cell(key_));
  if (!cell) return fail(Status::argument_error, "column `" + name_ + "`: there is no such column any more");
  const auto root = Root::parse(*cell);
  if (!root) return damaged("its directory can't be read");
  if (root->column() != id_) return fail(Status::argument_error, "column `" + name_ + "` has been replaced by another");
  return *root;
}

Result<Page> Column::page(const Root& root, std::size_t at) {
  PACKHOUSE_TRY(const auto cell, cells_.cell(page_key(id_, root.page(at))));
  const auto page = cell ? Page::parse(*cell) : std::nullopt;
  if (!page) return damaged("page " + std::to_string(root.page(at)) + " is missing or can't be read");
  if (page->length() != root.start(at + 1) - root.start(at)) {
    return damaged("page " + std::to_string(root.page(at)) + " has " + std::to_string(page->length()) +
                   " elements instead of " + std::to_string(root.start(at + 1) - root.start(at)));
  }
  return *page;
}

Result<Column::Place> Column::locate(std::uint64_t position) {
  PACKHOUSE_TRY(const Root r, root());
  PACKHOUSE_CHECK(counted(static_cast<std::int64_t>(position), r.length()));
  const std::size_t at = r.find(position);
  PACKHOUSE_TRY(const Page p, page(r, at));
  return place(r, p, at, position);
}

Result<Column::Place> Column::place(const Root& r, const Page& p, std::size_t page_at, std::uint64_t position) const {
  const std::uint64_t start = r.start(page_at);
  if (position < start || position >= r.start(page_at + 1)) return damaged("its directory is out of order");
  const auto inside = static_cast<std::uint32_t>(position - start);
  const std::size_t chunk_at = p.find(inside);
  const std::uint32_t first = p.start(chunk_at), end = p.start(chunk_at + 1);
  if (inside < first || inside >= end) return damaged("page " + std::to_string(r.page(page_at)) + " is out of order");
  return Place{.page_at = page_at,
               .chunk_at = chunk_at,
               .page = r.page(page_at),
               .chunk = p.chunk(chunk_at),
               .first = start + first,
               .count = end - first};
}

Result<Elements> Column::chunk(const Place& place) {
  const auto wrong = [&](const std::string& what) { return damaged("chunk " + std::to_string(place.chunk) + what); };
  PACKHOUSE_TRY(const auto data, cells_.cell(chunk_key(id_, place.chunk)));
  if (!data) return wrong(" is missing");
  Elements e{.data = *data, .count = place.count, .size = packer_.elem_size()};
  if (e.size > 0) {
    if (e.data.size() == place.count * e.size) return e;
    return wrong(" has " + std::to_string(e.data.size()) + " bytes instead of " + std::to_string(place.count * e.size));
  }
  PACKHOUSE_TRY(const auto ends, cells_.cell(ends_key(id_, place.chunk)));
  if (!ends || ends->size() != place.count * 4) return wrong(": where its elements end is not known");
  e.ends = *ends;
  if (e.offset(e.count) != e.data.size()) return wrong(" doesn't end where its last element does");
  return e;
}

Result<std::uint64_t> Column::length() {
  PACKHOUSE_TRY(const Root r, root());
  return r.length();
}

Result<ColumnInfo> Column::info() {
  PACKHOUSE_TRY(const Root r, root());
  return ColumnInfo{name_, dtype(), r.length(), r.bytes()};
}

Result<std::uint64_t> Column::position(std::int64_t index) {
  PACKHOUSE_TRY(const std::uint64_t n, length());
  return counted(index, n);
}

Result<std::uint64_t> Column::position(std::int64_t index, std::uint64_t count) {
  PACKHOUSE_TRY(const std::uint64_t n, length());
  PACKHOUSE_TRY(const std::uint64_t at, counted(index, n, true));
  if (count <= n - at) return at;
  return fail(Status::argument_error, "column `" + name_ + "`: " + std::to_string(count) +
                                          (count == 1 ? " element" : " elements") + " from index " +
                                          std::to_string(index) + " on are not there, it has " + std::to_string(n) +
                                          (n == 1 ? " element" : " elements"));
}

Result<Column::Range> Column::range(std::int64_t from, std::optional<std::int64_t> to) {
  PACKHOUSE_TRY(const std::uint64_t n, length());
  Range range{0, n};
  PACKHOUSE_TRY(range.from, counted(from, n, true));
  if (to) {
    PACKHOUSE_TRY(range.to, counted(*to, n, true));
  }
  if (range.to < range.from) range.to = range.from;
  return range;
}

Result<Elements> Column::run(std::uint64_t at) {
  PACKHOUSE_TRY(const Place place, locate(at));
  return run(place, at);
}

Result<Elements> Column::run(const Place& place, std::uint64_t at) {
  PACKHOUSE_TRY(const Elements all, chunk(place));
  const std::uint64_t skip = at - place.first;
  if (all.size == 0 && all.offset(skip) > all.data.size())
    return damaged("the ends in chunk " + std::to_string(place.chunk) + " are out of order");
  return all.part(skip, place.count);
}

Result<Value> Column::value(const Elements& run, std::uint64_t i, Arena& arena) const {
  const std::size_t begin = run.offset(i), end = run.offset(i + 1);
  if (begin > end || end > run.data.size()) return damaged("the ends of a chunk are out of order");
  auto v = packer_.unpack(run.data.subspan(begin, end - begin), 0, arena);
  if (!v) return tl::make_unexpected(std::move(v).error().in("column `" + name_ + "`: "));
  return dtype().kind == datapacker::Dtype::Kind::scalar ? *v : deep_copy(*v, arena);
}

Result<Value> Column::get(std::int64_t index, Arena& arena) {
  PACKHOUSE_TRY(const std::uint64_t at, position(index));
  PACKHOUSE_TRY(const Elements found, run(at));
  return value(found, 0, arena);
}

Result<void> Column::get_many(std::span<const std::int64_t> indices, Arena& arena, std::span<Value> out) {
  PACKHOUSE_TRY(const Root r, root());
  const std::uint64_t n = r.length();
  std::vector<std::optional<Page>> pages(indices.size() > 1 ? r.pages() : 0);  // each is looked up once
  Elements found;
  std::uint64_t first = 0;  // position of found's first element
  for (std::size_t i = 0; i < indices.size() && i < out.size(); ++i) {
    PACKHOUSE_TRY(const std::uint64_t at, counted(indices[i], n));
    if (at < first || at >= first + found.count) {
      const std::size_t page_at = r.find(at);
      std::optional<Page> p = pages.empty() ? std::nullopt : pages[page_at];
      if (!p) {
        PACKHOUSE_TRY(p, page(r, page_at));
        if (!pages.empty()) pages[page_at] = p;
      }
      PACKHOUSE_TRY(const Place where, place(r, *p, page_at, at));
      PACKHOUSE_TRY(found, run(where, at));
      first = at;
    }
    PACKHOUSE_TRY(out[i], value(found, at - first, arena));
  }
  return ok;
}

Result<std::span<const Value>> Column::slice(Range range, Arena& arena) {
  const auto out = arena.array<Value>(range.size());
  std::size_t made = 0;
  while (made < out.size()) {
    PACKHOUSE_TRY(const Elements found, run(range.from + made));
    for (std::uint64_t i = 0; i < found.count && made < out.size(); ++i, ++made) {
      PACKHOUSE_TRY(out[made], value(found, i, arena));
    }
  }
  return out;
}

Result<void> Column::packed(Range range, Buffer& out) {
  if (packer_.is_varsize()) {
    return fail(Status::type_error, "column `" + name_ + "`: " + dtype().text() +
                                        " has no fixed size, so its elements don't lie side by side");
  }
  while (range.from < range.to) {
    PACKHOUSE_TRY(const Elements found, run(range.from));
    const std::uint64_t n = std::min(found.count, range.size());
    out.append(found.data.first(n * found.size));
    range.from += n;
  }
  return ok;
}

}  // namespace packhouse::storage
