#include "cypher/functions/apoc/java_format.hpp"

#include <algorithm>
#include <array>

#include "cypher/functions/apoc/apoc.hpp"
#include "cypher/functions/apoc/java_letters.hpp"
#include "value/temporal/calendar.hpp"
#include "value/temporal/print.hpp"

namespace packhouse::cypher::apoc {
namespace {

using temporal::Parts;

struct Named {
  std::string_view name, pattern;
};
// "t" is a time of day as ISO 8601 has it, with seconds and a fraction as far as there are any; "o" an offset like +01:00 or Z.
constexpr std::array named{Named{"iso_date", "uuuu-MM-dd[o]"},
                           Named{"iso_local_date", "uuuu-MM-dd"},
                           Named{"iso_offset_date", "uuuu-MM-ddo"},
                           Named{"iso_time", "t[o]"},
                           Named{"iso_local_time", "t"},
                           Named{"iso_offset_time", "to"},
                           Named{"iso_date_time", "uuuu-MM-dd'T't[o['['VV']']]"},
                           Named{"iso_local_date_time", "uuuu-MM-dd'T't"},
                           Named{"iso_offset_date_time", "uuuu-MM-dd'T'to"},
                           Named{"iso_zoned_date_time", "uuuu-MM-dd'T'to['['VV']']"},
                           Named{"iso_instant", "uuuu-MM-dd'T'to"},
                           Named{"iso_ordinal_date", "uuuu-DDD[o]"},
                           Named{"basic_iso_date", "uuuuMMdd"},
                           Named{"basic_date", "uuuuMMdd"},
                           Named{"basic_date_time", "uuuuMMdd'T'HHmmss.SSSXX"},
                           Named{"basic_date_time_no_millis", "uuuuMMdd'T'HHmmssXX"},
                           Named{"date", "uuuu-MM-dd"},
                           Named{"date_hour", "uuuu-MM-dd'T'HH"},
                           Named{"date_hour_minute", "uuuu-MM-dd'T'HH:mm"},
                           Named{"date_hour_minute_second", "uuuu-MM-dd'T'HH:mm:ss"},
                           Named{"date_hour_minute_second_millis", "uuuu-MM-dd'T'HH:mm:ss.SSS"},
                           Named{"date_time", "uuuu-MM-dd'T'HH:mm:ss.SSSXXX"},
                           Named{"date_time_no_millis", "uuuu-MM-dd'T'HH:mm:ssXXX"},
                           Named{"hour_minute", "HH:mm"},
                           Named{"hour_minute_second", "HH:mm:ss"},
                           Named{"year", "uuuu"},
                           Named{"year_month", "uuuu-MM"},
                           Named{"year_month_day", "uuuu-MM-dd"}};

constexpr std::string_view letters = "yuMLdDEaHhKkmsSnAQqXxZVzOto";

std::string padded(std::int64_t n, std::size_t width) {
  std::string digits = std::to_string(n < 0 ? -n : n);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return (n < 0 ? "-" : "") + digits;
}

std::string offset_text(std::int32_t offset, std::size_t count, bool z_for_zero) {
  if (offset == 0 && z_for_zero) return "Z";
  const std::int32_t all = offset < 0 ? -offset : offset;
  const std::string hours = padded(all / 3600, 2), minutes = padded(all / 60 % 60, 2), seconds = padded(all % 60, 2);
  const std::string colon = count == 3 || count == 5 ? ":" : "";
  std::string out = (offset < 0 ? "-" : "+") + hours;
  if (count > 1 || all % 3600 != 0) out += colon + minutes;
  if (count > 3 && all % 60 != 0) out += colon + seconds;
  return out;
}

std::int32_t offset_of(const Parts& p) { return p.offset ? *p.offset : offset_at(*p.zone, temporal::utc_seconds(p)); }

}  // namespace

JavaFormat::JavaFormat(std::string_view function, std::string_view pattern) : function_(function) {
  constexpr std::size_t longest = 1000;
  if (pattern.size() > longest) {
    function_failed(function, "the date format has " + std::to_string(pattern.size()) + " bytes, the most is " + std::to_string(longest));
  }
  pattern_ = pattern;
  const std::string lower = temporal::lower(pattern);
  const auto it = std::ranges::find(named, std::string_view(lower), &Named::name);
  in_utc_ = lower == "iso_instant";
  compile(it == named.end() ? pattern : it->pattern);
  if (it != named.end()) return;
  for (const Token& t : tokens_) {
    if (t.letter == 't' || t.letter == 'o') refuse(std::string("Unknown pattern letter: ") + t.letter);
  }
}

void JavaFormat::refuse(const std::string& why) const { function_failed(function_, "the date format '" + pattern_ + "': " + why); }

void JavaFormat::compile(std::string_view pattern) {
  const auto literal = [&](std::string_view s) {
    if (tokens_.empty() || tokens_.back().letter != 0) tokens_.emplace_back();
    tokens_.back().literal += s;
  };
  constexpr int deepest = 32;
  int depth = 0;
  for (std::size_t i = 0; i < pattern.size();) {
    const char x = pattern[i];
    if (x == '\'') {
      if (pattern.substr(i).starts_with("''")) {
        literal("'");
        i += 2;
        continue;
      }
      const std::size_t end = pattern.find('\'', i + 1);
      if (end == std::string_view::npos) refuse("a quotation is not closed");
      literal(pattern.substr(i + 1, end - i - 1));
      i = end + 1;
    } else if (x == '[' || x == ']') {
      depth += x == '[' ? 1 : -1;
      if (depth < 0) refuse("a ] without [");
      if (depth > deepest) refuse("more than " + std::to_string(deepest) + " [ are inside each other");
      tokens_.push_back({x, 1, {}});
      ++i;
    } else if ((x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z')) {
      std::size_t n = 1;
      while (i + n < pattern.size() && pattern[i + n] == x) ++n;
      if (letters.find(x) == std::string_view::npos) refuse(std::string("the letter ") + x + " is not supported");
      tokens_.push_back({x, n, {}});
      i += n;
    } else {
      literal(pattern.substr(i++, 1));
    }
  }
  if (depth > 0) refuse("a [ is not closed");
}

bool JavaFormat::has(const Token& t, const Parts& p) const {
  switch (needs(t.letter)) {
    case Needs::nothing: return true;
    case Needs::date: return p.day.has_value();
    case Needs::time: return p.nanos.has_value();
    case Needs::offset: return p.zone.has_value();
    // Java's [VV] after an offset prints regions only.
    case Needs::zone: return p.zone.has_value();
  }
  return false;
}

std::string JavaFormat::print(const Parts& given) const {
  const Parts p = in_utc_ && given.zone ? temporal::in_zone(given, Zone::offset(0)) : given;
  std::string out;
  std::vector<std::size_t> open;  // where each optional part began in `out`
  std::size_t skip = 0;           // optional parts that are left out, from the first
  for (const Token& t : tokens_) {
    if (t.letter == '[') {
      if (skip > 0) ++skip;
      open.push_back(out.size());
    } else if (t.letter == ']') {
      if (skip > 0) --skip;
      open.pop_back();
    } else if (skip == 0) {
      const bool there = has(t, p) && !(!open.empty() && t.letter == 'V' && !p.zone->is_named());
      if (there) {
        print_token(out, t, p);
      } else if (open.empty()) {
        refuse(std::string("the value has nothing for ") + t.letter);
      } else {
        out.resize(open.back());
        skip = 1;
      }
    }
  }
  return out;
}

void JavaFormat::print_token(std::string& out, const Token& t, const Parts& p) const {
  const std::int64_t nanos = p.nanos.value_or(0), second_of_day = nanos / calendar::nanos_per_second, hour = second_of_day / 3600;
  const auto civil = calendar::from_days(p.day.value_or(0));
  const auto name = [&](const auto& names, std::int64_t i) {
    const std::string_view all = names[static_cast<std::size_t>(i)];
    out += t.count == 3 ? all.substr(0, 3) : t.count == 5 ? all.substr(0, 1) : all;
  };
  switch (t.letter) {
    case 0: out += t.literal; break;
    case 'y':
    case 'u': out += t.count == 2 ? padded(calendar::floor_mod(civil.year, 100), 2) : padded(civil.year, t.count); break;
    case 'M':
    case 'L':
      if (t.count >= 3) return name(month_names, civil.month - 1);
      out += padded(civil.month, t.count);
      break;
    case 'Q':
    case 'q': out += padded(calendar::quarter_of(civil.month), t.count); break;
    case 'd': out += padded(civil.day, t.count); break;
    case 'D': out += padded(calendar::day_of_year(*p.day), t.count); break;
    case 'E': {
      const std::string_view all = day_names[static_cast<std::size_t>(calendar::day_of_week(*p.day) - 1)];
      out += t.count <= 3 ? all.substr(0, 3) : t.count == 5 ? all.substr(0, 1) : all;
      break;
    }
    case 'a': out += hour < 12 ? "AM" : "PM"; break;
    case 'H': out += padded(hour, t.count); break;
    case 'k': out += padded(hour == 0 ? 24 : hour, t.count); break;
    case 'K': out += padded(hour % 12, t.count); break;
    case 'h': out += padded(hour % 12 == 0 ? 12 : hour % 12, t.count); break;
    case 'm': out += padded(second_of_day / 60 % 60, t.count); break;
    case 's': out += padded(second_of_day % 60, t.count); break;
    case 'S': out += padded(nanos % calendar::nanos_per_second, 9).substr(0, t.count); break;
    case 'n': out += padded(nanos % calendar::nanos_per_second, t.count); break;
    case 'A': out += padded(nanos / 1'000'000, t.count); break;
    case 't':
      temporal::append_time(out, nanos, false);
      // An instant of Java has 0, 3, 6 or 9 digits of a second.
      while (in_utc_ && nanos % calendar::nanos_per_second != 0 && (out.size() - out.rfind('.') - 1) % 3 != 0) out += '0';
      break;
    case 'o': temporal::append_offset(out, offset_of(p)); break;
    case 'X': out += offset_text(offset_of(p), t.count, true); break;
    case 'x': out += offset_text(offset_of(p), t.count, false); break;
    case 'Z':
      if (t.count == 5) {
        out += offset_text(offset_of(p), 3, true);
      } else {
        out += (t.count == 4 ? "GMT" : "") + (t.count == 4 && offset_of(p) == 0 ? "" : offset_text(offset_of(p), t.count == 4 ? 3 : 2, false));
      }
      break;
    case 'O': out += "GMT" + (offset_of(p) == 0 ? "" : offset_text(offset_of(p), t.count == 4 ? 3 : 1, false)); break;
    default: out += temporal::zone_text(*p.zone); break;  // V, z
  }
}

}  // namespace packhouse::cypher::apoc
