#pragma once
#include "base/bytes.hpp"
#include "base/error.hpp"
#include "codec/packos/wire.hpp"

namespace packhouse::packos {

/// One field of a frame: its tag and the bytes between two offsets. Bytes belong to the buffer.
struct Field {
  Tag tag = Tag::end;
  Bytes bytes;
};

/// A frame read in place: O(1) access to any field, narrow or wide alike. Cheap to copy; valid as
/// long as the bytes it was opened on. Never reads outside of them, whatever they say: a frame's
/// header block is checked when it is opened, each offset when it is used.
/// Errors are Status::storage_failed and name the byte position within the outermost buffer.
class FrameView {
 public:
  FrameView() = default;

  /// A top-level frame: narrow, or wide under its saturated head.
  static Result<FrameView> open(Bytes frame) {
    FrameView v;
    v.origin_ = frame.data();
    if (v.bind_top(frame)) [[likely]] return v;
    return tl::make_unexpected(refuse_frame(frame, frame.data()));
  }

  /// The same without the error; false when it would be one.
  static bool try_open(Bytes frame, FrameView& out) {
    out.origin_ = frame.data();
    return out.bind_top(frame);
  }

  /// The frame inside a tuple, map or wide field; a field of width 0 is a frame without fields.
  Result<FrameView> nested(const Field& f) const {
    FrameView v;
    v.origin_ = origin_;
    if (v.bind_nested(f)) [[likely]] return v;
    return tl::make_unexpected(refuse_nested(f));
  }

  bool try_nested(const Field& f, FrameView& out) const {
    out.origin_ = origin_;
    return out.bind_nested(f);
  }

  std::size_t size() const { return count_; }
  bool wide() const { return wide_; }

  /// False when `i` is out of range or its offsets point outside of the frame.
  bool get(std::size_t i, Field& out) const {
    if (i >= count_) [[unlikely]] return false;
    std::size_t start = 0, end;
    if (!wide_) [[likely]] {
      const auto word = load<std::uint16_t>(head_ + 2 * i);
      if (i > 0) start = static_cast<std::size_t>(word >> 3);
      end = static_cast<std::size_t>(load<std::uint16_t>(head_ + 2 * i + 2) >> 3);
      out.tag = static_cast<Tag>(word & 7);
    } else {
      if (i > 0) start = load<std::uint32_t>(head_ + 4 * (i - 1));
      end = load<std::uint32_t>(head_ + 4 * i);
      out.tag = static_cast<Tag>(load<std::uint8_t>(head_ + 4 * std::size_t{count_} + i));
    }
    if (start > end || end > payload_size_) [[unlikely]] return false;
    out.bytes = {payload_ + start, end - start};
    return true;
  }

  Result<Field> field(std::size_t i) const {
    Field f;
    if (get(i, f)) [[likely]] return f;
    return tl::make_unexpected(refuse_field(i));
  }

  /// Where `at` lies in the outermost buffer, for error messages.
  std::size_t position(const std::byte* at) const { return static_cast<std::size_t>(at - origin_); }
  std::size_t position(const Field& f) const { return f.bytes.data() ? position(f.bytes.data()) : 0; }

  /// Whether `f` holds a wide frame, and of which kind.
  static bool is_wide(const Field& f) {
    if (f.tag != Tag::extended || f.bytes.empty()) return false;
    const auto kind = load<Extension>(f.bytes.data());
    return kind == Extension::wide_tuple || kind == Extension::wide_map;
  }

 private:
  bool bind_narrow(Bytes b) {
    if (b.size() < 4) return false;
    const std::size_t base = load<std::uint16_t>(b.data()) >> 3;
    if (base < 2 || base > b.size()) return false;
    head_ = b.data();
    payload_ = b.data() + base;
    payload_size_ = b.size() - base;
    count_ = static_cast<std::uint32_t>(base / 2 - 1);
    wide_ = false;
    // An unmarked end sends the original one word further; where there is none it panics (P7).
    return payload_size_ >= 2 || count_ == 0 || (load<std::uint16_t>(b.data() + 2 * std::size_t{count_}) & 7) == 0;
  }
  bool bind_wide(Bytes body) {  // after the kind byte
    if (body.size() < 4) return false;
    const std::uint32_t n = load<std::uint32_t>(body.data());
    if ((body.size() - 4) / 5 < n) return false;
    head_ = body.data() + 4;
    payload_ = head_ + 5 * std::size_t{n};
    payload_size_ = body.size() - 4 - 5 * std::size_t{n};
    count_ = n;
    wide_ = true;
    return true;
  }
  bool bind_top(Bytes b) {
    if (b.size() > wide_head_size && load<std::uint32_t>(b.data()) == wide_head) [[unlikely]] {
      const Field f{Tag::extended, b.subspan(wide_head_size)};
      if (is_wide(f)) return bind_wide(f.bytes.subspan(1));
    }
    return bind_narrow(b);
  }
  bool bind_nested(const Field& f) {
    if (is_wide(f)) return bind_wide(f.bytes.subspan(1));
    if (f.tag != Tag::tuple && f.tag != Tag::map) return false;
    return f.bytes.empty() || bind_narrow(f.bytes);
  }
  [[gnu::cold]] static Error refuse_frame(Bytes b, const std::byte* origin);
  [[gnu::cold]] Error refuse_nested(const Field& f) const;
  [[gnu::cold]] Error refuse_field(std::size_t i) const;

  const std::byte* origin_ = nullptr;
  const std::byte* head_ = nullptr;
  const std::byte* payload_ = nullptr;
  std::size_t payload_size_ = 0;
  std::uint32_t count_ = 0;
  bool wide_ = false;
};

/// "integer", "tuple" …, for messages.
std::string_view name(Tag t);

}  // namespace packhouse::packos
