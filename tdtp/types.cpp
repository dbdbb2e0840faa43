#include "tdtp/types.hpp"

#include <array>
#include <utility>

namespace packhouse::tdtp {

namespace {

// The first name of a type is its own, the others are aliases.
constexpr std::array<std::pair<std::string_view, Type>, 16> names{{
    {"INTEGER", Type::integer},
    {"INT", Type::integer},
    {"REAL", Type::real},
    {"FLOAT", Type::real},
    {"DOUBLE", Type::real},
    {"DECIMAL", Type::decimal},
    {"TEXT", Type::text},
    {"VARCHAR", Type::text},
    {"CHAR", Type::text},
    {"STRING", Type::text},
    {"BOOLEAN", Type::boolean},
    {"BOOL", Type::boolean},
    {"DATE", Type::date},
    {"DATETIME", Type::datetime},
    {"TIMESTAMP", Type::timestamp},
    {"BLOB", Type::blob},
}};

}  // namespace

Type type_of(std::string_view name) {
  for (const auto& [text, type] : names) {
    if (text == name) return type;
  }
  return Type::unknown;
}

std::string_view type_name(Type t) {
  for (const auto& [text, type] : names) {
    if (type == t) return text;
  }
  return {};
}

}  // namespace packhouse::tdtp
