#include "cypher/procedures/shapes.hpp"

namespace packhouse::cypher {

std::string schema_type_name(const Value& v) {
  switch (v.kind()) {
    case Kind::boolean: return "Boolean";
    case Kind::integer: return "Long";
    case Kind::real: return "Double";
    case Kind::string: return "String";
    case Kind::bytes: return "ByteArray";
    case Kind::date: return "Date";
    case Kind::local_time: return "LocalTime";
    case Kind::time: return "Time";
    case Kind::local_datetime: return "LocalDateTime";
    case Kind::datetime: return "DateTime";
    case Kind::duration: return "Duration";
    case Kind::point: return "Point";
    case Kind::list: return (v.as_list().empty() ? "String" : schema_type_name(v.as_list()[0])) + "Array";
    default: return std::string(type_name(v.kind()));
  }
}

}  // namespace packhouse::cypher
