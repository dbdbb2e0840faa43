#include "storage/adjacency_block.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <utility>

namespace packhouse::storage::adjacency {
namespace {

constexpr std::uint8_t layout = 1, more_flag = 0x80;
constexpr std::size_t head_size = 6, run_size = 6;
static_assert(std::endian::native == std::endian::little, "ids are copied to and from little-endian columns");

template <class T>
T load(const std::byte* at) {
  T v;
  std::memcpy(&v, at, sizeof(T));
  return v;
}

/// An id of Width bytes, from one or two plain loads: copying an odd number of bytes into a word goes through
/// memory and costs ten times as much.
template <std::size_t Width>
std::uint64_t load_wide(const std::byte* at) {
  if constexpr (Width == 0) return 0;
  if constexpr (Width == 1) return load<std::uint8_t>(at);
  if constexpr (Width == 2) return load<std::uint16_t>(at);
  if constexpr (Width == 3) return load<std::uint16_t>(at) | std::uint64_t{load<std::uint8_t>(at + 2)} << 16;
  if constexpr (Width == 4) return load<std::uint32_t>(at);
  if constexpr (Width == 5) return load<std::uint32_t>(at) | std::uint64_t{load<std::uint8_t>(at + 4)} << 32;
  if constexpr (Width == 6) return load<std::uint32_t>(at) | std::uint64_t{load<std::uint16_t>(at + 4)} << 32;
  if constexpr (Width == 7) return load<std::uint32_t>(at) | std::uint64_t{load<std::uint32_t>(at + 3)} << 24;
  if constexpr (Width == 8) return load<std::uint64_t>(at);
}

/// Calls `use(std::integral_constant<width>)`, so that loops over a column know its width.
template <class Use>
void with_width(std::size_t width, Use&& use) {
  switch (width) {
    case 0: return use(std::integral_constant<std::size_t, 0>());
    case 1: return use(std::integral_constant<std::size_t, 1>());
    case 2: return use(std::integral_constant<std::size_t, 2>());
    case 3: return use(std::integral_constant<std::size_t, 3>());
    case 4: return use(std::integral_constant<std::size_t, 4>());
    case 5: return use(std::integral_constant<std::size_t, 5>());
    case 6: return use(std::integral_constant<std::size_t, 6>());
    case 7: return use(std::integral_constant<std::size_t, 7>());
    default: return use(std::integral_constant<std::size_t, 8>());
  }
}

std::uint64_t load_id(const std::byte* column, std::size_t width, std::size_t i) {
  std::uint64_t v = 0;
  with_width(width, [&](auto w) { v = load_wide<w>(column + i * w); });
  return v;
}

template <class Each>
void for_column(const std::byte* column, std::size_t width, std::size_t begin, std::size_t n, Each&& each) {
  with_width(width, [&](auto w) {
    const std::byte* at = column + begin * w;
    for (std::size_t i = 0; i < n; ++i, at += w) each(i, load_wide<w>(at));
  });
}

std::size_t width_of(std::uint64_t greatest) { return (static_cast<std::size_t>(std::bit_width(greatest)) + 7) / 8; }

struct Shape {
  std::uint64_t neighbours = 0, rels = 0;  // all bits seen
  std::size_t runs = 0;
  std::size_t size(std::size_t entries) const {
    return head_size + runs * run_size + entries * (width_of(neighbours) + width_of(rels));
  }
};

Shape shape_of(std::span<const Entry> sorted) {
  Shape s;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    s.neighbours |= raw(sorted[i].neighbour);
    s.rels |= raw(sorted[i].rel);
    if (i == 0 || sorted[i].type != sorted[i - 1].type) ++s.runs;
  }
  return s;
}

tl::unexpected<Error> damaged(std::string_view how) {
  return fail(Status::storage_failed, "a block of relationships is damaged: " + std::string(how));
}

}  // namespace

Result<Block> Block::parse(Bytes stored) {
  if (stored.size() < head_size) return damaged("it has " + std::to_string(stored.size()) + " bytes");
  const auto first = std::to_integer<std::uint8_t>(stored[0]), widths = std::to_integer<std::uint8_t>(stored[1]);
  if ((first & 0x7F) != layout) return damaged("unknown layout " + std::to_string(first & 0x7F));
  Block b;
  b.more_ = (first & more_flag) != 0;
  b.neighbour_width_ = widths & 15;
  b.rel_width_ = widths >> 4;
  b.count_ = load<std::uint16_t>(stored.data() + 2);
  b.runs_ = load<std::uint16_t>(stored.data() + 4);
  if (b.neighbour_width_ > 8 || b.rel_width_ > 8) return damaged("its ids are too wide");
  const std::size_t columns = head_size + b.runs_ * run_size;
  const std::size_t whole = columns + b.count_ * (std::size_t{b.neighbour_width_} + b.rel_width_);
  if (stored.size() != whole) return damaged(std::to_string(stored.size()) + " bytes instead of " + std::to_string(whole));
  b.runs_at_ = stored.data() + head_size;
  b.neighbours_ = stored.data() + columns;
  b.rels_ = b.neighbours_ + std::size_t{b.count_} * b.neighbour_width_;
  std::size_t end = 0;
  for (std::size_t i = 0; i < b.runs_; ++i) {
    const std::size_t next = b.run_end(i);
    if (next <= end || next > b.count_) return damaged("its types are out of order");
    end = next;
  }
  if (end != b.count_) return damaged("entries without a type");
  return b;
}

