#include "value/temporal/zone_file.hpp"

#include <algorithm>

namespace packhouse {
namespace {

constexpr std::size_t header_size = 44;

/// Big-endian reads from a file's bytes; the caller has checked that they are there.
std::uint64_t big_endian(std::string_view s, std::size_t at, std::size_t bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < bytes; ++i) out = (out << 8) | static_cast<unsigned char>(s[at + i]);
  return out;
}

struct Counts {
  std::size_t utc, standard, leap, changes, types, chars;

  /// Bytes of the data block when times take `width` bytes.
  std::size_t block(std::size_t width) const {
    return changes * (width + 1) + types * 6 + chars + leap * (width + 4) + standard + utc;
  }
};

std::optional<Counts> read_header(std::string_view file, std::size_t at) {
  if (file.size() < at + header_size || file.substr(at, 4) != "TZif" || file[at + 4] < '2') return std::nullopt;
  const auto count = [&](std::size_t i) { return static_cast<std::size_t>(big_endian(file, at + 20 + i * 4, 4)); };
  const Counts c{count(0), count(1), count(2), count(3), count(4), count(5)};
  constexpr std::size_t sane = 1'000'000;
  const bool sound = c.types >= 1 && c.types <= 256 && c.changes < sane && c.leap < sane && c.chars < sane &&
                     c.utc <= c.types && c.standard <= c.types;
  return sound ? std::optional(c) : std::nullopt;
}

}  // namespace

std::optional<ZoneHistory> ZoneHistory::parse(std::string_view file) {
  // A block with 32-bit times comes first, for old readers; the one after it says the same with 64 bits.
  const auto old = read_header(file, 0);
  if (!old) return std::nullopt;
  std::size_t at = header_size + old->block(4);
  const auto counts = read_header(file, at);
  if (!counts) return std::nullopt;
  at += header_size;
  if (file.size() < at + counts->block(8)) return std::nullopt;

  const std::size_t indexes = at + counts->changes * 8;
  const std::size_t types = indexes + counts->changes;
  const auto offset_of_type = [&](std::size_t type) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(big_endian(file, types + type * 6, 4)));
  };
  ZoneHistory out;
  out.first_ = offset_of_type(0);
  for (std::size_t i = 0; i < counts->changes; ++i) {
    const std::size_t type = big_endian(file, indexes + i, 1);
    const auto when = static_cast<std::int64_t>(big_endian(file, at + i * 8, 8));
    if (type >= counts->types || (i > 0 && when <= out.changes_.back())) return std::nullopt;
    out.changes_.push_back(when);
    out.offsets_.push_back(offset_of_type(type));
  }
  std::string_view footer = file.substr(at + counts->block(8));
  if (footer.size() > 2 && footer.front() == '\n') {
    footer.remove_prefix(1);
    out.after_ = PosixRule::parse(footer.substr(0, footer.find('\n')));
    if (!out.after_) return std::nullopt;
  }
  return out;
}

ZoneHistory ZoneHistory::fixed(std::int32_t offset) {
  ZoneHistory out;
  out.first_ = offset;
  return out;
}

std::int32_t ZoneHistory::offset_at(std::int64_t utc_seconds) const {
  if (changes_.empty()) return after_ ? after_->offset_at(utc_seconds) : first_;
  if (utc_seconds >= changes_.back()) return after_ ? after_->offset_at(utc_seconds) : offsets_.back();
  const auto next = std::ranges::upper_bound(changes_, utc_seconds);
  return next == changes_.begin() ? first_ : offsets_[static_cast<std::size_t>(next - changes_.begin()) - 1];
}

}  // namespace packhouse
