#include <arpa/inet.h>

#include <algorithm>
#include <string>

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "codec/packos/schema/text_rules.hpp"

// E-mail addresses and URIs, as the original's standard library takes them (net/mail, net/url).
namespace packhouse::packos {
namespace {

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}
bool among(char c, std::string_view set) {
  return set.find(c) != set.npos;
}

/// Walks over one mailbox, or a group of one. The text is UTF-8.
class AddressParser {
 public:
  explicit AddressParser(std::string_view s) : s_(s) {}

  bool single_address() {
    int found = 0;
    return address(true, found) && comments() && done() && found == 1;
  }

 private:
  bool done() const { return at_ == s_.size(); }
  char peek() const { return done() ? '\0' : s_[at_]; }
  bool take(char c) {
    if (done() || s_[at_] != c) return false;
    ++at_;
    return true;
  }
  void blanks() {
    while (peek() == ' ' || peek() == '\t') ++at_;
  }

  bool address(bool may_be_group, int& found) {
    blanks();
    const std::size_t start = at_;
    if (bare_address()) {
      blanks();
      return ++found, peek() != '(' || comment();
    }
    at_ = start;
    if (peek() != '<' && !phrase()) return false;
    blanks();
    if (may_be_group && take(':')) return group(found);
    return take('<') && bare_address() && take('>') && ++found;
  }

  bool group(int& found) {
    blanks();
    if (take(';')) return comments();
    do {
      if (!address(false, found) || !comments()) return false;
      if (take(';')) return comments();
    } while (take(','));
    return false;
  }

  /// local@domain
  bool bare_address() {
    blanks();
    const bool local = peek() == '"' ? s_.substr(at_, 2) != "\"\"" && quoted() : dot_atom();
    if (!local || !take('@')) return false;
    blanks();
    return peek() == '[' ? literal() : dot_atom();
  }

  /// Words in front of the address; in words almost everything goes.
  bool phrase() {
    int words = 0;
    for (;; ++words) {
      if (words > 0 && !comments()) return false;
      blanks();
      const std::size_t start = at_;
      if (peek() == '"' ? quoted() : atom("()[];@\\,")) continue;
      at_ = start;
      return words > 0;
    }
  }

  bool atom(std::string_view also) {
    const std::size_t start = at_;
    while (!done() && (s_[at_] == '.' || is_atom(s_[at_]) || among(s_[at_], also))) ++at_;
    return at_ > start;
  }
  bool dot_atom() {
    const std::size_t start = at_;
    if (!atom("")) return false;
    const auto text = s_.substr(start, at_ - start);
    return !text.starts_with('.') && !text.ends_with('.') && text.find("..") == text.npos;
  }
  static bool is_visible(char c) { return !is_ascii(c) || (c > ' ' && c < '\x7F'); }
  static bool is_atom(char c) { return is_visible(c) && !among(c, "()<>[]:;@\\,.\""); }

  bool quoted() {
    if (!take('"')) return false;
    for (; !done() && s_[at_] != '"'; ++at_) {
      if (s_[at_] == '\\' && ++at_ == s_.size()) return false;
      if (!is_visible(s_[at_]) && s_[at_] != ' ' && s_[at_] != '\t') return false;
    }
    return take('"');
  }

  bool literal() {
    const auto end = s_.find(']', at_);
    if (end == s_.npos) return false;
    const std::string address(s_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    unsigned char room[sizeof(in6_addr)];
    return address.find('\0') == address.npos &&
           (::inet_pton(AF_INET, address.c_str(), room) == 1 || ::inet_pton(AF_INET6, address.c_str(), room) == 1);
  }

  bool comment() {
    if (!take('(')) return false;
    for (int depth = 1; depth > 0; ++at_) {
      if (done()) return false;
      if (s_[at_] == '\\' && at_ + 1 < s_.size())
        ++at_;
      else
        depth += s_[at_] == '(' ? 1 : s_[at_] == ')' ? -1 : 0;
    }
    return true;
  }
  bool comments() {
    for (blanks(); peek() == '('; blanks()) {
      if (!comment()) return false;
    }
    return true;
  }

  std::string_view s_;
  std::size_t at_ = 0;
};

bool good_escapes(std::string_view s) {
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '%' && (i + 2 >= s.size() || hex_value(s[i + 1]) < 0 || hex_value(s[i + 2]) < 0)) return false;
  }
  return true;
}

bool good_user(std::string_view user) {
  return good_escapes(user) && std::ranges::all_of(user, [](char c) {
           return is_ascii_letter(c) || is_digit(c) || among(c, "-._:~!$&'()*+,;=%@");
         });
}

bool good_port(std::string_view port) {
  return port.empty() || (port[0] == ':' && std::ranges::all_of(port.substr(1), is_digit));
}

/// Of a host only characters beyond ASCII, and the percent sign itself, may be escaped; in the zone of an IPv6
/// address everything may be.
bool good_host_text(std::string_view host, bool zone) {
  for (std::size_t i = 0; i < host.size(); ++i) {
    if (host[i] == '%') {
      if (!zone && host[i + 1] < '8' && host.substr(i, 3) != "%25") return false;
      i += 2;
    } else if (is_ascii(host[i]) && !is_ascii_letter(host[i]) && !is_digit(host[i]) &&
               !among(host[i], "!$&'()*+,;=:[]<>\"-_.~")) {
      return false;
    }
  }
  return true;
}

bool good_host(std::string_view host) {
  if (host.empty() || !good_escapes(host)) return false;
  if (!host.starts_with('[')) {
    const auto colon = host.rfind(':');
    return (colon == host.npos || good_port(host.substr(colon))) && good_host_text(host, false);
  }
  const auto close = host.rfind(']');
  if (close == host.npos || !good_port(host.substr(close + 1))) return false;
  const auto zone = std::min(host.substr(0, close).find("%25"), close);
  return good_host_text(host.substr(0, zone), false) && good_host_text(host.substr(zone, close - zone), true) &&
         good_host_text(host.substr(close), false);
}

}  // namespace

bool is_email(std::string_view text) {
  return utf8::is_valid(text) && AddressParser(text).single_address();
}

bool is_uri(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!text.starts_with(scheme)) continue;
    text.remove_prefix(scheme.size());
    break;
  }
  if (std::ranges::any_of(text, [](char c) { return is_ascii(c) && (c < ' ' || c == '\x7F'); })) return false;
  const std::string_view before_query = text.substr(0, text.find('?'));
  const auto slash = std::min(before_query.find('/'), before_query.size());
  std::string_view host = before_query.substr(0, slash);
  if (const auto at = host.rfind('@'); at != host.npos) {
    if (!good_user(host.substr(0, at))) return false;
    host.remove_prefix(at + 1);
  }
  return good_host(host) && good_escapes(before_query.substr(slash));
}

}  // namespace packhouse::packos