TypeId Block::run_type(std::size_t i) const { return TypeId{load<std::uint32_t>(runs_at_ + i * run_size)}; }
std::size_t Block::run_end(std::size_t i) const { return load<std::uint16_t>(runs_at_ + i * run_size + 4); }

std::optional<std::size_t> Block::find_run(TypeId type) const {
  std::size_t low = 0, high = runs_;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (run_type(middle) < type) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < runs_ && run_type(low) == type ? std::optional(low) : std::nullopt;
}

NodeId Block::neighbour(std::size_t i) const { return NodeId{load_id(neighbours_, neighbour_width_, i)}; }
RelId Block::rel(std::size_t i) const { return RelId{load_id(rels_, rel_width_, i)}; }

std::size_t Block::lower_bound(std::size_t begin, std::size_t end, NodeId wanted) const {
  while (begin < end) {
    const std::size_t middle = (begin + end) / 2;
    if (neighbour(middle) < wanted) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

void Block::append(std::size_t begin, std::size_t end, TypeId type, bool outgoing, std::optional<NodeId> skip,
                   std::vector<Edge>& out) const {
  if (skip) {
    const std::size_t from = lower_bound(begin, end, *skip);
    const std::size_t to = lower_bound(from, end, NodeId{raw(*skip) + 1});
    append(begin, from, type, outgoing, std::nullopt, out);
    append(to, end, type, outgoing, std::nullopt, out);
    return;
  }
  const std::size_t n = end - begin;
  if (out.capacity() - out.size() < n) out.reserve(std::max(out.size() + n, out.capacity() * 2));
  out.resize(out.size() + n, Edge{RelId{}, NodeId{}, type, outgoing});
  Edge* const edges = out.data() + out.size() - n;
  for_column(neighbours_, neighbour_width_, begin, n, [edges](std::size_t i, std::uint64_t v) { edges[i].neighbour = NodeId{v}; });
  for_column(rels_, rel_width_, begin, n, [edges](std::size_t i, std::uint64_t v) { edges[i].rel = RelId{v}; });
}

void Block::append_all(std::vector<Entry>& out) const {
  const std::size_t before = out.size();
  out.resize(before + count_);
  Entry* const entries = out.data() + before;
  for (std::size_t run = 0; run < runs_; ++run) {
    for (std::size_t i = run_begin(run); i < run_end(run); ++i) entries[i].type = run_type(run);
  }
  for_column(neighbours_, neighbour_width_, 0, count_, [entries](std::size_t i, std::uint64_t v) { entries[i].neighbour = NodeId{v}; });
  for_column(rels_, rel_width_, 0, count_, [entries](std::size_t i, std::uint64_t v) { entries[i].rel = RelId{v}; });
}

std::size_t block_size(std::span<const Entry> sorted) { return shape_of(sorted).size(sorted.size()); }

std::size_t fitting(std::span<const Entry> sorted, std::size_t bytes) {
  Shape s;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    s.neighbours |= raw(sorted[i].neighbour);
    s.rels |= raw(sorted[i].rel);
    if (i == 0 || sorted[i].type != sorted[i - 1].type) ++s.runs;
    if (i == max_entries || (i > 0 && s.size(i + 1) > bytes)) return i;
  }
  return sorted.size();
}

void write_block(std::span<const Entry> sorted, bool more, Buffer& out) {
  const Shape s = shape_of(sorted);
  const std::size_t nw = width_of(s.neighbours), rw = width_of(s.rels);
  std::byte* at = out.extend(s.size(sorted.size()));
  const std::uint8_t head[] = {static_cast<std::uint8_t>(layout | (more ? more_flag : 0)), static_cast<std::uint8_t>(nw | rw << 4)};
  const std::uint16_t sizes[] = {static_cast<std::uint16_t>(sorted.size()), static_cast<std::uint16_t>(s.runs)};
  std::memcpy(at, head, 2);
  std::memcpy(at + 2, sizes, 4);
  at += head_size;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i + 1 < sorted.size() && sorted[i + 1].type == sorted[i].type) continue;
    const std::uint32_t type = raw(sorted[i].type);
    const auto end = static_cast<std::uint16_t>(i + 1);
    std::memcpy(at, &type, 4);
    std::memcpy(at + 4, &end, 2);
    at += run_size;
  }
  for (const Entry& e : sorted) {
    const std::uint64_t v = raw(e.neighbour);
    std::memcpy(at, &v, nw);
    at += nw;
  }
  for (const Entry& e : sorted) {
    const std::uint64_t v = raw(e.rel);
    std::memcpy(at, &v, rw);
    at += rw;
  }
}

}  // namespace packhouse::storage::adjacency
