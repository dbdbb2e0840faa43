// Any bytes as a PackOS frame and as a stored record: no read outside, and what decodes can be written again.
#include <cstdlib>

#include "codec/packos/access.hpp"
#include "codec/packos/codec.hpp"
#include "codec/packos/record.hpp"
#include "codec/packos/sequence.hpp"
#include "value/builder.hpp"

using namespace packhouse;
using namespace packhouse::packos;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  Arena arena;
  if (const auto record = RecordView::open(bytes)) {
    for (std::size_t i = 0; i < record->label_count(); ++i) static_cast<void>(record->has_label(record->label(i)));
    for (std::size_t i = 0; i < record->property_count(); ++i) {
      static_cast<void>(record->value(i, arena));
      static_cast<void>(record->property(record->key(i), arena));
    }
  }
  if (const auto access = Access::open(bytes)) {
    static_cast<void>(access->find("key"));
    for (std::size_t i = 0; i <= access->size(); ++i) {
      static_cast<void>(access->integer(i));
      static_cast<void>(access->nullable<double>(i));
      if (const auto inner = access->nested(i)) static_cast<void>(inner->find("name"));
    }
  }
  if (auto fields = Sequence::open(bytes)) {
    while (fields->left() > 0 && (fields->next_container() || fields->next<std::int16_t>() || fields->next())) continue;
  }
  const auto value = decode(bytes, arena);
  ValueBuilder builder(arena);
  if (read(bytes, builder).has_value() != value.has_value()) std::abort();
  if (!value) return 0;
  Buffer tree, events;
  if (!encode(*value, tree)) std::abort();
  Writer writer(events);
  if (!write(*value, writer, 2 * max_depth)) std::abort();
  if (as_text(tree) != as_text(events)) std::abort();
  if (!decode(tree, arena)) std::abort();
  return 0;
}
