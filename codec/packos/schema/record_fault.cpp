#include <fmt/format.h>

#include <algorithm>

#include "codec/packos/pool.hpp"
#include "codec/packos/schema/put.hpp"
#include "codec/packos/schema/schema.hpp"
#include "codec/packos/schema/take.hpp"
#include "codec/packos/schema/text_rules.hpp"

// Schemas as rules for the properties of nodes and relationships.
namespace packhouse::packos {
namespace {

/// "ErrOutOfRange" of "SchemaInt32".
std::string with_rule(std::string_view what, std::string_view schema, Code code) {
  return fmt::format("{} ({} {})", what, schema, name(code));
}

/// Splits ".age[2]" into the field and what is inside of it.
FieldFault fault_of(const Walk& walk, std::string_view field) {
  const Failure& f = walk.failure();
  const std::string what = with_rule(f.why.what, f.schema, f.why.code);
  std::string_view path = f.path;
  if (field.empty() && path.starts_with('.')) {
    field = path.substr(1, path.find_first_of(".[", 1) - 1);
    path.remove_prefix(1 + field.size());
  }
  return {std::string(field), path.empty() ? what : fmt::format("at {}: {}", path, what)};
}

bool spreads(const Node& tuple) {
  return tuple.flatten && std::ranges::any_of(tuple.children, [](const Node& n) { return n.rule == Rule::repeat; });
}

/// Schemas of single fields, and their names.
struct Named {
  std::span<const std::string> names;
  std::span<const Node> nodes;
};

/// Nothing when the record has to be looked at as a whole.
std::optional<Named> named_fields(const Schema& schema) {
  if (!schema.names().empty()) return Named{schema.names(), schema.chain()};
  const Node& node = schema.chain()[0];
  if (node.rule != Rule::map_unordered && (node.rule != Rule::tuple || spreads(node))) return std::nullopt;
  return Named{node.names, node.children};
}

/// Packs `v` and validates what came out, as anybody would who gets the record in packed form.
std::optional<FieldFault> fault_of_value(const Node& node, const Value& v, std::string_view field) {
  // Encoding says of every text only that it can't be encoded; the test knows better.
  if (node.test != TextTest::none && v.is(Kind::string) && !meets(node, v.as_string())) {
    const Refusal why = why_not(node, v.as_string());
    return FieldFault{std::string(field), with_rule(why.what, node.name(), why.code)};
  }
  PooledFrame frame;
  frame->begin_frame(1);
  Putter putter(*frame);
  if (!putter.put(node, v)) {
    FieldFault fault = fault_of(putter, field);
    const bool kind = putter.failure().path.empty() && putter.failure().why.what == "Type Mismatch";
    if (kind)
      fault.what = fmt::format("found {}, expected {}", type_name(v.kind()),
                               with_rule(json_type(node.rule), node.name(), Code::constraint_violated));
    return fault;
  }
  if (auto closed = frame->end_frame(); !closed) return FieldFault{std::string(field), closed.error().message()};
  FrameView view;
  if (!FrameView::try_open(frame.bytes(), view))
    return FieldFault{std::string(field), FrameView::open(frame.bytes()).error().message()};
  Fields fields{view};
  Taker taker(nullptr);
  Value ignored;
  if (!taker.take(node, fields, ignored)) return fault_of(taker, field);
  return std::nullopt;
}

}  // namespace

Result<void> Schema::describes_record() const {
  if (!names_.empty()) return ok;
  if (chain_.size() != 1) {
    return fail(Status::argument_error,
                fmt::format("PackOS schema: a chain of {} schemas without field names can't be that of a record",
                            chain_.size()));
  }
  const Node& node = chain_[0];
  switch (node.rule) {
    case Rule::map_unordered:
    case Rule::map:
    case Rule::map_repeat: return ok;
    case Rule::tuple:
      if (!node.names.empty()) return ok;
      [[fallthrough]];
    default: break;
  }
  return fail(
      Status::argument_error,
      fmt::format("PackOS schema: the schema of a record is a mapUnordered, map or mapRepeat, or a tuple or chain with "
                  "fieldNames, not a {}{}",
                  node.rule == Rule::tuple ? "tuple without them" : json_type(node.rule),
                  node.rule == Rule::only ? "type" : ""));
}

std::optional<FieldFault> Schema::fault(std::span<const MapEntry> fields) const {
  const auto named = named_fields(*this);
  if (!named) return fault_of_value(chain_[0], Value::map(fields), {});
  for (std::size_t i = 0; i < named->nodes.size(); ++i) {
    const Node& node = named->nodes[i];
    const auto at = std::ranges::lower_bound(fields, named->names[i], {}, &MapEntry::key);
    const bool found = at != fields.end() && at->key == named->names[i] && !at->value.is_null();
    if (!found && node.null_ok) continue;
    if (!found) return FieldFault{named->names[i], with_rule("is missing", node.name(), Code::constraint_violated)};
    if (auto fault = fault_of_value(node, at->value, named->names[i])) return fault;
  }
  return std::nullopt;
}

}  // namespace packhouse::packos
