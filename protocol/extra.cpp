#include "protocol/extra.hpp"

#include "protocol/failure.hpp"

namespace packhouse::protocol {
namespace {

tl::unexpected<Error> wrong(std::string_view what, std::string_view expected, const Value& v) {
  return tl::make_unexpected(wrong_type(what, expected, found(v)));
}

}  // namespace

std::string found(const Value& v) {
  return v.is_null() ? "null" : "of type " + std::string(type_name(v.kind()));
}

Result<std::span<const std::string_view>> texts_of(const Value& list, std::string_view what, Arena& arena) {
  if (!list.is(Kind::list)) return wrong(what, "a list of strings", list);
  const auto texts = arena.array<std::string_view>(list.as_list().size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Value& item = list.as_list()[i];
    if (!item.is(Kind::string)) return wrong("every item of " + std::string(what), "a string", item);
    texts[i] = item.as_string();
  }
  return texts;
}

const Value* Extra::given(std::string_view key) const {
  const Value* const v = find(map_, key);
  return v && !v->is_null() ? v : nullptr;
}

std::string Extra::name(std::string_view key) const {
  return '`' + std::string(key) + "` of " + std::string(message_);
}

Result<std::optional<std::string_view>> Extra::text(std::string_view key) const {
  const Value* const v = given(key);
  if (!v) return std::nullopt;
  if (!v->is(Kind::string)) return wrong(name(key), "a string", *v);
  return v->as_string();
}

Result<std::optional<std::int64_t>> Extra::integer(std::string_view key) const {
  const Value* const v = given(key);
  if (!v) return std::nullopt;
  if (!v->is(Kind::integer)) return wrong(name(key), "an integer", *v);
  return v->as_integer();
}

Result<Value> Extra::map(std::string_view key) const {
  const Value* const v = given(key);
  if (!v) return Value();
  if (!v->is(Kind::map)) return wrong(name(key), "a map", *v);
  return *v;
}

Result<std::span<const std::string_view>> Extra::texts(std::string_view key) const {
  const Value* const v = given(key);
  if (!v) return std::span<const std::string_view>{};
  return texts_of(*v, name(key), arena_);
}

}  // namespace packhouse::protocol
