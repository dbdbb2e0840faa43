#include "codec/packos/schema/text_rules.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cmath>


namespace packhouse::packos {
namespace {

/// Two-letter language codes that the original's registry knows, in order, without separators.
constexpr std::string_view languages =
    "aaabaeafakamanarasavayazbabebgbhbibmbnbobrbscacechcocrcscucvcydadedvdzeeeleneoeseteufafffifjfofr"
    "fygagdglgngugvhahehihohrhthuhyhziaidieigiiikinioisitiuiwjajijvjwkakgkikjkkklkmknkokrkskukvkwkyla"
    "lblglilnloltlulvmgmhmimkmlmnmomrmsmtmynanbndnengnlnnnonrnvnyocojomorospapiplpsptqurmrnrorurwsasc"
    "sdsesgshsiskslsmsnsosqsrssstsusvswtatetgthtitktltntotrtstttwtyugukuruzvevivowawoxhyiyozazhzu";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

}  // namespace

bool is_language(std::string_view text) {
  const std::string_view code = trimmed(text);
  if (code.size() != 2) return false;
  const char lower[2] = {static_cast<char>(code[0] | 0x20), static_cast<char>(code[1] | 0x20)};
  for (std::size_t i = 0; i < languages.size(); i += 2) {
    if (languages.substr(i, 2) == std::string_view(lower, 2)) return true;
  }
  return false;
}

bool meets(const Node& node, std::string_view text) {
  switch (node.test) {
    case TextTest::none: return true;
    case TextTest::exact: return text == node.exact;
    case TextTest::prefix: return text.starts_with(node.prefix);
    case TextTest::suffix: return text.ends_with(node.suffix);
    case TextTest::pattern:
      if (!node.choices.empty()) return std::ranges::find(node.choices, text) != node.choices.end();
      return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *node.regex);
    case TextTest::email: return is_email(text);
    case TextTest::uri: return is_uri(text);
    case TextTest::lang: return is_language(text);
  }
  return false;
}

Refusal why_not(const Node& node, std::string_view text) {
  const auto differs = [&](Code code, const std::string& expected) { return Refusal{code, fmt::format("'{}'!='{}'", text, expected)}; };
  switch (node.test) {
    case TextTest::exact: return differs(Code::string_match, node.exact);
    case TextTest::prefix: return differs(Code::string_prefix, node.prefix + "*");
    case TextTest::suffix: return differs(Code::string_suffix, "*" + node.suffix);
    case TextTest::pattern: return differs(Code::string_pattern, node.pattern);
    case TextTest::email: return differs(Code::string_email, "email");
    case TextTest::uri: return differs(Code::string_url, "URI");
    case TextTest::lang: return differs(Code::string_lang, "Language Code");
    case TextTest::none: break;
  }
  return {Code::unknown, "nothing is wrong"};
}

std::string number_text(double v) {
  if (std::isnan(v)) return "NaN";
  if (std::isinf(v)) return v < 0 ? "-Inf" : "+Inf";
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, v, std::chars_format::scientific).ptr;
  const std::string_view text(digits, static_cast<std::size_t>(end - digits));
  const std::size_t e = text.find('e');
  int exponent = 0;
  std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), end, exponent);
  if (exponent < -4 || exponent >= 6) return std::string(text);
  const auto fixed = std::to_chars(digits, digits + sizeof digits, v, std::chars_format::fixed).ptr;
  return {digits, fixed};
}

}  // namespace packhouse::packos
