#include "codec/datapacker/spaced_json.hpp"
#include "codec/json/reader.hpp"
#include "objects/serializers/buffered_decoder.hpp"
#include "objects/serializers/shipped.hpp"
#include "value/builder.hpp"

// JSON as Python's json module writes it in its compact form: ASCII only, maps in their own order, NaN refused. A stream is
// one array.
namespace packhouse::objects {
namespace {

Result<Value> read(Bytes data, Arena& arena) {
  ValueBuilder builder(arena);
  PACKHOUSE_CHECK(codec::json::read(data, builder, {.typed = false}));
  return builder.take();
}

class Json final : public Serializer {
 public:
  std::string_view name() const override { return "packhouse.json.value@v1"; }
  std::string_view content_type() const override { return "application/json"; }
  std::string_view extension() const override { return ".json"; }
  KindSet chosen_for() const override { return KindSet::json(); }
  Result<std::string> encode(const Value& v, std::string_view, Buffer& out) const override {
    PACKHOUSE_CHECK(datapacker::write_compact_json(v, out));
    return std::string();
  }
  Result<Value> decode(Bytes data, std::string_view, Arena& arena) const override { return read(data, arena); }
};

/// Finds where the items of an array end; looks at each byte once.
class JsonItems final : public BufferedDecoder {
 public:
  Result<Step> next(Arena& arena, Value& out) override {
    for (;;) {
      switch (place_) {
        case Place::before: {
          PACKHOUSE_TRY(const char c, significant());
          if (c == 0) return need_more("JSON");
          if (c != '[') return wrong("expected '['");
          place_ = Place::first;
          break;
        }
        case Place::first:
        case Place::between: {
          PACKHOUSE_TRY(const char c, peeked());
          if (c == 0) return need_more("JSON");
          const bool separated = place_ == Place::between;
          if (c == ']') {
            consume(1);
            place_ = Place::after;
            break;
          }
          if (separated && c != ',') return wrong("expected ',' or ']' between items");
          if (separated) consume(1);
          place_ = Place::item, scanned_ = 0, depth_ = 0, text_ = escaped_ = false;
          break;
        }
        case Place::item: {
          if (!scan()) return need_more("JSON");
          PACKHOUSE_TRY(out, read(unread().first(scanned_), arena));
          consume(scanned_);
          place_ = Place::between;
          return Step::item;
        }
        case Place::after: {
          PACKHOUSE_TRY(const char c, significant());
          if (c != 0) return wrong("bytes follow the end of the array");
          return finished() ? Step::end : Step::more;
        }
      }
    }
  }

 private:
  enum class Place : std::uint8_t { before, first, item, between, after };

  static tl::unexpected<Error> wrong(std::string_view what) {
    return fail(Status::request_invalid, "JSON: a stream is one array: " + std::string(what));
  }
  /// The next character that is no space, not passed over; 0 when there is none yet.
  Result<char> peeked() {
    while (!unread().empty()) {
      const char c = as_text(unread()).front();
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return c;
      consume(1);
    }
    return '\0';
  }
  Result<char> significant() {
    PACKHOUSE_TRY(const char c, peeked());
    if (c != 0) consume(1);
    return c;
  }
  /// Goes on to the end of the item; false when it is not there yet.
  bool scan() {
    const std::string_view in = as_text(unread());
    for (; scanned_ < in.size(); ++scanned_) {
      const char c = in[scanned_];
      if (text_) {
        if (escaped_) {
          escaped_ = false;
        } else if (c == '\\') {
          escaped_ = true;
        } else if (c == '"') {
          text_ = false;
        }
      } else if (c == '"') {
        text_ = true;
      } else if (c == '[' || c == '{') {
        ++depth_;
      } else if (depth_ == 0 && (c == ',' || c == ']')) {
        return true;
      } else if (c == ']' || c == '}') {
        --depth_;
      }
    }
    return false;
  }

  Place place_ = Place::before;
  std::size_t scanned_ = 0;
  std::int64_t depth_ = 0;
  bool text_ = false, escaped_ = false;
};

class JsonStream final : public StreamSerializer {
 public:
  std::string_view name() const override { return "packhouse.json.stream@v1"; }
  std::string_view content_type() const override { return "application/json"; }
  std::string_view extension() const override { return ".json"; }
  KindSet chosen_for() const override { return {Kind::list, Kind::map}; }
  Result<void> begin(Buffer& out) const override { return out.put('['), ok; }
  Result<void> item(const Value& v, std::uint64_t index, Buffer& out) const override {
    if (!v.is(Kind::list) && !v.is(Kind::map)) {
      return fail(Status::type_error, "packhouse.json.stream@v1 takes lists and maps as items, found " + std::string(type_name(v.kind())));
    }
    if (index > 0) out.put(',');
    return datapacker::write_compact_json(v, out);
  }
  Result<void> end(std::uint64_t, Buffer& out) const override { return out.put(']'), ok; }
  std::unique_ptr<ItemDecoder> decoder() const override { return std::make_unique<JsonItems>(); }
};

}  // namespace

SerializerPtr json_serializer() { return std::make_shared<Json>(); }
StreamSerializerPtr json_stream_serializer() { return std::make_shared<JsonStream>(); }

}  // namespace packhouse::objects
