// DataPacker: typed arrays beside memcpy of as many bytes (goal: 70% of its speed on a million elements), and batches
// of values as a statement has them. Run: bench_datapacker --benchmark_min_time=0.2
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "codec/datapacker/packer.hpp"
#include "codec/datapacker/schema/schema.hpp"
#include "codec/json/reader.hpp"

namespace {
using namespace packhouse;
using namespace packhouse::datapacker;

constexpr std::uint64_t million = 1'000'000;

template <class T>
T must(Result<T>&& r) {
  if (!r) std::fprintf(stderr, "%s\n", r.error().message().c_str()), std::abort();
  if constexpr (!std::is_void_v<T>) return std::move(*r);
}

void count(benchmark::State& state, std::uint64_t values, std::uint64_t bytes) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(values));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

void memcpy_bytes(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  std::vector<std::byte> from(n, std::byte{1}), to(n);
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), n);
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
  count(state, 1, n);
}
BENCHMARK(memcpy_bytes)->Arg(1'000'000)->Arg(2'000'000)->Arg(4'000'000)->Arg(8'000'000)->Arg(33'000'000);

/// Records of `dtype` from an array of `element`s, `elements` in all.
struct Batch {
  Batch(const std::string& dtype, Scalar element, std::uint64_t elements) : packer(must(Packer::make(dtype))) {
    std::uint64_t row = 1;
    for (const std::uint64_t n : packer.dtype().shape) row *= n;
    elements = elements / row * row;
    data.assign(elements * size_of(element), std::byte{0});
    if (element != Scalar::boolean) {
      for (std::size_t i = 0; i < elements; ++i) data[i * size_of(element)] = static_cast<std::byte>(i % 100);
    }
    view = {.element = element, .shape = {elements / row}, .data = data};
    view.shape.insert(view.shape.end(), packer.dtype().shape.begin(), packer.dtype().shape.end());
    packed.resize(view.shape[0] * packer.elem_size());
  }
  Packer packer;
  std::vector<std::byte> data, packed;
  ArrayView view;
};

void pack_rows(benchmark::State& state, const std::string& dtype, Scalar element) {
  Batch b(dtype, element, million);
  for (auto _ : state) {
    must(b.packer.pack_rows_into(b.view, b.packed));
    benchmark::ClobberMemory();
  }
  count(state, b.view.shape[0], b.packed.size());
}

void unpack_rows(benchmark::State& state, const std::string& dtype, Scalar element) {
  Batch b(dtype, element, million);
  must(b.packer.pack_rows_into(b.view, b.packed));
  std::vector<std::byte> out(must(b.packer.rows_size(b.view.shape[0])));
  for (auto _ : state) {
    must(b.packer.unpack_rows(b.packed, b.view.shape[0], out));
    benchmark::ClobberMemory();
  }
  count(state, b.view.shape[0], b.packed.size());
}

std::vector<Value> values_of(const std::string& dtype, Arena& arena, std::size_t n) {
  const Value record = must(codec::json::read_value(
      as_bytes(R"({"user":"alice cooper","id":123456,"score":0.75,"tags":["vip","beta"],"active":true,"note":null})"),
      arena));
  std::vector<float> floats(768, 1.5F);
  std::vector<Value> out;
  for (std::size_t i = 0; i < n; ++i) {
    if (dtype == "bool")
      out.push_back(Value::boolean(i % 2 == 0));
    else if (dtype == "i8" || dtype == "u8")
      out.push_back(Value::integer(static_cast<std::int64_t>(i % 128)));
    else if (dtype.starts_with("i"))
      out.push_back(Value::integer(static_cast<std::int64_t>(i)));
    else if (dtype.starts_with("f"))
      out.push_back(Value::real(static_cast<double>(i % 4096) * 0.5));
    else if (dtype.starts_with("str"))
      out.push_back(Value::string("fourteen bytes"));
    else if (dtype.starts_with("bytes"))
      out.push_back(Value::bytes(as_bytes("thirty-two bytes, nothing but so")));
    else if (dtype == "vec:f32:8")
      out.push_back(Value::vector(Element::f32, 8, arena.copy(std::as_bytes(std::span(floats).first(8))).data()));
    else if (dtype == "vec:f32:768")
      out.push_back(Value::vector(Element::f32, 768, arena.copy(std::as_bytes(std::span(floats))).data()));
    else
      out.push_back(record);
  }
  return out;
}

