#include "cypher/procedures/tdtp/cells.hpp"

#include <cmath>

#include "codec/json/writer.hpp"
#include "tdtp/base64.hpp"
#include "tdtp/number.hpp"
#include "tdtp/time.hpp"
#include "value/temporal/api.hpp"
#include "value/temporal/calendar.hpp"
#include "value/write.hpp"

namespace packhouse::cypher {
namespace {

using tdtp::Parsed;
using tdtp::tdtql::Column;
using tdtp::tdtql::Operand;

constexpr std::uint32_t bit(tdtp::Type t) {
  return std::uint32_t{1} << static_cast<unsigned>(t);
}

[[gnu::cold]] tl::unexpected<Error> wrong(const Column& column, std::string_view what) {
  return fail(Status::argument_error, "field '" + column.name + "': '" + std::string(what.substr(0, 100)) +
                                          "' is not " + (column.type_text.starts_with('I') ? "an " : "a ") +
                                          column.type_text);
}

// Years of four digits: all that the texts of TDTP can say.
constexpr std::int64_t first_day = -719'528, last_day = 2'932'896;

bool writable_day(std::int64_t day) {
  return day >= first_day && day <= last_day;
}
bool writable_second(std::int64_t s) {
  return writable_day(calendar::floor_div(s, calendar::seconds_per_day));
}

std::string_view real_text(double v, std::string& memory) {
  if (std::isnan(v)) return "NaN";
  if (std::isinf(v)) return v > 0 ? "Inf" : "-Inf";
  memory = tdtp::json_number(v);
  return memory;
}

/// The type whose cells say all of a value, or text.
tdtp::Type natural_type(const Value& v) {
  using tdtp::Type;
  switch (v.kind()) {
    case Kind::boolean: return Type::boolean;
    case Kind::integer: return Type::integer;
    case Kind::real: return Type::real;
    case Kind::bytes: return Type::blob;
    case Kind::date: return writable_day(v.as_date().days) ? Type::date : Type::text;
    case Kind::datetime: return writable_second(v.as_datetime().seconds) ? Type::datetime : Type::text;
    case Kind::local_datetime: return writable_second(v.as_local_datetime().seconds) ? Type::datetime : Type::text;
    default: return Type::text;
  }
}

Result<void> append_text(const Value& v, std::string& out) {
  switch (v.kind()) {
    case Kind::string: out += v.as_string(); return ok;
    case Kind::boolean: out += v.as_boolean() ? "true" : "false"; return ok;
    case Kind::integer: out += std::to_string(v.as_integer()); return ok;
    case Kind::real: out += real_to_text(v.as_real()); return ok;
    case Kind::bytes: out += tdtp::base64_encode(as_text(v.as_bytes())); return ok;
    case Kind::date:
    case Kind::local_time:
    case Kind::time:
    case Kind::local_datetime:
    case Kind::datetime:
    case Kind::duration: out += temporal_to_text(v); return ok;
    default: break;
  }
  Buffer json;
  codec::json::Writer writer(json);
  PACKHOUSE_CHECK(write(v, writer));
  out += as_text(json);
  return ok;
}

/// A value in a column of its own type. False: it is not of that type.
bool append_typed(tdtp::Type type, const Value& v, std::string& out) {
  using tdtp::Type;
  std::string memory;
  if (type == Type::real || type == Type::decimal) {
    if (v.is(Kind::integer)) return out += std::to_string(v.as_integer()), true;
    if (v.is(Kind::real)) return out += real_text(v.as_real(), memory), true;
    return false;
  }
  const Type natural = natural_type(v);
  if (natural != (type == Type::timestamp ? Type::datetime : type)) return false;
  switch (v.kind()) {
    case Kind::boolean: out += v.as_boolean() ? '1' : '0'; return true;
    case Kind::integer: out += std::to_string(v.as_integer()); return true;
    case Kind::bytes: out += tdtp::base64_encode(as_text(v.as_bytes())); return true;
    case Kind::date:
      out += tdtp::format_seconds(v.as_date().days * calendar::seconds_per_day).substr(0, 10);
      return true;
    case Kind::datetime: out += tdtp::format_nanos({v.as_datetime().seconds, v.as_datetime().nanos}); return true;
    case Kind::local_datetime:
      out += tdtp::format_nanos({v.as_local_datetime().seconds, v.as_local_datetime().nanos});
      return true;
    default: return false;
  }
}

}  // namespace

Result<Value> value_of_cell(const Column& column, std::string_view cell, const CellOptions& options, Arena& arena) {
  using tdtp::Type;
  if (cell.empty() && (column.type != Type::text || options.empty_is_null)) return Value();
  if (!options.typed || column.type == Type::text || (column.type == Type::decimal && options.exact_decimal))
    return Value::string(arena.copy(cell));
  const Operand o = Operand::read(column, cell);
  switch (column.type) {
    case Type::integer:
      if (o.how != Parsed::good) return wrong(column, cell);
      return Value::integer(o.integer);
    case Type::real:
    case Type::decimal:
      if (o.how != Parsed::good) return wrong(column, cell);
      return Value::real(o.real);
    case Type::boolean:
      if (o.truth < 0) return wrong(column, cell);
      return Value::boolean(o.truth == 1);
    case Type::date:
      if (!o.time) return wrong(column, cell);
      return Value::date({calendar::floor_div(o.time->seconds, calendar::seconds_per_day)});
    case Type::blob: {
      const auto bytes = tdtp::base64_decode(cell);
      if (!bytes) return wrong(column, cell);
      return Value::bytes(arena.copy(as_bytes(*bytes)));
    }
    default: break;
  }
  const auto time = o.time ? o.time : tdtp::parse_any_time(cell);
  if (!time) return wrong(column, cell);
  return Value::datetime({time->seconds, time->nanos, Zone::offset(0)});
}

Result<void> append_cell(const Column& column, const Value& v, std::string& out) {
  if (v.is_null()) return ok;
  if (column.type == tdtp::Type::text) return append_text(v, out);
  if (append_typed(column.type, v, out)) return ok;
  std::string text;
  PACKHOUSE_CHECK(append_text(v, text));
  Arena arena;
  if (v.is(Kind::string) && value_of_cell(column, text, {}, arena)) {
    out += text;
    return ok;
  }
  return wrong(column, text);
}

void TypeGuess::see(const Value& v) {
  if (!v.is_null()) seen_ |= bit(natural_type(v));
}

tdtp::Type TypeGuess::type() const {
  using tdtp::Type;
  for (const Type t : {Type::integer, Type::real, Type::boolean, Type::date, Type::datetime, Type::blob}) {
    if (seen_ == bit(t)) return t;
  }
  return seen_ == (bit(Type::integer) | bit(Type::real)) ? Type::real : Type::text;
}

bool fits_xml(std::string_view cell) {
  for (std::size_t i = 0; i < cell.size(); ++i) {
    const auto c = static_cast<unsigned char>(cell[i]);
    if (c < 0x20 && c != '\t' && c != '\n' && c != '\r') return false;
    if (c == 0xEF && (cell.substr(i, 3) == "\xEF\xBF\xBE" || cell.substr(i, 3) == "\xEF\xBF\xBF")) return false;
  }
  return true;
}

}  // namespace packhouse::cypher
