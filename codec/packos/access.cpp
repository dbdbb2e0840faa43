#include "codec/packos/access.hpp"

#include <fmt/format.h>

#include "codec/packos/codec.hpp"

namespace packhouse::packos {

Result<Access> Access::open(Bytes frame) {
  Access a;
  if (FrameView::try_open(frame, a.frame_)) return a;
  return tl::make_unexpected(as_argument_error(FrameView::open(frame).error()));
}

Error Access::refuse(std::size_t i, const Field& wanted) const {
  const auto f = frame_.field(i);
  if (!f) return as_argument_error(f.error());
  const auto size = wanted.bytes.empty() ? std::string() : fmt::format(" of {} bytes", wanted.bytes.size());
  return {Status::argument_error, fmt::format("expected {}{} in field {}, found {} of {} bytes at byte {}", name(wanted.tag), size, i,
                                              name(f->tag), f->bytes.size(), frame_.position(*f))};
}

Result<Field> Access::field(std::size_t i) const {
  auto f = frame_.field(i);
  if (!f) return tl::make_unexpected(as_argument_error(f.error()));
  return f;
}

Result<Access::Sized> Access::integer(std::size_t i) const {
  Field f;
  if (!frame_.get(i, f) || f.tag != Tag::integer || !(f.bytes.empty() || is_integer_width(f.bytes.size()))) {
    return tl::make_unexpected(refuse(i, {Tag::integer, {}}));
  }
  if (f.bytes.empty()) return Sized{0, 0};
  return Sized{load_integer(f.bytes.data(), f.bytes.size()), f.bytes.size()};
}

Result<Access::SizedReal> Access::floating(std::size_t i) const {
  Field f;
  const bool found = frame_.get(i, f) && f.tag == Tag::floating;
  if (found && f.bytes.empty()) return SizedReal{0, 0};
  if (found && f.bytes.size() == 4) return SizedReal{static_cast<double>(load<float>(f.bytes.data())), 4};
  if (found && f.bytes.size() == 8) return SizedReal{load<double>(f.bytes.data()), 8};
  return tl::make_unexpected(refuse(i, {Tag::floating, {}}));
}

Result<Value> Access::any(std::size_t i, Arena& arena) const {
  PACKHOUSE_TRY(const Field f, field(i));
  auto v = take_value(frame_, f, arena, {max_depth, true});
  if (!v) return tl::make_unexpected(as_argument_error(v.error()));
  return v;
}

Result<Access> Access::nested(std::size_t i) const {
  PACKHOUSE_TRY(const Field f, field(i));
  auto inner = frame_.nested(f);
  if (!inner) return tl::make_unexpected(as_argument_error(inner.error()));
  Access a;
  a.frame_ = *inner;
  return a;
}

std::optional<std::size_t> Access::find(std::string_view key) const {
  const std::size_t n = frame_.size() / 2;
  const auto key_at = [&](std::size_t i) {
    Field f;
    return frame_.get(2 * i, f) && f.tag == Tag::string ? as_text(f.bytes) : std::string_view();
  };
  const auto holds = [&](std::size_t i) {
    Field f;
    return frame_.get(2 * i, f) && f.tag == Tag::string && as_text(f.bytes) == key;
  };
  if (n > 8) {  // worth a try: where the keys are sorted this finds it
    std::size_t low = 0, high = n;
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      if (key_at(middle) <= key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low > 0 && holds(low - 1)) return 2 * (low - 1) + 1;
  }
  for (std::size_t i = n; i-- > 0;) {
    if (holds(i)) return 2 * i + 1;
  }
  return std::nullopt;
}

namespace {

/// Where a walk along a path stands: a field of a frame, or the frame as a whole (the top).
struct Place {
  Access frame;
  std::optional<std::size_t> field;
};

tl::unexpected<Error> refuse_step(std::size_t i, const Value& step, std::string_view found) {
  return fail(Status::type_error,
              fmt::format("step {} of the path, {}, leads into {}", i, step.is(Kind::string) ? fmt::format("'{}'", step.as_string())
                                                                                              : fmt::format("{}", step.as_integer()), found));
}

std::optional<std::size_t> position_of(std::int64_t index, std::size_t size) {
  const auto n = static_cast<std::int64_t>(size);
  if (index < -n || index >= n) return std::nullopt;
  return static_cast<std::size_t>(index < 0 ? index + n : index);
}

/// Follows `path` through frames as far as they go; the last step may be into a packed list.
Result<Value> walk(Place at, std::span<const Value> path, Arena& arena) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    const Value& step = path[i];
    if (!step.is(Kind::string) && !step.is(Kind::integer)) {
      return fail(Status::type_error, fmt::format("step {} of the path is {}, expected a key or a position", i, type_name(step.kind())));
    }
    bool map = false;
    if (at.field) {
      PACKHOUSE_TRY(const Field f, at.frame.field(*at.field));
      const bool wide = FrameView::is_wide(f);
      if (!wide && f.tag != Tag::map && (f.tag != Tag::tuple || f.bytes.empty())) {
        PACKHOUSE_TRY(const Value v, at.frame.any(*at.field, arena));
        if (v.is_null()) return Value();
        if (!v.is(Kind::list) || !step.is(Kind::integer)) return refuse_step(i, step, type_name(v.kind()));
        const auto index = position_of(step.as_integer(), v.as_list().size());
        if (!index) return Value();
        if (i + 1 < path.size()) return refuse_step(i + 1, path[i + 1], type_name(v.as_list()[*index].kind()));
        return v.as_list()[*index];
      }
      map = wide ? load<Extension>(f.bytes.data()) == Extension::wide_map : f.tag == Tag::map;
      PACKHOUSE_TRY(at.frame, at.frame.nested(*at.field));
    }
    if (map != step.is(Kind::string)) return refuse_step(i, step, map ? "a map" : "a list");
    at.field = map ? at.frame.find(step.as_string()) : position_of(step.as_integer(), at.frame.size());
    if (!at.field) return Value();
  }
  return at.frame.any(*at.field, arena);
}

}  // namespace

Result<Value> get(Bytes frame, std::span<const Value> path, Arena& arena) {
  PACKHOUSE_TRY(Access top, Access::open(frame));
  if (top.size() == 1) return walk({top, 0}, path, arena);
  if (path.empty()) return decode(frame, arena);
  return walk({top, std::nullopt}, path, arena);
}

}  // namespace packhouse::packos
