#include "base/utf8.hpp"

#include <algorithm>
#include <cstring>

namespace packhouse::utf8 {
namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080;

std::uint64_t load8(const char* p) {
  std::uint64_t word = 0;
  std::memcpy(&word, p, sizeof word);
  return word;
}

unsigned char byte(std::string_view s, std::size_t i) {
  return static_cast<unsigned char>(s[i]);
}

/// What may follow a lead byte: the sequence's length, and the range of its second byte (Unicode table 3-7).
struct Lead {
  std::size_t size = 0;  // 0: not a lead byte
  unsigned char low = 0x80, high = 0xBF;
};

Lead lead_of(unsigned char c) {
  if (c < 0x80) return {1};
  if (c < 0xC2) return {};
  if (c < 0xE0) return {2};
  if (c == 0xE0) return {3, 0xA0, 0xBF};
  if (c == 0xED) return {3, 0x80, 0x9F};
  if (c < 0xF0) return {3};
  if (c == 0xF0) return {4, 0x90, 0xBF};
  if (c < 0xF4) return {4};
  if (c == 0xF4) return {4, 0x80, 0x8F};
  return {};
}

/// How many bytes at `at` belong to one sequence; `complete` tells whether it is a valid one.
std::size_t measure(std::string_view s, std::size_t at, bool& complete) {
  const Lead lead = lead_of(byte(s, at));
  complete = lead.size > 0;
  std::size_t n = 1;
  for (; n < lead.size; ++n) {
    const bool in_range = at + n < s.size() && byte(s, at + n) >= (n == 1 ? lead.low : 0x80) &&
                          byte(s, at + n) <= (n == 1 ? lead.high : 0xBF);
    if (!in_range) {
      complete = false;
      return n;
    }
  }
  return n;
}

}  // namespace

std::size_t first_invalid(std::string_view s) {
  std::size_t at = 0;
  while (at < s.size()) {
    while (s.size() - at >= 8 && (load8(s.data() + at) & high_bits) == 0) at += 8;
    // Up to eight steps by hand, then the fast loop has another chance.
    for (int i = 0; i < 8 && at < s.size(); ++i) {
      bool complete = false;
      const std::size_t n = measure(s, at, complete);
      if (!complete) return at;
      at += n;
    }
  }
  return npos;
}

std::string repaired(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (std::size_t at = 0; at < s.size();) {
    bool complete = false;
    const std::size_t n = measure(s, at, complete);
    if (complete) {
      out.append(s.substr(at, n));
    } else {
      out.append("\xEF\xBF\xBD");
    }
    at += n;
  }
  return out;
}

std::size_t length(std::string_view s) {
  // Every byte that is not a continuation (10xxxxxx) begins a code point.
  std::size_t count = 0;
  for (const char c : s) count += static_cast<signed char>(c) > static_cast<signed char>(0xBF) ? 1U : 0U;
  return count;
}

std::size_t byte_offset(std::string_view s, std::size_t n) {
  std::size_t at = 0;
  while (n > 0 && at < s.size()) {
    if (n >= 8 && s.size() - at >= 8 && (load8(s.data() + at) & high_bits) == 0) {
      at += 8;
      n -= 8;
      continue;
    }
    at += sequence_length(byte(s, at));
    --n;
  }
  return std::min(at, s.size());
}

std::string_view substr(std::string_view s, std::size_t from, std::size_t count) {
  s.remove_prefix(byte_offset(s, from));
  return s.substr(0, byte_offset(s, count));
}

char32_t decode(std::string_view s, std::size_t& at) {
  const unsigned char lead = byte(s, at++);
  if (lead < 0xC0) return lead;
  const std::size_t more = sequence_length(lead) - 1;
  char32_t c = lead & (0x3FU >> more);
  for (std::size_t i = 0; i < more && at < s.size(); ++i) c = (c << 6) | (byte(s, at++) & 0x3FU);
  return c;
}

void encode(char32_t c, std::string& out) {
  const auto put = [&out](char32_t b) { out.push_back(static_cast<char>(static_cast<unsigned char>(b))); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

}  // namespace packhouse::utf8
