// PackOS: stored records, frames and generic decoding. Run: packos_bench --benchmark_min_time=0.2
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "codec/packos/access.hpp"
#include "codec/packos/codec.hpp"
#include "codec/packos/pool.hpp"
#include "codec/packos/put_value.hpp"
#include "codec/packos/record.hpp"
#include "codec/packos/schema/schema.hpp"
#include "tests/support/count_allocations.hpp"

namespace {
using namespace packhouse;
using namespace packhouse::packos;

void must(const Result<void>& r) {
  if (!r) std::fprintf(stderr, "%s\n", r.error().message().c_str()), std::abort();
}

/// While it lives, allocations are counted; the counter `allocations` says how many there were an iteration.
class CountAllocations {
 public:
  explicit CountAllocations(benchmark::State& state) : state_(state), before_(tests::allocations()) {}
  ~CountAllocations() {
    const auto n = static_cast<double>(tests::allocations() - before_);
    state_.counters["allocations"] = n / static_cast<double>(state_.iterations());
  }

 private:
  benchmark::State& state_;
  std::uint64_t before_;
};

std::vector<Property> make_properties(std::uint32_t n) {
  std::vector<Property> out;
  for (std::uint32_t i = 0; i < n; ++i) {
    const Value values[] = {Value::string("alice cooper"), Value::integer(31 + i), Value::real(2.5), Value::date({20'000})};
    out.push_back({KeyId{i}, values[i % 4]});
  }
  return out;
}

void record_encode(benchmark::State& state) {
  const auto properties = make_properties(static_cast<std::uint32_t>(state.range(0)));
  const LabelId labels[] = {LabelId{1}, LabelId{4}};
  Buffer out;
  const CountAllocations count(state);
  for (auto _ : state) {
    out.clear();
    must(encode_node(out, labels, properties));
    benchmark::DoNotOptimize(out.data());
  }
  state.counters["bytes"] = static_cast<double>(out.size());
}
BENCHMARK(record_encode)->Arg(4)->Arg(10)->Arg(50);

/// Open and one lookup, as a filter does it.
void record_property(benchmark::State& state) {
  const auto n = static_cast<std::uint32_t>(state.range(0));
  Buffer out;
  must(encode_node(out, {}, make_properties(n)));
  Arena arena;
  std::uint32_t key = 0;
  const CountAllocations count(state);
  for (auto _ : state) {
    const auto record = RecordView::open(out);
    benchmark::DoNotOptimize(record->property(KeyId{key}, arena).value());
    key = key + 7 < n ? key + 7 : 0;
  }
}
BENCHMARK(record_property)->Arg(4)->Arg(5)->Arg(50)->Arg(500);

void put_10(FrameWriter& w) {
  w.begin_frame(10);
  w.fixed(std::int8_t{1}), w.fixed(std::int16_t{2}), w.fixed(std::int32_t{3}), w.fixed(std::int64_t{4}), w.boolean(true);
  w.float32(1.5F), w.float64(2.5), w.string("gopher"), w.string("alice"), w.fixed(std::int32_t{9});
  must(w.end_frame());
}

void frame_encode_10(benchmark::State& state) {
  Buffer out;
  FrameWriter w(out);
  const CountAllocations count(state);
  for (auto _ : state) {
    out.clear();
    put_10(w);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(frame_encode_10);

/// With a writer from the pool each time, as the original's figure is taken.
void frame_encode_10_pooled(benchmark::State& state) {
  const CountAllocations count(state);
  for (auto _ : state) {
    PooledFrame frame;
    put_10(*frame);
    benchmark::DoNotOptimize(frame.bytes().data());
  }
}
BENCHMARK(frame_encode_10_pooled);

/// The map in a map of the source document.
void put_map_in_map(FrameWriter& w) {
  w.begin_map(2);
  w.string("meta");
  w.begin_map(3);
  w.string("age"), w.fixed(std::int32_t{30}), w.string("role"), w.string("admin"), w.string("user"), w.string("alice");
  must(w.end());
  w.string("name"), w.string("gopher");
  must(w.end());
}

void put_nested_map(FrameWriter& w) {
  w.begin_frame(2);
  w.fixed(std::int16_t{12345});
  put_map_in_map(w);
  must(w.end_frame());
}

void frame_encode_nested_map(benchmark::State& state) {
  Buffer out;
  FrameWriter w(out);
  const CountAllocations count(state);
  for (auto _ : state) {
    out.clear();
    put_nested_map(w);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(frame_encode_nested_map);

void frame_access_1_of_50(benchmark::State& state) {
  Buffer out;
  FrameWriter w(out);
  w.begin_frame(50);
  for (int i = 0; i < 50; ++i) w.fixed(i);
  must(w.end_frame());
  const CountAllocations count(state);
  for (auto _ : state) {
    const auto frame = FrameView::open(out);
    Field f;
    benchmark::DoNotOptimize(frame->get(37, f));
    benchmark::DoNotOptimize(load<int>(f.bytes.data()));
  }
}
BENCHMARK(frame_access_1_of_50);

void generic_decode(benchmark::State& state) {
  Buffer out;
  FrameWriter w(out);
  put_nested_map(w);
  Arena arena;
  const CountAllocations count(state);
  for (auto _ : state) {
    arena.reset();
    benchmark::DoNotOptimize(decode(out, arena).value());
  }
}
BENCHMARK(generic_decode);

/// A key of a map in a map, without unpacking.
void get_by_path(benchmark::State& state) {
  Buffer out;
  FrameWriter w(out);
  put_nested_map(w);
  Arena arena;
  const Value path[] = {Value::integer(1), Value::string("meta"), Value::string("role")};
  const CountAllocations count(state);
  for (auto _ : state) benchmark::DoNotOptimize(get(out, path, arena).value());
}
BENCHMARK(get_by_path);

/// The source document's chain: int16, float32, int64, bool, a map in a map.
Buffer chain_frame() {
  Buffer out;
  FrameWriter w(out);
  w.begin_frame(5);
  w.fixed(std::int16_t{12345}), w.float32(3.14F), w.fixed(std::int64_t{9876543210}), w.boolean(true);
  put_map_in_map(w);
  must(w.end_frame());
  return out;
}

void validate(benchmark::State& state, const char* inner) {
  const std::string json = std::string(R"([{"type":"int16"},{"type":"float32"},{"type":"int64"},{"type":"bool"},{"type":"map","schema":[
      {"type":"string","exact":"meta"},)") + inner + R"(,{"type":"string","exact":"name"},{"type":"string","width":6}]}])";
  const Schema schema = Schema::from_json(json).value();
  const Buffer frame = chain_frame();
  must(schema.validate(frame));
  const CountAllocations count(state);
  for (auto _ : state) benchmark::DoNotOptimize(schema.validate(frame).has_value());
}
void validate_chain(benchmark::State& state) {
  validate(state, R"({"type":"map","schema":[{"type":"string","exact":"age"},{"type":"int32"},{"type":"string","exact":"role"},
      {"type":"bytes","width":5},{"type":"string","exact":"user"},{"type":"bytes","width":5}]})");
}
BENCHMARK(validate_chain);
void validate_range_and_pattern(benchmark::State& state) {
  validate(state, R"({"type":"mapUnordered","fieldNames":["age","user","role"],"schema":[{"type":"int32","min":18,"max":99},
      {"type":"bytes","width":5},{"type":"string","pattern":"^(admin|guest)$"}]})");
}
BENCHMARK(validate_range_and_pattern);
/// The same with a pattern that needs the regular expression engine.
void validate_range_and_regex(benchmark::State& state) {
  validate(state, R"({"type":"mapUnordered","fieldNames":["age","user","role"],"schema":[{"type":"int32","min":18,"max":99},
      {"type":"bytes","width":5},{"type":"string","pattern":"^a[a-z]+n$"}]})");
}
BENCHMARK(validate_range_and_regex);

}  // namespace

BENCHMARK_MAIN();
