#pragma once
#include <string>
#include <vector>

#include "base/buffer.hpp"
#include "packstream/reader.hpp"
#include "packstream/writer.hpp"
#include "value/value.hpp"

// What the tests of PackStream share: hex, the vector files, and two ways to look at events.
namespace packhouse::packstream::test {

std::string to_hex(Bytes b);
/// Spaces are ignored.
std::vector<std::byte> from_hex(std::string_view hex);
std::string sha256_hex(Bytes b);

/// A JSON file of tests/packstream/data, as a Value in `arena`.
Value load(const std::string& file, Arena& arena);
/// The member of a JSON object; null if it has none.
Value member(const Value& object, std::string_view name);
std::string_view text(const Value& object, std::string_view name);

/// A case's bytes: "hex", or "data" as hex or in pieces.
std::vector<std::byte> input_of(const Value& test_case);
/// The dialect a case's "bolt" asks for.
Dialect dialect_of(const Value& test_case);

/// Reports what a "value" in typed JSON (data/packstream-open.json, shared TYPED_JSON.md) stands for.
/// S has a member uuid().
template <class S>
void replay(const Value& typed, S& sink);

/// A sink that writes down what it is told, so that two readers can be compared.
class Recorder {
 public:
  const std::string& log() const { return log_; }

  Result<void> null() { return note("null"); }
  Result<void> boolean(bool v) { return note(v ? "true" : "false"); }
  Result<void> integer(std::int64_t v) { return note("int", std::to_string(v)); }
  Result<void> real(double v) { return note("real", std::to_string(std::bit_cast<std::uint64_t>(v))); }
  Result<void> string(std::string_view v) { return note("text", v); }
  Result<void> bytes(Bytes v) { return note("bytes", to_hex(v)); }
  Result<void> list_begin(std::uint32_t n) { return note("list", std::to_string(n)); }
  Result<void> list_end() { return note("]"); }
  Result<void> map_begin(std::uint32_t n) { return note("map", std::to_string(n)); }
  Result<void> key(std::string_view k) { return note("key", k); }
  Result<void> map_end() { return note("}"); }
  Result<void> structure_begin(std::uint8_t tag, std::uint32_t n) {
    return note("structure", std::to_string(tag) + "/" + std::to_string(n));
  }
  Result<void> structure_end() { return note(")"); }
  Result<void> date(Date v) { return note("date", std::to_string(v.days)); }
  Result<void> local_time(LocalTime v) { return note("localtime", std::to_string(v.nanos)); }
  Result<void> time(Time v) { return note("time", std::to_string(v.nanos) + "/" + std::to_string(v.offset)); }
  Result<void> local_datetime(LocalDateTime v) {
    return note("localdatetime", std::to_string(v.seconds) + "/" + std::to_string(v.nanos));
  }
  Result<void> datetime(const DateTime& v) {
    return note("datetime", std::to_string(v.seconds) + "/" + std::to_string(v.nanos) + "/" +
                                std::to_string(v.zone.bits()));
  }
  Result<void> duration(const Duration& v) {
    return note("duration", std::to_string(v.months) + "/" + std::to_string(v.days) + "/" +
                                std::to_string(v.seconds) + "/" + std::to_string(v.nanos));
  }
  Result<void> point(const Point& v) {
    return note("point", std::to_string(static_cast<int>(v.crs)) + "/" + std::to_string(v.x) + "/" +
                             std::to_string(v.y) + "/" + std::to_string(v.z));
  }
  Result<void> vector(Element e, std::uint32_t n, Bytes data) {
    return note("vector", std::to_string(static_cast<int>(e)) + "/" + std::to_string(n) + "/" + to_hex(data));
  }
  Result<void> uuid(Bytes v) { return note("uuid", to_hex(v)); }

 private:
  Result<void> note(std::string_view what, std::string_view detail = {}) {
    log_.append(what).append(" ").append(detail).append("\n");
    return {};
  }
  std::string log_;
};
static_assert(ValueSink<Recorder>);

}  // namespace packhouse::packstream::test
