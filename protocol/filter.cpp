#include <array>

#include "protocol/decode.hpp"
#include "protocol/extra.hpp"
#include "protocol/failure.hpp"

namespace packhouse::protocol {
namespace {

constexpr std::array<std::string_view, 9> categories{
    "HINT", "UNRECOGNIZED", "UNSUPPORTED", "PERFORMANCE", "DEPRECATION", "SECURITY", "TOPOLOGY", "SCHEMA", "GENERIC",
};
constexpr std::array<std::string_view, 3> severities{"OFF", "WARNING", "INFORMATION"};

std::string in_quotes(std::string_view s) {
  return '"' + std::string(s) + '"';
}

Result<std::optional<Severity>> decode_severity(const Extra& extra) {
  constexpr std::string_view key = "notifications_minimum_severity";
  PACKHOUSE_TRY(const auto text, extra.text(key));
  if (!text) return std::nullopt;
  for (std::size_t i = 0; i < severities.size(); ++i) {
    if (severities[i] == *text) return static_cast<Severity>(i);
  }
  return tl::make_unexpected(bad_value(extra.name(key), in_quotes(*text), "OFF, WARNING or INFORMATION"));
}

}  // namespace

std::string_view name(Category c) {
  return categories[static_cast<std::size_t>(c)];
}

std::optional<Category> category_of(std::string_view text) {
  for (std::size_t i = 0; i < categories.size(); ++i) {
    if (categories[i] == text) return static_cast<Category>(i);
  }
  return std::nullopt;
}

Result<NotificationFilter> decode_filter(const Extra& extra, const Features& features) {
  NotificationFilter filter;
  if (!features.has(Feature::notification_filters)) return filter;
  PACKHOUSE_TRY(filter.minimum, decode_severity(extra));
  // The same list under two names; an unknown name in it is an error under the older one only (BOLT.md 9.5).
  const bool renamed = features.has(Feature::classifications);
  const std::string_view key = renamed ? "notifications_disabled_classifications" : "notifications_disabled_categories";
  if (!extra.given(key)) return filter;
  PACKHOUSE_TRY(const auto names, extra.texts(key));
  std::uint16_t disabled = 0;
  for (const std::string_view n : names) {
    if (const auto category = category_of(n)) {
      disabled = static_cast<std::uint16_t>(disabled | 1u << static_cast<unsigned>(*category));
    } else if (!renamed) {
      return tl::make_unexpected(
          bad_value("every item of " + extra.name(key), in_quotes(n), "a category of notifications"));
    }
  }
  filter.disabled = disabled;
  return filter;
}

}  // namespace packhouse::protocol
