#include "storage/record_rules_json.hpp"

#include "codec/datapacker/schema/schema.hpp"
#include "codec/datapacker/vector.hpp"
#include "codec/json/reader.hpp"
#include "codec/json/writer.hpp"
#include "value/builder.hpp"
#include "value/temporal/api.hpp"
#include "value/write.hpp"

namespace packhouse::storage {
namespace {

/// A property as JSON has it: vectors are arrays, dates, times and durations their ISO texts. Points and bytes stay
/// what they are, which is none of JSON's types.
Value as_json(const Value& v, Arena& arena) {
  switch (v.kind()) {
    case Kind::date:
    case Kind::time:
    case Kind::local_time:
    case Kind::datetime:
    case Kind::local_datetime:
    case Kind::duration: return Value::string(arena.copy(temporal_to_text(v)));
    case Kind::vector: {
      const auto items = arena.array<Value>(v.vector_dimensions());
      const auto element = datapacker::scalar_of(v.vector_element());
      for (std::size_t i = 0; i < items.size(); ++i) {
        const auto n = datapacker::scalar_value(element, v.vector_data().data() + i * datapacker::size_of(element));
        items[i] = n.value_or(Value());  // signed integers and floats always have one
      }
      return Value::list(items);
    }
    case Kind::list: {
      const auto items = arena.array<Value>(v.as_list().size());
      for (std::size_t i = 0; i < items.size(); ++i) items[i] = as_json(v.as_list()[i], arena);
      return Value::list(items);
    }
    default: return v;
  }
}

/// The first step of a JSON Pointer, unescaped.
std::string first_step(std::string_view path) {
  std::string out;
  for (std::size_t i = 1; i < path.size() && path[i] != '/'; ++i) {
    const bool escaped = path[i] == '~' && i + 1 < path.size();
    out += escaped ? (path[++i] == '1' ? '/' : '~') : path[i];
  }
  return out;
}

/// The record as an object of its properties.
class JsonRule final : public RecordRule {
 public:
  explicit JsonRule(std::shared_ptr<const datapacker::JsonSchema> schema) : schema_(std::move(schema)) {}

  std::optional<RecordFault> check(std::span<const MapEntry> properties) const override {
    Arena arena;
    const auto entries = arena.array<MapEntry>(properties.size());
    for (std::size_t i = 0; i < entries.size(); ++i)
      entries[i] = {properties[i].key, as_json(properties[i].value, arena)};
    const auto faults = schema_->faults(Value::map(entries));
    if (faults.empty()) return std::nullopt;
    const auto& [path, what] = faults.front();
    std::string property = first_step(path);
    const bool deeper = !path.empty() && path.find('/', 1) != std::string::npos;
    return RecordFault{std::move(property), deeper ? what + " (at " + path + ")" : what};
  }

 private:
  std::shared_ptr<const datapacker::JsonSchema> schema_;
};

}  // namespace

Result<CompiledRecordSchema> compile_json_rule(std::string_view text) {
  Arena arena;
  ValueBuilder builder(arena);
  if (auto read = codec::json::read(as_bytes(text), builder, {.typed = false}); !read)
    return fail(Status::argument_error, "JSON Schema: " + read.error().message());
  const Value schema = builder.take();
  PACKHOUSE_TRY(auto compiled, datapacker::JsonSchema::cached(schema));
  if (const Value* type = schema.is(Kind::map) ? find(schema.as_map(), "type") : nullptr) {
    const bool object = type->is(Kind::string) && type->as_string() == "object";
    if (!object && !type->is(Kind::list)) {
      return fail(Status::argument_error,
                  "JSON Schema: the schema of a record is one of type \"object\", not \"" +
                      std::string(type->is(Kind::string) ? type->as_string() : type_name(type->kind())) + "\"");
    }
  }
  Buffer json;
  codec::json::Writer writer(json, {.typed = false});
  PACKHOUSE_CHECK(write(schema, writer));
  return CompiledRecordSchema{std::make_shared<const JsonRule>(std::move(compiled)), std::string(as_text(json))};
}

}  // namespace packhouse::storage
