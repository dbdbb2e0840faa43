// Any text as a schema, any bytes behind it (after a NUL) as a frame: what decodes validates, what a schema writes it
// reads, and a schema survives its own JSON form.
#include <cstdlib>
#include <string_view>

#include "codec/packos/codec.hpp"
#include "codec/packos/schema/schema.hpp"

using namespace packhouse;
using namespace packhouse::packos;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const auto end = all.find('\0');
  const auto schema = Schema::from_json(all.substr(0, end));
  if (!schema) return 0;
  Arena arena;
  const auto again = Schema::from_value(schema->to_value(arena));
  if (!again || again->chain().size() != schema->chain().size()) std::abort();
  const Bytes frame = end == all.npos ? Bytes() : as_bytes(all.substr(end + 1));
  const bool valid = schema->validate(frame).has_value();
  const auto decoded = schema->decode(frame, arena);
  if (decoded && !valid) std::abort();
  if (valid != again->validate(frame).has_value()) std::abort();
  const auto plain = decode(frame, arena);
  for (const auto* value : {&decoded, &plain}) {
    if (!*value) continue;
    Buffer out;
    if (!schema->encode(**value, out) || schema->chain().empty()) continue;
    Arena scratch;
    static_cast<void>(schema->decode(out, scratch));
    if (!schema->describes_record() || !(*value)->is(Kind::map)) continue;
    static_cast<void>(schema->fault((*value)->as_map()));
  }
  return 0;
}
