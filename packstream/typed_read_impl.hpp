#pragma once
#include "packstream/typed_read.hpp"

// The templates of TypedReader, apart from what it promises.
namespace packhouse::packstream {

template <class T>
Result<void> TypedReader::read(T& out) {
  if constexpr (std::is_same_v<T, bool>) {
    PACKHOUSE_TRY(const Token t, head(Type::boolean));
    out = t.boolean();
    return {};
  } else if constexpr (std::is_same_v<T, char32_t>) {
    return character(out);
  } else if constexpr (shape::Number<T>) {
    return number(out);
  } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>) {
    return text(out);
  } else if constexpr (std::is_same_v<T, std::vector<std::byte>>) {
    return octets(out);
  } else if constexpr (std::is_same_v<T, Bytes>) {
    return view(out);
  } else if constexpr (std::is_same_v<T, RawValue>) {
    return in_.raw(out) ? Result<void>{} : stopped();
  } else if constexpr (std::is_same_v<T, std::monostate>) {
    return in_.at_end() ? Result<void>{} : head(Type::null).map([](const Token&) {});
  } else if constexpr (shape::is_optional<T>) {
    const bool none = in_.at_end() || in_.peek() == marker::null;
    if (!none) return read(out.emplace());
    out.reset();
    return in_.at_end() || in_.skip() ? Result<void>{} : stopped();
  } else if constexpr (shape::is_tuple<T>) {
    return tuple(out);
  } else if constexpr (shape::is_vector<T>) {
    return vector(out);
  } else if constexpr (shape::is_map<T>) {
    return map(out);
  } else if constexpr (shape::is_variant<T>) {
    return variant(out);
  } else if constexpr (Described<T>) {
    return described(out);
  } else if constexpr (std::is_same_v<T, Value>) {
    if (!options_.arena) return fail(Status::internal, "reading a Value needs an arena");
    auto v = decode_next(in_, *options_.arena, {.dialect = options_.dialect, .max_depth = depth_left_});
    return std::move(v).map([&](const Value& read) { out = read; });
  } else {
    return structure_value(out);
  }
}

template <class T>
Result<void> TypedReader::number(T& out) {
  const std::size_t at = in_.position();
  PACKHOUSE_TRY(const Token t, head());
  if constexpr (std::is_floating_point_v<T>) {
    if (t.type == Type::real) return out = static_cast<T>(t.real()), Result<void>{};
    if (t.type == Type::integer) return out = static_cast<T>(t.integer()), Result<void>{};
    return mismatch("a number", t.type, at);
  } else {
    if (t.type != Type::integer) return mismatch("an integer", t.type, at);
    return integer(t.integer(), at, out);
  }
}

template <class T>
Result<void> TypedReader::integer(std::int64_t v, std::size_t at, T& out) {
  if constexpr (std::is_floating_point_v<T>) {
    out = static_cast<T>(v);
    return {};
  } else {
    using Limits = std::numeric_limits<T>;
    if (std::cmp_less(v, Limits::min()) || std::cmp_greater(v, Limits::max())) {
      return mismatch("an integer from " + std::to_string(Limits::min()) + " to " + std::to_string(Limits::max()),
                      std::to_string(v), at);
    }
    out = static_cast<T>(v);
    return {};
  }
}

template <class T>
Result<void> TypedReader::text(T& out) {
  PACKHOUSE_TRY(const Token t, head(Type::string));
  if (!in_.check_text(t)) return stopped();
  out = t.text();
  return {};
}

template <class T>
Result<void> TypedReader::vector(std::vector<T>& out) {
  const std::size_t at = in_.position();
  PACKHOUSE_TRY(const Token t, head());
  out.clear();
  if constexpr (shape::Number<T>) {
    if (t.type == Type::bytes) {
      for (const std::byte b : t.bytes()) PACKHOUSE_CHECK(integer(std::to_integer<std::int64_t>(b), at, out.emplace_back()));
      return {};
    }
  }
  if constexpr (shape::is_pair<T>) {
    if (t.type == Type::map) return pairs_of_map(t.size, out);
  }
  if (t.type != Type::list) return mismatch("a list", t.type, at);
  PACKHOUSE_CHECK(enter(t.size));
  std::size_t done = 0;
  if constexpr (std::is_same_v<T, std::int64_t>) {
    out.resize(t.size);  // enter() has seen that there is a byte for each
    done = in_.integers(out);
    in_.paid(done);
    out.resize(done);
  }
  for (; done < t.size; ++done) {
    in_.paid();
    PACKHOUSE_CHECK(read(out.emplace_back()));
  }
  ++depth_left_;
  return {};
}

template <class T>
Result<void> TypedReader::pairs_of_map(std::uint32_t n, std::vector<T>& out) {
  return entries(n, [&](std::string_view key) -> Result<void> {
    auto& [first, second] = out.emplace_back();
    static_assert(std::is_assignable_v<decltype(first)&, std::string_view>, "the keys of a PackStream map are strings");
    first = key;
    return read(second);
  });
}

template <class T>
Result<void> TypedReader::map(T& out) {
  static_assert(std::is_constructible_v<typename T::key_type, std::string_view>, "the keys of a PackStream map are strings");
  PACKHOUSE_TRY(const Token t, head(Type::map));
  out.clear();
  return entries(t.size, [&](std::string_view key) { return read(out[typename T::key_type(key)]); });
}

