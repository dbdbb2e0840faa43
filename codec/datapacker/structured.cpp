#include "codec/datapacker/structured.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "codec/cbor/reader.hpp"
#include "codec/cbor/writer.hpp"
#include "codec/msgpack/reader.hpp"
#include "codec/msgpack/writer.hpp"
#include "value/builder.hpp"

namespace packhouse::datapacker {
namespace {

/// Replays plain values into a writer, maps in the wanted order.
template <class W>
class Walk {
 public:
  Walk(Buffer& out, KeyOrder order, std::string_view format) : writer_(out), order_(order), format_(format) {}

  Result<void> value(const Value& v, std::uint32_t depth_left) {
    switch (v.kind()) {
      case Kind::null: return writer_.null();
      case Kind::boolean: return writer_.boolean(v.as_boolean());
      case Kind::integer: return writer_.integer(v.as_integer());
      case Kind::real: return writer_.real(v.as_real());
      case Kind::string: return writer_.string(v.as_string());
      case Kind::bytes: return writer_.bytes(v.as_bytes());
      case Kind::list: return list(v.as_list(), depth_left);
      case Kind::map: return map(v.as_map(), depth_left);
      default: break;
    }
    return fail(Status::type_error, std::string(format_) +
                                        " takes null, booleans, numbers, strings, bytes, lists and maps, found " +
                                        std::string(type_name(v.kind())));
  }

 private:
  Result<void> too_deep() const {
    return fail(Status::argument_error, std::string(format_) + ": lists and maps are nested too deeply");
  }

  Result<void> list(std::span<const Value> items, std::uint32_t depth_left) {
    if (depth_left == 0) return too_deep();
    PACKHOUSE_CHECK(writer_.list_begin(static_cast<std::uint32_t>(items.size())));
    for (const Value& item : items) PACKHOUSE_CHECK(value(item, depth_left - 1));
    return writer_.list_end();
  }

  Result<void> entry(const MapEntry& e, std::uint32_t depth_left) {
    PACKHOUSE_CHECK(writer_.key(e.key));
    return value(e.value, depth_left - 1);
  }

  Result<void> map(std::span<const MapEntry> entries, std::uint32_t depth_left) {
    if (depth_left == 0) return too_deep();
    PACKHOUSE_CHECK(writer_.map_begin(static_cast<std::uint32_t>(entries.size())));
    if (order_ == KeyOrder::as_is || std::ranges::is_sorted(entries, {}, &MapEntry::key)) {
      for (const MapEntry& e : entries) PACKHOUSE_CHECK(entry(e, depth_left));
      return writer_.map_end();
    }
    const std::size_t mark = sorted_.size();  // one stack for all open maps
    for (const MapEntry& e : entries) sorted_.push_back(&e);
    std::sort(sorted_.begin() + static_cast<std::ptrdiff_t>(mark), sorted_.end(),
              [](const MapEntry* a, const MapEntry* b) { return a->key < b->key; });
    for (std::size_t i = 0; i < entries.size(); ++i) PACKHOUSE_CHECK(entry(*sorted_[mark + i], depth_left));
    sorted_.resize(mark);
    return writer_.map_end();
  }

  W writer_;
  KeyOrder order_;
  std::string_view format_;
  std::vector<const MapEntry*> sorted_;
};

}  // namespace

std::uint32_t depth_limit(Dtype::Kind format) {
  return format == Dtype::Kind::cbor ? 256 : 1023;
}

Result<void> write_structured(Dtype::Kind format, const Value& v, KeyOrder order, Buffer& out) {
  if (format == Dtype::Kind::cbor) return Walk<codec::cbor::Writer>(out, order, "CBOR").value(v, depth_limit(format));
  return Walk<codec::msgpack::Writer>(out, order, "MessagePack").value(v, depth_limit(format));
}

Result<void> read_structured(Dtype::Kind format, Bytes in, codec::AnySink& out) {
  if (format == Dtype::Kind::cbor) {
    return codec::cbor::read_any(
        in, out, {.max_depth = depth_limit(format), .tags = false, .repeated_keys = true, .prefix = true});
  }
  return codec::msgpack::read_any(
      in, out, {.max_depth = depth_limit(format), .extensions = false, .repeated_keys = true, .prefix = true});
}

Result<Value> read_structured(Dtype::Kind format, Bytes in, Arena& arena) {
  // CBOR's strings may come in chunks, which the reader puts together in memory of its own.
  const auto text = format == Dtype::Kind::cbor ? ValueBuilder::Text::copy : ValueBuilder::Text::view;
  codec::SinkAdapter<ValueBuilder> builder(arena, text, ValueBuilder::Repeats::last_wins);
  PACKHOUSE_CHECK(read_structured(format, in, builder));
  return builder.sink().take();
}

}  // namespace packhouse::datapacker
