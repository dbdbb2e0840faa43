#include <algorithm>
#include <optional>

#include "cypher/functions/apoc/apoc.hpp"
#include "cypher/functions/apoc/java_format.hpp"
#include "cypher/functions/apoc/java_letters.hpp"
#include "value/temporal/calendar.hpp"
#include "value/temporal/parse.hpp"

namespace packhouse::cypher::apoc {

using temporal::Parts;

/// Reads one text by the tokens of a format.
class JavaReader {
 public:
  JavaReader(const JavaFormat& format, std::string_view text) : format_(format), text_(text), in_(text) {}

  Parts read() {
    std::size_t at = 0;
    tokens(at, true);
    if (!in_.at_end()) wrong();
    return result();
  }

 private:
  using Token = JavaFormat::Token;

  [[noreturn]] void wrong() const {
    function_failed(format_.function_, "Text '" + std::string(text_) + "' could not be parsed with '" + format_.pattern_ + "' at index " +
                                           std::to_string(text_.size() - in_.rest().size()));
  }

  /// From one token on, to the end or to the ] of the part that it is in. What is in [ ] may be missing.
  bool tokens(std::size_t& at, bool must) {
    const auto& all = format_.tokens_;
    while (at < all.size() && all[at].letter != ']') {
      if (all[at].letter == '[') {
        const JavaReader before = *this;
        std::size_t inside = at + 1;
        const bool read = tokens(inside, false);
        if (!read) restore(before);
        at = closing(at) + 1;
        continue;
      }
      if (!token(at)) {
        if (must) wrong();
        return false;
      }
      ++at;
    }
    return true;
  }

  void restore(const JavaReader& before) {
    in_ = before.in_;
    f_ = before.f_;
  }

  std::size_t closing(std::size_t at) const {
    for (int depth = 0;; ++at) {
      if (format_.tokens_[at].letter == '[') ++depth;
      if (format_.tokens_[at].letter == ']' && --depth == 0) return at;
    }
  }

  static bool is_number(const Token& t) {
    constexpr std::string_view always = "yuDdHhKkmsSnAQq";
    return always.find(t.letter) != std::string_view::npos || ((t.letter == 'M' || t.letter == 'L') && t.count < 3);
  }

  /// Digits of a field: as many as the pattern has letters when another number follows at once.
  bool number(std::size_t at, std::int64_t& to) {
    const Token& t = format_.tokens_[at];
    const bool tight = at + 1 < format_.tokens_.size() && format_.tokens_[at + 1].letter != 0 && is_number(format_.tokens_[at + 1]);
    const bool year = t.letter == 'y' || t.letter == 'u';
    const std::size_t most = tight || (t.count == 2 && !year) || t.letter == 'S' || (year && t.count == 2) ? t.count : year ? 9 : 18;
    const std::size_t least = t.count == 1 ? 1 : t.count;
    const bool minus = year && in_.peek() == '-';
    if (minus || (year && in_.peek() == '+')) in_.advance(1);
    if (!in_.number(least, std::max(least, t.count == 1 && !tight && t.letter != 'S' ? std::size_t{18} : most), to)) return false;
    if (minus) to = -to;
    return true;
  }

