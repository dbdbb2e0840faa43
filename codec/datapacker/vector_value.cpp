#include <algorithm>
#include <optional>

#include "codec/datapacker/narrow.hpp"
#include "codec/datapacker/vector.hpp"

// Vectors and scalars as values, and values as them.
namespace packhouse::datapacker {
namespace {

constexpr std::uint64_t longest_vector = 4096;  // that clients can be sent as a vector

std::optional<Element> element_of(Scalar s) {
  for (const Element e : {Element::i8, Element::i16, Element::i32, Element::i64, Element::f32, Element::f64}) {
    if (scalar_of(e) == s) return e;
  }
  return {};
}

std::string text_of(const Value& v) {
  if (v.is(Kind::boolean)) return v.as_boolean() ? "true" : "false";
  return v.is(Kind::integer) ? std::to_string(v.as_integer()) : shortest_text(v.as_real());
}

template <class T>
Result<void> put_number(Scalar s, const Value& v, Cast cast, std::byte* out) {
  const Narrowed<T> r = v.is(Kind::integer)   ? narrow<T>(v.as_integer())
                        : v.is(Kind::boolean) ? narrow<T>(v.as_boolean())
                                              : narrow<T>(v.as_real());
  if (!r.exact && cast == Cast::exact) {
    return fail(Status::arithmetic_error, text_of(v) + " is out of range for " + std::string(name_of(s)));
  }
  store(out, r.value);
  return {};
}

/// Appends the elements of a value, depth first; the first way down sets the shape, all others must equal it.
class Collector {
 public:
  Collector(Scalar element, Cast cast, Buffer& out) : element_(element), cast_(cast), out_(out) {}

  Result<void> add(const Value& v, std::size_t depth) {
    if (v.is(Kind::list)) return list(v.as_list(), depth);
    if (v.is(Kind::vector)) return vector(v, depth);
    if (v.is_number() || v.is(Kind::boolean)) {
      PACKHOUSE_CHECK(leaf(depth));
      return put(v);
    }
    return fail(Status::type_error, "a vector needs numbers, or lists of them, found " +
                                        std::string(type_name(v.kind())) + " after " +
                                        std::to_string(out_.size() / size_of(element_)) + " elements");
  }
  std::vector<std::uint64_t>& shape() { return shape_; }

 private:
  tl::unexpected<Error> ragged() const {
    return fail(Status::argument_error, "a vector needs lists of equal lengths at every level; they differ after " +
                                            std::to_string(out_.size() / size_of(element_)) + " elements");
  }

  /// Enters a list of `n` at `depth`.
  Result<void> level(std::size_t n, std::size_t depth) {
    if (depth == shape_.size() && !complete_) {
      if (depth == most_dimensions) return fail(Status::argument_error, "a vector of more than 255 dimensions");
      shape_.push_back(n);
      complete_ = n == 0;
      return {};
    }
    if (depth >= shape_.size() || shape_[depth] != n) return ragged();
    return {};
  }
  Result<void> leaf(std::size_t depth) {
    if (depth != shape_.size()) return ragged();
    complete_ = true;
    return {};
  }

  Result<void> list(std::span<const Value> items, std::size_t depth) {
    PACKHOUSE_CHECK(level(items.size(), depth));
    for (const Value& item : items) PACKHOUSE_CHECK(add(item, depth + 1));
    return {};
  }

  Result<void> vector(const Value& v, std::size_t depth) {
    const std::size_t n = v.vector_dimensions();
    PACKHOUSE_CHECK(level(n, depth));
    if (n > 0) PACKHOUSE_CHECK(leaf(depth + 1));
    return convert(scalar_of(v.vector_element()), v.vector_data().data(), element_, out_.extend(n * size_of(element_)),
                   n, cast_);
  }

  Result<void> put(const Value& v) {
    const std::size_t index = out_.size() / size_of(element_);
    std::byte* const at = out_.extend(size_of(element_));
    auto done = with_type(element_, [&](auto t) { return put_number<decltype(t)>(element_, v, cast_, at); });
    if (!done) return tl::make_unexpected(std::move(done).error().in("element " + std::to_string(index) + ": "));
    return done;
  }

