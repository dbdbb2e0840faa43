#include "storage/columns/column.hpp"

// Columns: adding at the end, by patches of the last chunk, the last page and the root.
namespace packhouse::storage {

using namespace columns;

namespace {

/// The two numbers behind a root's header, or an entry of a directory: what patches write.
class Patch {
 public:
  template <class T>
  Patch& put(T v) {
    datapacker::store(bytes_.data() + size_, v);
    size_ += sizeof v;
    return *this;
  }
  operator Bytes() const { return Bytes(bytes_).first(size_); }

 private:
  std::array<std::byte, 16> bytes_{};
  std::size_t size_ = 0;
};

}  // namespace

Result<void> Column::append_elements(Elements e) {
  while (e.count > 0) {
    std::uint64_t n = 0;
    PACKHOUSE_TRY(const std::uint64_t before, length());
    if (before > 0) {
      PACKHOUSE_TRY(const Place last, locate(before - 1));
      PACKHOUSE_TRY(const Elements there, chunk(last));
      n = fitting(e, there.data.size(), there.count);
      if (n > 0) PACKHOUSE_CHECK(append_to(last, e.part(0, n)));
    }
    if (n == 0) {
      n = fitting(e, 0, 0);
      PACKHOUSE_CHECK(append_chunk(e.part(0, n)));
    }
    e = e.part(n, e.count);
  }
  return ok;
}

/// Elements that fit into the last chunk.
Result<void> Column::append_to(const Place& place, const Elements& e) {
  PACKHOUSE_TRY(const Elements there, chunk(place));
  const std::size_t before = there.data.size();
  PACKHOUSE_CHECK(cells_.patch_cell(chunk_key(id_, place.chunk), before, e.data));
  if (e.size == 0) {
    Buffer ends;
    for (std::uint64_t i = 1; i <= e.count; ++i) put_number(ends, static_cast<std::uint32_t>(before + e.offset(i)));
    PACKHOUSE_CHECK(cells_.patch_cell(ends_key(id_, place.chunk), place.count * 4, ends));
  }
  PACKHOUSE_TRY(const Root r, root());
  const std::uint64_t end = place.first + place.count + e.count;
  const std::size_t next_at = r.next_at(), entry_at = r.entry_at(place.page_at);
  const auto page_end = Patch().put(static_cast<std::uint32_t>(end - r.start(place.page_at)));
  const auto counters = Patch().put(r.next()).put(r.bytes() + e.data.size());
  PACKHOUSE_CHECK(cells_.patch_cell(page_key(id_, place.page), place.chunk_at * Page::entry_size + 4, page_end));
  PACKHOUSE_CHECK(cells_.patch_cell(key_, next_at, counters));
  return cells_.patch_cell(key_, entry_at + 4, Patch().put(end));
}

/// A new last chunk, in the last page or in a new one.
Result<void> Column::append_chunk(const Elements& e) {
  PACKHOUSE_TRY(const Root r, root());
  const std::uint64_t end = r.length() + e.count;
  std::uint32_t next = r.next();
  const std::size_t pages = r.pages();
  std::size_t page_at = pages, chunks = 0;
  if (pages > 0) {
    PACKHOUSE_TRY(const Page last, page(r, pages - 1));
    if (last.chunks() < page_chunks) page_at = pages - 1, chunks = last.chunks();
  }
  if (next > ~std::uint32_t{0} - 2)
    return fail(Status::storage_failed, "column `" + name_ + "` has no numbers left for chunks");
  const std::uint32_t page_number = page_at < pages ? r.page(page_at) : next++;
  const std::uint32_t number = next++;
  const std::size_t next_at = r.next_at(), entry_at = r.entry_at(page_at);
  const auto entry = Patch().put(number).put(static_cast<std::uint32_t>(end - r.start(page_at)));
  const auto counters = Patch().put(next).put(r.bytes() + e.data.size());
  PACKHOUSE_CHECK(put_chunk(number, e));
  PACKHOUSE_CHECK(cells_.patch_cell(page_key(id_, page_number), chunks * Page::entry_size, entry));
  PACKHOUSE_CHECK(cells_.patch_cell(key_, next_at, counters));
  return cells_.patch_cell(key_, entry_at, Patch().put(page_number).put(end));
}

}  // namespace packhouse::storage
