#pragma once
#include <string>

#include "codec/any_sink.hpp"
#include "value/value.hpp"

// The texts of typed JSON (codec/json/reader.hpp), both ways.
namespace packhouse::codec::json {

/// Reports the value that a "$type" and a textual "_value" stand for. Unknown types and texts that don't
/// fit them are errors.
Result<void> deliver_typed(std::string_view type, std::string_view text, AnySink& out);

/// Is this a "$type" whose "_value" is a JSON value like any other (List, Boolean, ...)?
bool is_plain_type(std::string_view type);

/// "Date" for a date; only for kinds that have a typed form.
std::string_view type_of(const Value& temporal);

std::string base64(Bytes b);
Result<std::string> from_base64(std::string_view text);

std::string point_to_text(const Point& p);
Result<Point> point_from_text(std::string_view text);

/// "FLOAT32" and so on.
std::string_view element_name(Element e);
Result<Element> element_from_name(std::string_view name);
/// Appends one coordinate, little-endian, from its text.
Result<void> append_coordinate(Element e, std::string_view text, std::string& little_endian);
std::string coordinate_to_text(Element e, Bytes little_endian, std::size_t index);

/// The shortest text that reads back as the same number and is not an integer: "1.0", "1e+300".
std::string real_to_json(double finite);

}  // namespace packhouse::codec::json