  template <class Names>
  bool name(const Names& names, std::size_t count, std::int64_t& to) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string_view wanted = count == 3 ? names[i].substr(0, 3) : names[i];
      const auto found = in_.rest().substr(0, wanted.size());
      if (!std::ranges::equal(found, wanted, [](char x, char y) { return (x | 32) == (y | 32); })) continue;
      in_.advance(wanted.size());
      to = static_cast<std::int64_t>(i) + 1;
      return true;
    }
    return false;
  }

  bool token(std::size_t at) {
    const Token& t = format_.tokens_[at];
    if (t.letter == 0) {
      if (!in_.rest().starts_with(t.literal)) return false;
      in_.advance(t.literal.size());
      return true;
    }
    std::int64_t n = 0;
    switch (t.letter) {
      case 'M':
      case 'L': return t.count >= 3 ? name(month_names, t.count, f_.month) : number(at, f_.month);
      case 'E': return name(day_names, t.count <= 3 ? 3 : t.count, n);
      case 'a': {
        const auto word = temporal::lower(in_.rest().substr(0, 2));
        if (word != "am" && word != "pm") return false;
        f_.afternoon = word == "pm";
        in_.advance(2);
        return true;
      }
      case 't': return temporal::read_time(in_, f_.time.emplace()) == temporal::Read::yes;
      case 'o':
      case 'X':
      case 'x':
      case 'Z': return temporal::read_offset(in_, f_.offset.emplace()) == temporal::Read::yes;
      case 'O':
        if (!in_.rest().starts_with("GMT")) return false;
        in_.advance(3);
        if (temporal::read_offset(in_, n32_) != temporal::Read::yes) n32_ = 0;
        f_.offset = n32_;
        return true;
      case 'V':
      case 'z': return zone();
      default: return number(at, n) && field(t, n);
    }
  }

  bool field(const Token& t, std::int64_t n) {
    switch (t.letter) {
      case 'y':
      case 'u': f_.year = t.count == 2 ? 2000 + n : n; break;
      case 'd': f_.day = n; break;
      case 'D': f_.day_of_year = n; break;
      case 'H': f_.hour = n; break;
      case 'k': f_.hour = n == 24 ? 0 : n; break;
      case 'h': f_.half_day_hour = n == 12 ? 0 : n; break;
      case 'K': f_.half_day_hour = n; break;
      case 'm': f_.minute = n; break;
      case 's': f_.second = n; break;
      case 'S':
        for (std::size_t i = t.count; i < 9; ++i) n *= 10;
        for (std::size_t i = 9; i < t.count; ++i) n /= 10;
        f_.nano = n;
        break;
      case 'n': f_.nano = n; break;
      case 'A':
        check(n, 0, 86'399'999, "the millisecond of the day");
        f_.time = n * 1'000'000;
        break;
      default: break;  // a quarter tells nothing that the month doesn't
    }
    return true;
  }

  bool zone() {
    const auto rest = in_.rest();
    const auto ends = std::ranges::find_if(rest, [](char x) {
      return !((x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z') || (x >= '0' && x <= '9') || x == '/' || x == '_' || x == '+' || x == '-' || x == ':');
    });
    const auto word = rest.substr(0, static_cast<std::size_t>(ends - rest.begin()));
    const auto zone = zone_from_text(word);
    if (word.empty() || !zone) return false;
    f_.zone = *zone;
    in_.advance(word.size());
    return true;
  }

  void check(std::int64_t n, std::int64_t low, std::int64_t high, std::string_view what) const {
    if (n < low || n > high)
      function_failed(format_.function_, "Text '" + std::string(text_) + "' could not be parsed: " + std::string(what) + " must be " +
                                             std::to_string(low) + " to " + std::to_string(high) + ", found " + std::to_string(n));
  }

  Parts result() const {
    Parts p;
    check(f_.year, calendar::min_year, calendar::max_year, "the year");
    if (f_.day_of_year) {
      check(*f_.day_of_year, 1, calendar::days_in_year(f_.year), "the day of the year");
      p.day = calendar::to_days(calendar::Civil{f_.year, 1, 1}) + *f_.day_of_year - 1;
    } else {
      check(f_.month, 1, 12, "the month");
      check(f_.day, 1, calendar::days_in_month(f_.year, static_cast<int>(f_.month)), "the day");
      p.day = calendar::to_days(calendar::Civil{f_.year, static_cast<int>(f_.month), static_cast<int>(f_.day)});
    }
    p.nanos = f_.time;
    if (!p.nanos) p.nanos = time_of_day();
    p.offset = f_.offset;
    if (f_.offset) p.zone = Zone::offset(*f_.offset);
    if (f_.zone) p.zone = f_.zone;
    return p;
  }

  std::optional<std::int64_t> time_of_day() const {
    if (!f_.hour && !f_.half_day_hour && !f_.minute && !f_.second && !f_.nano) return std::nullopt;
    const std::int64_t hour = f_.half_day_hour ? *f_.half_day_hour + (f_.afternoon ? 12 : 0) : f_.hour.value_or(0);
    check(hour, 0, 23, "the hour");
    check(f_.minute.value_or(0), 0, 59, "the minute");
    check(f_.second.value_or(0), 0, 59, "the second");
    check(f_.nano.value_or(0), 0, 999'999'999, "the fraction");
    return ((hour * 60 + f_.minute.value_or(0)) * 60 + f_.second.value_or(0)) * calendar::nanos_per_second + f_.nano.value_or(0);
  }

  struct Found {
    std::int64_t year = 1970, month = 1, day = 1;
    std::optional<std::int64_t> day_of_year, hour, half_day_hour, minute, second, nano, time;
    bool afternoon = false;
    std::optional<std::int32_t> offset;
    std::optional<Zone> zone;
  };
  const JavaFormat& format_;
  std::string_view text_;
  temporal::Scanner in_;
  Found f_;
  std::int32_t n32_ = 0;
};

Parts JavaFormat::read(std::string_view text) const { return JavaReader(*this, text).read(); }

}  // namespace packhouse::cypher::apoc
