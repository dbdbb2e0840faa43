// DataPacker from C++: values and arrays as packed bytes, automatic packing, JSON Schemas, .npy. See
// docs/DATAPACKER.md.
#include <codec/datapacker/auto_pack.hpp>
#include <codec/datapacker/packer.hpp>
#include <codec/datapacker/schema/schema.hpp>
#include <codec/json/reader.hpp>
#include <codec/npy/npy.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <value/builder.hpp>
#include <value/print.hpp>

using namespace packhouse;
using datapacker::Packer;

namespace {

template <class T>
T must(Result<T> r) {
  if (r) {
    if constexpr (!std::is_void_v<T>)
      return std::move(*r);
    else
      return;
  }
  std::fprintf(stderr, "%s\n", r.error().message().c_str());
  std::exit(1);
}

Value from_json(std::string_view text, Arena& arena) {
  ValueBuilder builder(arena);
  must(codec::json::read(as_bytes(text), builder));
  return builder.take();
}

void values() {
  Arena arena;
  const Packer packer = must(Packer::make("str:8:utf8"));
  Buffer packed;
  must(packer.pack(Value::string("käse"), packed));
  std::printf("%zu bytes of %llu: %s\n", packed.size(), static_cast<unsigned long long>(packer.elem_size()),
              print(must(packer.unpack(packed, 0, arena))).c_str());

  const Value numbers[] = {Value::integer(1), Value::integer(300), Value::integer(3)};
  const auto refused = must(Packer::make("u8")).pack_many(numbers, packed);
  std::printf("refused: %s; still %zu bytes\n", refused.error().message().c_str(), packed.size());
}

/// A batch of vectors out of one array, without a look at single values; then as NumPy's file.
void arrays() {
  const float rows[] = {0.5F, 1, 1.5F, 2, 2.5F, 3};
  const Packer packer = must(Packer::make("vec:f32:3"));
  Buffer packed;
  must(packer.pack_rows({.element = datapacker::Scalar::f32, .shape = {2, 3}, .data = std::as_bytes(std::span(rows))},
                        packed));
  const auto second = must(packer.unpack_array(packed, packer.elem_size()));
  std::printf("2 vectors in %zu bytes; the second begins with %g\n", packed.size(),
              static_cast<double>(datapacker::load<float>(second.data.data())));

  Buffer file;
  must(codec::npy::write_header(packer.dtype(), 2, file));
  const auto header = must(codec::npy::read_header(file));
  std::printf(".npy: %llu rows of %llu bytes, %s\n", static_cast<unsigned long long>(header.rows()),
              static_cast<unsigned long long>(header.row_size()), must(codec::npy::dtype_of(header)).text().c_str());
}

void chosen_by_type() {
  Arena arena;
  Buffer stored;
  must(datapacker::auto_pack(from_json(R"({"b": [1, 2.5], "a": null})", arena), stored));
  std::printf("stored in %zu bytes: %s\n", stored.size(), print(must(datapacker::auto_unpack(stored, arena))).c_str());
}

void schemas() {
  Arena arena;
  const auto schema = must(datapacker::JsonSchema::cached(from_json(
      R"({"properties": {"id": {"type": "integer"}, "name": {"type": "string"}}, "required": ["id"]})", arena)));
  must(schema->validate(from_json(R"({"id": 1, "name": "Rin"})", arena)));
  std::printf("%s\n", schema->validate(from_json(R"({"id": "oops"})", arena)).error().message().c_str());
}

}  // namespace

int main() {
  values();
  arrays();
  chosen_by_type();
  schemas();
}
