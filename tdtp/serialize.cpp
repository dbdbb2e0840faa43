#include "tdtp/serialize.hpp"

#include "tdtp/base64.hpp"
#include "tdtp/json/document.hpp"
#include "tdtp/text.hpp"
#include "tdtp/time.hpp"

namespace packhouse::tdtp {

Result<std::string> serialize_value(std::string_view type, std::string_view value, const Limits& limits) {
  const std::string name = upper(type);
  if (name == "BLOB") {
    auto bytes = hex_decode(value);
    if (!bytes) return tl::make_unexpected(std::move(bytes).error().in("BLOB: invalid hex input: "));
    return base64_encode(*bytes);
  }
  if (name == "TIMESTAMP" || name == "DATETIME") {
    if (const auto t = parse_any_time(value)) return format_seconds(t->seconds);
    return fail(Status::argument_error, "TIMESTAMP: cannot parse " + quoted(value) + ": no matching format");
  }
  if (name == "JSON" || name == "JSONB") {
    auto text = json::compact(value, limits.depth);
    if (!text) return tl::make_unexpected(std::move(text).error().in("JSON: invalid input: "));
    return text;
  }
  return std::string(value);
}

}  // namespace packhouse::tdtp
