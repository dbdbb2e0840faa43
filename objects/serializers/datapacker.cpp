#include <array>

#include "codec/datapacker/packer.hpp"
#include "objects/serializers/config.hpp"
#include "objects/serializers/shipped.hpp"

// DataPacker's dtypes. The config says which: {"dtype":"f32"}. A list under a dtype of single numbers, texts or bytes of fixed
// size is a batch, whose length the content's config keeps as "count".
namespace packhouse::objects {
namespace {

/// The dtype of a value that nobody gave one for.
Result<std::string> dtype_of(const Value& v) {
  switch (v.kind()) {
    case Kind::integer: return std::string("i64");
    case Kind::real: return std::string("f64");
    case Kind::boolean: return std::string("bool");
    case Kind::vector: {
      static constexpr std::array<std::string_view, 6> elements{"i8", "i16", "i32", "i64", "f32", "f64"};
      return "vec:" + std::string(elements[static_cast<std::size_t>(v.vector_element())]) + ":" + std::to_string(v.vector_dimensions());
    }
    default: break;
  }
  return fail(Status::type_error, "packhouse.datapacker@v1 needs a config with a dtype for a value of type " +
                                      std::string(type_name(v.kind())));
}

bool is_batch(const datapacker::Dtype& d, const Value& v) {
  using K = datapacker::Dtype::Kind;
  return v.is(Kind::list) && (d.kind == K::scalar || d.kind == K::string || d.kind == K::bytes);
}

class DataPacker final : public Serializer {
 public:
  std::string_view name() const override { return "packhouse.datapacker@v1"; }
  std::string_view content_type() const override { return "application/vnd.datapacker"; }
  std::string_view extension() const override { return ".vec"; }

  Result<std::string> encode(const Value& v, std::string_view config, Buffer& out) const override {
    Arena arena;
    PACKHOUSE_TRY(const Value wanted, config_map(config, arena));
    const Value* dtype = find(wanted.as_map(), "dtype");
    std::string text;
    if (dtype != nullptr && dtype->is(Kind::string)) {
      text = dtype->as_string();
    } else {
      PACKHOUSE_TRY(text, dtype_of(v));
    }
    PACKHOUSE_TRY(const auto packer, datapacker::Packer::make(text));
    const std::string canonical = packer.dtype().text();
    if (!is_batch(packer.dtype(), v)) {
      PACKHOUSE_CHECK(packer.pack(v, out));
      return config_text(Value::map(std::array{MapEntry{"dtype", Value::string(canonical)}}));
    }
    if (packer.is_varsize()) {
      return fail(Status::type_error, "packhouse.datapacker@v1 packs lists under dtypes of fixed size only, found '" + canonical + "'");
    }
    PACKHOUSE_CHECK(packer.pack_many(v.as_list(), out));
    const auto count = static_cast<std::int64_t>(v.as_list().size());
    return config_text(Value::map(std::array{MapEntry{"dtype", Value::string(canonical)}, MapEntry{"count", Value::integer(count)}}));
  }

  Result<Value> decode(Bytes data, std::string_view config, Arena& arena) const override {
    PACKHOUSE_TRY(const Value kept, config_map(config, arena));
    const Value *dtype = find(kept.as_map(), "dtype"), *count = find(kept.as_map(), "count");
    if (dtype == nullptr || !dtype->is(Kind::string)) return fail(Status::storage_failed, "a content of packhouse.datapacker@v1 has no dtype");
    PACKHOUSE_TRY(const auto packer, datapacker::Packer::make(dtype->as_string()));
    if (count == nullptr) return packer.unpack(data, 0, arena);
    datapacker::Extent extent;
    extent.count = static_cast<std::uint64_t>(count->is(Kind::integer) ? count->as_integer() : -1);
    PACKHOUSE_TRY(const auto items, packer.unpack_many(data, extent, arena));
    return Value::list(items);
  }
};

}  // namespace

SerializerPtr datapacker_serializer() { return std::make_shared<DataPacker>(); }

}  // namespace packhouse::objects