template <class F>
Result<void> TypedReader::entries(std::uint32_t n, F&& each) {
  PACKHOUSE_CHECK(enter(std::uint64_t{n} * 2));
  const std::size_t mark = keys_.mark();
  for (; n > 0; --n) {
    in_.paid(2);
    std::string_view key;
    if (!in_.next_key(key)) return stopped();
    if (!keys_.add(mark, key)) return in_.refuse(Fault::duplicate_key), stopped();
    PACKHOUSE_CHECK(each(key));
  }
  if (!keys_.close(mark)) return in_.refuse(Fault::duplicate_key), stopped();
  ++depth_left_;
  return {};
}

template <class T>
Result<void> TypedReader::tuple(T& out) {
  constexpr std::size_t n = std::tuple_size_v<T>;
  const std::size_t at = in_.position();
  PACKHOUSE_TRY(const Token t, head(Type::list));
  if (t.size < n) {
    return mismatch("a list of " + std::to_string(n) + " items", "one of " + std::to_string(t.size), at);
  }
  PACKHOUSE_CHECK(enter(t.size));
  Result<void> r;
  std::apply([&](auto&... item) { (void)((in_.paid(), r = read(item), r.has_value()) && ...); }, out);
  PACKHOUSE_CHECK(r);
  ++depth_left_;
  return pass_over(t.size - n);
}

template <class T>
Result<void> TypedReader::variant(T& out) {
  const std::size_t at = in_.position();
  Cursor ahead = in_;
  Token t;
  if (!ahead.next(t)) return tl::make_unexpected(ahead.error());
  if (t.type != Type::structure) return mismatch("a structure", t.type, at);
  Result<void> r = mismatch("a known structure", "one with tag " + std::to_string(t.tag), at);
  const auto attempt = [&]<class A>(std::type_identity<A>) {
    static_assert(TaggedStructure<A>, "the alternatives of a variant are told apart by their structure_tag");
    if (Description<A>::structure_tag != t.tag) return false;
    r = read(out.template emplace<A>());
    return true;
  };
  [&]<class... A>(std::type_identity<std::variant<A...>>) {
    (void)(attempt(std::type_identity<A>{}) || ...);
  }(std::type_identity<T>{});
  return r;
}

template <class T>
Result<void> TypedReader::described(T& out) {
  constexpr auto n = static_cast<std::uint32_t>(field_count<T>);
  const std::size_t at = in_.position();
  PACKHOUSE_TRY(const Token t, head());
  if constexpr (TaggedStructure<T>) {
    if (t.type != Type::structure) return mismatch("a structure", t.type, at);
    if (t.tag != Description<T>::structure_tag || t.size != n) {
      return mismatch("structure " + std::to_string(Description<T>::structure_tag) + " with " + std::to_string(n) + " fields",
                      "structure " + std::to_string(t.tag) + " with " + std::to_string(t.size), at);
    }
    PACKHOUSE_CHECK(enter(n));
    PACKHOUSE_CHECK(members(out));
    ++depth_left_;
    return {};
  } else {
    if (t.type == Type::map) return described_map(t.size, at, out);
    if (t.type != Type::list) return mismatch("a map or a list", t.type, at);
    if (t.size < n) {
      return mismatch("a list of " + std::to_string(n) + " items", "one of " + std::to_string(t.size), at);
    }
    PACKHOUSE_CHECK(enter(t.size));
    PACKHOUSE_CHECK(members(out));
    ++depth_left_;
    return pass_over(t.size - n);
  }
}

template <class T>
Result<void> TypedReader::members(T& out) {
  return for_each_field<T>(out, [&](std::string_view field_name, auto& m) {
    in_.paid();
    return member(field_name, m);
  });
}

template <class M>
Result<void> TypedReader::member(std::string_view field_name, M& m) {
  auto r = read(m);
  if (!r) return tl::make_unexpected(std::move(r).error().in(std::string("field '").append(field_name).append("': ")));
  return {};
}

template <class T>
Result<void> TypedReader::described_map(std::uint32_t n, std::size_t at, T& out) {
  std::array<bool, field_count<T>> seen{};
  const auto entry = [&](std::string_view key) -> Result<void> {
    bool known = false;
    std::size_t i = 0;
    auto r = for_each_field<T>(out, [&](std::string_view field_name, auto& m) -> Result<void> {
      const std::size_t index = i++;
      if (field_name != key) return {};
      known = seen[index] = true;
      return member(field_name, m);
    });
    if (!r) return r;
    return known || in_.skip() ? Result<void>{} : stopped();
  };
  PACKHOUSE_CHECK(entries(n, entry));
  std::size_t i = 0;
  return for_each_field<T>(out, [&](std::string_view field_name, auto& m) -> Result<void> {
    if (seen[i++]) return {};
    if constexpr (shape::is_optional<std::remove_reference_t<decltype(m)>>) {
      m.reset();
      return {};
    } else {
      return mismatch(std::string("the key '").append(field_name).append("'"), "a map without it", at);
    }
  });
}

template <class T>
Result<void> TypedReader::structure_value(T& out) {
  PACKHOUSE_TRY(const Token t, head(Type::structure));
  const std::size_t at = in_.position();
  PACKHOUSE_TRY(const StructureValue v, read_structure(in_, t, options_.dialect));
  const T* const found = std::get_if<T>(&v);
  if (!found) return mismatch("another structure", describe_tag(t.tag), at);
  out = *found;
  return {};
}

}  // namespace packhouse::packstream
