#include <optional>

#include "codec/msgpack/reader.hpp"
#include "codec/msgpack/writer.hpp"
#include "objects/serializers/buffered_decoder.hpp"
#include "objects/serializers/shipped.hpp"
#include "value/builder.hpp"
#include "value/write.hpp"

// MessagePack values one after the other, with nothing between them.
namespace packhouse::objects {
namespace {

/// How a MessagePack value begins: bytes of its head, bytes that follow, values that follow.
struct Head {
  std::size_t bytes = 1;
  std::uint64_t payload = 0, values = 0;
};

std::uint64_t big_endian(Bytes b) {
  std::uint64_t n = 0;
  for (const std::byte x : b) n = n << 8 | std::to_integer<std::uint64_t>(x);
  return n;
}

/// Nothing when the head is not all there. Unknown markers have no payload; the reader refuses them.
std::optional<Head> head_of(Bytes in) {
  if (in.empty()) return std::nullopt;
  const auto m = std::to_integer<std::uint8_t>(in[0]);
  if (m < 0x80 || m >= 0xE0) return Head{};
  if (m < 0x90) return Head{1, 0, 2U * (m & 15U)};
  if (m < 0xA0) return Head{1, 0, m & 15U};
  if (m < 0xC0) return Head{1, m & 31U, 0};
  if (m == 0xCA) return Head{1, 4, 0};
  if (m == 0xCB) return Head{1, 8, 0};
  if (m >= 0xCC && m <= 0xD3) return Head{1, std::uint64_t{1} << (m & 3U), 0};
  if (m >= 0xD4 && m <= 0xD8) return Head{1, 1 + (std::uint64_t{1} << (m - 0xD4)), 0};
  if (m < 0xC4) return Head{};
  const std::size_t width = m >= 0xDC ? (m % 2 == 0 ? 2U : 4U) : m >= 0xD9 ? std::size_t{1} << (m - 0xD9) : std::size_t{1} << ((m - 0xC4) % 3);
  if (in.size() < 1 + width) return std::nullopt;
  const std::uint64_t n = big_endian(in.subspan(1, width));
  if (m >= 0xDC) return Head{1 + width, 0, m >= 0xDE ? 2 * n : n};
  const bool ext = m >= 0xC7 && m <= 0xC9;
  return Head{1 + width, n + (ext ? 1 : 0), 0};
}

/// Measures values as their bytes come; looks at each head once.
class MsgpackItems final : public BufferedDecoder {
 public:
  Result<Step> next(Arena& arena, Value& out) override {
    if (unread().empty() && missing_ == 0) return finished() ? Step::end : Step::more;
    if (missing_ == 0) missing_ = 1, measured_ = 0;
    while (missing_ > 0) {
      const Bytes rest = unread().subspan(measured_);
      const auto head = head_of(rest);
      if (!head || head->payload > rest.size() - head->bytes) return need_more("MessagePack");
      measured_ += head->bytes + head->payload;
      missing_ += head->values;
      --missing_;
    }
    ValueBuilder builder(arena);
    PACKHOUSE_CHECK(codec::msgpack::read(unread().first(measured_), builder));
    out = builder.take();
    consume(measured_);
    return Step::item;
  }

 private:
  std::uint64_t missing_ = 0;  ///< values until the item is whole
  std::size_t measured_ = 0;
};

class MsgpackStream final : public StreamSerializer {
 public:
  std::string_view name() const override { return "packhouse.msgpack.stream@v1"; }
  std::string_view content_type() const override { return "application/msgpack"; }
  std::string_view extension() const override { return ".msgpack"; }
  Result<void> item(const Value& v, std::uint64_t, Buffer& out) const override {
    codec::msgpack::Writer writer(out);
    return write(v, writer);
  }
  std::unique_ptr<ItemDecoder> decoder() const override { return std::make_unique<MsgpackItems>(); }
};

}  // namespace

StreamSerializerPtr msgpack_stream_serializer() { return std::make_shared<MsgpackStream>(); }

}  // namespace packhouse::objects
