#pragma once
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "base/buffer.hpp"
#include "base/error.hpp"
#include "codec/packos/schema/node.hpp"
#include "value/value.hpp"

namespace packhouse::packos {

class Schema;

/// Names for schemas of one's own, usable as "type" in the JSON form (also inside others); the names of the language
/// itself can't be taken. Written back to JSON such a type appears as what it stands for.
class SchemaTypes {
 public:
  /// Error: Status::argument_error for a name that is taken, or a schema that is not a single one.
  Result<void> add(std::string name, const Schema& meaning);
  /// Null for a name nobody has added.
  const Node* find(std::string_view name) const;

 private:
  std::map<std::string, std::shared_ptr<const Node>, std::less<>> types_;
};

/// A record's breach of a schema: the field (empty: the record as a whole), and what was found there against what was
/// expected, with the schema and its code: "17 not in [18 , 99] (SchemaInt32 ErrOutOfRange)".
struct FieldFault {
  std::string field, what;
};

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
  static Result<Schema> from_value(const Value& json, const SchemaTypes* types = nullptr);
  static Result<Schema> from_json(std::string_view text, const SchemaTypes* types = nullptr);
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

  /// Whether anything can meet it at all, as far as that can be told: Status::argument_error saying where and what
  /// excludes what (a width and a longer prefix, a range beyond its type, keys that are no text …).
  Result<void> satisfiable() const;
  /// Whether the schema can be that of a record with named fields: a mapUnordered, map or mapRepeat, or a tuple or a
  /// chain with field names. Status::argument_error saying what it is instead.
  Result<void> describes_record() const;
  /// The first fault of such a record, given by its fields in ascending order of their names. Where the schema names
  /// its fields each is looked at on its own: what may be null may be missing, and other fields are not looked at.
  std::optional<FieldFault> fault(std::span<const MapEntry> fields) const;

  const std::vector<Node>& chain() const { return chain_; }
  /// Field names of a named chain; otherwise empty.
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<Node> chain_;
  std::vector<std::string> names_;
};

}  // namespace packhouse::packos
