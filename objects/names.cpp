#include "objects/names.hpp"

#include <algorithm>
#include <cctype>
#include <random>

namespace packhouse::objects {
namespace {

constexpr std::string_view digits = "0123456789abcdef";
constexpr std::size_t most_name = 200;

int digit(char c) {
  const std::size_t at = digits.find(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

/// The digits of a UUID in its usual form, without the dashes; other texts as they are.
std::string without_dashes(std::string_view text) {
  std::string out(text);
  if (text.size() == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-') std::erase(out, '-');
  return out;
}

bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return digit(c) >= 0; });
}

void fill(std::array<std::byte, 16>& bytes, std::string_view hex) {
  for (std::size_t i = 0; i < hex.size(); ++i) bytes[i / 2] = bytes[i / 2] << 4 | static_cast<std::byte>(digit(hex[i]));
}

template <std::size_t N>
void fill_random(std::array<std::byte, N>& bytes, std::size_t from) {
  thread_local std::mt19937_64 engine{(std::uint64_t{std::random_device{}()} << 32) ^ std::random_device{}()};
  for (std::size_t i = from; i < N; ++i) bytes[i] = static_cast<std::byte>(engine() >> 56);
}

}  // namespace

std::string uuid_text(Bytes sixteen) {
  std::string out;
  for (std::size_t i = 0; i < sixteen.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += digits[std::to_integer<std::size_t>(sixteen[i] >> 4)];
    out += digits[std::to_integer<std::size_t>(sixteen[i] & std::byte{15})];
  }
  return out;
}

bool looks_like_class_id(std::string_view text) {
  return text.size() >= 6 && text.size() <= 36 && all_digits(without_dashes(text));
}

Result<ParsedClassId> parse_class_id(std::string_view text) {
  constexpr std::size_t shortest = 6, usual = 8, longest = 32;
  const std::string hex = without_dashes(text);
  if (hex.size() < shortest || hex.size() > longest || hex.size() % 2 != 0 || !all_digits(hex)) {
    return fail(Status::argument_error,
                "'" + std::string(text) + "' is not a class id: expected an even number of 8 to 32 hexadecimal digits");
  }
  ParsedClassId out;
  fill(out.id.bytes, hex);
  if (hex.size() < usual) {
    out.warning = "class id '" + std::string(text) + "' has less than 8 hexadecimal digits and was filled with zeros to " +
                  objects::text(out.id);
  }
  return out;
}

Result<ObjectId> parse_object_id(std::string_view text) {
  const std::string hex = without_dashes(text);
  if (hex.size() != 32 || !all_digits(hex)) {
    return fail(Status::argument_error, "'" + std::string(text) + "' is not an object's id: expected a UUID");
  }
  ObjectId id;
  fill(id.bytes, hex);
  return id;
}

ObjectId fresh_object_id(Instant now) {
  ObjectId id;
  const auto millis = static_cast<std::uint64_t>(now.seconds * 1000 + now.nanos / 1'000'000);
  for (std::size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::byte>(millis >> (40 - 8 * i));
  fill_random(id.bytes, 6);
  id.bytes[6] = (id.bytes[6] & std::byte{0x0F}) | std::byte{0x70};
  id.bytes[8] = (id.bytes[8] & std::byte{0x3F}) | std::byte{0x80};
  return id;
}

ClassId fresh_class_id() {
  ClassId id;
  fill_random(id.bytes, 0);
  return id;
}

Result<void> check_component_name(std::string_view what, std::string_view name) {
  const auto version = std::ranges::search(name, std::string_view("@v"));
  const bool versioned = !version.empty() && version.end() != name.end() && std::isdigit(static_cast<unsigned char>(*version.end()));
  if (versioned && name.size() <= most_name) return ok;
  return fail(Status::argument_error, "Expected a versioned name for the " + std::string(what) +
                                          ", of the form '<name>@v<version>', but got '" + std::string(name.substr(0, most_name)) + "'");
}

}  // namespace packhouse::objects
