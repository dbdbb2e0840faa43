// Any bytes as PackStream: both ways of reading agree, what is read is written stably, and skipping,
// printing, typed reading and raw structures survive whatever comes.
#include <cstdlib>
#include <map>

#include "packstream/decode.hpp"
#include "packstream/encode.hpp"
#include "packstream/message.hpp"
#include "packstream/print.hpp"
#include "packstream/typed_read.hpp"
#include "value/builder.hpp"

using namespace packhouse;
using namespace packhouse::packstream;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool same(Bytes a, Bytes b) { return as_text(a) == as_text(b); }

/// Read, write, read, write: the two writings are equal.
void stable(const Value& v, const Dialect& dialect) {
  Buffer first, second;
  Writer one(first, dialect), two(second, dialect);
  require(encode_value(v, one).has_value());
  Arena arena;
  const auto again = decode_value(first, arena, dialect);
  require(again.has_value());
  require(encode_value(*again, two).has_value());
  require(same(first, second));
}

void values(Bytes in, const Dialect& dialect) {
  Arena arena(64);
  const auto v = decode_value(in, arena, dialect);
  require(arena.footprint() <= 4096 + 64 * in.size());
  Arena other;
  ValueBuilder builder(other);
  const auto r = read(in, builder, {.dialect = dialect});
  require(v.has_value() == r.has_value());
  if (!v) {
    require(v.error().message() == r.error().message());
    return;
  }
  Buffer from_value, from_events;
  Writer one(from_value, dialect), two(from_events, dialect);
  require(encode_value(*v, one).has_value());
  require(read(in, two, {.dialect = dialect}).has_value());
  require(same(from_value, from_events));
  stable(*v, dialect);
}

/// With raw structures everything well formed passes through unchanged but for longer forms.
void raw(Bytes in) {
  const ReadOptions options{.dialect = Dialect::bolt(6, 1), .structures = ReadOptions::Structures::raw};
  Buffer first, second;
  Writer one(first, options.dialect), two(second, options.dialect);
  if (!read(in, one, options)) return;
  require(read(first, two, options).has_value());
  require(same(first, second));
  require(first.size() <= in.size());
  Cursor cursor(in, true);
  require(cursor.skip() && cursor.at_end());
}

void messages(Bytes in) {
  Arena arena;
  auto m = MessageReader::open(in);
  if (!m) return;
  while (m->fields_left() > 0 && m->value(arena)) {
  }
  static_cast<void>(m->finish());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes in(reinterpret_cast<const std::byte*>(data), size);
  for (const Dialect& dialect : {Dialect::bolt(4, 4), Dialect::bolt(6, 0)}) values(in, dialect);
  raw(in);
  messages(in);
  static_cast<void>(print(in, true));
  static_cast<void>(from_bytes<std::vector<std::int64_t>>(in));
  static_cast<void>(from_bytes<std::map<std::string, std::optional<double>>>(in));
  static_cast<void>(from_bytes<std::vector<std::pair<std::string, RawValue>>>(in));
  return 0;
}
