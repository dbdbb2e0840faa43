#pragma once
#include <boost/json.hpp>

#include "codec/packos/frame_writer.hpp"
#include "tests/codec/packos/packos_helpers.hpp"

namespace packos_test {
namespace json = boost::json;

/// A file of tests/codec/packos/data.
json::array load_vectors(std::string_view file);

/// Adds a typed JSON argument as a field, with the writer call that the vector names.
void add(packos::FrameWriter& w, const json::object& arg);
/// All arguments of a vector as one frame.
Result<void> add_all(packos::FrameWriter& w, const json::array& args);

/// The value that a vector says was decoded; in `arena`.
Value expected(const json::object& typed, Arena& arena);

std::int64_t number(const json::value& v);
/// The text or bytes of a str or bytes argument.
std::string text(const json::object& typed);
std::string show(const Value& v);

}  // namespace packos_test
