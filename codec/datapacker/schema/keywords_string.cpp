#include "base/utf8.hpp"
#include "codec/datapacker/schema/pattern.hpp"
#include "codec/json/reader.hpp"
#include "codec/json/writer.hpp"

// Lengths, patterns, formats and contents of strings.
namespace packhouse::datapacker::schema {
namespace {

/// ECMA-262 has escapes that RE2 writes otherwise: \uXXXX, \cX and \/.
std::string translated(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out.push_back(text[i]);
    } else if (text[i + 1] == 'u' && i + 5 < text.size() &&
               text.substr(i + 2, 4).find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos) {
      out.append("\\x{").append(text.substr(i + 2, 4)).append("}");
      i += 5;
    } else if (text[i + 1] == 'c' && i + 2 < text.size()) {
      constexpr std::string_view digits = "0123456789abcdef";
      const auto control = static_cast<unsigned char>(text[i + 2]) & 31U;
      out.append("\\x").append(1, digits[control >> 4]).append(1, digits[control & 15U]);
      i += 2;
    } else {
      out.append(text.substr(i++, 2));
    }
  }
  return out;
}

Compiled length_check(Compiler& c, const Keyword& k, bool least) {
  PACKHOUSE_TRY(const std::uint64_t limit, size_limit(c, k));
  return [limit, least](const Value& v, Run& run) {
    if (!v.is(Kind::string)) return;
    const std::size_t n = utf8::length(v.as_string());
    if (least ? n >= limit : n <= limit) return;
    run.fail([&] {
      return show(v) + (least ? " is shorter than " : " is longer than ") + std::to_string(limit) + " characters";
    });
  };
}

Compiled pattern_check(Compiler& c, const Keyword& k) {
  if (!k.value.is(Kind::string)) return c.refuse("pattern must be a string, found " + show(k.value));
  PACKHOUSE_TRY(const Pattern pattern, c.pattern(k.value.as_string()));
  return [pattern, &text = k.value](const Value& v, Run& run) {
    if (v.is(Kind::string) && !found_in(*pattern, v.as_string(), run))
      run.fail([&] { return show(v) + " does not match " + show(text); });
  };
}

Compiled format_check(Compiler& c, const Keyword& k) {
  if (!k.value.is(Kind::string)) return c.refuse("format must be a string, found " + show(k.value));
  return [&name = k.value](const Value& v, Run& run) {
    if (v.is(Kind::string) && !has_format(name.as_string(), v.as_string()))
      run.fail([&] { return show(v) + " is not a " + show(name); });
  };
}

bool is_json(std::string_view text) {
  Buffer out;
  codec::json::Writer writer(out);
  return codec::json::read(as_bytes(text), writer, {.typed = false}).has_value();
}

Compiled encoding_check(const Keyword& k) {
  if (!k.value.is(Kind::string) || k.value.as_string() != "base64") return std::nullopt;
  return [](const Value& v, Run& run) {
    if (v.is(Kind::string) && !is_base64(v.as_string())) run.fail([&] { return show(v) + " is not base64"; });
  };
}

/// What is encoded besides is not looked into.
Compiled media_check(const Keyword& k) {
  if (!k.value.is(Kind::string) || k.value.as_string() != "application/json" || k.other("contentEncoding"))
    return std::nullopt;
  return [](const Value& v, Run& run) {
    if (v.is(Kind::string) && !is_json(v.as_string())) run.fail([&] { return show(v) + " is not JSON"; });
  };
}

}  // namespace

Result<Pattern> compile_pattern(const Compiler& c, std::string_view text) {
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(most_pattern_bytes);
  auto pattern = std::make_shared<RE2>(translated(text), options);
  if (!pattern->ok()) return c.refuse(show(Value::string(text)) + " is not a \"regex\": " + pattern->error());
  return pattern;
}

Compiled compile_string(Compiler& c, const Keyword& k) {
  if (k.name == "minLength") return length_check(c, k, true);
  if (k.name == "maxLength") return length_check(c, k, false);
  if (k.name == "pattern") return pattern_check(c, k);
  if (k.name == "format") return format_check(c, k);
  // From 2019-09 on, these are only remarks.
  if (k.name == "contentEncoding" && c.has(Draft::d7) && c.draft() < Draft::d2019) return encoding_check(k);
  if (k.name == "contentMediaType" && c.has(Draft::d7) && c.draft() < Draft::d2019) return media_check(k);
  return std::nullopt;
}

}  // namespace packhouse::datapacker::schema
