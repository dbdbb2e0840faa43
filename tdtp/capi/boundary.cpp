#include "tdtp/capi/boundary.hpp"

#include <cstdlib>
#include <cstring>

#include "tdtp/json/writer.hpp"
#include "tdtp/number.hpp"

namespace packhouse::tdtp::capi {

namespace {

template <class T>
void read_limit(const char* name, T& out) {
  const char* text = std::getenv(name);
  std::int64_t n = 0;
  if (text != nullptr && parse_int(text, n) == Parsed::good && n > 0) out = static_cast<T>(n);
}

}  // namespace

const Limits& limits() {
  static const Limits read = [] {
    Limits l;
    read_limit("TDTP_MAX_FILE_BYTES", l.file_bytes);
    read_limit("TDTP_MAX_DECOMPRESSED_BYTES", l.decompressed_bytes);
    read_limit("TDTP_MAX_DEPTH", l.depth);
    if (l.depth > 10'000) l.depth = 10'000;  // what the stack of a caller's thread bears
    return l;
  }();
  return read;
}

char* to_c(std::string_view text) noexcept {
  auto* copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (copy == nullptr) return nullptr;
  std::memcpy(copy, text.data(), text.size());
  copy[text.size()] = '\0';
  return copy;
}

std::string error_json(const Error& e, std::string_view code) {
  std::string out = "{\"error\":";
  json::append_string(e.message(), out);
  out += ",\"error_code\":";
  json::append_string(code, out);
  if (e.position()) out += ",\"position\":" + std::to_string(e.position()->column);
  return out + '}';
}

}  // namespace packhouse::tdtp::capi
