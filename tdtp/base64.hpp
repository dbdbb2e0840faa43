#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace packhouse::tdtp {

/// Standard alphabet, with padding.
std::string base64_encode(std::string_view bytes);

/// Decodes standard Base64 with padding piece by piece; line breaks between its characters are passed over.
/// After an error it stays in error.
class Base64Decoder {
 public:
  /// Appends the bytes of `text`, the next piece.
  Result<void> feed(std::string_view text, std::string& out);
  /// The text ends here: half a group is an error.
  Result<void> finish() const;

 private:
  tl::unexpected<Error> refuse(std::uint64_t at) const;
  Result<void> one(unsigned char c, std::string& out);
  Result<void> pad(std::uint64_t at, std::string& out);

  std::uint64_t at_ = 0;     // characters seen
  std::uint32_t group_ = 0;  // bits of the open group
  int filled_ = 0;           // characters in it
  int padding_ = 0;          // '=' seen: 0 none, 1 of 2, 2 complete
};

Result<std::string> base64_decode(std::string_view text);
/// Whether base64_decode accepts it.
bool is_base64(std::string_view text);

/// Bytes written as hexadecimal digits of any case.
Result<std::string> hex_decode(std::string_view hex);

}  // namespace packhouse::tdtp