  Scalar element_;
  Cast cast_;
  Buffer& out_;
  std::vector<std::uint64_t> shape_;
  bool complete_ = false;  // a leaf or an empty list has been seen: the shape is known
};

/// Bounds the items of the lists of a shape: dimensions of 1, and empty ones, make lists out of no bytes.
Result<void> check_lists(const ArrayView& a, std::uint64_t& spare) {
  constexpr std::uint64_t free_items = 16,
                          most = UINT64_MAX / 2;  // for each element, so that usual shapes cost nothing
  const std::uint64_t elements = a.data.size() / size_of(a.element);
  std::uint64_t level = 1, items = 0;
  for (const std::uint64_t n : a.shape) {
    level = n > 0 && level > most / n ? most : level * n;
    items = std::min(items + level, most);
    if (n == 0) break;
  }
  const std::uint64_t free = free_items * (elements + 1), extra = items > free ? items - free : 0;
  if (extra > spare) {
    return fail(Status::argument_error, "a vector of shape " + shape_text(a.shape) +
                                            " would be too many lists for its " + std::to_string(elements) +
                                            " elements");
  }
  spare -= extra;
  return {};
}

class Spread {
 public:
  Spread(const ArrayView& a, Arena& arena) : a_(a), arena_(arena), at_(a.data.data()) {}

  Result<Value> level(std::size_t depth) {
    const std::size_t left = a_.shape.size() - depth, width = size_of(a_.element);
    if (left == 0) return next();
    const std::uint64_t n = a_.shape[depth];
    if (n > UINT32_MAX)
      return fail(Status::argument_error, "a dimension of " + std::to_string(n) + " elements doesn't fit a list");
    if (const auto e = element_of(a_.element); left == 1 && n > 0 && n <= longest_vector && e) {
      const Value v = Value::vector(*e, static_cast<std::uint32_t>(n), at_);
      at_ += n * width;
      return v;
    }
    const auto items = arena_.array<Value>(n);
    for (Value& item : items) {
      PACKHOUSE_TRY(item, level(depth + 1));
    }
    return Value::list(items);
  }

 private:
  Result<Value> next() {
    const std::byte* const at = at_;
    at_ += size_of(a_.element);
    return scalar_value(a_.element, at);
  }

  const ArrayView& a_;
  Arena& arena_;
  const std::byte* at_;
};

}  // namespace

Scalar scalar_of(Element e) {
  constexpr Scalar scalars[] = {Scalar::i8, Scalar::i16, Scalar::i32, Scalar::i64, Scalar::f32, Scalar::f64};
  return scalars[static_cast<std::size_t>(e)];
}

Result<void> put_scalar(Scalar s, const Value& v, Cast cast, std::byte* out) {
  const bool fits = v.is(Kind::integer) || v.is(Kind::boolean) || (v.is(Kind::real) && is_float(s));
  if (!fits || (s == Scalar::boolean && v.is(Kind::real))) {
    return fail(Status::type_error, std::string(name_of(s)) + " needs " +
                                        (is_float(s)            ? "a number"
                                         : s == Scalar::boolean ? "a boolean"
                                                                : "an integer") +
                                        ", found " + std::string(type_name(v.kind())));
  }
  return with_type(s, [&](auto t) { return put_number<decltype(t)>(s, v, cast, out); });
}

Result<Value> scalar_value(Scalar s, const std::byte* at) {
  switch (s) {
    case Scalar::f16: return Value::real(codec::half_to_double(load<std::uint16_t>(at)));
    case Scalar::f32: return Value::real(static_cast<double>(load<float>(at)));
    case Scalar::f64: return Value::real(load<double>(at));
    case Scalar::u64: {
      const auto n = load<std::uint64_t>(at);
      if (n <= static_cast<std::uint64_t>(INT64_MAX)) return Value::integer(static_cast<std::int64_t>(n));
      return fail(Status::arithmetic_error, std::to_string(n) + " doesn't fit an INTEGER, which ends at 2^63-1");
    }
    case Scalar::boolean: {
      const auto b = std::to_integer<std::uint8_t>(*at);
      if (b <= 1) return Value::boolean(b == 1);
      return fail(Status::request_invalid, "a boolean is 0 or 1, found the byte " + std::to_string(b));
    }
    default: break;
  }
  return with_type(s, [&](auto t) -> Value {
    using T = decltype(t);
    if constexpr (Integer<T>) {
      return Value::integer(static_cast<std::int64_t>(load<T>(at)));
    } else {
      return Value();
    }
  });
}

Result<ArrayView> array_of(const Value& v, Scalar element, Cast cast, Buffer& scratch) {
  scratch.clear();
  Collector collector(element, cast, scratch);
  PACKHOUSE_CHECK(collector.add(v, 0));
  return ArrayView{.element = element, .shape = std::move(collector.shape()), .data = scratch.view()};
}

Result<Value> value_of(const ArrayView& a, Arena& arena, std::uint64_t& spare) {
  PACKHOUSE_CHECK(check_lists(a, spare));
  return Spread(a, arena).level(0);
}

}  // namespace packhouse::datapacker
