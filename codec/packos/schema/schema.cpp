#include "codec/packos/schema/schema.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "codec/json/reader.hpp"
#include "codec/packos/codec.hpp"
#include "codec/packos/schema/build.hpp"
#include "codec/packos/schema/put.hpp"
#include "codec/packos/schema/take.hpp"

namespace packhouse::packos {
namespace {

constexpr int max_schema_depth = 100;

[[gnu::cold]] tl::unexpected<Error> report(const Walk& walk) {
  const Failure& f = walk.failure();
  return fail(Status::argument_error,
              fmt::format("{}: {} ({} {})", f.path.empty() ? "the value" : f.path, f.why.what, f.schema, name(f.why.code)));
}

/// A failure of the i-th schema of a chain.
[[gnu::cold]] tl::unexpected<Error> report_at(Walk& walk, const Schema& s, std::size_t i) {
  if (!s.names().empty()) {
    walk.within_key(s.names()[i]);
  } else if (s.chain().size() > 1) {
    walk.within(i);
  }
  return report(walk);
}

/// Stands for the chain itself in failures.
const Node& chain_node() {
  static const Node node = [] {
    Node n;
    n.rule = Rule::tuple;
    return n;
  }();
  return node;
}

}  // namespace

Result<void> SchemaTypes::add(std::string name, const Schema& meaning) {
  if (meaning.chain().size() != 1 || !meaning.names().empty()) {
    return fail(Status::argument_error, fmt::format("PackOS schema: '{}' must stand for exactly one schema", name));
  }
  if (rule_of(name) || name == "chain" || name == "optionalMap" || types_.contains(name)) {
    return fail(Status::argument_error, fmt::format("PackOS schema: the type name '{}' is taken", name));
  }
  types_.emplace(std::move(name), std::make_shared<const Node>(meaning.chain()[0]));
  return ok;
}

const Node* SchemaTypes::find(std::string_view name) const {
  const auto it = types_.find(name);
  return it == types_.end() ? nullptr : it->second.get();
}

Result<Schema> Schema::from_value(const Value& json, const SchemaTypes* types) {
  Schema out;
  std::span<const Value> list(&json, 1);
  std::string path;
  if (json.is(Kind::map)) {
    const Value* type = find(json.as_map(), "type");
    if (type && type->is(Kind::string) && type->as_string() == "chain") {
      const Value* schemas = find(json.as_map(), "schema");
      const Value* names = find(json.as_map(), "fieldNames");
      if (!schemas || !schemas->is(Kind::list)) return fail(Status::argument_error, "PackOS schema: a chain needs a list 'schema'");
      list = schemas->as_list();
      for (const Value& n : names && names->is(Kind::list) ? names->as_list() : std::span<const Value>()) {
        if (!n.is(Kind::string)) return fail(Status::argument_error, "PackOS schema: 'fieldNames' holds something that is not a string");
        out.names_.emplace_back(n.as_string());
      }
      auto sorted = out.names_;
      std::ranges::sort(sorted);
      if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end()) {
        return fail(Status::argument_error, fmt::format("PackOS schema: the field name '{}' is given twice", *twice));
      }
      if (names && out.names_.size() != list.size()) {
        return fail(Status::argument_error,
                    fmt::format("PackOS schema: {} field names for {} schemas", out.names_.size(), list.size()));
      }
    }
  } else if (json.is(Kind::list)) {
    list = json.as_list();
  }
  const bool single = list.data() == &json;
  for (std::size_t i = 0; i < list.size(); ++i) {
    PACKHOUSE_TRY(Node node, build_node(list[i], single ? "" : fmt::format("[{}]", i), max_schema_depth, types));
    out.chain_.push_back(std::move(node));
  }
  return out;
}

Result<Schema> Schema::from_json(std::string_view text, const SchemaTypes* types) {
  Arena arena;
  const auto v =
      codec::json::read_value(as_bytes(text), arena, {.max_depth = 2 * max_schema_depth + 10, .typed = false});
  if (!v) return tl::make_unexpected(Error(Status::argument_error, v.error().message()).in("PackOS schema: "));
  return from_value(*v, types);
}

Schema Schema::only(Tag tag) {
  Schema out;
  out.chain_.emplace_back();
  out.chain_[0].rule = Rule::only;
  out.chain_[0].tag = tag;
  out.chain_[0].seal();
  return out;
}

Value Schema::to_value(Arena& arena) const {
  auto items = arena.array<Value>(chain_.size());
  for (std::size_t i = 0; i < items.size(); ++i) items[i] = describe_node(chain_[i], arena);
  if (names_.empty()) return items.size() == 1 ? items[0] : Value::list(items);
  auto names = arena.array<Value>(names_.size());
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = Value::string(arena.copy(names_[i]));
  auto out = arena.array<MapEntry>(3);
  out[0] = {"type", Value::string("chain")};
  out[1] = {"fieldNames", Value::list(names)};
  out[2] = {"schema", Value::list(items)};
  return Value::map(out);
}

Result<void> Schema::validate(Bytes bytes) const {
  FrameView frame;
  if (!FrameView::try_open(bytes, frame)) return tl::make_unexpected(as_argument_error(FrameView::open(bytes).error()));
  Fields fields{frame};
  Taker taker(nullptr);
  for (std::size_t i = 0; i < chain_.size(); ++i) {
    Value ignored;
    if (!taker.take(chain_[i], fields, ignored)) [[unlikely]] return report_at(taker, *this, i);
  }
  return ok;
}

Result<Value> Schema::decode(Bytes bytes, Arena& arena) const {
  FrameView frame;
  if (!FrameView::try_open(bytes, frame)) return tl::make_unexpected(as_argument_error(FrameView::open(bytes).error()));
  Fields fields{frame};
  Taker taker(&arena);
  auto items = arena.array<Value>(chain_.size());
  for (std::size_t i = 0; i < chain_.size(); ++i) {
    items[i] = Value();
    if (!taker.take(chain_[i], fields, items[i])) return report_at(taker, *this, i);
  }
  if (names_.empty()) return items.size() == 1 ? items[0] : Value::list(items);
  auto out = arena.array<MapEntry>(items.size());
  for (std::size_t i = 0; i < out.size(); ++i) ::new (&out[i]) MapEntry{arena.copy(names_[i]), items[i]};
  return Value::map(out);
}

Result<void> Schema::encode(const Value& v, Buffer& out) const {
  if (chain_.empty()) return ok;
  FrameWriter writer(out);
  writer.begin_frame(chain_.size());
  Putter putter(writer);
  bool done = false;
  if (!names_.empty()) {
    if (!v.is(Kind::map)) return fail(Status::argument_error, fmt::format("expected a map with the schema's fields, found {}", type_name(v.kind())));
    done = putter.named_fields(chain_node(), chain_, names_, v.as_map(), false);
  } else if (chain_.size() == 1) {
    done = putter.put(chain_[0], v);
  } else {
    if (!v.is(Kind::list)) return fail(Status::argument_error, fmt::format("expected a list of {} values, found {}", chain_.size(), type_name(v.kind())));
    done = putter.fields(chain_node(), chain_, v.as_list(), false);
  }
  if (!done) return report(putter);
  return writer.end_frame();
}

Result<void> Schema::check(const Value& v) const {
  thread_local Buffer scratch;
  scratch.clear();
  PACKHOUSE_CHECK(encode(v, scratch));
  auto valid = validate(scratch);
  scratch.clear();
  scratch.shrink_above(1 << 20);
  return valid;
}

}  // namespace packhouse::packos
