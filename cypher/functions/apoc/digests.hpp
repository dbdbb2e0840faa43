#pragma once
#include <string>

#include "base/bytes.hpp"

namespace packhouse::cypher::apoc {

// Digests as lower-case hexadecimal digits. MD5 and SHA-1 are for checksums and keys that others made with them; they
// protect nothing.
std::string md5_hex(Bytes in);
std::string sha1_hex(Bytes in);
std::string sha512_hex(Bytes in);

}  // namespace packhouse::cypher::apoc
