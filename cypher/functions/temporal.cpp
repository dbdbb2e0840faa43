#include "value/temporal/api.hpp"

#include <string>

#include "cypher/functions/families.hpp"

namespace packhouse::cypher {
namespace {

using Arguments = std::span<const Value>;

Now statement_now(const StatementClock& c) { return {{c.statement_seconds, c.statement_nanos}, Zone::offset(0)}; }
Now transaction_now(const StatementClock& c) { return {{c.transaction_seconds, c.transaction_nanos}, Zone::offset(0)}; }

/// The value of a text that had to be read.
template <class T>
T readable(Result<T>&& r) {
  if (r || r.error().status() != Status::syntax_error) return or_throw(std::move(r));
  Error cause = Error(Status::syntax_error, r.error().message()).with_gql("22N36");
  throw QueryError(std::move(r).error().with_gql("22007").caused_by(std::move(cause)));
}

/// date() … datetime(): the statement's moment, or what the argument says.
template <Kind kind>
Value construct(CallContext& c, Arguments a) {
  const Now now = statement_now(c.exec.clock);
  if (a.empty()) return temporal_current(kind, now);
  return readable(temporal_construct(kind, a[0], now, c.arena));
}

enum class Clock { transaction, statement, realtime };

template <Kind kind, Clock clock>
Value current(CallContext& c, Arguments a) {
  Now now = clock == Clock::transaction ? transaction_now(c.exec.clock) : statement_now(c.exec.clock);
  if constexpr (clock == Clock::realtime) now.instant = wall_clock();
  std::optional<Zone> zone;
  if (!a.empty()) zone = readable(zone_from_text(string_argument("timezone", a[0])));
  return temporal_current(kind, now, zone);
}

template <Kind kind>
Value truncate(CallContext& c, Arguments a) {
  const Now now = statement_now(c.exec.clock);
  const Value input = a.size() > 1 ? a[1] : temporal_current(kind, now);
  std::span<const MapEntry> overrides;
  if (a.size() > 2) {
    if (!a[2].is(Kind::map)) wrong_argument("truncate", "a Map", a[2]);
    overrides = a[2].as_map();
  }
  return or_throw(temporal_truncate(kind, string_argument("truncate", a[0]), input, overrides, now));
}

template <Result<Duration> (*f)(const Value&, const Value&)>
Value between(CallContext& c, Arguments a) {
  return Value::duration(c.arena.make<Duration>(or_throw(f(a[0], a[1]))));
}

struct Names {
  std::string_view name, display, transaction, statement, realtime, truncate;
};

template <Kind kind>
void add_kind(Functions& out, const Names& n, Type result) {
  const auto add = [&](std::string_view name, std::string_view display, std::string_view description,
                       std::vector<Argument> arguments, std::size_t required, Value (*call)(CallContext&, Arguments)) {
    out.push_back({.name = name, .display = display, .category = "Temporal", .description = description,
                   .arguments = std::move(arguments), .required = required, .result = result, .deterministic = false, .call = call});
  };
  const std::vector<Argument> zone{{"timezone", Type::string}};
  add(n.name, n.display, "Makes a value from text, components or another temporal value; without argument, from the clock.",
      {{"input", Type::string | Type::map | Type::temporal}}, 0, construct<kind>);
  add(n.transaction, n.transaction, "The moment the transaction began.", zone, 0, current<kind, Clock::transaction>);
  add(n.statement, n.statement, "The moment the statement began.", zone, 0, current<kind, Clock::statement>);
  add(n.realtime, n.realtime, "This very moment.", zone, 0, current<kind, Clock::realtime>);
  add(n.truncate, n.truncate, "Cuts a temporal value to a unit; components can be given anew.",
      {{"unit", Type::string}, {"input", Type::temporal}, {"fields", Type::map}}, 1, truncate<kind>);
}

}  // namespace

void add_temporal_functions(Functions& out) {
  add_kind<Kind::date>(out, {"date", "date", "date.transaction", "date.statement", "date.realtime", "date.truncate"}, Type::date);
  add_kind<Kind::local_time>(out, {"localtime", "localtime", "localtime.transaction", "localtime.statement",
                                   "localtime.realtime", "localtime.truncate"}, Type::local_time);
  add_kind<Kind::time>(out, {"time", "time", "time.transaction", "time.statement", "time.realtime", "time.truncate"}, Type::time);
  add_kind<Kind::local_datetime>(out, {"localdatetime", "localdatetime", "localdatetime.transaction", "localdatetime.statement",
                                       "localdatetime.realtime", "localdatetime.truncate"}, Type::local_datetime);
  add_kind<Kind::datetime>(out, {"datetime", "datetime", "datetime.transaction", "datetime.statement", "datetime.realtime",
                                 "datetime.truncate"}, Type::datetime);

  const auto add = [&](std::string_view name, std::string_view display, std::string_view description,
                       std::vector<Argument> arguments, Type result, Value (*call)(CallContext&, Arguments)) {
    const std::size_t required = arguments.size();
    out.push_back({.name = name, .display = display, .category = "Temporal", .description = description,
                   .arguments = std::move(arguments), .required = required, .result = result, .call = call});
  };
  add("datetime.fromepoch", "datetime.fromEpoch", "Makes a datetime from seconds and nanoseconds since the epoch.",
      {{"seconds", Type::number}, {"nanoseconds", Type::number}}, Type::datetime, [](CallContext&, Arguments a) {
        return or_throw(datetime_from_epoch(integer_argument("datetime.fromEpoch", a[0]), integer_argument("datetime.fromEpoch", a[1])));
      });
  add("datetime.fromepochmillis", "datetime.fromEpochMillis", "Makes a datetime from milliseconds since the epoch.",
      {{"milliseconds", Type::number}}, Type::datetime, [](CallContext&, Arguments a) {
        return or_throw(datetime_from_epoch_millis(integer_argument("datetime.fromEpochMillis", a[0])));
      });
  add("duration", "duration", "Makes a duration from text or components.", {{"input", Type::string | Type::map | Type::duration}},
      Type::duration, [](CallContext& c, Arguments a) { return readable(duration_construct(a[0], c.arena)); });
  const std::vector<Argument> pair{{"from", Type::temporal}, {"to", Type::temporal}};
  add("duration.between", "duration.between", "The difference of two moments in months, days and seconds.", pair, Type::duration,
      between<duration_between>);
  add("duration.inmonths", "duration.inMonths", "The difference of two moments in whole months.", pair, Type::duration,
      between<duration_in_months>);
  add("duration.indays", "duration.inDays", "The difference of two moments in whole days.", pair, Type::duration,
      between<duration_in_days>);
  add("duration.inseconds", "duration.inSeconds", "The difference of two moments in seconds.", pair, Type::duration,
      between<duration_in_seconds>);
}

}  // namespace packhouse::cypher
