#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace packhouse::packstream {

/// Counts what goes into open lists and maps, for writers of formats that put the size in front when
/// the caller learns it only at the end. While no container of unknown size is open, it costs one
/// predictable branch an item. Used by the writers of PackStream and MessagePack.
class OpenContainers {
 public:
  enum class Shape : std::uint8_t { list, map, structure };
  /// A container that has just been closed.
  struct Closed {
    std::size_t start;    ///< where its header was written
    std::uint64_t count;  ///< items of a list, entries of a map
    Shape shape;
  };

  /// To call before every value, containers included.
  void item() {
    if (!open_.empty()) [[unlikely]] count(Shape::list);
  }
  /// To call for every key.
  void key() {
    if (!open_.empty()) [[unlikely]] count(Shape::map);
  }
  void begin(std::size_t start, Shape shape, bool unknown) {
    if (unknown || !open_.empty()) [[unlikely]] open_.push_back({{start, 0, shape}, unknown});
  }
  /// What was closed, if its size was unknown: its header must be written now.
  std::optional<Closed> end() {
    if (open_.empty()) [[likely]] return {};
    const Frame last = open_.back();
    open_.pop_back();
    return last.unknown ? std::optional(last.closed) : std::nullopt;
  }

 private:
  struct Frame {
    Closed closed;
    bool unknown;
  };
  void count(Shape shape) {
    if (open_.back().closed.shape == shape) ++open_.back().closed.count;
  }
  std::vector<Frame> open_;
};

}  // namespace packhouse::packstream
