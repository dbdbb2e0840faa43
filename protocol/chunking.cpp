#include "protocol/chunking.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace packhouse::protocol {
namespace {

// A connection keeps at most this for later messages, so that ten thousand idle ones stay small.
constexpr std::size_t spare_messages = 2, spare_bytes = 6 * 1024;

}  // namespace

void Dechunker::feed(Bytes in, std::size_t max_message) {
  while (!in.empty()) {
    if (left_ > 0) {
      const std::size_t n = std::min(left_, in.size());
      if (!skipping_) partial_->bytes.append(in.first(n));
      left_ -= n;
      in = in.subspan(n);
    } else {
      header_ = header_ << 8 | std::to_integer<std::size_t>(in[0]);
      in = in.subspan(1);
      if (++header_bytes_ == 2) start_chunk(max_message);
    }
  }
}

void Dechunker::start_chunk(std::size_t max_message) {
  left_ = std::exchange(header_, 0);
  header_bytes_ = 0;
  if (left_ == 0) {  // the end of a message, or a keep-alive between two
    if (inside_ && !skipping_) push(std::move(partial_));
    inside_ = skipping_ = false;
    return;
  }
  inside_ = true;
  if (skipping_) return;
  if (!partial_) partial_ = fresh();
  if (partial_->bytes.size() + left_ > max_message) {
    skipping_ = true;
    partial_->too_large = true;
    partial_->bytes = Buffer();
    push(std::move(partial_));
  }
}

void Dechunker::push(MessagePtr message) {
  backlog_ += message->footprint();
  queue_.push_back(std::move(message));
}

void Dechunker::push_front(MessagePtr message) {
  backlog_ += message->footprint();
  queue_.push_front(std::move(message));
}

MessagePtr Dechunker::pop() {
  MessagePtr message = std::move(queue_.front());
  queue_.pop_front();
  backlog_ -= message->footprint();
  return message;
}

MessagePtr Dechunker::fresh() {
  if (spare_.empty()) return std::make_unique<Message>();
  MessagePtr message = std::move(spare_.back());
  spare_.pop_back();
  return message;
}

void Dechunker::recycle(MessagePtr message) {
  if (!message || spare_.size() >= spare_messages || message->footprint() > spare_bytes) return;
  message->clear();
  spare_.push_back(std::move(message));
}

void Dechunker::clear() {
  *this = Dechunker();
}

void ChunkFrame::close_split(std::size_t size) {
  // Every further chunk needs two bytes for its header: move the chunks apart, the last one first.
  const std::size_t chunks = (size + max_chunk - 1) / max_chunk;
  out_.extend(2 * chunks);
  std::byte* const begin = out_.data() + start_;
  for (std::size_t i = chunks; i-- > 0;) {
    const std::size_t length = i + 1 == chunks ? size - i * max_chunk : max_chunk;
    std::byte* const header = begin + i * (2 + max_chunk);
    if (i > 0) std::memmove(header + 2, begin + 2 + i * max_chunk, length);
    header[0] = static_cast<std::byte>(length >> 8);
    header[1] = static_cast<std::byte>(length & 0xFF);
  }
  std::byte* const end = out_.data() + out_.size();
  end[-1] = end[-2] = std::byte{0};
}

}  // namespace packhouse::protocol
