#include <cstring>

#include "codec/format.hpp"
#include "objects/serializers/buffered_decoder.hpp"
#include "objects/serializers/shipped.hpp"
#include "value/builder.hpp"
#include "value/write.hpp"

// Records of any kind of value: each its length in bytes (u32, little-endian), then that many bytes of PackStream.
namespace packhouse::objects {
namespace {

constexpr std::size_t length_size = 4;

const codec::Format& packstream() { return *codec::formats().find("packstream"); }

class RecordItems final : public BufferedDecoder {
 public:
  Result<Step> next(Arena& arena, Value& out) override {
    const Bytes in = unread();
    if (in.empty()) return finished() ? Step::end : Step::more;
    if (in.size() < length_size) return need_more("records");
    std::uint32_t length;
    std::memcpy(&length, in.data(), length_size);
    if (length > longest_item) return fail(Status::request_invalid, "records: one is " + std::to_string(length) + " bytes long");
    if (in.size() - length_size < length) return need_more("records");
    codec::SinkAdapter<ValueBuilder> builder(arena);
    PACKHOUSE_CHECK(packstream().read(in.subspan(length_size, length), builder, {}));
    out = builder.sink().take();
    consume(length_size + length);
    return Step::item;
  }
};

class Records final : public StreamSerializer {
 public:
  std::string_view name() const override { return "packhouse.records.stream@v1"; }
  std::string_view content_type() const override { return "application/vnd.packhouse.records"; }
  std::string_view extension() const override { return ".records"; }
  Result<void> item(const Value& v, std::uint64_t, Buffer& out) const override {
    const std::size_t at = out.size();
    out.extend(length_size);
    const auto writer = packstream().writer(out);
    PACKHOUSE_CHECK(write(v, *writer));
    PACKHOUSE_CHECK(writer->finish());
    const std::size_t length = out.size() - at - length_size;
    if (length > longest_item) return fail(Status::type_error, "records: one would be " + std::to_string(length) + " bytes long");
    const auto stored = static_cast<std::uint32_t>(length);
    std::memcpy(out.data() + at, &stored, length_size);
    return ok;
  }
  std::unique_ptr<ItemDecoder> decoder() const override { return std::make_unique<RecordItems>(); }
};

}  // namespace

StreamSerializerPtr records_serializer() { return std::make_shared<Records>(); }

}  // namespace packhouse::objects
