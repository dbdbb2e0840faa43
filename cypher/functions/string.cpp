#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/utf8.hpp"
#include "cypher/functions/families.hpp"

namespace packhouse::cypher {
namespace {

using Arguments = std::span<const Value>;

Value map_case(CallContext& c, std::string_view s, utf8proc_int32_t (*to)(utf8proc_int32_t)) {
  std::string out;
  out.reserve(s.size());
  for (std::size_t at = 0; at < s.size();) {
    const char32_t code = utf8::decode(s, at);
    if (code == U'ß' && to == utf8proc_toupper) {  // the one common letter whose upper case is two letters
      out += "SS";
    } else {
      utf8::encode(static_cast<char32_t>(to(static_cast<utf8proc_int32_t>(code))), out);
    }
  }
  return text(c.arena, out);
}

Value to_upper(CallContext& c, Arguments a) { return map_case(c, string_argument("toUpper", a[0]), utf8proc_toupper); }
Value to_lower(CallContext& c, Arguments a) { return map_case(c, string_argument("toLower", a[0]), utf8proc_tolower); }

bool is_blank(char32_t c) {
  if (c <= 0x20) return true;
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

/// Strips the characters of `set` (blanks when there is no set) from the chosen ends.
std::string_view strip(std::string_view s, const Value* set, bool front, bool back) {
  const auto drops = [&](char32_t c) {
    if (!set) return is_blank(c);
    const std::string_view chars = set->as_string();
    for (std::size_t at = 0; at < chars.size();) {
      if (utf8::decode(chars, at) == c) return true;
    }
    return false;
  };
  while (front && !s.empty()) {
    std::size_t at = 0;
    if (!drops(utf8::decode(s, at))) break;
    s.remove_prefix(at);
  }
  while (back && !s.empty()) {
    std::size_t start = s.size() - 1;
    while (start > 0 && (static_cast<unsigned char>(s[start]) & 0xC0) == 0x80) --start;
    std::size_t at = start;
    if (!drops(utf8::decode(s, at))) break;
    s.remove_suffix(s.size() - start);
  }
  return s;
}

template <bool front, bool back>
Value trim(CallContext&, Arguments a) {
  const auto s = string_argument("trim", a[0]);
  if (a.size() > 1) (void)string_argument("trim", a[1]);
  return Value::string(strip(s, a.size() > 1 ? &a[1] : nullptr, front, back));
}

Value replace(CallContext& c, Arguments a) {
  const auto s = string_argument("replace", a[0]), from = string_argument("replace", a[1]), to = string_argument("replace", a[2]);
  std::string out;
  std::size_t at = 0;
  if (from.empty()) {  // as Java: between all characters and at both ends
    out = to;
    while (at < s.size()) {
      const std::size_t begin = at;
      (void)utf8::decode(s, at);
      out.append(s.substr(begin, at - begin)).append(to);
    }
    return text(c.arena, out);
  }
  for (std::size_t hit; (hit = s.find(from, at)) != s.npos; at = hit + from.size()) {
    out.append(s.substr(at, hit - at)).append(to);
  }
  return text(c.arena, out.append(s.substr(at)));
}

std::size_t length_argument(std::string_view function, const Value& v) {
  const std::int64_t n = integer_argument(function, v);
  if (n < 0) {
    throw QueryError(Status::argument_error, "Invalid input for length value in function '" + std::string(function) +
                                                 "()': expected a non-negative Integer but got " + std::to_string(n));
  }
  return static_cast<std::size_t>(n);
}

Value substring(CallContext&, Arguments a) {
  const auto s = string_argument("substring", a[0]);
  const std::size_t from = length_argument("substring", a[1]);
  return Value::string(utf8::substr(s, from, a.size() > 2 ? length_argument("substring", a[2]) : utf8::npos));
}

Value left(CallContext&, Arguments a) {
  return Value::string(utf8::substr(string_argument("left", a[0]), 0, length_argument("left", a[1])));
}

Value right(CallContext&, Arguments a) {
  const auto s = string_argument("right", a[0]);
  const std::size_t n = utf8::length(s), keep = length_argument("right", a[1]);
  return Value::string(utf8::substr(s, n > keep ? n - keep : 0));
}

Value list_of_texts(CallContext& c, const std::vector<std::string_view>& parts) {
  const auto out = c.arena.array<Value>(parts.size());
  std::ranges::transform(parts, out.begin(), [](std::string_view p) { return Value::string(p); });
  return Value::list(out);
}

Value split(CallContext& c, Arguments a) {
  const auto s = string_argument("split", a[0]);
  std::vector<std::string_view> delimiters;
  if (a[1].is(Kind::list)) {
    for (const Value& d : a[1].as_list()) delimiters.push_back(string_argument("split", d));
  } else {
    delimiters.push_back(string_argument("split", a[1]));
  }
  std::vector<std::string_view> parts;
  if (delimiters.size() == 1 && delimiters[0].empty()) {  // one part a character
    for (std::size_t at = 0; at < s.size();) {
      const std::size_t begin = at;
      (void)utf8::decode(s, at);
      parts.push_back(s.substr(begin, at - begin));
    }
    if (s.empty()) parts.push_back(s);
    return list_of_texts(c, parts);
  }
  std::size_t begin = 0;
  for (std::size_t at = 0; at < s.size();) {
    const auto hit = std::ranges::find_if(delimiters, [&](std::string_view d) { return !d.empty() && s.substr(at).starts_with(d); });
    if (hit == delimiters.end()) {
      ++at;
      continue;
    }
    parts.push_back(s.substr(begin, at - begin));
    begin = at = at + hit->size();
  }
  parts.push_back(s.substr(begin));
  return list_of_texts(c, parts);
}

Value reverse(CallContext& c, Arguments a) {
  if (a[0].is(Kind::list)) {
    const auto items = a[0].as_list();
    const auto out = c.arena.array<Value>(items.size());
    std::ranges::reverse_copy(items, out.begin());
    return Value::list(out);
  }
  const auto s = string_argument("reverse", a[0]);
  std::string out;
  out.reserve(s.size());
  for (std::size_t end = s.size(); end > 0;) {
    std::size_t start = end - 1;
    while (start > 0 && (static_cast<unsigned char>(s[start]) & 0xC0) == 0x80) --start;
    out.append(s.substr(start, end - start));
    end = start;
  }
  return text(c.arena, out);
}

Value normalize(CallContext& c, Arguments a) {
  const auto s = string_argument("normalize", a[0]);
  const std::string_view form = a.size() > 1 ? string_argument("normalize", a[1]) : "NFC";
  int options = UTF8PROC_STABLE;
  if (form == "NFC" || form == "NFKC") {
    options |= UTF8PROC_COMPOSE;
  } else if (form == "NFD" || form == "NFKD") {
    options |= UTF8PROC_DECOMPOSE;
  } else {
    throw QueryError(Status::argument_error, "Unknown normal form '" + std::string(form) + "'; expected NFC, NFD, NFKC or NFKD");
  }
  if (form.size() == 4) options |= UTF8PROC_COMPAT;
  utf8proc_uint8_t* made = nullptr;
  const auto n = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(s.data()), static_cast<utf8proc_ssize_t>(s.size()), &made,
                              static_cast<utf8proc_option_t>(options));
  if (n < 0) throw QueryError(Status::argument_error, std::string("normalize(): ") + utf8proc_errmsg(n));
  const Value out = text(c.arena, {reinterpret_cast<const char*>(made), static_cast<std::size_t>(n)});
  std::free(made);
  return out;
}

}  // namespace

void add_string_functions(Functions& out) {
  const auto add = [&](std::string_view name, std::string_view display, std::string_view description,
                       std::vector<Argument> arguments, std::size_t required, Value (*call)(CallContext&, Arguments),
                       Type result = Type::string) {
    out.push_back({.name = name, .display = display, .category = "String", .description = description,
                   .arguments = std::move(arguments), .required = required, .result = result, .call = call});
  };
  const Argument input{"input", Type::string};
  for (const auto& [name, display] : {std::pair{"toupper", "toUpper"}, std::pair{"upper", "upper"}}) {
    add(name, display, "Returns the string in upper case.", {input}, 1, to_upper);
  }
  for (const auto& [name, display] : {std::pair{"tolower", "toLower"}, std::pair{"lower", "lower"}}) {
    add(name, display, "Returns the string in lower case.", {input}, 1, to_lower);
  }
  const Argument set{"trimCharacterString", Type::string};
  add("trim", "trim", "Strips blanks at both ends.", {input, set}, 1, trim<true, true>);
  add("btrim", "btrim", "Strips blanks, or the given characters, at both ends.", {input, set}, 1, trim<true, true>);
  add("ltrim", "ltrim", "Strips blanks, or the given characters, at the start.", {input, set}, 1, trim<true, false>);
  add("rtrim", "rtrim", "Strips blanks, or the given characters, at the end.", {input, set}, 1, trim<false, true>);
  add("replace", "replace", "Replaces all occurrences of a text.",
      {{"original", Type::string}, {"search", Type::string}, {"replace", Type::string}}, 3, replace);
  add("substring", "substring", "Returns a part of the string by start (from 0) and length.",
      {{"original", Type::string}, {"start", Type::integer}, {"length", Type::integer}}, 2, substring);
  add("left", "left", "Returns the first characters.", {{"original", Type::string}, {"length", Type::integer}}, 2, left);
  add("right", "right", "Returns the last characters.", {{"original", Type::string}, {"length", Type::integer}}, 2, right);
  add("split", "split", "Splits the string at a delimiter or at any of several.",
      {{"original", Type::string}, {"delimiter", Type::string | Type::list}}, 2, split, Type::list);
  add("reverse", "reverse", "Returns the characters of a string, or the items of a list, in reverse order.",
      {{"input", Type::string | Type::list}}, 1, reverse, Type::string | Type::list);
  add("normalize", "normalize", "Returns the string in a Unicode normal form.", {input, {"normalForm", Type::string}}, 1, normalize);
  for (const auto& [name, display] : {std::pair{"char_length", "char_length"}, std::pair{"character_length", "character_length"}}) {
    add(name, display, "Returns the number of characters.", {input}, 1,
        [](CallContext&, Arguments a) {
          return Value::integer(static_cast<std::int64_t>(utf8::length(string_argument("char_length", a[0]))));
        },
        Type::integer);
  }
}

}  // namespace packhouse::cypher
