#include <algorithm>

#include "base/ascii.hpp"
#include "fulltext/words.hpp"

namespace packhouse::fulltext {
namespace {

bool alphanumeric(char c) { return is_digit(c) || is_ascii_letter(c); }
bool beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }
bool in_local_part(char c) { return alphanumeric(c) || std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos; }
bool in_host(char c) { return alphanumeric(c) || c == '-' || c == '.'; }
bool in_url(char c) {
  return !beyond_ascii(c) && c > ' ' && c != 0x7F && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
}

/// A host name with a dot and letters behind the last one, at the front of `s`: its length, or 0.
std::size_t host_length(std::string_view s) {
  auto n = static_cast<std::size_t>(std::ranges::find_if_not(s, in_host) - s.begin());
  while (n > 0 && !alphanumeric(s[n - 1])) --n;
  const std::string_view host = s.substr(0, n);
  const std::size_t dot = host.rfind('.');
  if (host.empty() || !alphanumeric(host[0]) || host.find("..") != std::string_view::npos) return 0;
  if (dot == std::string_view::npos || host.size() - dot < 3) return 0;
  return std::ranges::all_of(host.substr(dot + 1), is_ascii_letter) ? n : 0;
}

/// What may follow the host: port, path, query, fragment; not the punctuation that ends a sentence.
std::size_t url_end(std::string_view s, std::size_t from) {
  if (from >= s.size() || std::string_view(":/?#").find(s[from]) == std::string_view::npos) return from;
  std::size_t n = from;
  while (n < s.size() && in_url(s[n])) ++n;
  while (n > from && std::string_view(".,;:!?'\")]").find(s[n - 1]) != std::string_view::npos) --n;
  return n;
}

std::size_t url_length(std::string_view s) {
  static constexpr std::string_view schemes[] = {"http://", "https://", "ftp://", "file://"};
  for (const std::string_view scheme : schemes) {
    if (s.size() <= scheme.size() || !same_ignoring_case(s.substr(0, scheme.size()), scheme)) continue;
    const std::string_view rest = s.substr(scheme.size());
    std::size_t n = host_length(rest);
    if (n == 0) n = static_cast<std::size_t>(std::ranges::find_if_not(rest, in_host) - rest.begin());  // localhost, 127.0.0.1
    if (n == 0 && scheme != "file://") return 0;
    const std::size_t end = url_end(rest, n);
    return end == 0 ? 0 : scheme.size() + end;
  }
  const std::size_t n = host_length(s);
  return n == 0 ? 0 : url_end(s, n);
}

std::size_t email_length(std::string_view s) {
  const auto at = static_cast<std::size_t>(std::ranges::find_if_not(s.substr(0, 65), in_local_part) - s.begin());
  if (at == 0 || at >= s.size() || s[at] != '@' || s[0] == '.' || s[at - 1] == '.') return 0;
  const std::size_t n = host_length(s.substr(at + 1));
  return n == 0 ? 0 : at + 1 + n;
}

}  // namespace

void split_addresses(std::string_view text, bool urls, bool emails, const SplitSink& sink,
                     const std::function<void(std::string_view)>& rest) {
  std::size_t done = 0;
  const auto give_rest = [&](std::size_t until) {
    if (rest && until > done) rest(text.substr(done, until - done));
  };
  for (std::size_t at = 0; at < text.size();) {
    const bool starts = (at == 0 || !(alphanumeric(text[at - 1]) || beyond_ascii(text[at - 1]))) && !beyond_ascii(text[at]);
    const std::string_view ahead = starts ? text.substr(at, 2048) : std::string_view();
    std::size_t n = ahead.empty() ? 0 : email_length(ahead);
    const bool email = n > 0;
    if (!email && !ahead.empty()) n = url_length(ahead);
    if (n == 0) {
      ++at;
      continue;
    }
    if (email ? emails : urls) {
      give_rest(at);
      sink(text.substr(at, n), WordKind::plain);
      done = at + n;
    }
    at += n;
  }
  give_rest(text.size());
}

}  // namespace packhouse::fulltext
