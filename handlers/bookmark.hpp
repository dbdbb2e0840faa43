#pragma once
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "storage/store.hpp"

namespace packhouse::handlers {

/// "PH:" + hex of the store's id, the commit's sequence and a check sum over both: opaque to drivers, and a changed
/// character is noticed.
std::string make_bookmark(const storage::Store& store, std::uint64_t sequence);

/// Checks that every bookmark can be read and lies not in the future. "FB:" alone (Neo4j's "nothing yet") passes.
/// Errors: invalid_bookmark, or bookmark_timeout for a commit that this store has not seen: waiting for it would be
/// for ever, since nobody else writes here.
Result<void> check_bookmarks(const storage::Store& store, std::span<const std::string_view> bookmarks);

}  // namespace packhouse::handlers
