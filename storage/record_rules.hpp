#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "storage/schema.hpp"
#include "value/value.hpp"

// The languages of record schemas. A new one is a RecordRule, a number in RecordSchemaKind and a row in
// record_rules.cpp.
namespace packhouse::storage {

/// Where a record breaks a schema: the property (empty: the record as a whole), and what was found against what was
/// expected.
struct RecordFault {
  std::string property, what;
};

/// A record schema, compiled. Immutable, shared by all threads.
class RecordRule {
 public:
  virtual ~RecordRule() = default;
  /// The first fault of a record; its properties come in ascending order of their names, without nulls.
  virtual std::optional<RecordFault> check(std::span<const MapEntry> properties) const = 0;
};

struct CompiledRecordSchema {
  std::shared_ptr<const RecordRule> rule;
  std::string text;  ///< as it is stored and shown
};

/// Status::argument_error saying where and what is malformed, contradicts itself or can't be the schema of a record.
Result<CompiledRecordSchema> compile(RecordSchemaKind kind, std::string_view text);

/// "PackOS", for people.
std::string_view name(RecordSchemaKind kind);

}  // namespace packhouse::storage
