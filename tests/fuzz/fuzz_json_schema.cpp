// A text that is a JSON list of a schema and a value: compiling and validating must end, whatever they are.
#include "codec/datapacker/schema/schema.hpp"
#include "codec/json/reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace packhouse;
  Arena arena;
  const Bytes in(reinterpret_cast<const std::byte*>(data), size);
  const auto pair = codec::json::read_value(in, arena, {.typed = false});
  if (!pair || !pair->is(Kind::list) || pair->as_list().size() != 2) return 0;
  const auto schema = datapacker::JsonSchema::compile(pair->as_list()[0]);
  if (schema) (void)(*schema)->validate(pair->as_list()[1]);
  return 0;
}
