#pragma once
#include <cstdint>
#include <memory>
#include <optional>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "storage/kv/engine.hpp"

namespace packhouse::storage {

/// Whose cells: the first byte of every cell's key. Never renumber: it is the disk format.
enum class CellSpace : std::uint8_t { column = 1, object = 2 };

/// Bytes of any length kept beside the graph. Given out once, never 0.
enum class BlobId : std::uint64_t {};
constexpr std::uint64_t raw(BlobId id) { return static_cast<std::uint64_t>(id); }

/// Longest key of a cell in bytes, CellSpace included.
inline constexpr std::size_t max_cell_key = 480;
/// Longest value of a cell in bytes; what is larger is a blob.
inline constexpr std::size_t max_cell_value = std::size_t{16} << 20;
/// All chunks of a blob but the last have this size: sixteen pages of the engine, less its header.
inline constexpr std::size_t blob_chunk_size = 65'520;

/// Cells in a range of keys, in key order.
class CellCursor {
 public:
  virtual ~CellCursor() = default;
  /// Fills `entry` (views good until the next call and until the transaction writes a cell); false = the end. It sees what
  /// the transaction writes behind its position meanwhile.
  virtual Result<bool> next(kv::Entry& entry) = 0;
};

/// What a transaction keeps beside the graph: cells (small values under ordered keys: columns' chunks, manifests) and
/// blobs (bytes of any length that are on disk before the commit, so that memory doesn't bound them). Part of a
/// Transaction, with its snapshot, its statements' savepoints, its locks, its memory limit and its commit.
///
/// Errors are those of Transaction; writing in a read transaction is Status::access_mode.
class Cells {
 public:
  // ---- cells -------------------------------------------------------------------------------------------------------
  /// Nothing when there is no such cell. The view is good until the transaction changes that cell or ends.
  virtual Result<std::optional<Bytes>> cell(Bytes key) = 0;
  /// Cells with low <= key < high.
  virtual Result<std::unique_ptr<CellCursor>> scan_cells(Bytes low, Bytes high) = 0;

  /// Locks what `key` stands for (there need not be such a cell) until the commit is durable. Whoever writes cells that
  /// another transaction might write too must first lock a key on which both agree, and only then read what it changes.
  /// Waiting and conflicts are told as for records: Status::conflict and Transaction::wait_pending().
  virtual Result<void> lock_cell(Bytes key) = 0;

  virtual Result<void> put_cell(Bytes key, Bytes value) = 0;
  /// Overwrites `bytes` at `offset`, which is at most the cell's size (then it grows; an absent cell is an empty one).
  /// Cheap in a cell that the statement has changed already; the first patch of a statement copies the cell.
  virtual Result<void> patch_cell(Bytes key, std::size_t offset, Bytes bytes) = 0;
  virtual Result<void> erase_cell(Bytes key) = 0;  ///< absent cells are fine

  /// A number that this store gives out once: for columns, objects …
  virtual Result<std::uint64_t> fresh_id() = 0;

  // ---- blobs -------------------------------------------------------------------------------------------------------
  /// An empty blob, which nobody but this transaction knows. It stays when the transaction commits: note its id and its
  /// size in a cell, or drop it. Without a commit it is removed, after a crash too.
  virtual Result<BlobId> create_blob() = 0;
  /// Only to blobs that this transaction created. Blocks until the disk has caught up when more than some 12 MiB are on
  /// the way, so that they stay bounded; the committer never waits for transactions.
  virtual Result<void> append_blob(BlobId blob, Bytes bytes) = 0;
  /// Size in bytes of a blob that this transaction created.
  virtual Result<std::uint64_t> open_blob_size(BlobId blob) = 0;
  /// A whole chunk (blob_chunk_size bytes, the last one less); nothing behind the last. The view is good until the next
  /// call for a blob of this transaction's own, or until the transaction ends.
  virtual Result<std::optional<Bytes>> blob_chunk(BlobId blob, std::uint32_t chunk) = 0;
  /// Removes it after the commit, bit by bit. Who reads in an older snapshot still sees it.
  virtual Result<void> drop_blob(BlobId blob) = 0;

 protected:
  ~Cells() = default;
};

}  // namespace packhouse::storage
