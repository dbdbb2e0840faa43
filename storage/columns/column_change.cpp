#include <algorithm>

#include "storage/columns/column.hpp"

// Columns: changes in the middle, which rewrite one chunk and its entries in the directory.
namespace packhouse::storage {

using namespace columns;

namespace {

/// Cuts elements into chunks of about the same size, so that neither becomes full at once again.
std::vector<Elements> cut(Elements e) {
  std::vector<Elements> out;
  if (e.count == 0) return out;
  std::size_t pieces = (e.data.size() + chunk_bytes - 1) / chunk_bytes;
  if (e.size == 0) pieces = std::max<std::size_t>(pieces, (e.count + chunk_elements - 1) / chunk_elements);
  pieces = std::max<std::size_t>(pieces, 1);
  while (e.count > 0) {
    const std::size_t left = pieces > out.size() ? pieces - out.size() : 1;
    const std::size_t share = std::min(chunk_bytes, (e.data.size() + left - 1) / left);
    // An element more than the share, so that the last piece isn't left with the rest of all.
    std::uint64_t n = fitting(e, 0, 0, share);
    if (n < e.count && e.offset(n) < share && n < chunk_elements && e.offset(n + 1) <= chunk_bytes) ++n;
    out.push_back(e.part(0, n));
    e = e.part(n, e.count);
  }
  return out;
}

}  // namespace

Result<void> Column::put_chunk(std::uint32_t number, const Elements& e) {
  PACKHOUSE_CHECK(cells_.put_cell(chunk_key(id_, number), e.data));
  if (e.size > 0) return ok;
  Buffer ends;
  for (std::uint64_t i = 1; i <= e.count; ++i) put_number(ends, static_cast<std::uint32_t>(e.offset(i)));
  return cells_.put_cell(ends_key(id_, number), ends);
}

Result<void> Column::overwrite(std::uint64_t position, Elements e) {
  while (e.count > 0) {
    PACKHOUSE_TRY(const Place place, locate(position));
    const std::uint64_t from = position - place.first, n = std::min(e.count, place.count - from);
    if (e.size > 0) {
      PACKHOUSE_CHECK(chunk(place));  // or a damaged one would be patched
      PACKHOUSE_CHECK(cells_.patch_cell(chunk_key(id_, place.chunk), from * e.size, e.part(0, n).data));
    } else {
      PACKHOUSE_CHECK(rewrite(place, from, from + n, e.part(0, n)));
    }
    position += n;
    e = e.part(n, e.count);
  }
  return ok;
}

/// Puts `e` where the elements from..to of a chunk are.
Result<void> Column::rewrite(const Place& place, std::uint64_t from, std::uint64_t to, const Elements& e) {
  PACKHOUSE_TRY(const Elements there, chunk(place));
  for (std::uint64_t i = 0; there.size == 0 && i < there.count; ++i) {
    if (there.offset(i) > there.offset(i + 1))
      return damaged("the ends in chunk " + std::to_string(place.chunk) + " are out of order");
  }
  const auto more_bytes =
      static_cast<std::int64_t>(e.data.size()) - static_cast<std::int64_t>(there.offset(to) - there.offset(from));
  ElementBuffer whole(there.size);
  if (!whole.append(there.part(0, from)) || !whole.append(e) || !whole.append(there.part(to, there.count)))
    return fail(Status::argument_error, "column `" + name_ + "`: a batch has at most 4 GiB");
  PACKHOUSE_TRY(const Root r, root());
  std::uint32_t next = r.next();
  std::vector<NewChunk> chunks;
  const auto pieces = cut(whole.view());
  if (pieces.size() > ~std::uint32_t{0} - next - 1)
    return fail(Status::storage_failed, "column `" + name_ + "` has no numbers left for chunks");
  for (const Elements& piece : pieces) {
    const std::uint32_t number = chunks.empty() ? place.chunk : next++;
    PACKHOUSE_CHECK(put_chunk(number, piece));
    chunks.push_back({number, static_cast<std::uint32_t>(piece.count)});
  }
  if (chunks.empty()) {
    PACKHOUSE_CHECK(cells_.erase_cell(chunk_key(id_, place.chunk)));
    if (there.size == 0) PACKHOUSE_CHECK(cells_.erase_cell(ends_key(id_, place.chunk)));
  }
  return replace_chunk(place, chunks, more_bytes, next);
}

/// The page's entry of a chunk becomes those of `chunks`.
Result<void> Column::replace_chunk(const Place& place, std::span<const NewChunk> chunks, std::int64_t more_bytes,
                                   std::uint32_t next) {
  PACKHOUSE_TRY(const Root r, root());
  PACKHOUSE_TRY(const Page p, page(r, place.page_at));
  std::vector<NewChunk> all;
  for (std::size_t i = 0; i < p.chunks(); ++i) {
    if (i != place.chunk_at) {
      all.push_back({p.chunk(i), p.start(i + 1) - p.start(i)});
    } else {
      all.insert(all.end(), chunks.begin(), chunks.end());
    }
  }
  return replace_page(place, all, more_bytes, next);
}

/// The page holds `chunks` from now on; too many are cut into several pages.
Result<void> Column::replace_page(const Place& place, std::span<const NewChunk> chunks, std::int64_t more_bytes,
                                  std::uint32_t next) {
  PACKHOUSE_TRY(const Root r, root());
  const std::uint64_t bytes = r.bytes() + static_cast<std::uint64_t>(more_bytes);
  Buffer root;
  root.append(r.header());
  std::uint64_t end = 0;
  const auto put_entry = [&](std::uint32_t number, std::uint64_t count) {
    end += count;
    put_number(root, number);
    put_number(root, end);
  };
  const std::size_t pieces = (chunks.size() + page_chunks - 1) / page_chunks;
  if (pieces > ~std::uint32_t{0} - next)
    return fail(Status::storage_failed, "column `" + name_ + "` has no numbers left for chunks");
  std::vector<std::pair<std::uint32_t, Buffer>> pages;
  for (std::size_t i = 0; i < r.pages(); ++i) {
    if (i != place.page_at) {
      put_entry(r.page(i), r.start(i + 1) - r.start(i));
      continue;
    }
    for (std::size_t piece = 0; piece < pieces; ++piece) {
      const std::size_t from = chunks.size() * piece / pieces, to = chunks.size() * (piece + 1) / pieces;
      auto& [number, page] = pages.emplace_back(piece == 0 ? place.page : next++, Buffer());
      std::uint32_t count = 0;
      for (const NewChunk& c : chunks.subspan(from, to - from)) {
        count += c.count;
        put_number(page, c.number);
        put_number(page, count);
      }
      put_entry(number, count);
    }
  }
  datapacker::store(root.data() + r.next_at(), next);
  datapacker::store(root.data() + r.next_at() + 4, bytes);
  if (pages.empty()) PACKHOUSE_CHECK(cells_.erase_cell(page_key(id_, place.page)));
  for (const auto& [number, page] : pages) PACKHOUSE_CHECK(cells_.put_cell(page_key(id_, number), page));
  return cells_.put_cell(key_, root);
}

}  // namespace packhouse::storage
