#include <algorithm>
#include <array>
#include <random>

#include "base/utf8.hpp"
#include "cypher/functions/apoc/apoc.hpp"
#include "cypher/functions/apoc/message.hpp"

// apoc.text.*: encodings, formats, distances, random texts.
namespace packhouse::cypher::apoc {
namespace {

constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base64_url_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

template <const std::string_view& digits>
Value base64_encode(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  const auto in = string_argument("apoc.text.base64Encode", a[0]);
  std::string out;
  for (std::size_t i = 0; i < in.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t n = std::min<std::size_t>(3, in.size() - i);
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < n ? static_cast<unsigned char>(in[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += k <= n ? digits[group >> (18 - 6 * k) & 63] : '=';
  }
  return text(c.arena, out);
}

template <const std::string_view& digits>
Value base64_decode(CallContext& c, Arguments a) {
  constexpr std::string_view name = "apoc.text.base64Decode";
  if (a[0].is_null()) return Value();
  auto in = string_argument(name, a[0]);
  while (in.ends_with('=')) in.remove_suffix(1);
  std::string out;
  std::uint32_t group = 0;
  int bits = 0;
  for (const char x : in) {
    const std::size_t digit = digits.find(x);
    if (digit == std::string_view::npos) function_failed(name, "Illegal base64 character " + std::string(1, x));
    group = group << 6 | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>(group >> bits & 255);
  }
  return text(c.arena, utf8::repaired(out));
}

Value url_encode(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  std::string out;
  for (const char x : string_argument("apoc.text.urlencode", a[0])) {
    const bool plain = (x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z') || (x >= '0' && x <= '9') ||
                       std::string_view(".-*_").find(x) != std::string_view::npos;
    if (plain) {
      out += x;
    } else if (x == ' ') {
      out += '+';
    } else {
      out += '%';
      out += "0123456789ABCDEF"[static_cast<unsigned char>(x) >> 4];
      out += "0123456789ABCDEF"[static_cast<unsigned char>(x) & 15];
    }
  }
  return text(c.arena, out);
}

Value url_decode(CallContext& c, Arguments a) {
  constexpr std::string_view name = "apoc.text.urldecode";
  if (a[0].is_null()) return Value();
  const auto in = string_argument(name, a[0]);
  const auto digit = [&](std::size_t i) {
    const char x = i < in.size() ? in[i] : '\0';
    if (x >= '0' && x <= '9') return x - '0';
    if ((x | 32) >= 'a' && (x | 32) <= 'f') return (x | 32) - 'a' + 10;
    function_failed(name, "Illegal hex characters in escape (%) pattern");
  };
  std::string out;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (in[i] == '%') {
      out += static_cast<char>(digit(i + 1) * 16 + digit(i + 2));
      i += 2;
    } else {
      out += in[i] == '+' ? ' ' : in[i];
    }
  }
  return text(c.arena, utf8::repaired(out));
}

Value format(CallContext& c, Arguments a) {
  constexpr std::string_view name = "apoc.text.format";
  if (a[0].is_null()) return Value();
  const auto language = text_or(name, a, 2, "en");
  if (language != "en") function_failed(name, "the only language is 'en', but was '" + std::string(language) + "'");
  return text(c.arena, java_printf(name, string_argument(name, a[0]), list_or_empty(name, argument(a, 1))));
}

// ---- distances ----------------------------------------------------------------------------------------------------

std::u32string codes_of(std::string_view function, const Value& v) {
  const auto s = string_argument(function, v);
  std::u32string out;
  for (std::size_t at = 0; at < s.size();) out += utf8::decode(s, at);
  return out;
}

std::size_t edits(CallContext& c, std::string_view function, const std::u32string& x, const std::u32string& y) {
  bound_comparisons(function, x.size(), y.size());
  std::vector<std::size_t> row(y.size() + 1);
  for (std::size_t j = 0; j <= y.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= x.size(); ++i) {
    c.exec.check();
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= y.size(); ++j) {
      const std::size_t substituted = diagonal + (x[i - 1] == y[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row.back();
}

Value levenshtein_distance(CallContext& c, Arguments a) {
  if (a[0].is_null() || a[1].is_null()) return Value();
  constexpr std::string_view name = "apoc.text.distance";
  return integer_value(edits(c, name, codes_of(name, a[0]), codes_of(name, a[1])));
}

Value levenshtein_similarity(CallContext& c, Arguments a) {
  if (a[0].is_null() || a[1].is_null()) return Value();
  constexpr std::string_view name = "apoc.text.levenshteinSimilarity";
  const auto x = codes_of(name, a[0]), y = codes_of(name, a[1]);
  const std::size_t longest = std::max(x.size(), y.size());
  return Value::real(longest == 0 ? 1.0 : 1.0 - static_cast<double>(edits(c, name, x, y)) / static_cast<double>(longest));
}

Value hamming_distance(CallContext&, Arguments a) {
  constexpr std::string_view name = "apoc.text.hammingDistance";
  if (a[0].is_null() || a[1].is_null()) return Value();
  const auto x = codes_of(name, a[0]), y = codes_of(name, a[1]);
  if (x.size() != y.size()) function_failed(name, "the texts must have the same length");
  std::size_t n = 0;
  for (std::size_t i = 0; i < x.size(); ++i) n += x[i] != y[i];
  return integer_value(n);
}

/// 1 for equal texts; transpositions and common beginnings count as in Winkler's paper.
double jaro_winkler(CallContext& c, std::string_view function, const std::u32string& x, const std::u32string& y) {
  bound_comparisons(function, x.size(), y.size());
  if (x.empty() && y.empty()) return 1;
  if (x.empty() || y.empty()) return 0;
  const std::size_t reach = std::max<std::size_t>(1, std::max(x.size(), y.size()) / 2) - 1;
  std::vector<char> taken(y.size());
  std::u32string of_x, of_y;
  for (std::size_t i = 0; i < x.size(); ++i) {
    c.exec.check();
    for (std::size_t j = i > reach ? i - reach : 0; j < std::min(y.size(), i + reach + 1); ++j) {
      if (taken[j] || x[i] != y[j]) continue;
      taken[j] = 1;
      of_x += x[i];
      break;
    }
  }
  for (std::size_t j = 0; j < y.size(); ++j) {
    if (taken[j]) of_y += y[j];
  }
  if (of_x.empty()) return 0;
  double swapped = 0, common = 0;
  for (std::size_t i = 0; i < of_x.size(); ++i) swapped += of_x[i] != of_y[i];
  const auto m = static_cast<double>(of_x.size());
  const double jaro = (m / static_cast<double>(x.size()) + m / static_cast<double>(y.size()) + (m - swapped / 2) / m) / 3;
  while (common < 4 && common < static_cast<double>(std::min(x.size(), y.size())) &&
         x[static_cast<std::size_t>(common)] == y[static_cast<std::size_t>(common)]) {
    ++common;
  }
  return jaro < 0.7 ? jaro : jaro + 0.1 * common * (1 - jaro);
}

Value jaro_winkler_distance(CallContext& c, Arguments a) {
  constexpr std::string_view name = "apoc.text.jaroWinklerDistance";
  if (a[0].is_null() || a[1].is_null()) return Value();
  return Value::real(1 - jaro_winkler(c, name, codes_of(name, a[0]), codes_of(name, a[1])));
}

/// Characters up to `last`; `end`: how many they are, together with all ranges before.
struct CodeRange {
  char32_t last;
  std::uint64_t end;
};

std::vector<CodeRange> code_ranges(std::string_view s) {
  std::vector<CodeRange> out;
  std::uint64_t sum = 0;
  for (std::size_t at = 0; at < s.size();) {
    const char32_t first = utf8::decode(s, at);
    char32_t last = first;
    if (at + 1 < s.size() && s[at] == '-') {
      std::size_t behind = at + 1;
      const char32_t to = utf8::decode(s, behind);
      if (first <= to && to < 0xD800) {  // surrogates are no characters
        last = to;
        at = behind;
      }
    }
    sum += last - first + 1;
    out.push_back({last, sum});
  }
  return out;
}

/// Characters of a set that may have ranges, like A-Za-z0-9.
Value random_text(CallContext& c, Arguments a) {
  constexpr std::string_view name = "apoc.text.random";
  if (a[0].is_null()) return Value();
  const std::int64_t length = integer_argument(name, a[0]);
  const auto sets = text_or(name, a, 1, "A-Za-z0-9");
  if (length <= 0 || sets.empty()) return Value::string("");
  bound_copies(c, sets.size(), 24);
  const std::vector<CodeRange> ranges = code_ranges(sets);
  bound_copies(c, static_cast<std::uint64_t>(length), 8);  // four bytes a character, here and in the arena
  thread_local std::mt19937_64 engine{std::random_device{}()};
  std::uniform_int_distribution<std::uint64_t> place(0, ranges.back().end - 1);
  std::string out;
  for (std::int64_t i = 0; i < length; ++i) {
    if ((i & 0xFFFF) == 0) c.exec.check();
    const std::uint64_t at = place(engine);
    const CodeRange& r = *std::ranges::upper_bound(ranges, at, {}, &CodeRange::end);
    utf8::encode(static_cast<char32_t>(r.last - (r.end - 1 - at)), out);
  }
  return text(c.arena, out);
}

}  // namespace

void add_text_codec_functions(Functions& out) {
  FunctionFamily f(out, "apoc.text.");
  const std::vector<Argument> one{{"text", Type::string}}, two{{"text1", Type::string}, {"text2", Type::string}};
  f.add("base64Encode", one, 1, Type::string, "Encodes a text as Base64.", base64_encode<base64_digits>);
  f.add("base64Decode", one, 1, Type::string, "Decodes a text from Base64.", base64_decode<base64_digits>);
  f.add("base64UrlEncode", one, 1, Type::string, "Encodes a text as Base64 for URLs.", base64_encode<base64_url_digits>);
  f.add("base64UrlDecode", one, 1, Type::string, "Decodes a text from Base64 for URLs.", base64_decode<base64_url_digits>);
  f.add("urlencode", one, 1, Type::string, "Encodes a text for a URL.", url_encode);
  f.add("urldecode", one, 1, Type::string, "Decodes a text from a URL.", url_decode);
  f.add("format", {{"text", Type::string}, {"params", Type::list}, {"language", Type::string}}, 2, Type::string,
        "Puts values into a text, by a format of Java.", format);
  f.add("distance", two, 2, Type::integer, "Counts the edits between two texts (Levenshtein).", levenshtein_distance);
  f.add("levenshteinDistance", two, 2, Type::integer, "Counts the edits between two texts.", levenshtein_distance);
  f.add("levenshteinSimilarity", two, 2, Type::floating, "Tells how alike two texts are, 0 to 1, by the edits between them.",
        levenshtein_similarity);
  f.add("hammingDistance", two, 2, Type::integer, "Counts the places where two texts differ.", hamming_distance);
  f.add("jaroWinklerDistance", two, 2, Type::floating, "Tells how far apart two texts are, 0 to 1.", jaro_winkler_distance);
  f.add("random", {{"length", Type::integer}, {"valid", Type::string}}, 1, Type::string, "Makes a text of random characters.", random_text)
      .deterministic = false;
}

}  // namespace packhouse::cypher::apoc
