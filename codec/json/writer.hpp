#pragma once
#include <vector>

#include "base/buffer.hpp"
#include "value/sink.hpp"

namespace packhouse::codec::json {

struct WriteOptions {
  /// What JSON can't say is written as typed JSON (codec/json/reader.hpp); false: it is an error.
  bool typed = true;
};

/// Appends compact JSON to a buffer. A ValueSink; structures are refused. Not to be shared between threads.
class Writer {
 public:
  explicit Writer(Buffer& out, const WriteOptions& options = {}) : out_(&out), options_(options) {}

  Result<void> null() { return word("null"); }
  Result<void> boolean(bool v) { return word(v ? "true" : "false"); }
  Result<void> integer(std::int64_t v);
  Result<void> real(double v);
  Result<void> string(std::string_view v);
  Result<void> bytes(Bytes v);
  Result<void> list_begin(std::uint32_t n);
  Result<void> list_end();
  Result<void> map_begin(std::uint32_t n);
  Result<void> key(std::string_view k);
  Result<void> map_end();
  Result<void> structure_begin(std::uint8_t tag, std::uint32_t fields);
  Result<void> structure_end() { return {}; }
  Result<void> date(Date v);
  Result<void> local_time(LocalTime v);
  Result<void> time(Time v);
  Result<void> local_datetime(LocalDateTime v);
  Result<void> datetime(const DateTime& v);
  Result<void> duration(const Duration& v);
  Result<void> point(const Point& v);
  Result<void> vector(Element e, std::uint32_t dimensions, Bytes little_endian);

 private:
  struct Open {
    bool map, empty, wrapped;  // wrapped: inside {"$type":"Map","_value":...}
  };
  void separate();
  Result<void> word(std::string_view w);
  void quoted(std::string_view s);
  Result<void> typed(std::string_view type, std::string_view text);
  Result<void> temporal(const Value& v);
  Result<void> refuse(std::string_view what) const;
  void raw(std::string_view s) { out_->append(as_bytes(s)); }

  Buffer* out_;
  WriteOptions options_;
  std::vector<Open> open_;
  bool after_key_ = false;
};
static_assert(ValueSink<Writer>);

}  // namespace packhouse::codec::json
