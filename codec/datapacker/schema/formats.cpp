#include <re2/re2.h>

#include <algorithm>
#include <charconv>

#include "codec/datapacker/schema/check.hpp"
#include "value/temporal/calendar.hpp"

// The formats of JSON Schema that are enforced.
namespace packhouse::datapacker::schema {
namespace {

bool matches(std::string_view s, const RE2& pattern) {
  return RE2::FullMatch(re2::StringPiece(s.data(), s.size()), pattern);
}

int number(std::string_view digits) {
  int n = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), n);
  return n;
}

bool is_date(std::string_view s) {
  static const RE2 form("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  if (!matches(s, form)) return false;
  const int year = number(s.substr(0, 4)), month = number(s.substr(5, 2)), day = number(s.substr(8, 2));
  return month >= 1 && month <= 12 && day >= 1 && day <= calendar::days_in_month(year, month);
}

bool is_time(std::string_view s) {
  static const RE2 form("([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\\.[0-9]+)?(?:[zZ]|([+-])([0-9]{2}):([0-9]{2}))");
  std::string hour, minute, second, sign, off_hour, off_minute;
  if (!RE2::FullMatch(re2::StringPiece(s.data(), s.size()), form, &hour, &minute, &second, &sign, &off_hour,
                      &off_minute))
    return false;
  const int h = number(hour), m = number(minute), sec = number(second);
  if (h > 23 || m > 59 || sec > 60 || number(off_hour) > 23 || number(off_minute) > 59) return false;
  if (sec < 60) return true;
  // A leap second is the last of a day in UTC.
  const int shift = (number(off_hour) * 60 + number(off_minute)) * (sign == "-" ? 1 : -1);
  return ((h * 60 + m + shift) % 1440 + 1440) % 1440 == 1439;
}

bool is_date_time(std::string_view s) {
  return s.size() > 11 && (s[10] == 'T' || s[10] == 't') && is_date(s.substr(0, 10)) && is_time(s.substr(11));
}

bool is_ipv4(std::string_view s) {
  static const RE2 form("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.|$)){4}");
  return !s.ends_with('.') && matches(s, form);
}

/// Groups of up to four hex digits; one "::" stands for those that are missing; an IPv4 address may end it.
bool is_ipv6(std::string_view s) {
  static const RE2 group("[0-9A-Fa-f]{1,4}");
  std::size_t groups = 0;
  bool shortened = false;
  if (s.starts_with("::")) {
    shortened = true;
    s.remove_prefix(2);
    if (s.empty()) return true;
  }
  for (;;) {
    const std::size_t colon = s.find(':');
    const std::string_view part = s.substr(0, colon);
    if (colon == std::string_view::npos && part.find('.') != std::string_view::npos) {
      if (!is_ipv4(part)) return false;
      groups += 2;
      break;
    }
    if (!matches(part, group)) return false;
    ++groups;
    if (colon == std::string_view::npos) break;
    s.remove_prefix(colon + 1);
    if (!s.starts_with(':')) continue;
    if (shortened) return false;
    shortened = true;
    s.remove_prefix(1);
    if (s.empty()) break;
  }
  return shortened ? groups < 8 : groups == 8;
}

bool is_hostname(std::string_view s) {
  static const RE2 form(
      "(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?:\\.(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?))*");
  return s.size() <= 253 && matches(s, form);
}

bool is_email(std::string_view s) {
  static const RE2 dotted("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"),
      quoted("\"(?:[^\"\\\\]|\\\\.)*\"");
  const std::size_t at = s.rfind('@');
  if (at == std::string_view::npos) return false;
  const std::string_view local = s.substr(0, at), domain = s.substr(at + 1);
  if (!matches(local, dotted) && !matches(local, quoted)) return false;
  if (!domain.starts_with('[')) return is_hostname(domain);
  if (!domain.ends_with(']')) return false;
  const std::string_view address = domain.substr(1, domain.size() - 2);
  return address.starts_with("IPv6:") ? is_ipv6(address.substr(5)) : is_ipv4(address);
}

bool is_international_email(std::string_view s) {
  static const RE2 form("[^@\\s]+@[^@\\s]+");
  return matches(s, form);
}

/// RFC 3986, behind the scheme; `international` lets all characters beyond ASCII through (RFC 3987).
bool is_hierarchy(std::string_view s, bool international) {
  static const RE2 authority_form(
      "(?:(?:[\\w.~!$&'()*+,;=:-]|[^\\x00-\\x7F]|%[0-9A-Fa-f]{2})*@)?"
      "(?:\\[[0-9A-Fa-fvV:.]+\\]|(?:[\\w.~!$&'()*+,;=-]|[^\\x00-\\x7F]|%[0-9A-Fa-f]{2})*)(?::[0-9]*)?");
  static const RE2 rest_form(
      "(?:[\\w.~!$&'()*+,;=:@/-]|[^\\x00-\\x7F]|%[0-9A-Fa-f]{2})*"
      "(?:\\?(?:[\\w.~!$&'()*+,;=:@/?-]|[^\\x00-\\x7F]|%[0-9A-Fa-f]{2})*)?"
      "(?:#(?:[\\w.~!$&'()*+,;=:@/?-]|[^\\x00-\\x7F]|%[0-9A-Fa-f]{2})*)?");
  for (const char c : s) {
    if (!international && static_cast<unsigned char>(c) >= 0x80) return false;
  }
  if (s.starts_with("//")) {
    const std::size_t end = std::min(s.find_first_of("/?#", 2), s.size());
    if (!matches(s.substr(2, end - 2), authority_form)) return false;
    s.remove_prefix(end);
  }
  return matches(s, rest_form);
}

/// Takes the scheme and its colon off.
bool take_scheme(std::string_view& s) {
  static const RE2 scheme("[A-Za-z][A-Za-z0-9+.-]*:");
  re2::StringPiece rest(s.data(), s.size());
  if (!RE2::Consume(&rest, scheme)) return false;
  s.remove_prefix(s.size() - rest.size());
  return true;
}

bool is_uri(std::string_view s, bool international) {
  return take_scheme(s) && is_hierarchy(s, international);
}

bool is_uri_reference(std::string_view s, bool international) {
  take_scheme(s);
  return is_hierarchy(s, international);
}

bool is_uri_template(std::string_view s) {
  static const RE2 form(
      "(?:[^\\x00-\\x20\"'<>\\\\^`{|}%]|%[0-9A-Fa-f]{2}|\\{[+#./"
      ";?&=,!@|]?[\\w.%]+(?::[1-9][0-9]{0,3}|\\*)?(?:,[\\w.%]+(?::[1-9][0-9]{0,3}|\\*)?)*\\})*");
  return matches(s, form);
}

bool is_pointer(std::string_view s) {
  static const RE2 form("(?s)(?:/(?:[^~/]|~[01])*)*");
  return matches(s, form);
}
bool is_relative_pointer(std::string_view s) {
  static const RE2 form("(?s)(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~[01])*)*)");
  return matches(s, form);
}
bool is_uuid(std::string_view s) {
  static const RE2 form("[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}");
  return matches(s, form);
}
bool is_duration(std::string_view s) {
  static const RE2 form(
      "P(?:[0-9]+W|(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)?(?:T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?"
      ")?|[0-9]+M(?:[0-9]+S)?|[0-9]+S))?)");
  return s.size() > 1 && matches(s, form);
}
bool is_regex(std::string_view s) {
  return RE2(re2::StringPiece(s.data(), s.size()), RE2::Quiet).ok();
}

struct Format {
  std::string_view name;
  bool (*has)(std::string_view);
};
constexpr Format formats[] = {
    {"date", is_date},
    {"time", is_time},
    {"date-time", is_date_time},
    {"ipv4", is_ipv4},
    {"ipv6", is_ipv6},
    {"hostname", is_hostname},
    {"email", is_email},
    {"idn-email", is_international_email},
    {"uri", [](std::string_view s) { return is_uri(s, false); }},
    {"iri", [](std::string_view s) { return is_uri(s, true); }},
    {"uri-reference", [](std::string_view s) { return is_uri_reference(s, false); }},
    {"iri-reference", [](std::string_view s) { return is_uri_reference(s, true); }},
    {"uri-template", is_uri_template},
    {"json-pointer", is_pointer},
    {"relative-json-pointer", is_relative_pointer},
    {"regex", is_regex},
    {"uuid", is_uuid},
    {"duration", is_duration},
};

}  // namespace

bool has_format(std::string_view name, std::string_view text) {
  for (const Format& f : formats) {
    if (f.name == name) return f.has(text);
  }
  return true;
}

bool is_base64(std::string_view text) {
  static const RE2 form("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?");
  return matches(text, form);
}

}  // namespace packhouse::datapacker::schema
