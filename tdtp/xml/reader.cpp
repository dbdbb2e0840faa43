#include "tdtp/xml/reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "tdtp/file.hpp"
#include "tdtp/xml/handler.hpp"

namespace packhouse::tdtp {

namespace {
constexpr std::size_t piece = std::size_t{128} << 10;
}

/// Where the bytes come from, and how far the parser is.
struct PacketReader::State {
  explicit State(const Limits& limits) : handler(limits), limits_(limits) {}
  ~State() {
    if (fd >= 0) ::close(fd);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  /// The next bytes into `to`; 0 at the end.
  Result<std::size_t> read(char* to) {
    if (fd < 0) {
      const std::size_t n = std::min(piece, memory.size());
      std::memcpy(to, memory.data(), n);
      memory.remove_prefix(n);
      return n;
    }
    ssize_t n = 0;
    do n = ::read(fd, to, piece);
    while (n < 0 && errno == EINTR);
    if (n < 0) return fail(Status::argument_error, "parse error: failed to decode XML: read " + path + ": " + system_error(errno));
    return static_cast<std::size_t>(n);
  }

  /// Text ahead of the first tag is skipped.
  std::size_t skip(char* text, std::size_t n) {
    const auto* tag = static_cast<const char*>(std::memchr(text, '<', n));
    const std::size_t before = tag != nullptr ? static_cast<std::size_t>(tag - text) : n;
    lines += static_cast<std::uint64_t>(std::count(text, text + before, '\n'));
    std::memmove(text, text + before, n - before);
    begun = tag != nullptr;
    if (begun) handler.skipped_lines(lines);
    return n - before;
  }

  Result<bool> next(Rows& rows) {
    if (ended) return false;
    handler.set_rows(rows);
    void* to = handler.parser() != nullptr ? XML_GetBuffer(handler.parser(), static_cast<int>(piece)) : nullptr;
    if (to == nullptr) return fail(Status::out_of_memory, "parse error: no memory for the XML parser");
    PACKHOUSE_TRY(std::size_t n, read(static_cast<char*>(to)));
    const bool last = n == 0;
    position += n;
    if (position > limits_.file_bytes) return fail(Status::argument_error, "parse error: the file is larger than the limit of " + std::to_string(limits_.file_bytes) + " bytes");
    if (!begun) n = skip(static_cast<char*>(to), n);
    if (n > 0 || last) PACKHOUSE_CHECK(handler.parse(n, last));
    if (!last && !handler.complete()) return true;
    ended = true;
    PACKHOUSE_CHECK(handler.check());
    return false;
  }

  PacketHandler handler;
  Limits limits_;
  std::string path;
  int fd = -1;
  std::string_view memory;
  std::uint64_t position = 0, size = 0, lines = 0;
  bool begun = false, ended = false;
};

PacketReader::PacketReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
PacketReader::~PacketReader() = default;

Result<std::unique_ptr<PacketReader>> PacketReader::open(const std::string& path, const Limits& limits) {
  auto state = std::make_unique<State>(limits);
  state->path = path;
  state->fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (state->fd < 0) return fail(Status::argument_error, "parse error: failed to open file: open " + path + ": " + system_error(errno));
  struct stat info {};
  if (::fstat(state->fd, &info) == 0) state->size = static_cast<std::uint64_t>(info.st_size);
  return std::unique_ptr<PacketReader>(new PacketReader(std::move(state)));
}

std::unique_ptr<PacketReader> PacketReader::over(std::string_view xml, const Limits& limits) {
  auto state = std::make_unique<State>(limits);
  state->memory = xml;
  state->size = xml.size();
  return std::unique_ptr<PacketReader>(new PacketReader(std::move(state)));
}

Result<bool> PacketReader::next(Rows& rows) { return state_->next(rows); }
const Header& PacketReader::header() const { return state_->handler.header; }
const Schema& PacketReader::schema() const { return state_->handler.schema; }
std::uint64_t PacketReader::position() const { return state_->position; }
std::uint64_t PacketReader::size() const { return state_->size; }

Result<Packet> read_packet(const std::string& path, const Limits& limits) {
  PACKHOUSE_TRY(auto reader, PacketReader::open(path, limits));
  Packet packet;
  for (;;) {
    PACKHOUSE_TRY(const bool more, reader->next(packet.rows));
    if (!more) break;
  }
  packet.header = reader->header();
  packet.schema = reader->schema();
  return packet;
}

}  // namespace packhouse::tdtp
