#pragma once
#include <string>

#include "base/bytes.hpp"

namespace packhouse::packstream {

/// PackStream for people: for each item a space, the marker in hex, a space, and what it says:
///   B3 (Struct<tag='N' (0x4E) len=3>) 01 Int(1) 91 (List[1]) 81 "P" A1 (Map[1]) 81 "a" 01 Int(1)
/// Flat, item by item, any number of them; what can't be read is said in its place and ends the text.
/// `uuid`: marker E0 is known (Bolt 6.1).
std::string print(Bytes in, bool uuid = false);

}  // namespace packhouse::packstream
