#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "cypher/functions/apoc/apoc.hpp"

// apoc.text.*: words, upper and lower case.
namespace packhouse::cypher::apoc {
namespace {

char32_t upper(char32_t c) { return static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c))); }
char32_t lower(char32_t c) { return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c))); }

bool is_upper(char32_t c) { return utf8proc_category(static_cast<utf8proc_int32_t>(c)) == UTF8PROC_CATEGORY_LU; }

bool is_word(char32_t c) {
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO && category != UTF8PROC_CATEGORY_MN &&
         category != UTF8PROC_CATEGORY_MC && category != UTF8PROC_CATEGORY_ME;
}

using Codes = std::u32string;

Codes codes_of(std::string_view s) {
  Codes out;
  for (std::size_t at = 0; at < s.size();) out += utf8::decode(s, at);
  return out;
}

Value text_of_codes(CallContext& c, const Codes& codes) {
  std::string out;
  for (const char32_t code : codes) utf8::encode(code, out);
  return text(c.arena, out);
}

/// Pieces of letters and digits, also cut before a capital that follows something else, if wanted.
std::vector<Codes> words(const Codes& s, bool at_capitals) {
  std::vector<Codes> out;
  bool open = false;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (!is_word(s[i])) {
      open = false;
      continue;
    }
    const bool cut = at_capitals && open && is_upper(s[i]) && !is_upper(s[i - 1]);
    if (!open || cut) out.emplace_back();
    open = true;
    out.back() += s[i];
  }
  return out;
}

template <class Change>
Value changed(CallContext& c, std::string_view name, Arguments a, Change change) {
  if (a[0].is_null()) return Value();
  Codes s = codes_of(string_argument(name, a[0]));
  change(s);
  return text_of_codes(c, s);
}

void first_of_words(Codes& s, char32_t (*to)(char32_t)) {
  bool inside = false;
  for (char32_t& code : s) {
    const bool blank = code == ' ' || (code >= '\t' && code <= '\r');
    if (!blank && !inside) code = to(code);
    inside = !blank;
  }
}

Value capitalize(CallContext& c, Arguments a) {
  return changed(c, "apoc.text.capitalize", a, [](Codes& s) {
    if (!s.empty()) s[0] = upper(s[0]);
  });
}
Value decapitalize(CallContext& c, Arguments a) {
  return changed(c, "apoc.text.decapitalize", a, [](Codes& s) {
    if (!s.empty()) s[0] = lower(s[0]);
  });
}
Value capitalize_all(CallContext& c, Arguments a) {
  return changed(c, "apoc.text.capitalizeAll", a, [](Codes& s) { first_of_words(s, upper); });
}
Value decapitalize_all(CallContext& c, Arguments a) {
  return changed(c, "apoc.text.decapitalizeAll", a, [](Codes& s) { first_of_words(s, lower); });
}
Value swap_case(CallContext& c, Arguments a) {
  return changed(c, "apoc.text.swapCase", a, [](Codes& s) {
    for (char32_t& code : s) code = is_upper(code) ? lower(code) : upper(code);
  });
}

template <bool first_upper>
Value camel_case(CallContext& c, Arguments a) {
  return changed(c, "apoc.text.camelCase", a, [](Codes& s) {
    Codes out;
    for (const Codes& word : words(s, true)) {
      for (std::size_t i = 0; i < word.size(); ++i) out += i == 0 && (first_upper || !out.empty()) ? upper(word[i]) : lower(word[i]);
    }
    s = std::move(out);
  });
}

template <bool to_upper>
Value delimited(CallContext& c, Arguments a) {
  return changed(c, to_upper ? "apoc.text.toUpperCase" : "apoc.text.snakeCase", a, [](Codes& s) {
    Codes out;
    for (const Codes& word : words(s, true)) {
      if (!out.empty()) out += to_upper ? U'_' : U'-';
      for (const char32_t code : word) out += to_upper ? upper(code) : lower(code);
    }
    s = std::move(out);
  });
}

