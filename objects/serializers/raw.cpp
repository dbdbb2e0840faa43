#include "base/utf8.hpp"
#include "objects/serializers/buffered_decoder.hpp"
#include "objects/serializers/shipped.hpp"

// Bytes and text as they are. A stream's items are pieces that mean nothing: they come back cut elsewhere.
namespace packhouse::objects {
namespace {

tl::unexpected<Error> misfit(std::string_view name, std::string_view takes, const Value& v) {
  return fail(Status::type_error, std::string(name) + " takes " + std::string(takes) + ", found " + std::string(type_name(v.kind())));
}

Result<void> check_text(std::string_view s) {
  const std::size_t bad = utf8::first_invalid(s);
  if (bad == utf8::npos) return ok;
  return fail(Status::request_invalid, "the text is not valid UTF-8 at byte " + std::to_string(bad));
}

class BytesSerializer final : public Serializer {
 public:
  std::string_view name() const override { return "packhouse.bytes@v1"; }
  std::string_view content_type() const override { return "application/octet-stream"; }
  KindSet chosen_for() const override { return {Kind::bytes}; }
  Result<std::string> encode(const Value& v, std::string_view, Buffer& out) const override {
    if (!v.is(Kind::bytes)) return misfit(name(), "bytes", v);
    out.append(v.as_bytes());
    return std::string();
  }
  Result<Value> decode(Bytes data, std::string_view, Arena&) const override { return Value::bytes(data); }
};

class TextSerializer final : public Serializer {
 public:
  std::string_view name() const override { return "packhouse.text@v1"; }
  std::string_view content_type() const override { return "text/plain"; }
  std::string_view content_encoding() const override { return "utf-8"; }
  std::string_view extension() const override { return ".txt"; }
  Result<std::string> encode(const Value& v, std::string_view, Buffer& out) const override {
    if (!v.is(Kind::string)) return misfit(name(), "a string", v);
    out.append(as_bytes(v.as_string()));
    return std::string();
  }
  Result<Value> decode(Bytes data, std::string_view, Arena&) const override {
    PACKHOUSE_CHECK(check_text(as_text(data)));
    return Value::string(as_text(data));
  }
};

/// Gives out each piece as it came in.
class BytesItems final : public BufferedDecoder {
 public:
  Result<Step> next(Arena& arena, Value& out) override {
    if (unread().empty()) return finished() ? Step::end : Step::more;
    out = Value::bytes(arena.copy(unread()));
    consume(unread().size());
    return Step::item;
  }
};

/// The same, cut between characters.
class TextItems final : public BufferedDecoder {
 public:
  Result<Step> next(Arena& arena, Value& out) override {
    const std::string_view in = as_text(unread());
    const std::size_t n = finished() ? in.size() : whole_characters(in);
    if (n == 0) return finished() ? Step::end : Step::more;
    PACKHOUSE_CHECK(check_text(in.substr(0, n)));
    out = Value::string(arena.copy(in.substr(0, n)));
    consume(n);
    return Step::item;
  }

 private:
  static std::size_t whole_characters(std::string_view in) {
    std::size_t last = in.size();
    for (std::size_t back = 1; back <= 3 && back <= in.size(); ++back) {
      const auto c = static_cast<unsigned char>(in[in.size() - back]);
      if (c < 0x80) break;
      if (c >= 0xC0) {
        if (utf8::sequence_length(c) > back) last = in.size() - back;
        break;
      }
    }
    return last;
  }
};

class BytesStream final : public StreamSerializer {
 public:
  std::string_view name() const override { return "packhouse.bytes.stream@v1"; }
  std::string_view content_type() const override { return "application/octet-stream"; }
  KindSet chosen_for() const override { return {Kind::bytes}; }
  Result<void> item(const Value& v, std::uint64_t, Buffer& out) const override {
    if (!v.is(Kind::bytes)) return misfit(name(), "bytes", v);
    return out.append(v.as_bytes()), ok;
  }
  std::unique_ptr<ItemDecoder> decoder() const override { return std::make_unique<BytesItems>(); }
};

class TextStream final : public StreamSerializer {
 public:
  std::string_view name() const override { return "packhouse.text.stream@v1"; }
  std::string_view content_type() const override { return "text/plain"; }
  std::string_view content_encoding() const override { return "utf-8"; }
  std::string_view extension() const override { return ".txt"; }
  KindSet chosen_for() const override { return {Kind::string}; }
  Result<void> item(const Value& v, std::uint64_t, Buffer& out) const override {
    if (!v.is(Kind::string)) return misfit(name(), "strings", v);
    return out.append(as_bytes(v.as_string())), ok;
  }
  std::unique_ptr<ItemDecoder> decoder() const override { return std::make_unique<TextItems>(); }
};

}  // namespace

SerializerPtr bytes_serializer() { return std::make_shared<BytesSerializer>(); }
SerializerPtr text_serializer() { return std::make_shared<TextSerializer>(); }
StreamSerializerPtr bytes_stream_serializer() { return std::make_shared<BytesStream>(); }
StreamSerializerPtr text_stream_serializer() { return std::make_shared<TextStream>(); }

}  // namespace packhouse::objects
