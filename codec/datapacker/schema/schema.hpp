#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "value/value.hpp"

// JSON Schema: drafts 4, 6 and 7, chosen by `$schema` (7 without it), and of 2019-09 and 2020-12 all but
// `$dynamicRef` and `$recursiveRef`, which are refused. Without `$schema`, the newer keywords
// that draft 7 has not (prefixItems, dependentRequired, dependentSchemas, minContains, maxContains,
// unevaluatedItems, unevaluatedProperties) count too.
//
// Nothing is ever fetched: a `$ref` must lead to a place inside the schema. Patterns are RE2's, so that none can
// take more than linear time; look-ahead and back references are refused. Formats are enforced, unknown ones
// ignored. 1.0 is an integer and equals 1; lengths count code points.
namespace packhouse::datapacker {

/// Where a value breaks a schema: a JSON Pointer into it (empty: the whole), and what is wrong there.
struct SchemaFault {
  std::string path, what;
};

/// A compiled schema. Never changes: any number of threads may validate with it.
class JsonSchema {
 public:
  struct Parts;  ///< inside only

  /// `schema` is a map or a boolean; nothing of it is kept. Errors begin with "Schema compilation failed: ".
  static Result<std::shared_ptr<const JsonSchema>> compile(const Value& schema);
  /// The same, or the one that was compiled from an equal schema before: the last 256 are kept. Thread-safe.
  static Result<std::shared_ptr<const JsonSchema>> cached(const Value& schema);

  explicit JsonSchema(std::unique_ptr<Parts> parts);
  ~JsonSchema();

  /// An error ("Validation errors: …") that lists what is wrong and where, at most 100 things.
  Result<void> validate(const Value& v) const;
  /// The same things one by one; none: the value meets the schema.
  std::vector<SchemaFault> faults(const Value& v) const;

 private:
  std::unique_ptr<Parts> parts_;
};

}  // namespace packhouse::datapacker
