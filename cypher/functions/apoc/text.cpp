#include <algorithm>
#include <memory>

#include "base/utf8.hpp"
#include "cypher/functions/apoc/apoc.hpp"
#include "cypher/functions/apoc/regex.hpp"

// apoc.text.*: joining, splitting, searching, padding.
namespace packhouse::cypher::apoc {

const RE2& regex(std::string_view pattern) {
  thread_local std::unique_ptr<RE2> last;
  if (!last || std::string_view(last->pattern()) != pattern) last = std::make_unique<RE2>(piece(pattern), RE2::Quiet);
  if (!last->ok()) throw QueryError(Status::syntax_error, "Invalid regular expression '" + std::string(pattern) + "': " + last->error());
  return *last;
}

std::string rewrite_of(std::string_view java, const RE2& machine, std::string_view function) {
  std::string out;
  for (std::size_t i = 0; i < java.size(); ++i) {
    if (java[i] == '\\' && i + 1 < java.size()) {
      ++i;
      out += java[i] == '\\' ? std::string("\\\\") : std::string(1, java[i]);
    } else if (java[i] == '\\') {
      out += "\\\\";
    } else if (java[i] == '$' && i + 1 < java.size() && java[i + 1] >= '0' && java[i + 1] <= '9') {
      const int group = java[++i] - '0';
      if (group > machine.NumberOfCapturingGroups()) function_failed(function, "No group " + std::to_string(group));
      out += '\\';
      out += java[i];
    } else {
      out += java[i];
    }
  }
  return out;
}

namespace {

std::vector<std::string> texts_of(std::string_view function, const Value& list) {
  std::vector<std::string> out;
  for (const Value& v : list_or_empty(function, list)) out.push_back(v.is_null() ? "null" : text_of(v));
  return out;
}

Value join(CallContext& c, Arguments a) {
  if (a[0].is_null() || a[1].is_null()) return Value();
  const auto delimiter = string_argument("apoc.text.join", a[1]);
  std::string out;
  bool first = true;
  for (const auto& s : texts_of("apoc.text.join", a[0])) {
    if (!first) out += delimiter;
    first = false;
    out += s;
  }
  return text(c.arena, out);
}

/// RE2 replaces without a bound: where the result may be large, the matches are counted first.
void bound_replacement(CallContext& c, const RE2& machine, std::string_view s, const std::string& rewrite) {
  std::uint64_t matches = s.size() + 1;
  if (std::uint64_t coarse = 0; __builtin_mul_overflow(matches, rewrite.size(), &coarse) || coarse > (1U << 20)) {
    matches = 1;
    re2::StringPiece match;
    for (std::size_t at = 0; at <= s.size() && machine.Match(piece(s), at, s.size(), RE2::UNANCHORED, &match, 1); ++matches) {
      c.exec.check();
      at = static_cast<std::size_t>(match.data() - s.data()) + std::max<std::size_t>(1, match.size());
    }
  }
  bound_copies(c, matches, 2 * rewrite.size());
  bound_copies(c, static_cast<std::uint64_t>(std::ranges::count(rewrite, '\\')) + 1, 2 * s.size());  // what groups bring along
}

Value replace(CallContext& c, Arguments a) {
  constexpr std::string_view name = "apoc.text.replace";
  if (a[0].is_null() || a[1].is_null() || a[2].is_null()) return Value();
  const RE2& machine = regex(string_argument(name, a[1]));
  const std::string rewrite = rewrite_of(string_argument(name, a[2]), machine, name);
  std::string out(string_argument(name, a[0]));
  bound_replacement(c, machine, out, rewrite);
  RE2::GlobalReplace(&out, machine, rewrite);
  return text(c.arena, out);
}

/// As Java splits: no empty text before the first match at the start, and with limit 0 none at the end.
Value split(CallContext& c, Arguments a) {
  constexpr std::string_view name = "apoc.text.split";
  if (a[0].is_null() || a[1].is_null()) return Value();
  const auto s = string_argument(name, a[0]);
  const RE2& machine = regex(string_argument(name, a[1]));
  const std::int64_t limit = integer_or(name, a, 2, 0);
  std::vector<Value> out;
  std::size_t from = 0, at = 0;
  re2::StringPiece match;
  while (at <= s.size() && (limit <= 0 || static_cast<std::int64_t>(out.size()) < limit - 1) &&
         machine.Match(piece(s), at, s.size(), RE2::UNANCHORED, &match, 1)) {
    const auto begin = static_cast<std::size_t>(match.data() - s.data()), end = begin + match.size();
    if (end > 0 && !(match.empty() && begin >= s.size())) {
      out.push_back(Value::string(s.substr(from, begin - from)));
      from = end;
    }
    at = match.empty() ? end + 1 : end;
    while (at < s.size() && (static_cast<unsigned char>(s[at]) & 0xC0) == 0x80) ++at;
  }
  if (out.empty()) return list_value(c, a.first(1));
  out.push_back(Value::string(s.substr(from)));
  while (limit == 0 && !out.empty() && out.back().as_string().empty()) out.pop_back();
  return list_value(c, out);
}

Value regex_groups(CallContext& c, Arguments a) {
  constexpr std::string_view name = "apoc.text.regexGroups";
  if (a[0].is_null() || a[1].is_null()) return Value::list({});
  const auto s = string_argument(name, a[0]);
  const RE2& machine = regex(string_argument(name, a[1]));
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(machine.NumberOfCapturingGroups()) + 1);
  std::vector<Value> out;
  for (std::size_t at = 0; at <= s.size();) {
    c.exec.check();
    if (!machine.Match(piece(s), at, s.size(), RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()))) break;
    std::vector<Value> found;
    for (const auto& g : groups) found.push_back(g.data() ? Value::string({g.data(), g.size()}) : Value());
    out.push_back(list_value(c, found));
    at = static_cast<std::size_t>(groups[0].data() - s.data()) + std::max<std::size_t>(1, groups[0].size());
    while (at < s.size() && (static_cast<unsigned char>(s[at]) & 0xC0) == 0x80) ++at;
  }
  return list_value(c, out);
}

