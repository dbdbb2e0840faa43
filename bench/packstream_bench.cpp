// Times PackStream on the messages of tests/packstream/data/bench-packstream-messages.json; the budgets
// are in docs/PERFORMANCE.md. Run: bench_packstream
#include <benchmark/benchmark.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "codec/json/reader.hpp"
#include "packstream/encode.hpp"
#include "packstream/message.hpp"

namespace packhouse::packstream {
namespace {

std::vector<std::byte> message(const std::string& name) {
  static Arena arena;
  static const Value file = [] {
    std::ifstream in(PACKHOUSE_SOURCE_DIR "/tests/packstream/data/bench-packstream-messages.json", std::ios::binary);
    const std::string raw{std::istreambuf_iterator<char>(in), {}};
    return codec::json::read_value(as_bytes(raw), arena, {.typed = false}).value();
  }();
  const std::string_view hex = find(find(find(file.as_map(), "messages")->as_map(), name)->as_map(), "hex")->as_string();
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::vector<std::byte> out;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    out.push_back(static_cast<std::byte>(digit(hex[i]) * 16 + digit(hex[i + 1])));
  }
  return out;
}

constexpr const char* names[] = {"a_run_3_params", "b_record_10_mixed", "c1_list_10000_ints_range",
                                 "c2_list_10000_ints_random_i64", "d_1000_nodes"};

// Message (d) holds nodes, which no client may send: they are decoded as raw structures.
const ReadOptions options{.structures = ReadOptions::Structures::raw};

std::vector<Value> decode_fields(Bytes in, Arena& arena, const ReadOptions& how) {
  std::vector<Value> fields;
  auto reader = MessageReader::open(in, how);
  while (reader->fields_left() > 0) fields.push_back(*reader->value(arena));
  return fields;
}

void decode(benchmark::State& state, const std::string& name, bool raw) {
  const auto in = message(name);
  const ReadOptions how = raw ? options : ReadOptions{};
  Arena arena(1 << 22);
  for (auto _ : state) {
    arena.reset();
    auto reader = MessageReader::open(in, how);
    while (reader->fields_left() > 0) {
      auto v = reader->value(arena);
      if (!v) state.SkipWithError(v.error().message().c_str());
      benchmark::DoNotOptimize(v);
    }
    if (!reader->finish()) state.SkipWithError("left over");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(in.size()));
}

/// Writes what decode() with raw structures gave: a list that began as a structure has its tag in front.
void write_node(const Value& node, Writer& out) {
  const auto fields = node.as_list();
  out.write_structure_header(static_cast<std::uint8_t>(fields[0].as_integer()),
                             static_cast<std::uint8_t>(fields.size() - 1));
  for (const Value& f : fields.subspan(1)) (void)encode_value(f, out);
}

void encode(benchmark::State& state, const std::string& name, bool nodes) {
  const auto in = message(name);
  Arena arena;
  const auto fields = decode_fields(in, arena, nodes ? options : ReadOptions{});
  const auto tag = MessageReader::open(in)->tag();
  Buffer out;
  for (auto _ : state) {
    out.clear();
    Writer writer(out);
    writer.write_structure_header(tag, static_cast<std::uint8_t>(fields.size()));
    for (const Value& f : fields) {
      if (!nodes) {
        if (!encode_value(f, writer)) state.SkipWithError("not encoded");
        continue;
      }
      writer.write_list_header(f.as_list().size());
      writer.write_list_header(f.as_list()[0].as_list().size());
      for (const Value& n : f.as_list()[0].as_list()) write_node(n, writer);
    }
    benchmark::DoNotOptimize(out.data());
  }
  if (out.size() != in.size() || std::memcmp(out.data(), in.data(), in.size()) != 0) state.SkipWithError("other bytes");
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(in.size()));
}

void skip(benchmark::State& state, const std::string& name) {
  const auto in = message(name);
  for (auto _ : state) {
    Cursor cursor(in);
    if (!cursor.skip()) state.SkipWithError("not skipped");
    benchmark::DoNotOptimize(cursor);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(in.size()));
}

void reader_to_writer(benchmark::State& state, const std::string& name) {
  const auto in = message(name);
  Buffer out;
  for (auto _ : state) {
    out.clear();
    Writer writer(out);
    if (!read(in, writer, options)) state.SkipWithError("not read");
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(in.size()));
}

/// The 10,000 integers as an array of int64, both ways; the list stands in the one field of a RECORD.
void decode_integers(benchmark::State& state, const std::string& name) {
  const auto in = message(name);
  std::vector<std::int64_t> out(10000);
  for (auto _ : state) {
    Cursor cursor(in);
    Token t;
    const bool heads = cursor.next(t) && cursor.next(t) && cursor.next(t);
    if (!heads || cursor.integers(out) != out.size()) state.SkipWithError("not read");
    benchmark::DoNotOptimize(out.data());
  }
}

void encode_integers(benchmark::State& state, const std::string& name) {
  const auto in = message(name);
  std::vector<std::int64_t> values(10000);
  Cursor cursor(in);
  Token t;
  if (!(cursor.next(t) && cursor.next(t) && cursor.next(t)) || cursor.integers(values) != values.size()) std::abort();
  Buffer out;
  for (auto _ : state) {
    out.clear();
    Writer(out).write_integers(values);
    benchmark::DoNotOptimize(out.data());
  }
}

void bulk(benchmark::State& state, bool text) {
  const std::string body(1 << 20, 'x');
  Buffer in, out;
  Writer writer(in);
  text ? writer.write_string(body) : writer.write_bytes(as_bytes(body));
  for (auto _ : state) {
    out.clear();
    Writer w(out);
    if (!read(in, w)) state.SkipWithError("not read");
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}

void copy(benchmark::State& state) {
  const std::string body(1 << 20, 'x');
  std::string out(body.size(), ' ');
  for (auto _ : state) {
    std::memcpy(out.data(), body.data(), body.size());
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}

void register_all() {
  using benchmark::RegisterBenchmark;
  for (const std::string name : names) {
    const bool nodes = name[0] == 'd';
    RegisterBenchmark(("decode/" + name).c_str(), [=](benchmark::State& s) { decode(s, name, nodes); });
    RegisterBenchmark(("encode/" + name).c_str(), [=](benchmark::State& s) { encode(s, name, nodes); });
    RegisterBenchmark(("skip/" + name).c_str(), [=](benchmark::State& s) { skip(s, name); });
    RegisterBenchmark(("read_write/" + name).c_str(), [=](benchmark::State& s) { reader_to_writer(s, name); });
    if (name[0] != 'c') continue;
    RegisterBenchmark(("decode_typed/" + name).c_str(), [=](benchmark::State& s) { decode_integers(s, name); });
    RegisterBenchmark(("encode_typed/" + name).c_str(), [=](benchmark::State& s) { encode_integers(s, name); });
  }
  RegisterBenchmark("bulk/string_1MiB", [](benchmark::State& s) { bulk(s, true); });
  RegisterBenchmark("bulk/bytes_1MiB", [](benchmark::State& s) { bulk(s, false); });
  RegisterBenchmark("bulk/memcpy_1MiB", copy);
}

}  // namespace
}  // namespace packhouse::packstream

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  packhouse::packstream::register_all();
  benchmark::RunSpecifiedBenchmarks();
}
