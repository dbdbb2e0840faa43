#include "tdtp/number.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/ascii.hpp"
#include "tdtp/text.hpp"

namespace packhouse::tdtp {

namespace {

Parsed parse_special(std::string_view text, double& out) {
  const bool minus = text.starts_with('-');
  if (minus || text.starts_with('+')) text.remove_prefix(1);
  double v = 0;
  if (same_ignoring_case(text, "inf") || same_ignoring_case(text, "infinity")) {
    v = INFINITY;
  } else if (same_ignoring_case(text, "nan")) {
    v = NAN;
  } else {
    return Parsed::bad_syntax;
  }
  out = minus ? -v : v;
  return Parsed::good;
}

/// Where from_chars gives up: hexadecimal, and numbers beyond a double's range.
Parsed parse_slowly(std::string_view text, double& out) {
  const std::string copy(text);
  char* end = nullptr;
  out = std::strtod(copy.c_str(), &end);
  if (end != copy.c_str() + copy.size()) return Parsed::bad_syntax;
  return std::isinf(out) ? Parsed::out_of_range : Parsed::good;
}

/// d.ddde+XX for digits and exponent as std::to_chars(scientific) gives them, with at least `least` exponent digits.
std::string shortest_exponent(double v, int least) {
  char text[40];
  const auto r = std::to_chars(text, text + sizeof text, v, std::chars_format::scientific);
  std::string s(text, r.ptr);
  const std::size_t digits = s.find('e') + 2;
  while (static_cast<int>(s.size() - digits) > least && s[digits] == '0') s.erase(digits, 1);
  return s;
}

std::string fixed(double v) {
  char text[400];
  const auto r = std::to_chars(text, text + sizeof text, v, std::chars_format::fixed);
  return {text, r.ptr};
}

}  // namespace

Parsed parse_int(std::string_view text, std::int64_t& out) {
  const char* begin = text.data();
  const char* end = begin + text.size();
  if (begin != end && *begin == '+') {
    ++begin;
    if (begin != end && *begin == '-') return Parsed::bad_syntax;
  }
  const auto r = std::from_chars(begin, end, out);
  if (r.ec == std::errc::invalid_argument || r.ptr != end) return Parsed::bad_syntax;
  return r.ec == std::errc() ? Parsed::good : Parsed::out_of_range;
}

Parsed parse_double(std::string_view text, double& out) {
  const char* begin = text.data();
  const char* end = begin + text.size();
  if (begin != end && *begin == '+') ++begin;
  if (begin == end) return Parsed::bad_syntax;
  const char first = *begin == '-' && begin + 1 != end && begin == text.data() ? begin[1] : *begin;
  if ((first < '0' || first > '9') && first != '.') return parse_special(text, out);
  const auto r = std::from_chars(begin, end, out);
  if (r.ec == std::errc() && r.ptr == end) return Parsed::good;
  if (r.ec == std::errc::result_out_of_range && r.ptr == end) return parse_slowly(text, out);
  const std::size_t sign = text[0] == '-' || text[0] == '+' ? 1 : 0;
  const bool hex = text.size() > sign + 2 && text[sign] == '0' && ascii_lower(text[sign + 1]) == 'x' &&
                   text.find_first_of("pP") != std::string_view::npos;
  return hex ? parse_slowly(text, out) : Parsed::bad_syntax;
}

std::string number_error(std::string_view function, std::string_view text, Parsed how) {
  return "strconv." + std::string(function) + ": parsing " + quoted(text) + ": " +
         (how == Parsed::out_of_range ? "value out of range" : "invalid syntax");
}

std::string json_number(double v) {
  const double size = std::fabs(v);
  if (size != 0 && (size < 1e-6 || size >= 1e21)) return shortest_exponent(v, 1);
  return fixed(v);
}

std::string plain_number(double v) {
  if (std::isinf(v)) return v > 0 ? "+Inf" : "-Inf";
  if (std::isnan(v)) return "NaN";
  const double size = std::fabs(v);
  if (size != 0 && (size < 1e-4 || size >= 1e6)) return shortest_exponent(v, 2);
  return fixed(v);
}

}  // namespace packhouse::tdtp