void pack_many(benchmark::State& state, const std::string& dtype) {
  Arena arena;
  const auto values = values_of(dtype, arena, dtype == "vec:f32:768" ? 2'000 : 100'000);
  const Packer p = must(Packer::make(dtype));
  Buffer out;
  for (auto _ : state) {
    out.clear();
    must(p.pack_many(values, out));
    benchmark::ClobberMemory();
  }
  count(state, values.size(), out.size());
}

void unpack_many(benchmark::State& state, const std::string& dtype) {
  Arena arena;
  const auto values = values_of(dtype, arena, dtype == "vec:f32:768" ? 2'000 : 100'000);
  const Packer p = must(Packer::make(dtype));
  Buffer out;
  std::vector<std::uint64_t> starts;
  must(p.pack_many(values, out, &starts));
  Extent extent;
  if (p.is_varsize())
    extent.offsets = starts;
  else
    extent.count = values.size();
  Arena results;
  for (auto _ : state) {
    results.reset();
    benchmark::DoNotOptimize(must(p.unpack_many(out, extent, results)).data());
  }
  count(state, values.size(), out.size());
}

void schema_record(benchmark::State& state) {
  Arena arena;
  const auto schema = must(JsonSchema::cached(must(codec::json::read_value(
      as_bytes(
          R"({"type":"object","properties":{"id":{"type":"integer","minimum":0},"user":{"type":"string","maxLength":40},)"
          R"("tags":{"type":"array","items":{"type":"string"}}},"required":["id","user"]})"),
      arena, {.typed = false}))));
  const Packer p = must(Packer::make("msgpack"));
  const auto values = values_of("msgpack", arena, 1000);
  Buffer out;
  for (auto _ : state) {
    out.clear();
    for (const Value& v : values) {
      must(schema->validate(v));
      must(p.pack(v, out));
    }
  }
  count(state, values.size(), out.size());
}
BENCHMARK(schema_record);

void add(const std::string& what, void (*run)(benchmark::State&, const std::string&, Scalar), const std::string& dtype,
         Scalar from) {
  benchmark::RegisterBenchmark(
      (what + "/" + dtype +
       (from == must(Packer::make(dtype)).dtype().scalar ? "" : "_from_" + std::string(name_of(from))))
          .c_str(),
      [=](benchmark::State& s) { run(s, dtype, from); });
}

}  // namespace

int main(int argc, char** argv) {
  for (std::size_t s = 0; s < scalar_count; ++s) {
    const auto scalar = static_cast<Scalar>(s);
    add("pack_rows", pack_rows, std::string(name_of(scalar)), scalar);
    add("unpack_rows", unpack_rows, std::string(name_of(scalar)), scalar);
  }
  for (const char* dtype : {"vec:f32:8", "vec:f32:100", "vec:f32:768", "vec:f64:16", "vec:u8:128"}) {
    const Scalar element = must(Packer::make(dtype)).dtype().scalar;
    add("pack_rows", pack_rows, dtype, element);
    add("unpack_rows", unpack_rows, dtype, element);
  }
  for (const auto& [dtype, from] :
       {std::pair("f16", Scalar::f32), std::pair("f32", Scalar::f64), std::pair("f64", Scalar::f32),
        std::pair("i32", Scalar::i64), std::pair("i8", Scalar::i64), std::pair("f32", Scalar::i32),
        std::pair("vec:f32:768", Scalar::f64)}) {
    add("convert", pack_rows, dtype, from);
  }
  for (const std::string dtype : {"i64", "i32", "i8", "u8", "f64", "f32", "f16", "bool", "str", "str:32", "str:32:utf16le", "bytes:32", "msgpack",
                                  "cbor", "vec:f32:8", "vec:f32:768"}) {
    benchmark::RegisterBenchmark(("pack_many/" + dtype).c_str(), [=](benchmark::State& s) { pack_many(s, dtype); });
    benchmark::RegisterBenchmark(("unpack_many/" + dtype).c_str(), [=](benchmark::State& s) { unpack_many(s, dtype); });
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
