#include "codec/packos/schema/text_rules.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/utf8.hpp"

namespace packhouse::packos {
namespace {

/// Two-letter language codes that the original's registry knows, in order, without separators.
constexpr std::string_view languages =
    "aaabaeafakamanarasavayazbabebgbhbibmbnbobrbscacechcocrcscucvcydadedvdzeeeleneoeseteufafffifjfofr"
    "fygagdglgngugvhahehihohrhthuhyhziaidieigiiikinioisitiuiwjajijvjwkakgkikjkkklkmknkokrkskukvkwkyla"
    "lblglilnloltlulvmgmhmimkmlmnmomrmsmtmynanbndnengnlnnnonrnvnyocojomorospapiplpsptqurmrnrorurwsasc"
    "sdsesgshsiskslsmsnsosqsrssstsusvswtatetgthtitktltntotrtstttwtyugukuruzvevivowawoxhyiyozazhzu";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

/// Walks over an address of RFC 5322, as far as net/mail goes: no groups, no lists, no obsolete forms.
class AddressParser {
 public:
  explicit AddressParser(std::string_view s) : s_(s) {}

  bool address() {
    if (!space()) return false;
    const std::size_t start = at_;
    if (local_part() && take('@') && domain() && space() && done()) return true;
    at_ = start;
    while (at_ < s_.size() && s_[at_] != '<') {  // a display name
      if (!(s_[at_] == '"' ? quoted() : atom())) return false;
      if (!space()) return false;
    }
    return take('<') && space() && local_part() && take('@') && domain() && space() && take('>') && space() && done();
  }

 private:
  bool done() const { return at_ == s_.size(); }
  bool take(char c) {
    if (done() || s_[at_] != c) return false;
    ++at_;
    return true;
  }
  /// Spaces and comments; false for a comment that does not end.
  bool space() {
    for (;;) {
      while (!done() && is_space(s_[at_])) ++at_;
      if (done() || s_[at_] != '(') return true;
      int depth = 0;
      do {
        if (done()) return false;
        const char c = s_[at_++];
        if (c == '\\' && !done()) ++at_;
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      } while (depth > 0);
    }
  }
  static bool is_atom(char c) {
    constexpr std::string_view special = "()<>[]:;@\\,.\"";
    return static_cast<unsigned char>(c) > ' ' && c != 0x7F && special.find(c) == special.npos;
  }
  bool atom() {
    const std::size_t start = at_;
    while (!done() && (is_atom(s_[at_]) || s_[at_] == '.')) ++at_;
    return at_ > start;
  }
  bool dot_atom() {
    do {
      const std::size_t start = at_;
      while (!done() && is_atom(s_[at_])) ++at_;
      if (at_ == start) return false;
    } while (take('.'));
    return true;
  }
  bool quoted() {
    if (!take('"')) return false;
    while (!done() && s_[at_] != '"') {
      if (s_[at_] == '\\') ++at_;
      if (done() || static_cast<unsigned char>(s_[at_]) < ' ') return false;
      ++at_;
    }
    return take('"');
  }
  bool local_part() { return !done() && s_[at_] == '"' ? s_.substr(at_, 2) != "\"\"" && quoted() : dot_atom(); }
  bool domain() {
    if (!take('[')) return dot_atom();
    const std::size_t start = at_;
    while (!done() && (is_hex(s_[at_]) || s_[at_] == '.' || s_[at_] == ':')) ++at_;
    return at_ > start && take(']');
  }

  std::string_view s_;
  std::size_t at_ = 0;
};

bool good_escapes(std::string_view s) {
  for (std::size_t i = 0; i < s.size(); ++i) {
    const auto c = static_cast<unsigned char>(s[i]);
    if (c < ' ' || c == 0x7F) return false;
    if (c == '%' && (i + 2 >= s.size() || !is_hex(s[i + 1]) || !is_hex(s[i + 2]))) return false;
  }
  return true;
}

bool good_host(std::string_view host) {
  std::string_view port;
  if (host.starts_with('[')) {
    const auto close = host.rfind(']');
    if (close == host.npos) return false;
    port = host.substr(close + 1);
    host = host.substr(1, close - 1);
  } else if (const auto colon = host.rfind(':'); colon != host.npos) {
    port = host.substr(colon);
    host = host.substr(0, colon);
    if (host.find(':') != host.npos) return false;
  }
  if (!port.empty() && port[0] != ':') return false;
  for (const char c : port.substr(port.empty() ? 0 : 1)) {
    if (!is_digit(c)) return false;
  }
  return host.find_first_of(" \"<>\\^`{|}") == host.npos && (!host.empty() || !port.empty());
}

}  // namespace

bool is_email(std::string_view text) { return utf8::is_valid(text) && AddressParser(text).address(); }

bool is_uri(std::string_view text) {
  std::string_view rest = text;
  if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  }
  if (!good_escapes(rest)) return false;
  const std::size_t end = rest.find_first_of("/?");
  std::string_view host = rest.substr(0, end);
  if (const auto user = host.rfind('@'); user != host.npos) {
    if (host.substr(0, user).find_first_of(" \"<>\\^`{|}/?#[]@") != host.npos) return false;
    host.remove_prefix(user + 1);
  }
  return good_host(host);
}

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
