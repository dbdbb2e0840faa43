// PackOS from C++: write a record, look into it, validate it, decode it. See docs/PACKOS.md.
#include <codec/packos/access.hpp>
#include <codec/packos/codec.hpp>
#include <codec/packos/pool.hpp>
#include <codec/packos/schema/schema.hpp>
#include <codec/packos/sequence.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>

using namespace packhouse;

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

/// int16, and a map in a map: the example of the source document. Buffers come from a pool.
void write(packos::FrameWriter& w) {
  w.begin_frame(2);
  w.fixed(std::int16_t{12345});
  w.begin_map(2);
  w.string("meta");
  w.begin_map(2);
  w.string("user"), w.string("alice");
  w.string("role"), w.string("admin");
  must(w.end_map());  // sorts the keys
  w.string("name"), w.string("gopher");
  must(w.end_map());
  must(w.end_frame());
}

void random_access(Bytes bytes) {
  const auto frame = must(packos::Access::open(bytes));
  const auto map = must(frame.nested(1));
  const auto name = must(map.get<std::string_view>(map.find("name").value()));
  std::printf("field 0: %d, name: %.*s\n", must(frame.get<std::int16_t>(0)), static_cast<int>(name.size()),
              name.data());

  Arena arena;
  const Value path[] = {Value::integer(1), Value::string("meta"), Value::string("role")};
  const Value role = must(packos::get(bytes, path, arena));
  std::printf("[1].meta.role: %s\n", std::string(role.as_string()).c_str());
}

void sequential(Bytes bytes) {
  auto fields = must(packos::Sequence::open(bytes));
  while (fields.left() > 0) {
    const auto next = must(fields.peek());
    std::printf("field %zu: %s of %zu bytes\n", fields.position(), std::string(packos::name(next.tag)).c_str(),
                next.width);
    must(fields.next());
  }
}

void schemas(Bytes bytes) {
  constexpr auto chain = R"([{"type": "int16", "max": 20000},
    {"type": "mapUnordered", "fieldNames": ["name", "meta"], "schema": [{"type": "string", "width": 6},
      {"type": "mapUnordered", "fieldNames": ["role"], "schema": [{"type": "string", "pattern": "^(admin|guest)$"}]}]}])";
  const auto schema = must(packos::Schema::from_json(chain));
  must(schema.validate(bytes));
  Arena arena;
  const Value decoded = must(schema.decode(bytes, arena));
  std::printf("decoded: %zu fields\n", decoded.as_list().size());

  const auto strict = must(packos::Schema::from_json(R"([{"type": "int16", "max": 100}])"));
  std::printf("refused: %s\n", strict.validate(bytes).error().message().c_str());
}

}  // namespace

int main() {
  packos::PooledFrame frame;
  write(*frame);
  std::printf("%zu bytes\n", frame.bytes().size());
  random_access(frame.bytes());
  sequential(frame.bytes());
  schemas(frame.bytes());
}
