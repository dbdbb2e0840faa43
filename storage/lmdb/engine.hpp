#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>

#include "storage/kv/engine.hpp"

namespace packhouse::storage::lmdb {

struct EngineOptions {
  /// Address space set aside for the map, bytes; the store can't grow beyond it. Costs nothing until used.
  /// Halved while the system refuses it (a limit on address space).
  std::uint64_t map_size = std::uint64_t{1} << 40;
  /// Most snapshots open at once; one more fails with Status::database_unavailable.
  std::uint32_t max_snapshots = 16384;
};

/// Opens or creates the store in `folder` (created when missing). One process at a time: a file LOCK in the
/// folder is locked and names the process. Errors are storage_failed, worded for the operator: another server
/// runs on the folder, the folder holds somebody else's files, data.mdb is not LMDB's or not ours, disk full.
///
/// What a crash leaves: every commit() that returned survives the death of the process (kill -9), whatever
/// `sync` was. After the death of the machine, commits with sync = true are there; those since the last sync
/// may be gone, and because their pages may have reached the disk in any order the file could be damaged: a
/// marker UNSYNCED (with the machine's boot id) makes the next open() check the whole file before it is used,
/// and refuse it if damaged. With sync = true throughout, no check is ever needed.
Result<std::unique_ptr<kv::Engine>> open(const std::filesystem::path& folder, const EngineOptions& options = {});

}  // namespace packhouse::storage::lmdb
