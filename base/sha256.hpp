#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "base/bytes.hpp"

namespace packhouse {

/// 32 bytes of SHA-256 (FIPS 180-4).
struct Digest {
  std::array<std::byte, 32> bytes{};
  bool operator==(const Digest&) const = default;
  Bytes view() const { return bytes; }
  /// 64 lower-case hexadecimal digits.
  std::string hex() const;
  /// Nothing for a text of another form.
  static std::optional<Digest> from_hex(std::string_view hex);
};

/// SHA-256 of bytes that come in pieces. Uses the processor's own instructions where it has them. A small trivially
/// copyable value: what was hashed so far can be copied, kept as bytes and gone on with.
class Sha256 {
 public:
  Sha256& add(Bytes piece);
  /// Of all that was added; more may be added afterwards.
  Digest digest() const;
  /// Bytes added so far.
  std::uint64_t size() const { return size_; }

  static Digest of(Bytes whole) { return Sha256().add(whole).digest(); }

 private:
  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::uint64_t size_ = 0;
  std::array<std::byte, 64> block_{};  ///< what does not fill a block yet
};

/// How many bytes per call the compressor of this machine takes at once is its own business; this tells which it is:
/// "sha-ni" or "portable".
std::string_view sha256_implementation();

}  // namespace packhouse
