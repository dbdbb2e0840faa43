#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace packhouse::tdtp {

/// How reading a number ended.
enum class Parsed : std::uint8_t { good, bad_syntax, out_of_range };

/// A decimal int64 with an optional sign, nothing around it.
Parsed parse_int(std::string_view text, std::int64_t& out);

/// A decimal, exponent or hexadecimal double, inf or nan, nothing around it.
Parsed parse_double(std::string_view text, double& out);

/// `strconv.ParseInt: parsing "abc": invalid syntax`: what users of the original look for in messages.
std::string number_error(std::string_view function, std::string_view text, Parsed how);

/// Shortest digits; exponents below 1e-6 and from 1e21 on, as JSON writers of browsers and Go do it.
std::string json_number(double v);

/// Shortest digits with an exponent outside 1e-4 .. 1e6 (how messages of the original show numbers).
std::string plain_number(double v);

}  // namespace packhouse::tdtp
