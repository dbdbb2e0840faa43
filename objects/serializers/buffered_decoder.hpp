#pragma once
#include <string>

#include "objects/serializer.hpp"

namespace packhouse::objects {

/// An ItemDecoder that gathers bytes until an item is whole. The derived class says where the next item ends and reads it.
class BufferedDecoder : public ItemDecoder {
 public:
  void feed(Bytes piece) override {
    if (at_ > 0) {  // what was read makes room
      Buffer rest;
      rest.append(unread());
      buffer_ = std::move(rest);
      at_ = 0;
    }
    buffer_.append(piece);
  }

 protected:
  Bytes unread() const { return buffer_.view().subspan(at_); }
  void consume(std::size_t n) { at_ += n; }

  /// More bytes are needed for the item that begins at unread().
  Result<Step> need_more(std::string_view format) const {
    if (finished()) return fail(Status::request_invalid, std::string(format) + ": the stream ends within an item");
    if (unread().size() > longest_item) {
      return fail(Status::request_invalid, std::string(format) + ": an item is longer than " + std::to_string(longest_item) + " bytes");
    }
    return Step::more;
  }

 private:
  Buffer buffer_;
  std::size_t at_ = 0;
};

}  // namespace packhouse::objects
