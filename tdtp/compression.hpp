#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "tdtp/base64.hpp"
#include "tdtp/limits.hpp"
#include "tdtp/rows.hpp"

namespace packhouse::tdtp {

/// XXH3-64 with seed 0 as 16 lower-case hexadecimal digits, the most significant first.
std::string checksum_of(std::string_view text);

/// The rows as one compressed text: joined rows, separated by line feeds, in one zstd frame, in Base64.
/// Levels below 1 mean 1, above 22 mean 22.
Result<std::string> compress_rows(const Rows& rows, std::int64_t level);

/// Turns such a text back to rows piece by piece: memory depends on the piece, not on the text. The checksum
/// can be known at the end only, so whoever acts on rows must be able to take it back.
class RowDecompressor {
 public:
  explicit RowDecompressor(const Limits& limits);
  ~RowDecompressor();
  RowDecompressor(const RowDecompressor&) = delete;
  RowDecompressor& operator=(const RowDecompressor&) = delete;

  /// The next piece of text; rows that are complete are added. An error is kept for finish().
  void feed(std::string_view text, Rows& rows);
  /// The end of the text. An `expected` checksum that is not empty is compared first.
  Result<void> finish(std::string_view expected, Rows& rows);
  /// Whether there was any text.
  bool any() const { return any_; }

 private:
  struct State;
  Result<void> decompress(Rows& rows);
  Result<void> take(std::string_view plain, Rows& rows);

  std::unique_ptr<State> state_;
  Base64Decoder base64_;
  std::string packed_, line_;
  Limits limits_;
  std::uint64_t plain_bytes_ = 0;
  bool any_ = false, frame_open_ = false;
  Result<void> base64_failed_, failed_;
};

/// The whole text at once.
Result<void> decompress_rows(std::string_view text, std::string_view checksum, const Limits& limits, Rows& rows);

}  // namespace packhouse::tdtp
