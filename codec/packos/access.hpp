#pragma once
#include <optional>
#include <type_traits>

#include "codec/packos/take_value.hpp"

namespace packhouse::packos {

/// Random access to the fields of a frame by position or, in a map, by key; nothing is unpacked.
/// A view: cheap to copy, valid as long as the bytes. Typed getters want the exact tag and width;
/// the nullable ones read any field of width 0 as null. Errors are Status::argument_error.
class Access {
 public:
  static Result<Access> open(Bytes frame);

  std::size_t size() const { return frame_.size(); }
  const FrameView& frame() const { return frame_; }
  Result<Field> field(std::size_t i) const;

  /// T is bool, an integer or floating type of exactly the stored width, string_view or Bytes.
  template <class T>
  Result<T> get(std::size_t i) const {
    Field f;
    if (!frame_.get(i, f) || !matches<T>(f)) [[unlikely]] return tl::make_unexpected(refuse(i, wanted<T>()));
    return read<T>(f);
  }
  template <class T>
  Result<std::optional<T>> nullable(std::size_t i) const {
    Field f;
    if (!frame_.get(i, f) || (!f.bytes.empty() && !matches<T>(f))) [[unlikely]] return tl::make_unexpected(refuse(i, wanted<T>()));
    if (f.bytes.empty()) return std::nullopt;
    return read<T>(f);
  }

  struct Sized {
    std::int64_t value;
    std::size_t width;  ///< 0 = null
  };
  /// An integer of any width; null is {0, 0}.
  Result<Sized> integer(std::size_t i) const;
  struct SizedReal {
    double value;
    std::size_t width;  ///< 0 = null
  };
  /// A float of either width; null is {0, 0}.
  Result<SizedReal> floating(std::size_t i) const;
  /// Whatever is there.
  Result<Value> any(std::size_t i, Arena& arena) const;
  /// The frame inside a tuple or map.
  Result<Access> nested(std::size_t i) const;

  /// In the frame of a map: the position of the value of `key`, or nothing. Sorted maps are searched
  /// in logarithmic time. Of duplicate keys the last counts, or any when the map isn't sorted.
  std::optional<std::size_t> find(std::string_view key) const;

 private:
  template <class T>
  static constexpr bool is_text = std::is_same_v<T, std::string_view> || std::is_same_v<T, Bytes>;
  template <class T>
  static bool matches(const Field& f) {
    if constexpr (is_text<T>) return f.tag == Tag::string;
    else if constexpr (std::is_same_v<T, bool>) return f.tag == Tag::boolean && f.bytes.size() == 1;
    else return f.tag == (std::is_floating_point_v<T> ? Tag::floating : Tag::integer) && f.bytes.size() == sizeof(T);
  }
  template <class T>
  static T read(const Field& f) {
    if constexpr (std::is_same_v<T, std::string_view>) return as_text(f.bytes);
    else if constexpr (std::is_same_v<T, Bytes>) return f.bytes;
    else if constexpr (std::is_same_v<T, bool>) return load<std::uint8_t>(f.bytes.data()) != 0;
    else return load<T>(f.bytes.data());
  }
  template <class T>
  static Field wanted() {  // tag and width, for messages
    static constexpr std::byte room[8] = {};
    if constexpr (is_text<T>) return {Tag::string, {}};
    else if constexpr (std::is_same_v<T, bool>) return {Tag::boolean, {room, 1}};
    else return {std::is_floating_point_v<T> ? Tag::floating : Tag::integer, {room, sizeof(T)}};
  }
  [[gnu::cold]] Error refuse(std::size_t i, const Field& wanted) const;

  FrameView frame_;
};

/// The value at `path` (map keys as strings, list positions as integers, negative from the end) within
/// a frame, as decode(frame) followed by subscripts would give it, but unpacking only what is there.
/// A missing key or position is null. Error: a step into something that is neither list nor map.
Result<Value> get(Bytes frame, std::span<const Value> path, Arena& arena);

}  // namespace packhouse::packos
