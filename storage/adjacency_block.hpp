#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/buffer.hpp"
#include "base/error.hpp"
#include "storage/adjacency.hpp"

namespace packhouse::storage::adjacency {

// Layout of a block, little-endian:
//   u8   1 (layout) | 0x80 when further blocks follow (kept in the node's first block only)
//   u8   bytes of a neighbour id (low four bits, 0..8), bytes of a relationship id (high four bits)
//   u16  entries
//   u16  runs
//   runs x { u32 type, u16 end }      entries [end of the run before, end) have this type
//   entries x neighbour, entries x relationship
// Two columns of fixed width: decoding is a loop of plain loads, and a neighbour is found by halving.

/// A block fills one LMDB overflow page (4096 bytes less its head of 16).
inline constexpr std::size_t max_block = 4080;
/// Most entries of a block, whatever they need.
inline constexpr std::size_t max_entries = 4096;

/// A read-only view of one stored block; parse() has checked every length, so no other call can fail.
class Block {
 public:
  static Result<Block> parse(Bytes stored);

  bool more() const { return more_; }
  std::size_t size() const { return count_; }
  std::size_t run_count() const { return runs_; }
  TypeId run_type(std::size_t i) const;
  std::size_t run_begin(std::size_t i) const { return i == 0 ? 0 : run_end(i - 1); }
  std::size_t run_end(std::size_t i) const;
  /// The run of this type, or nothing.
  std::optional<std::size_t> find_run(TypeId type) const;

  NodeId neighbour(std::size_t i) const;
  RelId rel(std::size_t i) const;
  /// First entry of [begin, end) whose neighbour is not less.
  std::size_t lower_bound(std::size_t begin, std::size_t end, NodeId neighbour) const;

  /// Appends entries [begin, end), all of `type`; leaves out those to `skip` (loops), when given.
  void append(std::size_t begin, std::size_t end, TypeId type, bool outgoing, std::optional<NodeId> skip,
              std::vector<Edge>& out) const;
  void append_all(std::vector<Entry>& out) const;

 private:
  const std::byte* runs_at_ = nullptr;
  const std::byte* neighbours_ = nullptr;
  const std::byte* rels_ = nullptr;
  std::uint32_t count_ = 0, runs_ = 0;
  std::uint8_t neighbour_width_ = 0, rel_width_ = 0;
  bool more_ = false;
};

/// Bytes that write_block() would write.
std::size_t block_size(std::span<const Entry> sorted);
/// How many of the first entries make a block of at most `bytes` (at least 1, at most max_entries).
std::size_t fitting(std::span<const Entry> sorted, std::size_t bytes);
/// Appends the block of these entries (at most max_entries, sorted).
void write_block(std::span<const Entry> sorted, bool more, Buffer& out);

}  // namespace packhouse::storage::adjacency
