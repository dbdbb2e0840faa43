#include "codec/packos/frame.hpp"

#include <fmt/format.h>

namespace packhouse::packos {

std::string_view name(Tag t) {
  constexpr std::string_view names[] = {"end", "integer", "extended", "floating", "tuple", "boolean", "string", "map"};
  return static_cast<std::size_t>(t) < std::size(names) ? names[static_cast<std::size_t>(t)] : "unknown";
}

Error FrameView::refuse_frame(Bytes b, const std::byte* origin) {
  const auto at = b.data() ? b.data() - origin : 0;
  if (b.size() < 4) {
    return {Status::storage_failed, fmt::format("insufficient header: a PackOS frame at byte {} has {} bytes", at, b.size())};
  }
  if (b.size() > wide_head_size && load<std::uint32_t>(b.data()) == wide_head) {
    return {Status::storage_failed,
            fmt::format("insufficient header: the wide PackOS frame at byte {} announces more fields than {} bytes can hold", at,
                        b.size())};
  }
  const std::size_t base = load<std::uint16_t>(b.data()) >> 3;
  if (base >= 2 && base <= b.size()) {
    return {Status::storage_failed, fmt::format("insufficient header: the PackOS frame at byte {} has no end", at)};
  }
  return {Status::storage_failed, fmt::format("insufficient header: the PackOS frame at byte {} puts its payload at {}, and has {} bytes",
                                              at, base, b.size())};
}

Error FrameView::refuse_nested(const Field& f) const {
  if (f.tag != Tag::tuple && f.tag != Tag::map && f.tag != Tag::extended) {
    return {Status::storage_failed, fmt::format("expected a tuple or map at byte {}, found {}", position(f), name(f.tag))};
  }
  if (f.tag == Tag::extended) {
    return {Status::storage_failed, fmt::format("the extended field at byte {} holds no complete wide frame", position(f))};
  }
  return refuse_frame(f.bytes, origin_);
}

Error FrameView::refuse_field(std::size_t i) const {
  if (i >= count_) return {Status::storage_failed, fmt::format("field {} asked of a PackOS frame of {} fields", i, count_)};
  std::size_t start = 0, end = 0;
  if (wide_) {
    start = i > 0 ? load<std::uint32_t>(head_ + 4 * (i - 1)) : 0;
    end = load<std::uint32_t>(head_ + 4 * i);
  } else {
    start = i > 0 ? static_cast<std::size_t>(load<std::uint16_t>(head_ + 2 * i) >> 3) : 0;
    end = static_cast<std::size_t>(load<std::uint16_t>(head_ + 2 * i + 2) >> 3);
  }
  const auto base = position(payload_);
  return {Status::storage_failed, fmt::format("invalid range {} → {} of field {}: the payload ends at byte {}", base + start, base + end,
                                              i, base + payload_size_)};
}

}  // namespace packhouse::packos
