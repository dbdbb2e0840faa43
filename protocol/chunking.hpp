#pragma once
#include <cstddef>
#include <deque>
#include <vector>

#include "base/buffer.hpp"
#include "protocol/message.hpp"

namespace packhouse::protocol {

inline constexpr std::size_t max_chunk = 0xFFFF;

/// Takes Bolt's chunked bytes, split anywhere, and queues whole messages (BOLT.md section 2). Each byte
/// is copied once, from the socket's buffer into its message. Nothing is reserved for bytes announced only.
/// One owner, one thread.
class Dechunker {
 public:
  /// A message larger than `max_message` at the moment its chunk begins is queued at once as `too_large`;
  /// the rest of it is skipped as it comes.
  void feed(Bytes in, std::size_t max_message);

  bool empty() const { return queue_.empty(); }
  std::size_t size() const { return queue_.size(); }
  const std::deque<MessagePtr>& queue() const { return queue_; }
  MessagePtr pop();
  /// It becomes the next one.
  void push_front(MessagePtr message);
  /// Memory for later messages; large ones are freed instead.
  void recycle(MessagePtr message);
  /// Forgets everything, as after the end of a connection.
  void clear();

  /// Memory held by queued messages and the one being read: when it grows, stop reading from the socket.
  std::size_t backlog() const { return backlog_ + (partial_ ? partial_->footprint() : 0); }

 private:
  void start_chunk(std::size_t max_message);
  void push(MessagePtr message);
  MessagePtr fresh();

  std::size_t header_ = 0, header_bytes_ = 0;  // of the chunk header being read
  std::size_t left_ = 0;                       // of the chunk being read
  bool inside_ = false;                        // a message has begun
  bool skipping_ = false;                      // it was too large
  MessagePtr partial_;
  std::deque<MessagePtr> queue_;
  std::vector<MessagePtr> spare_;
  std::size_t backlog_ = 0;
};

/// Frames one message in place: the payload is written once, straight into the output, and the chunk
/// header before it is filled in by close(). A frame that isn't closed takes back what was written.
class ChunkFrame {
 public:
  explicit ChunkFrame(Buffer& out) : out_(out), start_(out.size()) { out.extend(2); }
  ChunkFrame(const ChunkFrame&) = delete;
  ChunkFrame& operator=(const ChunkFrame&) = delete;
  ~ChunkFrame() {
    if (open_) out_.truncate(start_);
  }

  Buffer& out() { return out_; }
  /// Where the payload begins in out().
  std::size_t payload() const { return start_ + 2; }

  void close() {
    open_ = false;
    const std::size_t size = out_.size() - payload();
    if (size > max_chunk) [[unlikely]]
      return close_split(size);
    out_[start_] = static_cast<std::byte>(size >> 8);
    out_[start_ + 1] = static_cast<std::byte>(size);
    std::byte* const end = out_.extend(2);
    end[0] = end[1] = std::byte{0};
  }

 private:
  void close_split(std::size_t size);

  Buffer& out_;
  std::size_t start_;
  bool open_ = true;
};

}  // namespace packhouse::protocol
