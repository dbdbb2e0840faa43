#pragma once
#include <initializer_list>
#include <string>
#include <utility>

#include "value/print.hpp"
#include "value/temporal/api.hpp"

// Short spellings for the tables of the tests in this folder.
namespace packhouse::testing {

/// Everything a test's values point to; lives as long as the program.
inline Arena& arena() {
  static Arena a;
  return a;
}

/// A literal of a table turned into a Value.
struct Item {
  Item(int n) : value(Value::integer(n)) {}
  Item(long n) : value(Value::integer(n)) {}
  Item(long long n) : value(Value::integer(n)) {}
  Item(double d) : value(Value::real(d)) {}
  Item(const char* s) : value(Value::string(s)) {}
  Item(const Value& v) : value(v) {}
  Value value;
};

inline const Value null;
inline Value boolean(bool b) {
  return Value::boolean(b);
}

inline Value list(std::initializer_list<Item> items) {
  const auto out = arena().array<Value>(items.size());
  std::size_t i = 0;
  for (const Item& item : items) out[i++] = item.value;
  return Value::list(out);
}

inline Value map(std::initializer_list<std::pair<std::string_view, Item>> entries) {
  const auto out = arena().array<MapEntry>(entries.size());
  std::size_t i = 0;
  for (const auto& [key, item] : entries) out[i++] = {key, item.value};
  return Value::map(out);
}

/// 2023-11-14T22:13:20.123456789Z
inline const Now now{{1'700'000'000, 123'456'789}, Zone()};

inline std::string show(const Error& e) {
  return "! " + std::string(e.code().substr(e.code().rfind('.') + 1));
}
/// The value as the TCK writes it, or "! ArgumentError".
inline std::string show(const Value& v) {
  return is_temporal(v.kind()) || v.is(Kind::duration) ? temporal_to_text(v, true) : print(v);
}
inline std::string show(const Result<Value>& r) {
  return r ? show(*r) : show(r.error());
}
inline std::string show(const Result<Duration>& r) {
  return r ? temporal_to_text(Value::duration(&*r)) : show(r.error());
}

inline Result<Value> make(Kind target, const Item& x) {
  return temporal_construct(target, x.value, now, arena());
}
/// For arguments: must succeed.
inline Value date(const Item& x) {
  return make(Kind::date, x).value();
}
inline Value localtime(const Item& x) {
  return make(Kind::local_time, x).value();
}
inline Value time(const Item& x) {
  return make(Kind::time, x).value();
}
inline Value localdatetime(const Item& x) {
  return make(Kind::local_datetime, x).value();
}
inline Value datetime(const Item& x) {
  return make(Kind::datetime, x).value();
}
inline Value duration(const Item& x) {
  return duration_construct(x.value, arena()).value();
}

}  // namespace packhouse::testing