// ---- places: characters are code points ---------------------------------------------------------------------------

std::u32string codes_of(std::string_view s) {
  std::u32string out;
  for (std::size_t at = 0; at < s.size();) out += utf8::decode(s, at);
  return out;
}

/// Where `lookup` is in `text` from a place up to another one (-1: the end).
std::vector<std::int64_t> places(std::string_view function, Arguments a, bool all) {
  const std::u32string s = codes_of(string_argument(function, a[0])), lookup = codes_of(string_argument(function, a[1]));
  const auto size = static_cast<std::int64_t>(s.size());
  const std::int64_t from = std::max<std::int64_t>(0, integer_or(function, a, 2, 0)), to = integer_or(function, a, 3, -1);
  const std::int64_t end = to < 0 || to > size ? size : to;
  std::vector<std::int64_t> out;
  if (lookup.empty() || from >= end) return out;
  const std::u32string_view part(s.data(), static_cast<std::size_t>(end));
  for (std::size_t at = part.find(lookup, static_cast<std::size_t>(from)); at != std::u32string_view::npos;
       at = part.find(lookup, at + lookup.size())) {
    out.push_back(static_cast<std::int64_t>(at));
    if (!all) break;
  }
  return out;
}

Value index_of(CallContext&, Arguments a) {
  if (a[0].is_null()) return Value();
  if (a[1].is_null()) return Value::integer(-1);
  const auto found = places("apoc.text.indexOf", a, false);
  return Value::integer(found.empty() ? -1 : found[0]);
}

Value indexes_of(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  std::vector<Value> out;
  if (!a[1].is_null()) {
    for (const std::int64_t i : places("apoc.text.indexesOf", a, true)) out.push_back(Value::integer(i));
  }
  return list_value(c, out);
}

