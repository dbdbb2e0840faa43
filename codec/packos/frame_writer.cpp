#include "codec/packos/frame_writer.hpp"

#include <cmath>
#include <fmt/format.h>

namespace packhouse::packos {

void FrameWriter::numeric(double v) {
  // Outside of int64 the original's cast is undefined; such values stay floats here.
  constexpr double limit = 9223372036854775808.0;
  if (v >= -limit && v < limit && v == std::trunc(v)) return integer(static_cast<std::int64_t>(v));
  float64(v);
}

void FrameWriter::flags(std::span<const bool> v) {
  mark(Tag::string);
  for (std::size_t i = 0; i < v.size(); i += 8) {
    unsigned byte = 0;
    for (std::size_t bit = 0; bit < 8 && i + bit < v.size(); ++bit) byte |= static_cast<unsigned>(v[i + bit]) << bit;
    out_.put(static_cast<std::uint8_t>(byte));
  }
}

void FrameWriter::move_payload(const Scope& s, std::size_t header) {
  const std::size_t reserved = s.payload - s.at;
  if (header > reserved) {
    out_.insert_gap(s.payload, header - reserved);
  } else if (header < reserved) {
    std::memmove(out_.data() + s.at + header, out_.data() + s.payload, out_.size() - s.payload);
    out_.truncate(out_.size() - (reserved - header));
  }
}

Result<void> FrameWriter::close(bool top) {
  const Scope s = scopes_.back();
  scopes_.pop_back();
  const std::size_t n = words_.size() - s.first_word;
  const std::size_t payload = out_.size() - s.payload;
  if (n > max_narrow_fields || payload > max_narrow_payload) [[unlikely]] return close_wide(s, n, top);
  if (n == 0 && !top) {
    out_.truncate(s.at);
    return ok;
  }
  const std::size_t header = 2 * (n + 1);
  if (s.payload - s.at != header) move_payload(s, header);
  std::byte* at = out_.data() + s.at;
  const std::uint64_t* words = words_.data() + s.first_word;
  for (std::size_t i = 0; i < n; ++i) store(at + 2 * i, static_cast<std::uint16_t>(words[i]));
  store(at + 2 * n, static_cast<std::uint16_t>(payload << 3));
  // Field 0 starts at 0, so its word has room for the position of the payload.
  store(at, static_cast<std::uint16_t>(header << 3 | (n > 0 ? words[0] & 7 : 0)));
  words_.resize(s.first_word);
  return ok;
}

Result<void> FrameWriter::close_wide(const Scope& s, std::size_t n, bool top) {
  const std::size_t payload = out_.size() - s.payload;
  if (strict_) {
    return fail(Status::argument_error,
                fmt::format("{} of {} fields and {} bytes is beyond what a plain PackOS frame holds ({} fields, {} bytes)",
                            top ? "the record" : s.tag == Tag::map ? "a map" : "a tuple", n, payload, max_narrow_fields,
                            max_narrow_payload));
  }
  if (payload > max_wide_payload || n > max_wide_payload / 8) {
    return fail(Status::argument_error, fmt::format("a PackOS frame of {} fields and {} bytes is beyond 4 GiB", n, payload));
  }
  move_payload(s, (top ? wide_head_size : 0) + 1 + 4 + 5 * n);
  std::byte* at = out_.data() + s.at;
  if (top) {
    store(at, wide_head);
    at += wide_head_size;
  } else {
    words_[s.first_word - 1] = (words_[s.first_word - 1] & ~std::uint64_t{7}) | static_cast<std::uint64_t>(Tag::extended);
  }
  store(at, s.tag == Tag::map ? Extension::wide_map : Extension::wide_tuple);
  store(at + 1, static_cast<std::uint32_t>(n));
  at += 5;
  const std::uint64_t* words = words_.data() + s.first_word;
  for (std::size_t i = 0; i < n; ++i) {
    store(at + 4 * i, static_cast<std::uint32_t>(i + 1 < n ? words[i + 1] >> 3 : payload));
    store(at + 4 * n + i, static_cast<std::uint8_t>(words[i] & 7));
  }
  words_.resize(s.first_word);
  return ok;
}

}  // namespace packhouse::packos
