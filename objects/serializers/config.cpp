#include "objects/serializers/config.hpp"

#include "codec/datapacker/spaced_json.hpp"
#include "codec/json/reader.hpp"
#include "value/builder.hpp"

namespace packhouse::objects {

Result<Value> config_map(std::string_view json, Arena& arena) {
  if (json.empty()) return Value::map({});
  ValueBuilder builder(arena);
  PACKHOUSE_CHECK(codec::json::read(as_bytes(json), builder, {.typed = false}));
  const Value v = builder.take();
  if (!v.is(Kind::map)) return fail(Status::argument_error, "a config is a map, found " + std::string(type_name(v.kind())));
  return v;
}

Result<std::string> config_text(const Value& map) {
  Buffer out;
  PACKHOUSE_CHECK(datapacker::write_compact_json(map, out));
  return std::string(as_text(out));
}

}  // namespace packhouse::objects
