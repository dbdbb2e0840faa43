#include "handlers/bookmark.hpp"

#include <charconv>
#include <optional>

namespace packhouse::handlers {
namespace {

constexpr std::string_view prefix = "PH:";
constexpr std::size_t id_digits = 32, sequence_digits = 16, check_digits = 8;

/// FNV-1a, folded to 32 bits: guards against slips, not against forgery (a bookmark grants nothing).
std::uint32_t check_sum(std::string_view text) {
  std::uint64_t h = 0xCBF29CE484222325ULL;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return static_cast<std::uint32_t>(h ^ h >> 32);
}

std::string hex(std::uint64_t v, std::size_t digits) {
  std::string out(digits, '0');
  for (std::size_t i = digits; i-- > 0; v >>= 4) out[i] = "0123456789abcdef"[v & 15];
  return out;
}

std::optional<std::uint64_t> unhex(std::string_view s) {
  std::uint64_t v = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), v, 16);
  if (error != std::errc() || end != s.data() + s.size()) return std::nullopt;
  return v;
}

/// The store's id as digits only, so that ids with and without dashes read the same.
std::string id_of(const storage::Store& store) {
  std::string out;
  for (const char c : store.uuid()) {
    if (c != '-') out += c;
  }
  out.resize(id_digits, '0');
  return out;
}

tl::unexpected<Error> bad(std::string_view bookmark, std::string_view why) {
  return fail(Status::invalid_bookmark, "Parsing of supplied bookmark '" + std::string(bookmark) + "' failed: " + std::string(why));
}

}  // namespace

std::string make_bookmark(const storage::Store& store, std::uint64_t sequence) {
  const std::string body = id_of(store) + hex(sequence, sequence_digits);
  return std::string(prefix) + body + hex(check_sum(body), check_digits);
}

Result<void> check_bookmarks(const storage::Store& store, std::span<const std::string_view> bookmarks) {
  for (const std::string_view bookmark : bookmarks) {
    if (bookmark == "FB:") continue;
    if (!bookmark.starts_with(prefix) || bookmark.size() != prefix.size() + id_digits + sequence_digits + check_digits) {
      return bad(bookmark, "it does not have the form of a bookmark");
    }
    const std::string_view body = bookmark.substr(prefix.size(), id_digits + sequence_digits);
    const auto check = unhex(bookmark.substr(prefix.size() + body.size()));
    const auto sequence = unhex(body.substr(id_digits));
    if (!check || !sequence || *check != check_sum(body)) return bad(bookmark, "its check sum is wrong");
    if (body.substr(0, id_digits) != id_of(store)) return bad(bookmark, "it belongs to another database");
    if (*sequence > store.last_sequence()) {
      return fail(Status::bookmark_timeout, "Database not up to the requested version: " + std::to_string(*sequence) +
                                                    ". Latest database version is " + std::to_string(store.last_sequence()));
    }
  }
  return ok;
}

}  // namespace packhouse::handlers
