// The operations of issue 9 on a file of 100,000 rows, through the C library as its users call it. Rows per second of
// processor time. The figures of the original beside them are in docs/TDTP.md.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>

#include "tdtp/capi/libtdtp.h"

namespace {

constexpr int rows = 100'000;
const std::string folder = "/tmp/packhouse_tdtp_bench";

/// {"schema":…,"data":[…]}: eight columns of all kinds; `change` alters one row in ten.
std::string make_json(bool change) {
  std::string out =
      R"({"schema":{"fields":[{"name":"ID","type":"INTEGER","is_key":true},{"name":"Name","type":"TEXT"},{"name":"Email","type":"TEXT"},)"
      R"({"name":"City","type":"TEXT"},{"name":"Balance","type":"DECIMAL","precision":18,"scale":2},{"name":"Active","type":"BOOLEAN"},)"
      R"({"name":"Born","type":"DATE"},{"name":"Seen","type":"TIMESTAMP"}]},"header":{"type":"reference","table_name":"Users",)"
      R"("message_id":"bench","timestamp":"2025-11-10T15:30:00Z"},"data":[)";
  static const char* cities[] = {"Omsk", "Moscow", "Санкт-Петербург", "New York", "Kazan"};
  char row[400];
  for (int i = 0; i < rows; ++i) {
    std::snprintf(
        row, sizeof row,
        "%s[\"%d\",\"User "
        "%d\",\"user%d@example.com\",\"%s\",\"%d.%02d\",\"%d\",\"19%02d-%02d-%02d\",\"2025-01-%02dT%02d:%02d:00Z\"]",
        i > 0 ? "," : "", i, i, i, cities[i % 5], i * 7 % 5000 + (change && i % 10 == 0 ? 1 : 0), i % 100, i % 2,
        i % 100, i % 12 + 1, i % 28 + 1, i % 28 + 1, i % 24, i % 60);
    out += row;
  }
  return out + "]}";
}

const std::string& json() {
  static const std::string text = make_json(false);
  return text;
}

const std::string& file() {
  static const std::string path = [] {
    std::string p = folder + ".tdtp.xml";
    J_FreeString(J_WriteFile(json().c_str(), p.c_str()));
    return p;
  }();
  return path;
}

void use(benchmark::State& state, char* answer) {
  if (std::strncmp(answer, "{\"error", 7) == 0) state.SkipWithError(answer);
  benchmark::DoNotOptimize(answer);
  J_FreeString(answer);
}

void count(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * rows);
}

void j_read(benchmark::State& state) {
  for (auto _ : state) use(state, J_ReadFile(file().c_str()));
  count(state);
}

void j_write(benchmark::State& state) {
  const std::string out = folder + "_out.tdtp.xml";
  for (auto _ : state) use(state, J_WriteFile(json().c_str(), out.c_str()));
  count(state);
  std::remove(out.c_str());
}

void j_filter(benchmark::State& state) {
  for (auto _ : state) use(state, J_FilterRows(json().c_str(), "Balance > 2500 AND City = 'Omsk'", 0));
  count(state);
}

void j_like(benchmark::State& state) {
  for (auto _ : state) use(state, J_FilterRows(json().c_str(), "Name LIKE '%99%'", 0));
  count(state);
}

void j_diff(benchmark::State& state) {
  static const std::string changed = make_json(true);
  for (auto _ : state) use(state, J_Diff(json().c_str(), changed.c_str()));
  count(state);
}

void j_mask(benchmark::State& state) {
  for (auto _ : state)
    use(state, J_ApplyProcessor(json().c_str(), "field_masker", R"({"fields":{"Email":"partial"}})"));
  count(state);
}

void j_compress(benchmark::State& state) {
  for (auto _ : state) use(state, J_ApplyProcessor(json().c_str(), "compress", R"({"level":3})"));
  count(state);
}

void j_export(benchmark::State& state) {
  const std::string out = folder + "_export.tdtp.xml";
  for (auto _ : state) use(state, J_ExportAll(json().c_str(), out.c_str(), R"({"compress":true})"));
  count(state);
  for (int i = 0; i < 40; ++i) {
    for (int n = 1; n <= i; ++n)
      std::remove((folder + "_export_part_" + std::to_string(n) + "_of_" + std::to_string(i) + ".tdtp.xml").c_str());
  }
}

D_Packet& packet() {
  static D_Packet p = [] {
    D_Packet out{};
    if (D_ReadFile(file().c_str(), &out) != 0) std::abort();
    return out;
  }();
  return p;
}

void d_read(benchmark::State& state) {
  for (auto _ : state) {
    D_Packet out{};
    if (D_ReadFile(file().c_str(), &out) != 0) state.SkipWithError(out.error);
    D_FreePacket(&out);
  }
  count(state);
}

void d_write(benchmark::State& state) {
  const std::string out = folder + "_out.tdtp.xml";
  for (auto _ : state) {
    if (D_WriteFile(&packet(), out.c_str()) != 0) state.SkipWithError(packet().error);
  }
  count(state);
  std::remove(out.c_str());
}

void d_filter(benchmark::State& state) {
  D_FilterSpec specs[2] = {};
  std::strcpy(specs[0].field, "Balance");
  std::strcpy(specs[0].op, ">");
  std::strcpy(specs[0].value, "2500");
  std::strcpy(specs[1].field, "City");
  std::strcpy(specs[1].op, "=");
  std::strcpy(specs[1].value, "Omsk");
  for (auto _ : state) {
    D_Packet out{};
    if (D_FilterRows(&packet(), specs, 2, 0, &out) != 0) state.SkipWithError(out.error);
    D_FreePacket(&out);
  }
  count(state);
}

void d_mask(benchmark::State& state) {
  char name[] = "Email";
  char* names[] = {name};
  D_MaskConfig config{names, 1, "*", 4};
  for (auto _ : state) {
    D_Packet out{};
    if (D_ApplyMask(&packet(), &config, &out) != 0) state.SkipWithError(out.error);
    D_FreePacket(&out);
  }
  count(state);
}

void d_compress(benchmark::State& state) {
  for (auto _ : state) {
    D_Packet out{};
    if (D_ApplyCompress(&packet(), 3, &out) != 0) state.SkipWithError(out.error);
    D_FreePacket(&out);
  }
  count(state);
}

BENCHMARK(j_read)->Unit(benchmark::kMillisecond);
BENCHMARK(j_write)->Unit(benchmark::kMillisecond);
BENCHMARK(j_filter)->Unit(benchmark::kMillisecond);
BENCHMARK(j_like)->Unit(benchmark::kMillisecond);
BENCHMARK(j_diff)->Unit(benchmark::kMillisecond);
BENCHMARK(j_mask)->Unit(benchmark::kMillisecond);
BENCHMARK(j_compress)->Unit(benchmark::kMillisecond);
BENCHMARK(j_export)->Unit(benchmark::kMillisecond);
BENCHMARK(d_read)->Unit(benchmark::kMillisecond);
BENCHMARK(d_write)->Unit(benchmark::kMillisecond);
BENCHMARK(d_filter)->Unit(benchmark::kMillisecond);
BENCHMARK(d_mask)->Unit(benchmark::kMillisecond);
BENCHMARK(d_compress)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
