#pragma once
#include <string_view>

#include "value/value.hpp"

namespace packhouse::cypher::apoc {

/// What apoc.meta.* calls a value's type: "INTEGER", "LIST", "DATE_TIME" …
std::string_view meta_type(const Value& v);

}  // namespace packhouse::cypher::apoc
