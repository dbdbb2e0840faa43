#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "value/temporal/posix_rule.hpp"

namespace packhouse {

/// The history of one zone as a TZif file (RFC 8536) tells it. Immutable once read.
class ZoneHistory {
 public:
  /// From the content of a file; nothing if it isn't a sound TZif file of version 2 or later.
  static std::optional<ZoneHistory> parse(std::string_view file);
  /// A zone that never changed.
  static ZoneHistory fixed(std::int32_t offset);

  std::int32_t offset_at(std::int64_t utc_seconds) const;

 private:
  std::int32_t first_ = 0;             // before the first change
  std::vector<std::int64_t> changes_;  // ascending, UTC
  std::vector<std::int32_t> offsets_;  // offsets_[i] holds from changes_[i] on
  std::optional<PosixRule> after_;     // from the last change on
};

}  // namespace packhouse
