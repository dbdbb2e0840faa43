#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "packstream/writer.hpp"
#include "protocol/chunking.hpp"
#include "protocol/message.hpp"

namespace packhouse::protocol {

/// Frames one RECORD in any buffer: `RecordFrame record(out, fields); ..write `fields` values through a
/// packstream::Writer on the same buffer..; record.close();`. What isn't closed is taken back, so a row
/// that fails in its middle leaves no trace. Knows no connection: for any thread with its own buffer.
class RecordFrame {
 public:
  RecordFrame(Buffer& out, std::uint32_t fields) : frame_(out) {
    packstream::Writer writer(out);
    writer.write_structure_header(static_cast<std::uint8_t>(Answer::record), 1);
    writer.write_list_header(fields);
  }
  void close() { frame_.close(); }

 private:
  ChunkFrame frame_;
};

/// Writes one SUCCESS with its map straight as PackStream, entries counted and the header filled in at
/// the end: no tree is built. `SuccessFrame m(out, dialect); m.integer("t_last", 3); m.close();`
/// Keys must differ. What isn't closed is taken back. For any thread with its own buffer.
class SuccessFrame {
 public:
  explicit SuccessFrame(Buffer& out, const packstream::Dialect& dialect = {}) : frame_(out), writer_(out, dialect) {
    writer_.write_structure_header(static_cast<std::uint8_t>(Answer::success), 1);
    writer_.write_map_header(0);
  }

  void string(std::string_view key, std::string_view v) { value(key).write_string(v); }
  void integer(std::string_view key, std::int64_t v) { value(key).write_integer(v); }
  void boolean(std::string_view key, bool v) { value(key).write_boolean(v); }
  void strings(std::string_view key, std::span<const std::string_view> list);
  void strings(std::string_view key, std::span<const std::string> list);
  /// For any other value: the caller writes exactly one.
  packstream::Writer& value(std::string_view key) {
    ++entries_;
    writer_.write_string(key);
    return writer_;
  }
  void close();

 private:
  ChunkFrame frame_;
  packstream::Writer writer_;
  std::size_t entries_ = 0;
};

/// SUCCESS {}.
void write_success(Buffer& out);
void write_ignored(Buffer& out);

}  // namespace packhouse::protocol
