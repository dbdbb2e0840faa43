#include "protocol/frames.hpp"

namespace packhouse::protocol {
namespace {

constexpr std::size_t largest_tiny_map = 15;

template <class S>
void write_strings(packstream::Writer& writer, std::span<const S> list) {
  writer.write_list_header(list.size());
  for (const auto& s : list) writer.write_string(s);
}

void write_whole(Buffer& out, std::string_view message) {
  out.append(as_bytes(message));
}

}  // namespace

void SuccessFrame::strings(std::string_view key, std::span<const std::string_view> list) {
  write_strings(value(key), list);
}
void SuccessFrame::strings(std::string_view key, std::span<const std::string> list) {
  write_strings(value(key), list);
}

void SuccessFrame::close() {
  Buffer& out = frame_.out();
  const std::size_t header = frame_.payload() + 2;  // behind the structure's marker and tag
  if (entries_ <= largest_tiny_map) {
    out[header] = static_cast<std::byte>(0xA0 | entries_);
  } else {
    out.insert_gap(header, 4);  // D8 to DA with the count; the 32-bit form fits any
    out[header] = std::byte{0xDA};
    for (std::size_t i = 0; i < 4; ++i) out[header + 1 + i] = static_cast<std::byte>(entries_ >> (24 - 8 * i) & 0xFF);
  }
  frame_.close();
}

void write_success(Buffer& out) {
  write_whole(out, {"\x00\x03\xB1\x70\xA0\x00\x00", 7});
}
void write_ignored(Buffer& out) {
  write_whole(out, {"\x00\x02\xB0\x7E\x00\x00", 6});
}

}  // namespace packhouse::protocol
