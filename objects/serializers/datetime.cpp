#include "objects/serializers/shipped.hpp"
#include "value/temporal/api.hpp"

// Date and time as ISO 8601 has them and Python's isoformat() writes them: a fraction of 6 digits (9 where there are
// nanoseconds) or none, "+00:00" for UTC. Named zones stand behind the offset, in brackets.
namespace packhouse::objects {
namespace {

constexpr std::string_view utc = "+00:00";

class Iso8601 final : public Serializer {
 public:
  std::string_view name() const override { return "packhouse.datetime.iso8601@v1"; }
  std::string_view content_type() const override { return "application/text"; }
  std::string_view content_encoding() const override { return "utf-8"; }
  std::string_view extension() const override { return ".txt"; }
  KindSet chosen_for() const override { return {Kind::datetime, Kind::local_datetime}; }

  Result<std::string> encode(const Value& v, std::string_view, Buffer& out) const override {
    if (!v.is(Kind::datetime) && !v.is(Kind::local_datetime)) {
      return fail(Status::type_error, "packhouse.datetime.iso8601@v1 takes a date and time, found " + std::string(type_name(v.kind())));
    }
    std::string text = temporal_to_text(v);
    if (const std::size_t point = text.find('.'); point != std::string::npos) {
      const std::size_t end = std::min(text.find_first_not_of("0123456789", point + 1), text.size());
      const std::size_t count = end - point - 1;
      text.insert(end, (count <= 6 ? 6 : 9) - count, '0');
    }
    const std::size_t time = text.find('T');
    if (const std::size_t z = text.find('Z', time); z != std::string::npos && (z + 1 == text.size() || text[z + 1] == '[')) text.replace(z, 1, utc);
    out.append(as_bytes(text));
    return std::string();
  }

  Result<Value> decode(Bytes data, std::string_view, Arena&) const override {
    const std::string_view text = as_text(data);
    const std::size_t time = text.find('T');
    const bool zoned = time != std::string_view::npos && text.find_first_of("Z+-[", time) != std::string_view::npos;
    return temporal_from_text(zoned ? Kind::datetime : Kind::local_datetime, text, Now{});
  }
};

}  // namespace

SerializerPtr datetime_serializer() { return std::make_shared<Iso8601>(); }

}  // namespace packhouse::objects
