#pragma once
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "base/buffer.hpp"
#include "value/compare.hpp"
#include "value/value.hpp"

namespace packos_test {
using namespace packhouse;

inline std::string hex(Bytes b) {
  std::string out;
  for (const std::byte x : b) {
    out += "0123456789ABCDEF"[static_cast<unsigned>(x) >> 4];
    out += "0123456789ABCDEF"[static_cast<unsigned>(x) & 15];
  }
  return out;
}

/// Bytes of hex digits; anything else between them is ignored.
inline std::vector<std::byte> unhex(std::string_view text) {
  std::vector<std::byte> out;
  int high = -1;
  for (const char c : text) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) continue;
    if (high < 0) {
      high = digit;
    } else {
      out.push_back(static_cast<std::byte>(high * 16 + digit));
      high = -1;
    }
  }
  return out;
}

/// The same value in the same form: kind by kind, bit by bit, unlike Cypher's equality.
inline bool same(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::real: return std::bit_cast<std::uint64_t>(a.as_real()) == std::bit_cast<std::uint64_t>(b.as_real());
    case Kind::string: return a.as_string() == b.as_string();
    case Kind::bytes: return as_text(a.as_bytes()) == as_text(b.as_bytes());
    case Kind::list: {
      const auto x = a.as_list(), y = b.as_list();
      if (x.size() != y.size()) return false;
      for (std::size_t i = 0; i < x.size(); ++i) {
        if (!same(x[i], y[i])) return false;
      }
      return true;
    }
    case Kind::map: {
      const auto x = a.as_map(), y = b.as_map();
      if (x.size() != y.size()) return false;
      for (std::size_t i = 0; i < x.size(); ++i) {
        if (x[i].key != y[i].key || !same(x[i].value, y[i].value)) return false;
      }
      return true;
    }
    case Kind::time: return a.as_time() == b.as_time();
    case Kind::local_datetime: return a.as_local_datetime() == b.as_local_datetime();
    case Kind::datetime: return a.as_datetime() == b.as_datetime();
    case Kind::duration: return a.as_duration() == b.as_duration();
    case Kind::point: {
      const Point &p = a.as_point(), &q = b.as_point();
      return p.crs == q.crs && p.x == q.x && p.y == q.y && p.z == q.z;
    }
    case Kind::vector:
      return a.vector_element() == b.vector_element() && as_text(a.vector_data()) == as_text(b.vector_data());
    default: return a.as_integer() == b.as_integer();
  }
}

}  // namespace packos_test
