// Any bytes as a dtype string (its length is the first byte) and packed data: what can be unpacked packs again to the
// same value, batches agree with single values, and stored values come back as they went in.
#include <cstdlib>

#include "codec/datapacker/auto_pack.hpp"
#include "codec/datapacker/packer.hpp"

namespace {
using namespace packhouse;
using namespace packhouse::datapacker;

void demand(bool fine) {
  if (!fine) std::abort();
}

/// Packing is repeatable: the bytes of an unpacked value unpack to a value with the same bytes.
void round_trip(const Packer& p, const Value& v) {
  Arena arena;
  Buffer first, second;
  // Packing may refuse what reading accepts: shorter forms can make a fixed size too small only if it was not read from
  // it.
  if (!p.pack(v, first)) return;
  const auto again = p.unpack(first, 0, arena);
  demand(again.has_value());
  demand(p.pack(*again, second).has_value());
  demand(as_text(first) == as_text(second));
  demand(p.is_varsize() || first.size() == p.elem_size());
}

void batches(const Packer& p, Bytes in) {
  Arena arena;
  if (!p.is_varsize()) {
    const std::uint64_t n = in.size() / p.elem_size();
    const auto many = p.unpack_many(in, {.count = n}, arena);
    for (std::uint64_t i = 0; i < n && i < 64; ++i) {
      const auto one = p.unpack(in, i * p.elem_size(), arena);
      demand(!many || one.has_value());
    }
    demand(!p.unpack_many(in, {.count = n + 1}, arena));
    return;
  }
  const std::uint64_t offsets[] = {0, in.size() / 2, in.size()};
  (void)p.unpack_many(in, {.offsets = offsets}, arena);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes all(reinterpret_cast<const std::byte*>(data), size);
  const std::size_t length = std::min<std::size_t>(data[0], size - 1);
  const Bytes in = all.subspan(1 + length);
  Arena arena;
  if (const auto stored = auto_unpack(all, arena)) {
    Buffer out, again;
    if (auto_pack(*stored, out)) {
      const auto back = auto_unpack(out, arena);
      demand(back.has_value() && auto_pack(*back, again).has_value() && as_text(out) == as_text(again));
    }
  }
  const auto p = Packer::make(as_text(all.subspan(1, length)));
  if (!p) return 0;
  demand(parse_dtype(p->dtype().text()).value() == p->dtype());
  if (p->elem_size() > (1U << 20)) return 0;
  if (const auto v = p->unpack(in, 0, arena)) round_trip(*p, *v);
  batches(*p, in);
  return 0;
}
