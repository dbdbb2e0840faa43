#pragma once
#include <cstdlib>

#include "codec/format.hpp"

namespace packhouse::codec::fuzz {

/// Any bytes as format `name`: what it reads can be written again, the second writing equals the first,
/// and the way through another format and back loses nothing: what comes back is equal, or at least
/// nothing that `other` could tell (JSON knows only one NaN).
inline void check(std::string_view name, std::string_view other, Bytes in) {
  Buffer first, second, there, back, again;
  if (!transcode(name, name, in, first)) return;
  if (!transcode(name, name, first, second)) std::abort();
  if (as_text(first) != as_text(second)) std::abort();
  if (!transcode(name, other, first, there)) std::abort();
  if (!transcode(other, name, there, back)) std::abort();
  if (as_text(first) == as_text(back)) return;
  if (first.size() != back.size() || name == "json") std::abort();
  if (!transcode(name, other, back, again)) std::abort();
  if (as_text(again) != as_text(there)) std::abort();
}

}  // namespace packhouse::codec::fuzz
