#include "storage/columns/layout.hpp"

#include <algorithm>

namespace packhouse::storage::columns {
namespace {

// What a key is of: the byte behind CellSpace::column. Never renumber: it is the disk format.
constexpr std::uint8_t of_root = 1, of_page = 2, of_chunk = 3, of_ends = 4;
constexpr std::uint16_t version = 1;

CellKey key(std::uint8_t kind) {
  CellKey k;
  return k.put(static_cast<std::uint8_t>(CellSpace::column)).put(kind);
}

/// The first place whose end is beyond `index`.
template <class View, class Index>
std::size_t first_beyond(const View& view, std::size_t places, Index index) {
  std::size_t low = 0, high = places - 1;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (view.start(middle + 1) > index)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

}  // namespace

CellKey root_key(std::string_view name) {
  CellKey k = key(of_root);
  k.append(as_bytes(name));
  return k;
}
CellKey page_key(std::uint64_t column, std::uint32_t page) {
  return key(of_page).put(column).put(page);
}
CellKey chunk_key(std::uint64_t column, std::uint32_t chunk) {
  return key(of_chunk).put(column).put(chunk);
}
CellKey ends_key(std::uint64_t column, std::uint32_t chunk) {
  return key(of_ends).put(column).put(chunk);
}

keys::Range<CellKey> all_roots() {
  return keys::starting_with(key(of_root));
}
std::array<keys::Range<CellKey>, 3> all_parts(std::uint64_t column) {
  return {keys::starting_with(key(of_page).put(column)), keys::starting_with(key(of_chunk).put(column)),
          keys::starting_with(key(of_ends).put(column))};
}
std::string_view name_in(Bytes root_key) {
  return as_text(root_key.subspan(std::min<std::size_t>(2, root_key.size())));
}

std::optional<Root> Root::parse(Bytes cell) {
  if (cell.size() < 4 || datapacker::load<std::uint16_t>(cell.data()) != version) return std::nullopt;
  const Root root(cell, datapacker::load<std::uint16_t>(cell.data() + 2));
  if (cell.size() < root.entries_at() || (cell.size() - root.entries_at()) % entry_size != 0) return std::nullopt;
  return root;
}

void Root::write_header(std::string_view dtype, std::uint64_t column, Buffer& out) {
  put_number(out, version);
  put_number(out, static_cast<std::uint16_t>(dtype.size()));
  out.append(as_bytes(dtype));
  put_number(out, column);
  put_number(out, std::uint32_t{1});
  put_number(out, std::uint64_t{0});
}

std::size_t Root::find(std::uint64_t index) const {
  return first_beyond(*this, pages(), index);
}

std::optional<Page> Page::parse(Bytes cell) {
  if (cell.empty() || cell.size() % entry_size != 0) return std::nullopt;
  return Page(cell);
}

std::size_t Page::find(std::uint32_t index) const {
  return first_beyond(*this, chunks(), index);
}

Elements Elements::part(std::uint64_t from, std::uint64_t to) const {
  const std::size_t begin = offset(from);
  Elements e{.data = data.subspan(begin, offset(to) - begin), .count = to - from, .size = size};
  if (size == 0) {
    e.ends = ends.subspan(from * 4, (to - from) * 4);
    e.base = base + static_cast<std::uint32_t>(begin);
  }
  return e;
}

bool ElementBuffer::append(const Elements& more) {
  if (size_ == 0) {
    if (data_.size() + more.data.size() > ~std::uint32_t{0}) return false;
    const auto before = static_cast<std::uint32_t>(data_.size());
    for (std::uint64_t i = 1; i <= more.count; ++i)
      put_number(ends_, before + static_cast<std::uint32_t>(more.offset(i)));
  }
  data_.append(more.data);
  count_ += more.count;
  return true;
}

Elements ElementBuffer::view() const {
  return {.data = data_, .count = count_, .size = size_, .ends = ends_};
}

std::uint64_t fitting(const Elements& e, std::size_t bytes, std::uint64_t count, std::size_t most_bytes) {
  const std::size_t room = bytes < most_bytes ? most_bytes - bytes : 0;
  const std::uint64_t least = count == 0 && e.count > 0 ? 1 : 0;
  if (e.size > 0) return std::max(least, std::min<std::uint64_t>(e.count, room / e.size));
  std::uint64_t low = 0, high = std::min<std::uint64_t>(e.count, count < chunk_elements ? chunk_elements - count : 0);
  while (low < high) {  // the most elements whose end is in the room
    const std::uint64_t middle = (low + high + 1) / 2;
    if (e.offset(middle) <= room)
      low = middle;
    else
      high = middle - 1;
  }
  return std::max(least, low);
}

}  // namespace packhouse::storage::columns
