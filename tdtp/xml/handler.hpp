#pragma once
#include <expat.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tdtp/compression.hpp"
#include "tdtp/packet.hpp"

namespace packhouse::tdtp {

/// What the events of the XML parser mean: fills header, schema and rows, and remembers the first error.
/// Owns the parser, which knows it as its user data.
class PacketHandler {
 public:
  explicit PacketHandler(const Limits& limits);
  ~PacketHandler();
  PacketHandler(const PacketHandler&) = delete;
  PacketHandler& operator=(const PacketHandler&) = delete;

  XML_Parser parser() const { return parser_; }
  /// Where rows go from now on.
  void set_rows(Rows& rows) { rows_ = &rows; }
  /// Parses the next bytes of the file.
  Result<void> parse(std::string_view text, bool last);
  /// The parser has just passed a row of plain data: what follows may be given to take_rows instead.
  bool between_rows() const;
  /// Takes the rows at the beginning of `text` that need no parser: <R>, then only ordinary characters, then </R>.
  /// They are nearly all rows there are, and this is several times faster. Returns how many bytes it took.
  std::size_t take_rows(std::string_view text);
  /// The root element has ended.
  bool complete() const { return complete_; }
  /// Lines that the parser has not seen, for messages.
  void skipped_lines(std::uint64_t n) { skipped_lines_ += n; }
  /// What can be said of the packet only when all has been read.
  Result<void> check();

  Header header;
  Schema schema;

 private:
  enum class Place : std::uint8_t { elsewhere, header_text, row };

  static void on_start(void* self, const char* name, const char** attributes);
  static void on_end(void* self, const char* name);
  static void on_text(void* self, const char* text, int n);
  static void on_declaration(void* self, const char* version, const char* encoding, int standalone);
  static void on_default(void* self, const char* text, int n);
  static void on_entity(void* self, const char* name, int parameter, const char* value, int n, const char* base,
                        const char* system, const char* pub, const char* notation);

  void start(std::string_view name, const char** attributes);
  void end();
  void text(std::string_view s);
  void start_root(const char** attributes);
  void start_field(const char** attributes);
  void start_data(const char** attributes);
  void end_row();
  void end_header_text();
  void refuse(std::string message);
  void refuse_syntax(const std::string& why);
  void refuse_entities_in_tag();
  bool read_int(std::string_view text, std::int64_t& out);
  bool read_bool(std::string_view text, bool& out);
  Error parser_error() const;
  std::string token_error() const;
  std::string_view input() const;
  std::uint64_t line() const;
  Result<void> check_header() const;

  XML_Parser parser_;
  Limits limits_;
  Rows* rows_ = nullptr;
  std::optional<Error> failed_;
  std::uint64_t skipped_lines_ = 0, fed_ = 0;
  std::uint64_t row_end_ = 0;  // where, in bytes fed, the last row ended

  std::string path_;                // names of the open elements, one after the other
  std::vector<std::size_t> opens_;  // where each begins in path_
  std::string_view section_;        // the open child of the root: "Header", "Schema", "Data" or nothing
  Place place_ = Place::elsewhere;
  std::string text_;  // of the open row or header element
  std::string protocol_, version_, compression_, checksum_;
  std::uint64_t rows_seen_ = 0;
  bool compressed_ = false, blob_taken_ = false, entities_declared_ = false, root_seen_ = false, complete_ = false;
  bool timestamp_missing_ = true;
  std::unique_ptr<RowDecompressor> blob_;
};

}  // namespace packhouse::tdtp
