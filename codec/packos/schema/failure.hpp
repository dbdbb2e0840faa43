#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "codec/packos/schema/node.hpp"

namespace packhouse::packos {

/// The codes of the original; `name(code)` spells them.
enum class Code : std::uint8_t {
  unknown, invalid_format, unexpected_eof, constraint_violated, encode, string_mismatch, string_prefix, string_suffix,
  string_pattern, string_match, string_email, string_url, string_lang, out_of_range, date_out_of_range,
};
std::string_view name(Code c);

/// Why a schema refuses something: the innermost schema, its code, what was found against what was
/// expected, and the way from the top to the element.
struct Failure {
  Code code;
  std::string_view schema;
  std::string what;
  std::string path;
};

/// Internal to codec/packos/schema; the public interface turns it into an Error.
template <class T>
using Checked = tl::expected<T, std::unique_ptr<Failure>>;
using Failed = tl::unexpected<std::unique_ptr<Failure>>;

[[gnu::cold, gnu::noinline]] inline Failed refuse(const Node& node, Code code, std::string what) {
  return Failed(std::make_unique<Failure>(code, node.name(), std::move(what), std::string()));
}
/// Puts a step before the path: ".age" or "[2]".
[[gnu::cold, gnu::noinline]] inline Failed within(std::unique_ptr<Failure> inner, std::string_view step) {
  inner->path.insert(0, step);
  return Failed(std::move(inner));
}
[[gnu::cold, gnu::noinline]] inline Failed within(std::unique_ptr<Failure> inner, std::size_t index) {
  return within(std::move(inner), "[" + std::to_string(index) + "]");
}
[[gnu::cold, gnu::noinline]] inline Failed within_key(std::unique_ptr<Failure> inner, std::string_view key) {
  return within(std::move(inner), "." + std::string(key));
}

}  // namespace packhouse::packos
