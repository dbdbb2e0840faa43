#include "tdtp/tdtql/operand.hpp"

#include <algorithm>
#include <cmath>

#include "base/ascii.hpp"
#include "tdtp/base64.hpp"
#include "tdtp/text.hpp"
#include "tdtp/time.hpp"

namespace packhouse::tdtp::tdtql {

namespace {

/// The day of an RFC 3339 time in its own zone: what stands before the T.
std::optional<Instant> read_date(std::string_view text) {
  if (const auto day = parse_time(text, TimeLayout::date)) return day;
  if (text.size() < 11 || !parse_rfc3339(text)) return std::nullopt;
  return parse_time(text.substr(0, 10), TimeLayout::date);
}

int read_truth(std::string_view text) {
  if (text == "1" || same_ignoring_case(text, "true")) return 1;
  if (text == "0" || same_ignoring_case(text, "false")) return 0;
  return -1;
}

/// 1e3 for an integer column: digits with an exponent that make a whole number.
void read_exponent(Operand& o) {
  double v = 0;
  if (o.text.find_first_of("eE") == std::string_view::npos || parse_double(o.text, v) != Parsed::good) return;
  if (std::floor(v) != v || std::fabs(v) >= 9.2e18) return;
  o.integer = static_cast<std::int64_t>(v);
  o.how = Parsed::good;
}

[[gnu::cold]] tl::unexpected<Error> invalid(const Column& column, const std::string& why, std::string_view value) {
  return fail(Status::argument_error,
              "validation error for field '" + column.name + "': " + why + " (value: '" + std::string(value) + "')");
}

Result<void> validate_decimal(const Column& column, const Operand& value) {
  if (value.how != Parsed::good) return invalid(column, "invalid decimal value", value.text);
  const std::size_t point = value.text.find('.');
  if (point != std::string_view::npos && static_cast<std::int64_t>(value.text.size() - point - 1) > column.scale) {
    return invalid(column, "decimal scale exceeds " + std::to_string(column.scale), value.text);
  }
  const auto digits = std::ranges::count_if(value.text, [](char c) { return c != '.' && c != '-' && c != '+'; });
  if (digits > column.precision)
    return invalid(column, "decimal precision exceeds " + std::to_string(column.precision), value.text);
  return ok;
}

template <class T>
int three_way(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

int compare_times(const Instant& a, const Instant& b) {
  const int seconds = three_way(a.seconds, b.seconds);
  return seconds != 0 ? seconds : three_way(a.nanos, b.nanos);
}

/// Bytes as numbers from 0 to 255.
int compare_bytes(std::string_view a, std::string_view b) {
  return three_way(a.compare(b), 0);
}

std::string_view number_function(Type t) {
  return t == Type::integer ? "ParseInt" : "ParseFloat";
}

}  // namespace

Column::Column(const Schema& schema, std::size_t column) : index(column) {
  const Field& f = schema.fields[column];
  type = f.kind();
  name = f.name;
  type_text = f.type;
  length = f.length;
  if (f.precision > 0) precision = f.precision;
  if (f.scale > 0) scale = f.scale;
}

Operand Operand::read(const Column& column, std::string_view text, bool literal) {
  Operand o;
  o.text = text;
  switch (column.type) {
    case Type::integer:
      o.how = parse_int(text, o.integer);
      if (literal && o.how != Parsed::good) read_exponent(o);
      break;
    case Type::real:
    case Type::decimal: o.how = parse_double(text, o.real); break;
    case Type::boolean: o.truth = read_truth(text); break;
    case Type::date: o.time = read_date(text); break;
    case Type::datetime:
    case Type::timestamp: o.time = parse_rfc3339(text); break;
    default: break;
  }
  return o;
}

Result<void> validate(const Column& column, const Operand& value) {
  switch (column.type) {
    case Type::integer:
      if (value.how != Parsed::good) return invalid(column, "invalid integer value", value.text);
      return ok;
    case Type::real:
      if (value.how != Parsed::good) return invalid(column, "invalid float value", value.text);
      return ok;
    case Type::decimal: return validate_decimal(column, value);
    case Type::text:
      if (column.length > 0 && static_cast<std::int64_t>(value.text.size()) > column.length &&
          static_cast<std::int64_t>(count_code_points(value.text)) > column.length) {
        return invalid(column, "text length exceeds " + std::to_string(column.length), value.text);
      }
      return ok;
    case Type::boolean:
      if (value.truth < 0) return invalid(column, "boolean must be 0 or 1", value.text);
      return ok;
    case Type::date:
      if (!value.time) return invalid(column, "invalid date format, expected YYYY-MM-DD", value.text);
      return ok;
    case Type::datetime:
      if (!value.time) return invalid(column, "invalid datetime format, expected RFC3339", value.text);
      return ok;
    case Type::timestamp:
      if (!value.time) return invalid(column, "invalid timestamp format, expected RFC3339", value.text);
      return ok;
    case Type::blob:
      if (!is_base64(value.text)) return invalid(column, "invalid base64 encoding", value.text);
      return ok;
    case Type::unknown: break;
  }
  return invalid(column, "unsupported type: " + column.type_text, value.text);
}

Result<bool> is_equal(const Column& column, const Operand& cell, const Operand& literal) {
  if (is_null(column.type, cell.text) || is_null(column.type, literal.text)) return false;
  PACKHOUSE_CHECK(validate(column, cell));
  PACKHOUSE_CHECK(validate(column, literal));
  switch (column.type) {
    case Type::integer: return cell.integer == literal.integer;
    case Type::real:
    case Type::decimal: return cell.real == literal.real;
    case Type::boolean: return cell.truth == literal.truth;
    case Type::date:
    case Type::datetime:
    case Type::timestamp: return *cell.time == *literal.time;
    default: return cell.text == literal.text;
  }
}

Result<int> order(const Column& column, const Operand& cell, const Operand& literal) {
  switch (column.type) {
    case Type::integer:
    case Type::real:
    case Type::decimal:
      for (const Operand* side : {&cell, &literal}) {
        if (side->how != Parsed::good)
          return fail(Status::argument_error, number_error(number_function(column.type), side->text, side->how));
      }
      return column.type == Type::integer ? three_way(cell.integer, literal.integer)
                                          : three_way(cell.real, literal.real);
    case Type::boolean:
      if (cell.truth < 0 || literal.truth < 0) return compare_bytes(cell.text, literal.text);
      return three_way(cell.truth, literal.truth);
    case Type::date:
    case Type::datetime:
    case Type::timestamp:
      PACKHOUSE_CHECK(validate(column, cell));
      PACKHOUSE_CHECK(validate(column, literal));
      return compare_times(*cell.time, *literal.time);
    default: return compare_bytes(cell.text, literal.text);
  }
}

int sort_order(const Column& column, std::string_view a, std::string_view b) {
  const bool null_a = is_null(column.type, a), null_b = is_null(column.type, b);
  if (null_a || null_b) return three_way(null_b, null_a);
  const Operand left = Operand::read(column, a), right = Operand::read(column, b);
  const bool good_a = validate(column, left).has_value(), good_b = validate(column, right).has_value();
  if (good_a != good_b) return good_a ? -1 : 1;
  if (good_a) {
    if (const auto by_type = order(column, left, right)) return *by_type;
  }
  return compare_bytes(a, b);
}

}  // namespace packhouse::tdtp::tdtql
