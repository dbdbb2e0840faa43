#include "tdtp/packet.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/ascii.hpp"
#include "tdtp/text.hpp"

namespace packhouse::tdtp {

namespace {

bool same_name(std::string_view a, std::string_view b) {
  if (a.size() == b.size() && same_ignoring_case(a, b)) return true;
  const bool ascii = std::ranges::all_of(a, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return !ascii && lower(a) == lower(b);
}

Result<void> check_decimal(const Field& f) {
  const std::int64_t precision = f.precision == 0 ? 18 : f.precision;
  const std::int64_t scale = f.scale == 0 ? 2 : f.scale;
  const std::string name = "field '" + f.name + "' DECIMAL ";
  if (precision < 1 || precision > 38) return fail(Status::argument_error, name + "precision must be between 1 and 38");
  if (scale < 0 || scale > precision)
    return fail(Status::argument_error, name + "scale must be between 0 and precision");
  return ok;
}

}  // namespace

std::optional<std::size_t> Schema::find(std::string_view name) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> Schema::find_ignoring_case(std::string_view name) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (same_name(fields[i].name, name)) return i;
  }
  return std::nullopt;
}

Result<void> Schema::check() const {
  if (fields.empty()) return fail(Status::argument_error, "schema must have at least one field");
  std::unordered_set<std::string_view> seen;
  for (const Field& f : fields) {
    if (f.name.empty()) return fail(Status::argument_error, "field name cannot be empty");
    if (!seen.insert(f.name).second) return fail(Status::argument_error, "duplicate field name: " + f.name);
    if (f.kind() == Type::unknown)
      return fail(Status::argument_error, "invalid type '" + f.type + "' for field '" + f.name + "'");
    if (f.kind() == Type::decimal) PACKHOUSE_CHECK(check_decimal(f));
  }
  return ok;
}

bool is_message_type(std::string_view type) {
  static constexpr std::array<std::string_view, 7> types{"reference", "request", "response", "alarm",
                                                         "error",     "DATA",    "ACK"};
  return std::ranges::find(types, type) != types.end();
}

}  // namespace packhouse::tdtp
