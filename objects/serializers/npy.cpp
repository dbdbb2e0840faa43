#include "codec/npy/npy.hpp"

#include <algorithm>

#include "codec/datapacker/vector.hpp"
#include "objects/serializers/config.hpp"
#include "objects/serializers/shipped.hpp"

// NumPy's files, so that what a folder holds can be opened by others. A vector keeps its element type; lists of numbers, or of
// lists of equal length, need a config: {"dtype":"f32"}.
namespace packhouse::objects {
namespace {

using datapacker::ArrayView;
using datapacker::Scalar;

Result<Scalar> element_of(const Value& v, std::string_view config) {
  Arena arena;
  PACKHOUSE_TRY(const Value wanted, config_map(config, arena));
  const Value* dtype = find(wanted.as_map(), "dtype");
  if (dtype != nullptr && dtype->is(Kind::string)) {
    PACKHOUSE_TRY(const datapacker::Dtype d, datapacker::parse_dtype(dtype->as_string()));
    if (d.kind == datapacker::Dtype::Kind::scalar) return d.scalar;
    return fail(Status::type_error, "packhouse.npy@v1 takes dtypes of single numbers, found '" + d.text() + "'");
  }
  if (v.is(Kind::vector)) return datapacker::scalar_of(v.vector_element());
  return fail(Status::type_error, "packhouse.npy@v1 needs a config with a dtype for a value of type " + std::string(type_name(v.kind())));
}

class Npy final : public Serializer {
 public:
  std::string_view name() const override { return "packhouse.npy@v1"; }
  std::string_view content_type() const override { return "application/x-npy.v3"; }
  std::string_view extension() const override { return ".npy"; }
  KindSet chosen_for() const override { return {Kind::vector}; }

  Result<std::string> encode(const Value& v, std::string_view config, Buffer& out) const override {
    PACKHOUSE_TRY(const Scalar element, element_of(v, config));
    Buffer scratch;
    PACKHOUSE_TRY(const ArrayView array, datapacker::array_of(v, element, datapacker::Cast::exact, scratch));
    if (array.shape.empty()) return fail(Status::type_error, "packhouse.npy@v1 takes vectors and lists, found " + std::string(type_name(v.kind())));
    datapacker::Dtype dtype;
    dtype.scalar = element;
    if (array.shape.size() > 1) {
      dtype.kind = datapacker::Dtype::Kind::vector;
      dtype.shape.assign(array.shape.begin() + 1, array.shape.end());
    }
    PACKHOUSE_CHECK(codec::npy::write_header(dtype, array.shape[0], out));
    out.append(array.data);
    return std::string();
  }

  Result<Value> decode(Bytes data, std::string_view, Arena& arena) const override {
    PACKHOUSE_TRY(const std::uint64_t offset, codec::npy::data_offset(data.first(std::min<std::size_t>(data.size(), codec::npy::preamble))));
    if (offset > data.size()) return fail(Status::argument_error, "the .npy file ends within its header");
    PACKHOUSE_TRY(const codec::npy::Header header, codec::npy::read_header(data.first(offset)));
    if (!header.scalar || header.fortran_order) return fail(Status::argument_error, "packhouse.npy@v1 reads numbers in C order only");
    PACKHOUSE_TRY(const std::uint64_t count, datapacker::element_count(header.shape, header.item_size));
    data = data.subspan(offset);
    if (count != data.size() / header.item_size || data.size() % header.item_size != 0) {
      return fail(Status::argument_error, "the .npy file should have " + std::to_string(count) + " elements and has " +
                                              std::to_string(data.size()) + " bytes of them");
    }
    std::uint64_t spare = datapacker::spare_items;
    if (!header.big_endian) return datapacker::value_of({*header.scalar, header.shape, data}, arena, spare);
    const auto swapped = arena.array<std::byte>(data.size());
    std::ranges::copy(data, swapped.begin());
    codec::npy::swap_bytes(header.item_size, swapped);
    return datapacker::value_of({*header.scalar, header.shape, swapped}, arena, spare);
  }
};

}  // namespace

SerializerPtr npy_serializer() { return std::make_shared<Npy>(); }

}  // namespace packhouse::objects
