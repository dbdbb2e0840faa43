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

  /// Appends the next bytes to `buffer`; false at the end.
  Result<bool> read() {
    const std::size_t kept = buffer.size();
    if (fd < 0) {
      buffer += memory.substr(0, piece);
      memory.remove_prefix(std::min(piece, memory.size()));
    } else {
      buffer.resize(kept + piece);
      ssize_t n = 0;
      do n = ::read(fd, buffer.data() + kept, piece);
      while (n < 0 && errno == EINTR);
      if (n < 0)
        return fail(Status::argument_error,
                    "parse error: failed to decode XML: read " + path + ": " + system_error(errno));
      buffer.resize(kept + static_cast<std::size_t>(n));
    }
    position += buffer.size() - kept;
    return buffer.size() > kept;
  }

  /// Text ahead of the first tag is skipped.
  std::string_view skip_to_tag(std::string_view text) {
    const std::size_t tag = std::min(text.find('<'), text.size());
    handler.skipped_lines(
        static_cast<std::uint64_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(tag), '\n')));
    begun = tag < text.size();
    return text.substr(tag);
  }

  /// Parses row by row, so that plain rows can go past the parser. What may be the beginning of one is left over.
  Result<std::string_view> parse(std::string_view text, bool last) {
    constexpr std::string_view close = "</R>";
    while (!text.empty() && !handler.complete()) {
      const bool between = handler.between_rows();
      if (between) text.remove_prefix(handler.take_rows(text));
      const std::size_t end = text.find(close);
      if (end == std::string_view::npos && between && !last && text.size() < piece) return text;
      const std::string_view row = text.substr(0, end == std::string_view::npos ? end : end + close.size());
      PACKHOUSE_CHECK(handler.parse(row, false));
      text.remove_prefix(row.size());
    }
    return text;
  }

  Result<bool> next(Rows& rows) {
    if (ended) return false;
    handler.set_rows(rows);
    PACKHOUSE_TRY(const bool more, read());
    if (position > limits_.file_bytes)
      return fail(Status::argument_error,
                  "parse error: the file is larger than the limit of " + std::to_string(limits_.file_bytes) + " bytes");
    std::string_view text = buffer;
    if (!begun) text = skip_to_tag(text);
    PACKHOUSE_TRY(const std::string_view rest, parse(text, !more));
    if (more && !handler.complete()) {
      buffer.erase(0, buffer.size() - rest.size());
      return true;
    }
    if (!handler.complete()) PACKHOUSE_CHECK(handler.parse({}, true));
    ended = true;
    PACKHOUSE_CHECK(handler.check());
    return false;
  }

  PacketHandler handler;
  Limits limits_;
  std::string path;
  int fd = -1;
  std::string_view memory;
  std::string buffer;  // bytes read, not yet parsed
  std::uint64_t position = 0, size = 0;
  bool begun = false, ended = false;
};

PacketReader::PacketReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
PacketReader::~PacketReader() = default;

Result<std::unique_ptr<PacketReader>> PacketReader::open(const std::string& path, const Limits& limits) {
  auto state = std::make_unique<State>(limits);
  state->path = path;
  state->fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (state->fd < 0)
    return fail(Status::argument_error, "parse error: failed to open file: open " + path + ": " + system_error(errno));
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

Result<bool> PacketReader::next(Rows& rows) {
  return state_->next(rows);
}
const Header& PacketReader::header() const {
  return state_->handler.header;
}
const Schema& PacketReader::schema() const {
  return state_->handler.schema;
}
std::uint64_t PacketReader::position() const {
  return state_->position;
}
std::uint64_t PacketReader::size() const {
  return state_->size;
}

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
