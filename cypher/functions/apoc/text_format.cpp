#include <algorithm>
#include <charconv>
#include <cstdio>

#include "base/utf8.hpp"
#include "cypher/functions/apoc/apoc.hpp"
#include "cypher/functions/apoc/message.hpp"

namespace packhouse::cypher::apoc {
namespace {

struct Spec {
  bool left = false, zero = false, plus = false, grouped = false;
  std::size_t index = 0;  ///< %2$s: the second parameter; 0: the next
  std::size_t width = 0;
  std::optional<std::size_t> precision;
  char conversion = 0;
};

/// One text by a pattern; goes through both from left to right.
class Printer {
 public:
  Printer(std::string_view function, std::string_view pattern, std::span<const Value> parameters)
      : function_(function), pattern_(pattern), parameters_(parameters) {}

  std::string print() {
    std::string out;
    for (std::size_t at = 0; at < pattern_.size();) {
      if (pattern_[at] != '%') {
        out += pattern_[at++];
        continue;
      }
      const Spec s = spec(++at);
      if (s.conversion == 'n') {
        out += '\n';
      } else {
        out += fitted(s, s.conversion == '%' ? "%" : value(s, parameter(s)));
      }
      if (out.size() > most_) refuse("makes a text of more than 16 MiB");
    }
    return out;
  }

 private:
  static constexpr std::size_t most_ = std::size_t{16} << 20;

  [[noreturn]] void refuse(const std::string& why) const { function_failed(function_, "the format '" + std::string(pattern_) + "' " + why); }

  std::size_t number(std::size_t& at) const {
    std::size_t n = 0;
    const auto [end, error] = std::from_chars(pattern_.data() + at, pattern_.data() + pattern_.size(), n);
    if (error != std::errc() || n > 1'000'000) refuse("has a number that is too large or missing");
    at = static_cast<std::size_t>(end - pattern_.data());
    return n;
  }
  bool digit(std::size_t at) const { return at < pattern_.size() && pattern_[at] >= '0' && pattern_[at] <= '9'; }

  Spec spec(std::size_t& at) const {
    Spec s;
    if (digit(at) && pattern_[at] != '0') {
      const std::size_t before = at, n = number(at);
      if (at < pattern_.size() && pattern_[at] == '$') {
        s.index = n;
        ++at;
      } else {
        at = before;
      }
    }
    for (; at < pattern_.size() && std::string_view("-0+,").find(pattern_[at]) != std::string_view::npos; ++at) {
      s.left = s.left || pattern_[at] == '-';
      s.zero = s.zero || pattern_[at] == '0';
      s.plus = s.plus || pattern_[at] == '+';
      s.grouped = s.grouped || pattern_[at] == ',';
    }
    if (digit(at)) s.width = number(at);
    if (at < pattern_.size() && pattern_[at] == '.') s.precision = number(++at);
    if (at == pattern_.size() || std::string_view("sSdfeExXobcn%").find(pattern_[at]) == std::string_view::npos)
      refuse("has a conversion that is not supported");
    s.conversion = pattern_[at++];
    return s;
  }

  const Value& parameter(const Spec& s) {
    const std::size_t i = s.index > 0 ? s.index - 1 : next_++;
    if (i >= parameters_.size()) refuse("asks for more values than the " + std::to_string(parameters_.size()) + " that are given");
    return parameters_[i];
  }

  std::string value(const Spec& s, const Value& v) const {
    switch (s.conversion) {
      case 's':
      case 'S': return s.precision ? std::string(utf8::substr(plain(v), 0, *s.precision)) : plain(v);
      case 'b': return v.is(Kind::boolean) ? plain(v) : v.is_null() ? "false" : "true";
      case 'c': return character(v);
      default: break;
    }
    if (v.is_null()) return "null";
    const bool whole = s.conversion != 'f' && s.conversion != 'e' && s.conversion != 'E';
    if (whole ? !v.is(Kind::integer) : !v.is(Kind::real))
      refuse(std::string("has %") + s.conversion + " for a " + std::string(type_name(v.kind())));
    return whole ? integer(s, v.as_integer()) : real(s, v.as_real());
  }

  std::string plain(const Value& v) const { return v.is_null() ? "null" : text_of(v); }

  std::string character(const Value& v) const {
    if (v.is(Kind::string)) return std::string(utf8::substr(v.as_string(), 0, 1));
    const bool code = v.is(Kind::integer) && v.as_integer() > 0 && v.as_integer() <= 0x10FFFF && (v.as_integer() & ~0x7FFLL) != 0xD800;
    if (!code) refuse("has %c for what is no character");
    std::string out;
    utf8::encode(static_cast<char32_t>(v.as_integer()), out);
    return out;
  }

  std::string integer(const Spec& s, std::int64_t n) const {
    char digits[72];
    const int base = s.conversion == 'd' ? 10 : s.conversion == 'o' ? 8 : 16;
    char* end = base == 10 ? std::to_chars(digits, digits + sizeof digits, n).ptr
                           : std::to_chars(digits, digits + sizeof digits, static_cast<std::uint64_t>(n), base).ptr;
    std::string out(digits, end);
    if (s.conversion == 'X') std::ranges::transform(out, out.begin(), [](char x) { return x >= 'a' ? static_cast<char>(x - 32) : x; });
    return signed_text(s, base == 10 && s.grouped ? grouped(out) : out);
  }

  std::string real(const Spec& s, double d) const {
    char digits[512];
    const int precision = static_cast<int>(std::min<std::size_t>(s.precision.value_or(6), 100));
    const int n = s.conversion == 'f' ? std::snprintf(digits, sizeof digits, "%.*f", precision, d)
                                      : std::snprintf(digits, sizeof digits, "%.*e", precision, d);
    const std::string out(digits, static_cast<std::size_t>(n));
    return signed_text(s, s.grouped && s.conversion == 'f' ? grouped(out) : out);
  }

  static std::string signed_text(const Spec& s, const std::string& digits) {
    return (s.plus && !digits.starts_with('-') ? "+" : "") + digits;
  }

  static std::string grouped(std::string digits) {
    const std::size_t begin = digits.starts_with('-') ? 1 : 0;
    for (std::size_t at = std::min(digits.find('.'), digits.size()); at > begin + 3; digits.insert(at, ",")) at -= 3;
    return digits;
  }

  std::string fitted(const Spec& s, std::string t) const {
    if (s.conversion == 'S') std::ranges::transform(t, t.begin(), [](char x) { return x >= 'a' && x <= 'z' ? static_cast<char>(x - 32) : x; });
    const std::size_t size = utf8::length(t);
    if (size >= s.width) return t;
    const std::size_t missing = s.width - size;
    if (s.left) return t + std::string(missing, ' ');
    if (!s.zero) return std::string(missing, ' ') + t;
    t.insert(!t.empty() && (t[0] == '-' || t[0] == '+') ? 1 : 0, missing, '0');
    return t;
  }

  std::string_view function_, pattern_;
  std::span<const Value> parameters_;
  std::size_t next_ = 0;
};

}  // namespace

std::string java_printf(std::string_view function, std::string_view pattern, std::span<const Value> parameters) {
  return Printer(function, pattern, parameters).print();
}

}  // namespace packhouse::cypher::apoc
