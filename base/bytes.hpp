#pragma once
#include <cstddef>
#include <span>
#include <string_view>

namespace packhouse {

/// A read-only view of bytes that somebody else owns.
using Bytes = std::span<const std::byte>;

inline Bytes as_bytes(std::string_view s) { return std::as_bytes(std::span(s)); }
inline std::string_view as_text(Bytes b) { return {reinterpret_cast<const char*>(b.data()), b.size()}; }

}  // namespace packhouse
