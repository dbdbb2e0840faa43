#pragma once
#include <memory>
#include <vector>

#include "codec/packos/frame_writer.hpp"

namespace packhouse::packos {

/// A writer with a buffer of its own, borrowed from a pool of the calling thread and given back when it goes out
/// of scope (on the same thread): in steady state a record costs no allocation. `bytes()` live as long as it.
///
///   PooledFrame frame;
///   frame->begin_frame(2);
///   frame->integer(42), frame->string("go");
///   PACKHOUSE_CHECK(frame->end_frame());
///   send(frame.bytes());
class PooledFrame {
 public:
  /// With other options than the default it has a writer of its own.
  explicit PooledFrame(Options options = {}) : own_(take(options)) {}
  PooledFrame(const PooledFrame&) = delete;
  PooledFrame& operator=(const PooledFrame&) = delete;
  ~PooledFrame() {
    if (own_ && own_->pooled) give_back(std::move(own_));
  }

  FrameWriter* operator->() { return &own_->writer; }
  FrameWriter& operator*() { return own_->writer; }
  /// What was written; a frame once end_frame() has returned without error.
  Bytes bytes() const { return own_->buffer; }

 private:
  struct Pair {
    explicit Pair(Options options, bool from_pool) : writer(buffer, options), pooled(from_pool) {}
    Buffer buffer;
    FrameWriter writer;
    bool pooled;
  };
  using Owned = std::unique_ptr<Pair>;
  static constexpr std::size_t most_pooled = 16, largest_kept = 1 << 20;

  static std::vector<Owned>& pool() {
    thread_local std::vector<Owned> idle;
    return idle;
  }
  static Owned take(Options options) {
    if (options.strict || !options.sorted) return std::make_unique<Pair>(options, false);
    auto& idle = pool();
    if (idle.empty()) return std::make_unique<Pair>(options, true);
    Owned pair = std::move(idle.back());
    idle.pop_back();
    return pair;
  }
  static void give_back(Owned pair) {
    auto& idle = pool();
    if (idle.size() >= most_pooled) return;
    pair->writer.reset();
    pair->buffer.clear();
    pair->buffer.shrink_above(largest_kept);
    if (idle.capacity() == 0) idle.reserve(most_pooled);
    idle.push_back(std::move(pair));
  }

  Owned own_;
};

}  // namespace packhouse::packos