Value slug(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  const auto delimiter = text_or("apoc.text.slug", a, 1, "-");
  std::string out;
  bool first = true;
  for (const Codes& word : words(codes_of(string_argument("apoc.text.slug", a[0])), false)) {
    if (!first) out += delimiter;
    first = false;
    for (const char32_t code : word) utf8::encode(code, out);
  }
  return text(c.arena, out);
}

/// Only letters and digits of ASCII, in lower case; accents go, umlauts become two letters.
std::string cleaned(std::string_view s) {
  std::string spelled;
  static constexpr std::array umlauts{std::pair{U'Ä', "Ae"}, std::pair{U'Ö', "Oe"}, std::pair{U'Ü', "Ue"}, std::pair{U'ä', "ae"},
                                      std::pair{U'ö', "oe"}, std::pair{U'ü', "ue"}, std::pair{U'ß', "ss"}};
  for (std::size_t at = 0; at < s.size();) {
    const char32_t code = utf8::decode(s, at);
    const auto it = std::ranges::find(umlauts, code, &std::pair<char32_t, const char*>::first);
    if (it != umlauts.end()) {
      spelled += it->second;
      continue;
    }
    std::array<utf8proc_int32_t, 8> parts{};
    int boundary = 0;
    const auto n = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(code), parts.data(), static_cast<utf8proc_ssize_t>(parts.size()),
                                           UTF8PROC_DECOMPOSE, &boundary);
    for (utf8proc_ssize_t i = 0; i < std::min<utf8proc_ssize_t>(n, static_cast<utf8proc_ssize_t>(parts.size())); ++i)
      utf8::encode(static_cast<char32_t>(parts[static_cast<std::size_t>(i)]), spelled);
  }
  std::string out;
  for (const char x : spelled) {
    if ((x >= 'a' && x <= 'z') || (x >= '0' && x <= '9')) out += x;
    if (x >= 'A' && x <= 'Z') out += static_cast<char>(x + 32);
  }
  return out;
}

Value clean(CallContext& c, Arguments a) {
  return a[0].is_null() ? Value() : text(c.arena, cleaned(string_argument("apoc.text.clean", a[0])));
}

Value compare_cleaned(CallContext&, Arguments a) {
  if (a[0].is_null() || a[1].is_null()) return Value();
  return Value::boolean(cleaned(string_argument("apoc.text.compareCleaned", a[0])) == cleaned(string_argument("apoc.text.compareCleaned", a[1])));
}

}  // namespace

void add_text_case_functions(Functions& out) {
  FunctionFamily f(out, "apoc.text.");
  const auto add = [&](std::string_view name, std::string_view description, FunctionFamily::Call call) {
    f.add(name, {{"text", Type::string}}, 1, Type::string, description, call);
  };
  add("capitalize", "Begins a text with a capital.", capitalize);
  add("capitalizeAll", "Begins all words with a capital.", capitalize_all);
  add("decapitalize", "Begins a text with a small letter.", decapitalize);
  add("decapitalizeAll", "Begins all words with a small letter.", decapitalize_all);
  add("swapCase", "Turns capitals into small letters and back.", swap_case);
  add("camelCase", "Joins the words of a text: camelCase.", camel_case<false>);
  add("upperCamelCase", "Joins the words of a text: CamelCase.", camel_case<true>);
  add("snakeCase", "Joins the words of a text: snake-case.", delimited<false>);
  add("toUpperCase", "Joins the words of a text: UPPER_CASE.", delimited<true>);
  add("clean", "Keeps the letters and digits of a text, in lower case and without accents.", clean);
  f.add("slug", {{"text", Type::string}, {"delimiter", Type::string}}, 1, Type::string, "Joins the words of a text with a delimiter.", slug);
  f.add("compareCleaned", {{"text1", Type::string}, {"text2", Type::string}}, 2, Type::boolean, "Compares two texts once they are cleaned.",
        compare_cleaned);
}

}  // namespace packhouse::cypher::apoc
