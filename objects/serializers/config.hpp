#pragma once
#include <string>
#include <string_view>

#include "base/arena.hpp"
#include "base/error.hpp"
#include "value/value.hpp"

namespace packhouse::objects {

/// What a serializer or storage keeps with a content, JSON text, as a map. No text is an empty map; text that is no map is an
/// argument_error.
Result<Value> config_map(std::string_view json, Arena& arena);
/// A map as JSON text.
Result<std::string> config_text(const Value& map);

}  // namespace packhouse::objects
