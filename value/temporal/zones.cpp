#include "value/temporal/zones.hpp"

#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "base/ascii.hpp"
#include "value/temporal/merged_zones.hpp"
#include "value/temporal/zone_file.hpp"

namespace packhouse {
namespace {

struct NamedZone {
  std::string name;
  ZoneHistory history;
};

/// All zones that were asked for. Ids are indexes into `zones_`; entries are written once and never go away.
class ZoneTable {
 public:
  std::optional<std::uint32_t> find_or_load(std::string_view name);
  const NamedZone* at(std::uint32_t id) const {
    return id < zones_.size() ? zones_[id].load(std::memory_order_acquire) : nullptr;
  }

 private:
  static constexpr std::size_t most = 4096;  // the database has about 600 names

  std::shared_mutex mutex_;
  std::map<std::string, std::uint32_t, std::less<>> ids_;
  std::uint32_t count_ = 0;
  std::array<std::atomic<const NamedZone*>, most> zones_{};
};

/// Letters, digits, '_', '+', '-' in segments parted by '/': nothing that leaves the database's folder, and none of
/// the folders and files in it that are not zones.
bool is_zone_name(std::string_view name) {
  if (name.empty() || name.size() > 64 || name.front() == '/' || name.back() == '/') return false;
  for (const std::string_view other : {"posix/", "right/", "localtime", "posixrules", "Factory"}) {
    if (name.starts_with(other)) return false;
  }
  for (const char c : name) {
    if (!is_ascii_letter(c) && !is_digit(c) && c != '_' && c != '+' && c != '-' && c != '/') return false;
  }
  return true;
}

std::optional<ZoneHistory> load(std::string_view name) {
  const char* const configured = std::getenv("TZDIR");
  const std::filesystem::path folder = configured && *configured ? configured : "/usr/share/zoneinfo";
  std::error_code ignored;
  const auto path = folder / std::string(merged_into(name));
  if (std::filesystem::is_regular_file(path, ignored)) {
    std::ifstream in(path, std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    return ZoneHistory::parse(content);
  }
  // Universal time needs no database.
  for (const std::string_view utc : {"UTC", "GMT", "UCT", "Zulu", "Universal", "Greenwich", "Etc/UTC", "Etc/GMT"}) {
    if (name == utc) return ZoneHistory::fixed(0);
  }
  return std::nullopt;
}

std::optional<std::uint32_t> ZoneTable::find_or_load(std::string_view name) {
  {
    const std::shared_lock reading(mutex_);
    if (const auto known = ids_.find(name); known != ids_.end()) return known->second;
  }
  if (!is_zone_name(name)) return std::nullopt;
  auto history = load(name);
  if (!history) return std::nullopt;
  const std::unique_lock writing(mutex_);
  if (const auto known = ids_.find(name); known != ids_.end()) return known->second;
  if (count_ == most) return std::nullopt;
  // Never freed: ids stay good until the process ends, also in the destructors of other statics.
  zones_[count_].store(new NamedZone{std::string(name), std::move(*history)}, std::memory_order_release);
  ids_.emplace(name, count_);
  return count_++;
}

ZoneTable& table() {
  static ZoneTable& zones = *new ZoneTable;
  return zones;
}

}  // namespace

std::optional<std::uint32_t> zone_id(std::string_view name) {
  return table().find_or_load(name);
}

std::string_view zone_name(std::uint32_t id) {
  const NamedZone* zone = table().at(id);
  return zone ? std::string_view(zone->name) : std::string_view();
}

std::int32_t offset_at(Zone zone, std::int64_t utc_seconds) {
  if (!zone.is_named()) return zone.offset_seconds();
  const NamedZone* named = table().at(zone.id());
  return named ? named->history.offset_at(utc_seconds) : 0;
}

std::int64_t local_to_utc(Zone zone, std::int64_t local_seconds, std::optional<std::int32_t> preferred) {
  if (!zone.is_named()) return local_seconds - zone.offset_seconds();
  // No zone is farther from UTC than this, so the moment lies between these two, and at most one change does.
  constexpr std::int64_t farthest = 16 * 3600;
  const std::int32_t before = offset_at(zone, local_seconds - farthest);
  const std::int32_t after = offset_at(zone, local_seconds + farthest);
  const std::int64_t earlier = local_seconds - before;
  if (before == after) return earlier;
  const std::int64_t later = local_seconds - after;
  const bool is_later = offset_at(zone, later) == after;
  if (offset_at(zone, earlier) == before) return is_later && preferred == after ? later : earlier;
  // In a gap neither holds; `earlier` is then the moment moved forward by the jump.
  return is_later ? later : earlier;
}

}  // namespace packhouse
