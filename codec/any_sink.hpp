#pragma once
#include <string>

#include "value/sink.hpp"

namespace packhouse::codec {

/// A ValueSink behind virtual calls, where the sink is chosen while the program runs (see Format).
/// Whoever knows the sink's type uses it directly instead.
class AnySink {
 public:
  AnySink() = default;
  AnySink(const AnySink&) = delete;
  AnySink& operator=(const AnySink&) = delete;
  virtual ~AnySink() = default;

  virtual Result<void> null() = 0;
  virtual Result<void> boolean(bool v) = 0;
  virtual Result<void> integer(std::int64_t v) = 0;
  virtual Result<void> real(double v) = 0;
  virtual Result<void> string(std::string_view v) = 0;
  virtual Result<void> bytes(Bytes v) = 0;
  virtual Result<void> list_begin(std::uint32_t n) = 0;
  virtual Result<void> list_end() = 0;
  virtual Result<void> map_begin(std::uint32_t n) = 0;
  virtual Result<void> key(std::string_view k) = 0;
  virtual Result<void> map_end() = 0;
  virtual Result<void> structure_begin(std::uint8_t tag, std::uint32_t fields) = 0;
  virtual Result<void> structure_end() = 0;
  virtual Result<void> date(Date v) = 0;
  virtual Result<void> local_time(LocalTime v) = 0;
  virtual Result<void> time(Time v) = 0;
  virtual Result<void> local_datetime(LocalDateTime v) = 0;
  virtual Result<void> datetime(const DateTime& v) = 0;
  virtual Result<void> duration(const Duration& v) = 0;
  virtual Result<void> point(const Point& v) = 0;
  virtual Result<void> vector(Element e, std::uint32_t dimensions, Bytes little_endian) = 0;

  /// To call once after the value: formats that end with an index or a checksum write it here.
  virtual Result<void> finish() { return {}; }

  /// An integer above 2^63-1. Not a Value, so most sinks refuse it; formats and typed arrays have room for it.
  virtual Result<void> unsigned_integer(std::uint64_t v) {
    return fail(Status::request_invalid, "integer " + std::to_string(v) + " is too large");
  }
};
static_assert(ValueSink<AnySink>);

/// Forwards to a sink of type S, or to the one that a `S&` refers to.
template <class S>
class SinkAdapter final : public AnySink {
 public:
  template <class... A>
  explicit SinkAdapter(A&&... a) : sink_(std::forward<A>(a)...) {}
  S& sink() { return sink_; }

  Result<void> null() override { return sink_.null(); }
  Result<void> boolean(bool v) override { return sink_.boolean(v); }
  Result<void> integer(std::int64_t v) override { return sink_.integer(v); }
  Result<void> real(double v) override { return sink_.real(v); }
  Result<void> string(std::string_view v) override { return sink_.string(v); }
  Result<void> bytes(Bytes v) override { return sink_.bytes(v); }
  Result<void> list_begin(std::uint32_t n) override { return sink_.list_begin(n); }
  Result<void> list_end() override { return sink_.list_end(); }
  Result<void> map_begin(std::uint32_t n) override { return sink_.map_begin(n); }
  Result<void> key(std::string_view k) override { return sink_.key(k); }
  Result<void> map_end() override { return sink_.map_end(); }
  Result<void> structure_begin(std::uint8_t tag, std::uint32_t n) override { return sink_.structure_begin(tag, n); }
  Result<void> structure_end() override { return sink_.structure_end(); }
  Result<void> date(Date v) override { return sink_.date(v); }
  Result<void> local_time(LocalTime v) override { return sink_.local_time(v); }
  Result<void> time(Time v) override { return sink_.time(v); }
  Result<void> local_datetime(LocalDateTime v) override { return sink_.local_datetime(v); }
  Result<void> datetime(const DateTime& v) override { return sink_.datetime(v); }
  Result<void> duration(const Duration& v) override { return sink_.duration(v); }
  Result<void> point(const Point& v) override { return sink_.point(v); }
  Result<void> vector(Element e, std::uint32_t n, Bytes data) override { return sink_.vector(e, n, data); }
  Result<void> unsigned_integer(std::uint64_t v) override {
    if constexpr (requires { sink_.unsigned_integer(v); }) {
      return sink_.unsigned_integer(v);
    } else {
      return AnySink::unsigned_integer(v);
    }
  }

 private:
  S sink_;
};

}  // namespace packhouse::codec
