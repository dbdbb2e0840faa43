#include "storage/record_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "codec/json/writer.hpp"
#include "codec/packos/schema/schema.hpp"
#include "storage/record_rules_json.hpp"
#include "value/write.hpp"

namespace packhouse::storage {
namespace {

/// PackOS's own schema language.
class PackosRule final : public RecordRule {
 public:
  explicit PackosRule(packos::Schema schema) : schema_(std::move(schema)) {}
  std::optional<RecordFault> check(std::span<const MapEntry> properties) const override {
    auto fault = schema_.fault(properties);
    if (!fault) return std::nullopt;
    return RecordFault{std::move(fault->field), std::move(fault->what)};
  }

 private:
  packos::Schema schema_;
};

Result<CompiledRecordSchema> compile_packos(std::string_view text) {
  PACKHOUSE_TRY(packos::Schema schema, packos::Schema::from_json(text));
  PACKHOUSE_CHECK(schema.describes_record());
  PACKHOUSE_CHECK(schema.satisfiable());
  Arena arena;
  Buffer json;
  codec::json::Writer writer(json, {.typed = false});
  PACKHOUSE_CHECK(write(schema.to_value(arena), writer));
  return CompiledRecordSchema{std::make_shared<const PackosRule>(std::move(schema)), std::string(as_text(json))};
}

struct Language {
  RecordSchemaKind kind;
  std::string_view name;
  Result<CompiledRecordSchema> (*compile)(std::string_view text);
};
constexpr std::array languages{Language{RecordSchemaKind::packos, "PackOS", compile_packos},
                               Language{RecordSchemaKind::json, "JSON", compile_json_rule}};

const Language* find(RecordSchemaKind kind) {
  const auto at = std::ranges::find(languages, kind, &Language::kind);
  return at == languages.end() ? nullptr : &*at;
}

}  // namespace

Result<CompiledRecordSchema> compile(RecordSchemaKind kind, std::string_view text) {
  if (const Language* language = find(kind)) return language->compile(text);
  return fail(Status::argument_error,
              fmt::format("this version of Packhouse knows no record schemas of kind {}", static_cast<unsigned>(kind)));
}

std::string_view name(RecordSchemaKind kind) {
  const Language* language = find(kind);
  return language ? language->name : "unknown";
}

}  // namespace packhouse::storage
