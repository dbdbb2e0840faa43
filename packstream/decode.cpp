#include "packstream/decode.hpp"

#include <optional>

namespace packhouse::packstream {
namespace {

/// One decoding; holds what the recursion shares. A `false` means: see error().
class Decoder {
 public:
  Decoder(Cursor& in, Arena& arena, const ReadOptions& options)
      : in_(in), arena_(arena), options_(options), depth_left_(options.max_depth) {}

  bool item(Value& out) {
    Token t;
    if (!in_.next(t)) [[unlikely]] return false;
    return finish(t, out);
  }

  Error error() { return error_ ? std::move(*error_) : in_.error(); }

 private:
  bool finish(const Token& t, Value& out) {
    switch (t.type) {
      case Type::null: out = Value(); return true;
      case Type::boolean: out = Value::boolean(t.boolean()); return true;
      case Type::integer: out = Value::integer(t.integer()); return true;
      case Type::real: out = Value::real(t.real()); return true;
      case Type::string: out = Value::string(t.text()); return in_.check_text(t);
      case Type::bytes: out = Value::bytes(t.bytes()); return true;
      case Type::list: return list(t.size, out);
      case Type::map: return map(t.size, out);
      case Type::structure: return structure(t, out);
      case Type::uuid: return refuse(Error(Status::request_invalid, "a UUID is not a value here"));
    }
    return refuse(Error(Status::internal, "unknown type of PackStream token"));
  }

  static constexpr std::size_t long_run = 8;  // from here on it pays to look for integers in a row

  bool list(std::uint32_t n, Value& out) {
    if (!enter(n)) [[unlikely]] return false;
    const std::span<Value> items = arena_.array<Value>(n);
    for (std::size_t i = 0; i < items.size();) {
      if (items.size() - i >= long_run && in_.at_integer()) {
        const auto rest = items.subspan(i);
        const std::size_t run =
            in_.integer_run(rest.size(), [rest](std::size_t k, std::int64_t v) { rest[k] = Value::integer(v); });
        in_.paid(run);
        i += run;
        if (run > 0) continue;
      }
      in_.paid();
      if (!item(items[i++])) [[unlikely]] return false;
    }
    ++depth_left_;
    out = Value::list(items);
    return true;
  }

  bool map(std::uint32_t n, Value& out) {
    if (!enter(std::uint64_t{n} * 2)) [[unlikely]] return false;
    const std::span<MapEntry> entries = arena_.array<MapEntry>(n);
    for (std::uint32_t i = 0; i < n; ++i) {
      in_.paid();
      const std::size_t at = in_.position();
      std::string_view key;
      if (!in_.next_key(key)) [[unlikely]] return false;
      if (i < pairwise_keys && known(entries.first(i), key)) [[unlikely]] {
        in_.rewind(at);
        return in_.refuse(Fault::duplicate_key);
      }
      in_.paid();
      entries[i].key = key;
      if (!item(entries[i].value)) [[unlikely]] return false;
    }
    if (n > pairwise_keys && !all_different(n, [&](std::size_t i) { return entries[i].key; })) {
      return in_.refuse(Fault::duplicate_key);
    }
    ++depth_left_;
    out = Value::map(entries);
    return true;
  }

  static bool known(std::span<const MapEntry> entries, std::string_view key) {
    for (const MapEntry& e : entries) {
      if (e.key == key) return true;
    }
    return false;
  }

  bool structure(const Token& head, Value& out) {
    if (options_.structures == ReadOptions::Structures::raw) return raw_structure(head, out);
    auto v = read_structure(in_, head, options_.dialect);
    if (!v) [[unlikely]] return refuse(std::move(v).error());
    out = std::visit(overloaded{
                         [](Date d) { return Value::date(d); },
                         [](LocalTime t) { return Value::local_time(t); },
                         [](Time t) { return Value::time(t); },
                         [](LocalDateTime t) { return Value::local_datetime(t); },
                         [](const DateTime& t) { return Value::datetime(t); },
                         [&](const Duration& d) { return Value::duration(arena_.make<Duration>(d)); },
                         [&](const Point& p) { return Value::point(arena_.make<Point>(p)); },
                         [&](const VectorView& w) {
                           const auto data = arena_.array<std::byte>(w.big_endian.size());
                           swap_elements(w.element, w.big_endian, data.data());
                           return Value::vector(w.element, w.dimensions, data.data());
                         },
                     },
                     *v);
    return true;
  }

  bool raw_structure(const Token& head, Value& out) {
    if (!enter(head.size)) return false;
    const std::span<Value> items = arena_.array<Value>(head.size + 1);
    items[0] = Value::integer(head.tag);
    for (Value& v : items.subspan(1)) {
      in_.paid();
      if (!item(v)) return false;
    }
    ++depth_left_;
    out = Value::list(items);
    return true;
  }

  bool enter(std::uint64_t promised) {
    if (depth_left_ == 0) [[unlikely]] return in_.refuse(Fault::too_deep);
    --depth_left_;
    return in_.expect(promised);
  }
  [[gnu::cold]] bool refuse(Error e) {
    error_.emplace(std::move(e));
    return false;
  }

  Cursor& in_;
  Arena& arena_;
  const ReadOptions& options_;
  std::uint32_t depth_left_;
  std::optional<Error> error_;
};

}  // namespace

Result<Value> decode_next(Cursor& in, Arena& arena, const ReadOptions& options) {
  Decoder decoder(in, arena, options);
  Value out;
  if (!decoder.item(out)) [[unlikely]] return tl::make_unexpected(decoder.error());
  return out;
}

Result<Value> decode_value(Bytes in, Arena& arena, const ReadOptions& options) {
  Cursor cursor(in, options.dialect.uuid);
  PACKHOUSE_TRY(const Value v, decode_next(cursor, arena, options));
  if (!cursor.at_end()) {
    cursor.refuse(Fault::left_over);
    return tl::make_unexpected(cursor.error());
  }
  return v;
}

}  // namespace packhouse::packstream
