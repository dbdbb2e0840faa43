#include <array>

#include "codec/format.hpp"
#include "objects/serializers/shipped.hpp"
#include "value/builder.hpp"
#include "value/write.hpp"

// Serializers that are one of the codec's formats, as it is.
namespace packhouse::objects {
namespace {

struct Row {
  std::string_view name, format, content_type, extension;
  KindSet chosen_for;
};

class FormatSerializer final : public Serializer {
 public:
  explicit FormatSerializer(const Row& row) : row_(row), format_(*codec::formats().find(row.format)) {}
  std::string_view name() const override { return row_.name; }
  std::string_view content_type() const override { return row_.content_type; }
  std::string_view extension() const override { return row_.extension; }
  KindSet chosen_for() const override { return row_.chosen_for; }

  Result<std::string> encode(const Value& v, std::string_view, Buffer& out) const override {
    const auto writer = format_.writer(out);
    PACKHOUSE_CHECK(write(v, *writer));
    PACKHOUSE_CHECK(writer->finish());
    return std::string();
  }

  Result<Value> decode(Bytes data, std::string_view, Arena& arena) const override {
    codec::SinkAdapter<ValueBuilder> builder(arena);  // readers may give text that is not part of `data`: it is copied
    PACKHOUSE_CHECK(format_.read(data, builder, {}));
    return builder.sink().take();
  }

 private:
  Row row_;
  const codec::Format& format_;
};

}  // namespace

SerializerPtr msgpack_serializer() {
  return std::make_shared<FormatSerializer>(
      Row{"packhouse.msgpack.value@v1", "msgpack", "application/msgpack", ".msgpack", {}});
}
SerializerPtr cbor_serializer() {
  return std::make_shared<FormatSerializer>(Row{"packhouse.cbor.value@v1", "cbor", "application/cbor", ".cbor", {}});
}
SerializerPtr packstream_serializer() {
  // What JSON has no word for is chosen to be PackStream, which carries all that drivers can send.
  return std::make_shared<FormatSerializer>(Row{"packhouse.packstream.value@v1", "packstream", "application/vnd.neo4j.packstream",
                                                ".packstream",
                                                {Kind::date, Kind::local_time, Kind::time, Kind::duration, Kind::point}});
}
SerializerPtr packos_serializer() {
  return std::make_shared<FormatSerializer>(Row{"packhouse.packos.value@v1", "packos", "application/vnd.packos", ".packos", {}});
}

}  // namespace packhouse::objects
