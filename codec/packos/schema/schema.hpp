#pragma once
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "base/buffer.hpp"
#include "base/error.hpp"
#include "codec/packos/schema/node.hpp"
#include "value/value.hpp"

namespace packhouse::packos {

/// What a frame must hold: a chain of schemas for its consecutive fields (specs/PACKOS.md sections 6
/// and 7, decisions P4 to P8). Immutable and shareable once built.
///
/// Validation, decoding and encoding fail with Status::argument_error and a message of the form
/// "[4].meta.age: 17 not in [18 , 99] (SchemaInt32 ErrOutOfRange)": the way to the element (positions only
/// where the chain has several schemas), what was found against what was expected, the schema and its code.
class Schema {
 public:
  /// From the JSON form: one schema, a list of schemas (the chain), or {"type": "chain", "fieldNames": [...],
  /// "schema": [...]} whose fields have names. Both the older and the newer member names are read (P8).
  /// Errors: Status::argument_error saying where and what is malformed, contradicts itself or does not compile.
  static Result<Schema> from_value(const Value& json);
  static Result<Schema> from_json(std::string_view text);
  /// A schema that only asks for a tag; it has no JSON form.
  static Schema only(Tag tag);

  /// The JSON form, with today's member names; from_value reads it back.
  Value to_value(Arena& arena) const;

  /// The first schema that a field does not meet. Fields beyond the chain are ignored.
  Result<void> validate(Bytes frame) const;
  /// One schema: its value; several: a list; a named chain: a map. Text stays a view of the frame.
  Result<Value> decode(Bytes frame, Arena& arena) const;
  /// Appends the frame of `v` (for several schemas a list, for a named chain a map).
  Result<void> encode(const Value& v, Buffer& out) const;
  /// Whether `v` can be encoded and what comes out is valid: for values that are not packed yet.
  Result<void> check(const Value& v) const;

  const std::vector<Node>& chain() const { return chain_; }
  /// Field names of a named chain; otherwise empty.
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<Node> chain_;
  std::vector<std::string> names_;
};

}  // namespace packhouse::packos
