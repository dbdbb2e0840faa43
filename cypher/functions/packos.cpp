#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "codec/json/writer.hpp"
#include "codec/packos/access.hpp"
#include "codec/packos/codec.hpp"
#include "codec/packos/pool.hpp"
#include "codec/packos/put_value.hpp"
#include "codec/packos/schema/schema.hpp"
#include "cypher/functions/families.hpp"
#include "cypher/functions/lately_used.hpp"
#include "value/write.hpp"

namespace packhouse::cypher {
namespace {

using SchemaPtr = std::shared_ptr<const packos::Schema>;

SchemaPtr schema_argument(std::string_view function, const Value& v) {
  thread_local LatelyUsed<SchemaPtr> cache;
  const auto get = [](std::string_view json) {
    if (const SchemaPtr* const known = cache.find(json)) return *known;
    return cache.add(json, std::make_shared<const packos::Schema>(or_throw(packos::Schema::from_json(json))));
  };
  if (v.is(Kind::string)) return get(v.as_string());
  if (!v.is(Kind::map) && !v.is(Kind::list)) wrong_argument(function, "a schema as JSON text or as a map", v);
  Buffer json;
  codec::json::Writer writer(json);
  or_throw(write(v, writer));
  return get(as_text(json));
}

Value pack(CallContext& c, const Value& v, packos::Options options) {
  packos::PooledFrame frame(options);
  frame->begin_frame(1);
  or_throw(packos::put_value(*frame, v));
  or_throw(frame->end_frame());
  return kept_bytes(c, frame.bytes());
}

Value encode(CallContext& c, std::span<const Value> a) {
  if (a.size() < 2) return pack(c, a[0], {});
  Buffer out;
  or_throw(schema_argument("packos.encode", a[1])->encode(a[0], out));
  return kept_bytes(c, out);
}

Value encode_strict(CallContext& c, std::span<const Value> a) {
  return pack(c, a[0], {.strict = true});
}

Value decode(CallContext& c, std::span<const Value> a) {
  const Bytes packed = bytes_argument("packos.decode", a[0]);
  if (a.size() < 2) return or_throw(packos::decode(packed, c.arena));
  return or_throw(schema_argument("packos.decode", a[1])->decode(packed, c.arena));
}

/// "meta.tags[2]" as its steps.
std::vector<Value> steps_of(std::string_view path) {
  const auto refuse = [&] {
    throw QueryError(Status::argument_error, "packos.get: the path '" + std::string(path) +
                                                 "' is not of the form key.key[position]; "
                                                 "keys with dots or brackets need a list of steps");
  };
  std::vector<Value> out;
  std::string_view rest = path;
  while (!rest.empty()) {
    if (rest[0] == '[') {
      const auto close = rest.find(']');
      std::int64_t position = 0;
      const auto digits = close == rest.npos ? std::string_view() : rest.substr(1, close - 1);
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), position);
      if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) refuse();
      out.push_back(Value::integer(position));
      rest.remove_prefix(close + 1);
      continue;
    }
    if (rest[0] == '.')
      rest.remove_prefix(1);
    else if (!out.empty())
      refuse();
    const auto key = rest.substr(0, rest.find_first_of(".["));
    if (key.empty()) refuse();
    out.push_back(Value::string(key));
    rest.remove_prefix(key.size());
  }
  return out;
}

Value get(CallContext& c, std::span<const Value> a) {
  const Bytes packed = bytes_argument("packos.get", a[0]);
  if (a[1].is(Kind::list)) return or_throw(packos::get(packed, a[1].as_list(), c.arena));
  if (a[1].is(Kind::integer)) return or_throw(packos::get(packed, a.subspan(1, 1), c.arena));
  const auto steps = steps_of(string_argument("packos.get", a[1]));
  return or_throw(packos::get(packed, steps, c.arena));
}

std::optional<Error> violation(std::string_view function, std::span<const Value> a) {
  const Bytes packed = bytes_argument(function, a[0]);
  auto valid = schema_argument(function, a[1])->validate(packed);
  return valid ? std::nullopt : std::optional(std::move(valid).error());
}

Value validate(CallContext&, std::span<const Value> a) {
  return Value::boolean(!violation("packos.validate", a));
}

Value explain(CallContext& c, std::span<const Value> a) {
  const auto error = violation("packos.violation", a);
  return error ? text(c.arena, error->message()) : Value();
}

constexpr Type schema_type = Type::string | Type::map | Type::list;

}  // namespace

void add_packos_functions(Functions& out) {
  out.push_back({.name = "packos.encode",
                 .display = "packos.encode",
                 .category = "PackOS",
                 .description = "Packs a value, through a schema if one is given.",
                 .arguments = {{"value", Type::any}, {"schema", schema_type}},
                 .required = 1,
                 .result = Type::bytes,
                 .call = encode});
  out.push_back({.name = "packos.encodestrict",
                 .display = "packos.encodeStrict",
                 .category = "PackOS",
                 .description = "Packs a value for the Go module; what it can't read is an error.",
                 .arguments = {{"value", Type::any}},
                 .required = 1,
                 .result = Type::bytes,
                 .call = encode_strict});
  out.push_back({.name = "packos.decode",
                 .display = "packos.decode",
                 .category = "PackOS",
                 .description = "Unpacks bytes, through a schema if one is given.",
                 .arguments = {{"bytes", Type::bytes}, {"schema", schema_type}},
                 .required = 1,
                 .result = Type::any,
                 .call = decode});
  out.push_back(
      {.name = "packos.get",
       .display = "packos.get",
       .category = "PackOS",
       .description =
           "Returns what is at a path (`'meta.tags[2]'`, or a list of keys and positions) of packed bytes without "
           "unpacking the rest; null if nothing is there.",
       .arguments = {{"bytes", Type::bytes}, {"path", Type::string | Type::integer | Type::list}},
       .required = 2,
       .result = Type::any,
       .call = get});
  out.push_back({.name = "packos.validate",
                 .display = "packos.validate",
                 .category = "PackOS",
                 .description = "Tells whether packed bytes meet a schema.",
                 .arguments = {{"bytes", Type::bytes}, {"schema", schema_type}},
                 .required = 2,
                 .result = Type::boolean,
                 .call = validate});
  out.push_back({.name = "packos.violation",
                 .display = "packos.violation",
                 .category = "PackOS",
                 .description = "Returns why packed bytes don't meet a schema: the path, what was expected, what was "
                                "found; null if they do.",
                 .arguments = {{"bytes", Type::bytes}, {"schema", schema_type}},
                 .required = 2,
                 .result = Type::string,
                 .call = explain});
}

}  // namespace packhouse::cypher
