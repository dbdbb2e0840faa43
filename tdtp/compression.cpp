#include "tdtp/compression.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

#include "tdtp/cells.hpp"

namespace packhouse::tdtp {

namespace {

std::string hex16(std::uint64_t h) {
  char text[20];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(h));
  return text;
}

tl::unexpected<Error> zstd_failed(std::size_t code) {
  const bool magic = ZSTD_getErrorCode(code) == ZSTD_error_prefix_unknown;
  const std::string why = magic ? "invalid input: magic number mismatch" : ZSTD_getErrorName(code);
  return fail(Status::argument_error, "decompress error: failed to decompress zstd: " + why);
}

struct FreeCompressor {
  void operator()(ZSTD_CCtx* c) const { ZSTD_freeCCtx(c); }
};

/// Feeds rows to zstd a block at a time, so that the joined text is never there as a whole.
class Compressor {
 public:
  explicit Compressor(int level) : context_(ZSTD_createCCtx()) {
    if (context_) ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level);
  }

  Result<void> add(std::string_view text, ZSTD_EndDirective how) {
    if (!context_) return fail(Status::out_of_memory, "compress error: no memory for zstd");
    ZSTD_inBuffer in{text.data(), text.size(), 0};
    std::array<char, 1 << 16> block;
    for (;;) {
      ZSTD_outBuffer out{block.data(), block.size(), 0};
      const std::size_t left = ZSTD_compressStream2(context_.get(), &out, &in, how);
      if (ZSTD_isError(left)) return fail(Status::internal, std::string("compress error: ") + ZSTD_getErrorName(left));
      packed_.append(block.data(), out.pos);
      if (how == ZSTD_e_end ? left == 0 : in.pos == in.size) return ok;
    }
  }
  const std::string& packed() const { return packed_; }

 private:
  std::unique_ptr<ZSTD_CCtx, FreeCompressor> context_;
  std::string packed_;
};

}  // namespace

struct RowDecompressor::State {
  ZSTD_DCtx* zstd = ZSTD_createDCtx();
  XXH3_state_t* hash = XXH3_createState();
  std::array<char, 1 << 16> block;
  State() {
    if (hash != nullptr) XXH3_64bits_reset(hash);
  }
  ~State() {
    ZSTD_freeDCtx(zstd);
    XXH3_freeState(hash);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

std::string checksum_of(std::string_view text) {
  return hex16(XXH3_64bits(text.data(), text.size()));
}

Result<std::string> compress_rows(const Rows& rows, std::int64_t level) {
  Compressor zstd(static_cast<int>(std::clamp<std::int64_t>(level, 1, 22)));
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i > 0) text += '\n';
    join_row(rows[i], text);
    if (text.size() >= 1 << 17) {
      PACKHOUSE_CHECK(zstd.add(text, ZSTD_e_continue));
      text.clear();
    }
  }
  PACKHOUSE_CHECK(zstd.add(text, ZSTD_e_end));
  return base64_encode(zstd.packed());
}

RowDecompressor::RowDecompressor(const Limits& limits) : state_(std::make_unique<State>()), limits_(limits) {
  if (state_->zstd == nullptr || state_->hash == nullptr)
    failed_ = fail(Status::out_of_memory, "decompress error: no memory for zstd");
}

RowDecompressor::~RowDecompressor() = default;

void RowDecompressor::feed(std::string_view text, Rows& rows) {
  if (text.empty()) return;
  any_ = true;
  if (state_->hash != nullptr) XXH3_64bits_update(state_->hash, text.data(), text.size());
  // What a piece becomes is bounded by `take`; the piece itself is cut, so that packed_ stays small.
  // Base64 is checked to the end even when zstd has given up: what is wrong there comes first.
  for (; !text.empty() && base64_failed_; text.remove_prefix(std::min<std::size_t>(text.size(), 1 << 16))) {
    packed_.clear();
    base64_failed_ = base64_.feed(text.substr(0, 1 << 16), packed_);
    if (base64_failed_ && failed_) failed_ = decompress(rows);
  }
}

Result<void> RowDecompressor::decompress(Rows& rows) {
  ZSTD_inBuffer in{packed_.data(), packed_.size(), 0};
  while (in.pos < in.size) {
    ZSTD_outBuffer out{state_->block.data(), state_->block.size(), 0};
    const std::size_t left = ZSTD_decompressStream(state_->zstd, &out, &in);
    if (ZSTD_isError(left)) return zstd_failed(left);
    frame_open_ = left != 0;
    PACKHOUSE_CHECK(take({state_->block.data(), out.pos}, rows));
    // A full block may have more behind it although all input is taken.
    while (out.pos == out.size && left != 0) {
      out.pos = 0;
      ZSTD_inBuffer nothing{nullptr, 0, 0};
      const std::size_t more = ZSTD_decompressStream(state_->zstd, &out, &nothing);
      if (ZSTD_isError(more)) return zstd_failed(more);
      frame_open_ = more != 0;
      PACKHOUSE_CHECK(take({state_->block.data(), out.pos}, rows));
      if (more == 0) break;
    }
  }
  return ok;
}

Result<void> RowDecompressor::take(std::string_view plain, Rows& rows) {
  plain_bytes_ += plain.size();
  if (plain_bytes_ > limits_.decompressed_bytes) {
    return fail(Status::argument_error, "decompress error: the text becomes more than the limit of " +
                                            std::to_string(limits_.decompressed_bytes) + " bytes");
  }
  while (!plain.empty()) {
    const std::size_t end = plain.find('\n');
    if (end == std::string_view::npos) {
      line_ += plain;
      if (line_.size() > limits_.cell_bytes)
        return fail(Status::argument_error,
                    "decompress error: a row is longer than " + std::to_string(limits_.cell_bytes) + " bytes");
      return ok;
    }
    if (line_.empty()) {
      if (end > 0) split_row(rows.keep(plain.substr(0, end)), rows);
    } else {
      line_ += plain.substr(0, end);
      split_row(rows.keep(line_), rows);
      line_.clear();
    }
    plain.remove_prefix(end + 1);
  }
  return ok;
}

Result<void> RowDecompressor::finish(std::string_view expected, Rows& rows) {
  if (!expected.empty() && state_->hash != nullptr) {
    const std::string found = hex16(XXH3_64bits_digest(state_->hash));
    if (found != expected) {
      return fail(Status::argument_error, "checksum validation failed: checksum validation failed: expected " +
                                              std::string(expected) + ", got " + found);
    }
  }
  if (base64_failed_) base64_failed_ = base64_.finish();
  if (!base64_failed_)
    return tl::make_unexpected(std::move(base64_failed_).error().in("decompress error: failed to decode base64: "));
  PACKHOUSE_CHECK(failed_);
  if (frame_open_) return fail(Status::argument_error, "decompress error: failed to decompress zstd: unexpected EOF");
  if (!line_.empty()) split_row(rows.keep(line_), rows);
  line_.clear();
  return ok;
}

Result<void> decompress_rows(std::string_view text, std::string_view checksum, const Limits& limits, Rows& rows) {
  RowDecompressor decompressor(limits);
  decompressor.feed(text, rows);
  return decompressor.finish(checksum, rows);
}

}  // namespace packhouse::tdtp
