#pragma once
#include <vector>

#include "value/sink.hpp"
#include "value/value.hpp"

namespace packhouse {

/// The sink that builds a Value whose lists, maps and scalars live in an arena. Explicit stack:
/// depth costs heap, not call stack. With `Text::view` strings and bytes stay views of what the
/// reader passed (a message buffer that outlives the value); with `Text::copy` they are copied.
/// Sizes that a reader announces are hints: nothing is reserved beyond what has been seen.
class ValueBuilder {
 public:
  enum class Text : std::uint8_t { copy, view };
  /// What to do with a key that comes twice in its map.
  enum class Repeats : std::uint8_t { refuse, last_wins };
  explicit ValueBuilder(Arena& arena, Text text = Text::copy, Repeats repeats = Repeats::refuse)
      : arena_(arena), text_(text), repeats_(repeats) {}

  Result<void> null() { return add(Value()); }
  Result<void> boolean(bool v) { return add(Value::boolean(v)); }
  Result<void> integer(std::int64_t v) { return add(Value::integer(v)); }
  Result<void> real(double v) { return add(Value::real(v)); }
  Result<void> string(std::string_view v) { return add(Value::string(keep(v))); }
  Result<void> bytes(Bytes v) { return add(Value::bytes(as_bytes_(keep(as_text(v))))); }
  Result<void> list_begin(std::uint32_t) { return push(false); }
  Result<void> list_end();
  Result<void> map_begin(std::uint32_t) { return push(true); }
  Result<void> key(std::string_view k);
  Result<void> map_end();
  Result<void> structure_begin(std::uint8_t tag, std::uint32_t fields);  ///< always an error: not a value
  Result<void> structure_end();
  Result<void> date(Date v) { return add(Value::date(v)); }
  Result<void> local_time(LocalTime v) { return add(Value::local_time(v)); }
  Result<void> time(Time v) { return add(Value::time(v)); }
  Result<void> local_datetime(LocalDateTime v) { return add(Value::local_datetime(v)); }
  Result<void> datetime(DateTime v) { return add(Value::datetime(v)); }
  Result<void> duration(const Duration& v) { return add(Value::duration(arena_.make<Duration>(v))); }
  Result<void> point(const Point& v) { return add(Value::point(arena_.make<Point>(v))); }
  Result<void> vector(Element e, std::uint32_t dimensions, Bytes little_endian);

  /// The finished value; call once the reader has returned without error.
  Value take() { return done_; }

 private:
  struct Open {
    std::uint32_t first;  // where its items begin in items_ (list) or entries_ (map)
    bool map, has_key;
    std::string_view key;
  };
  static Bytes as_bytes_(std::string_view s) { return packhouse::as_bytes(s); }
  std::string_view keep(std::string_view s) { return text_ == Text::view ? s : arena_.copy(s); }
  Result<void> push(bool map);
  Result<void> add(const Value& v) {
    if (open_.empty()) {
      done_ = v;
      return ok;
    }
    return add_inside(v);
  }
  Result<void> add_inside(const Value& v);

  void keep_last(std::size_t first);

  Arena& arena_;
  Text text_;
  Repeats repeats_;
  std::vector<Open> open_;
  std::vector<Value> items_;
  std::vector<MapEntry> entries_;
  Value done_;
};
static_assert(ValueSink<ValueBuilder>);

}  // namespace packhouse