Value code_point(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  const std::int64_t code = integer_argument("apoc.text.code", a[0]);
  if (code < 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return Value();
  std::string out;
  utf8::encode(static_cast<char32_t>(code), out);
  return text(c.arena, out);
}

Value char_at(CallContext&, Arguments a) {
  if (a[0].is_null() || a[1].is_null()) return Value();
  const std::u32string s = codes_of(string_argument("apoc.text.charAt", a[0]));
  const std::int64_t i = integer_argument("apoc.text.charAt", a[1]);
  return i < 0 || static_cast<std::size_t>(i) >= s.size() ? Value() : Value::integer(static_cast<std::int64_t>(s[static_cast<std::size_t>(i)]));
}

void repeat_into(CallContext& c, std::string& out, std::string_view s, std::uint64_t times) {
  for (std::uint64_t i = 0; i < times; ++i) {
    if ((i & 0xFFFF) == 0) c.exec.check();
    out += s;
  }
}

template <bool left>
Value pad(CallContext& c, Arguments a) {
  constexpr std::string_view name = left ? "apoc.text.lpad" : "apoc.text.rpad";
  if (a[0].is_null() || a[1].is_null()) return Value();
  const auto s = string_argument(name, a[0]), with = text_or(name, a, 2, " ");
  const auto size = static_cast<std::int64_t>(utf8::length(s)), wanted = integer_argument(name, a[1]);
  if (wanted <= size || with.empty()) return a[0];
  const auto missing = static_cast<std::size_t>(wanted - size), each = utf8::length(with);
  bound_copies(c, missing / each + 1, 2 * with.size());  // here and in the arena
  std::string out(left ? std::string_view() : s);
  repeat_into(c, out, with, missing / each);
  out += utf8::substr(with, 0, missing % each);
  if (left) out += s;
  return text(c.arena, out);
}

Value repeat(CallContext& c, Arguments a) {
  if (a[0].is_null() || a[1].is_null()) return Value();
  const auto s = string_argument("apoc.text.repeat", a[0]);
  const std::int64_t n = integer_argument("apoc.text.repeat", a[1]);
  if (n < 0) function_failed("apoc.text.repeat", "the count must not be negative");
  if (s.empty()) return a[0];
  bound_copies(c, static_cast<std::uint64_t>(n), 2 * s.size());  // here and in the arena
  std::string out;
  out.reserve(static_cast<std::size_t>(n) * s.size());
  repeat_into(c, out, s, static_cast<std::uint64_t>(n));
  return text(c.arena, out);
}

Value byte_count(CallContext&, Arguments a) {
  constexpr std::string_view name = "apoc.text.byteCount";
  if (a[0].is_null()) return Value();
  const auto charset = text_or(name, a, 1, "UTF-8");
  if (charset != "UTF-8" && charset != "utf-8" && charset != "UTF8") function_failed(name, "only UTF-8 is supported");
  return integer_value(string_argument(name, a[0]).size());
}

Value hex_value(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  const auto v = static_cast<std::uint64_t>(integer_argument("apoc.text.hexValue", a[0]));
  const int digits = v > 0xFFFFFFFF ? 16 : v > 0xFFFF ? 8 : 4;
  std::string out;
  for (int i = digits - 1; i >= 0; --i) out += "0123456789ABCDEF"[v >> (4 * i) & 15];
  return text(c.arena, out);
}

}  // namespace

void add_text_functions(Functions& out) {
  FunctionFamily f(out, "apoc.text.");
  const Argument s{"text", Type::string}, pattern{"regex", Type::string}, count{"count", Type::integer}, delimiter{"delimiter", Type::string},
      lookup{"lookup", Type::string}, from{"from", Type::integer}, to{"to", Type::integer};
  f.add("join", {{"texts", Type::list}, delimiter}, 2, Type::string, "Joins texts.", join);
  f.add("replace", {s, pattern, {"replacement", Type::string}}, 3, Type::string, "Replaces what matches a regular expression.", replace);
  f.add("regreplace", {s, pattern, {"replacement", Type::string}}, 3, Type::string, "Replaces what matches a regular expression.", replace);
  f.add("split", {s, pattern, {"limit", Type::integer}}, 2, Type::list, "Splits a text where a regular expression matches.", split);
  f.add("regexGroups", {s, pattern}, 2, Type::list, "Returns all matches of a regular expression with their groups.", regex_groups);
  f.add("indexOf", {s, lookup, from, to}, 2, Type::integer, "Returns the first place of a text in another one, from 0, or -1.", index_of);
  f.add("indexesOf", {s, lookup, from, to}, 2, Type::list, "Returns all places of a text in another one.", indexes_of);
  f.add("code", {{"codepoint", Type::integer}}, 1, Type::string, "Returns the character of a code point.", code_point);
  f.add("charAt", {s, {"index", Type::integer}}, 2, Type::integer, "Returns the code point of a character.", char_at);
  f.add("lpad", {s, count, delimiter}, 2, Type::string, "Fills a text from the left.", pad<true>);
  f.add("rpad", {s, count, delimiter}, 2, Type::string, "Fills a text from the right.", pad<false>);
  f.add("repeat", {{"item", Type::string}, count}, 2, Type::string, "Repeats a text.", repeat);
  f.add("byteCount", {s, {"charset", Type::string}}, 1, Type::integer, "Counts the bytes of a text.", byte_count);
  f.add("hexValue", {{"value", Type::integer}}, 1, Type::string, "Writes a number in hexadecimal digits.", hex_value);
}

}  // namespace packhouse::cypher::apoc
