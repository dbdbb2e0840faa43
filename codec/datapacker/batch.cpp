#include "codec/datapacker/packer.hpp"
#include "codec/datapacker/value_runs.hpp"
#include "codec/datapacker/vector.hpp"

// Many values at once. Output is sized before anything is written, and given back when something fails.
namespace packhouse::datapacker {
namespace {

tl::unexpected<Error> refuse(const std::string& why) {
  return fail(Status::argument_error, why);
}

tl::unexpected<Error> in_element(std::size_t i, Error e) {
  return tl::make_unexpected(std::move(e).in("element " + std::to_string(i) + ": "));
}

/// Records of a type byte and `width` bytes of data.
template <std::size_t Width>
void put_records(const std::byte* in, std::byte code, std::size_t n, std::byte* out) {
  for (std::size_t i = 0; i < n; ++i) {
    out[i * (Width + 1)] = code;
    std::memcpy(out + i * (Width + 1) + 1, in + i * Width, Width);
  }
}
void put_records(const std::byte* in, std::byte code, std::size_t width, std::size_t n, std::byte* out) {
  switch (width) {  // a known width is a few instructions instead of a call
    case 8: return put_records<8>(in, code, n, out);
    case 12: return put_records<12>(in, code, n, out);
    case 16: return put_records<16>(in, code, n, out);
    case 32: return put_records<32>(in, code, n, out);
    case 64: return put_records<64>(in, code, n, out);
    case 128: return put_records<128>(in, code, n, out);
    default: break;
  }
  for (std::size_t i = 0; i < n; ++i) {
    out[i * (width + 1)] = code;
    std::memcpy(out + i * (width + 1) + 1, in + i * width, width);
  }
}

template <std::size_t Width>
void take_records(const std::byte* in, std::size_t n, std::byte* out) {
  for (std::size_t i = 0; i < n; ++i) std::memcpy(out + i * Width, in + i * (Width + 1) + 1, Width);
}
void take_records(const std::byte* in, std::size_t width, std::size_t n, std::byte* out) {
  switch (width) {
    case 8: return take_records<8>(in, n, out);
    case 12: return take_records<12>(in, n, out);
    case 16: return take_records<16>(in, n, out);
    case 32: return take_records<32>(in, n, out);
    case 64: return take_records<64>(in, n, out);
    case 128: return take_records<128>(in, n, out);
    default: break;
  }
  for (std::size_t i = 0; i < n; ++i) std::memcpy(out + i * width, in + i * (width + 1) + 1, width);
}

}  // namespace

Result<void> Packer::pack_many(std::span<const Value> values, Buffer& out, std::vector<std::uint64_t>* starts) const {
  const std::size_t before = out.size();
  if (!is_varsize()) {
    if (values.size() > (std::uint64_t{1} << 48) / elem_size_) return refuse("a batch of more than 2^48 bytes");
    const auto size = values.size() * elem_size_;
    if (auto done = put_many(values, out.extend(size)); !done) {
      out.truncate(before);
      return done;
    }
    if (starts) {
      for (std::size_t i = 0; i < values.size(); ++i) starts->push_back(i * elem_size_);
    }
    return {};
  }
  const std::size_t starts_before = starts ? starts->size() : 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (starts) starts->push_back(out.size() - before);
    if (auto done = pack(values[i], out); !done) {
      out.truncate(before);
      if (starts) starts->resize(starts_before);
      return in_element(i, std::move(done).error());
    }
  }
  return {};
}

Result<std::size_t> Packer::pack_many_into(std::span<const Value> values, std::span<std::byte> out) const {
  if (is_varsize()) return refuse(dtype_.text() + " has no fixed size");
  if (values.size() > out.size() / elem_size_) {
    return refuse("Buffer too small: " + std::to_string(values.size()) + " values of " + std::to_string(elem_size_) +
                  " bytes, have " + std::to_string(out.size()));
  }
  Buffer packed;  // the caller's bytes are touched only when everything has been packed
  PACKHOUSE_CHECK(pack_many(values, packed));
  if (!packed.empty()) std::memcpy(out.data(), packed.data(), packed.size());
  return packed.size();
}

Result<void> Packer::put_many(std::span<const Value> values, std::byte* out) const {
  std::size_t i = dtype_.kind == Dtype::Kind::scalar ? put_run(dtype_.scalar, values, out) : 0;
  Buffer scratch;
  for (; i < values.size(); ++i) {
    if (auto done = put_fixed(values[i], out + i * elem_size_, scratch); !done)
      return in_element(i, std::move(done).error());
  }
  return {};
}

Result<std::uint64_t> Packer::check_count(Bytes in, const Extent& extent) const {
  if (extent.count && extent.offsets)
    return refuse("count and offsets exclude each other: " + dtype_.text() + " needs count");
  if (!extent.count) return refuse("Fixed-size types require count parameter: " + dtype_.text());
  if (*extent.count > in.size() / elem_size_) {
    return refuse("Not enough data: " + std::to_string(*extent.count) + " values of " + std::to_string(elem_size_) +
                  " bytes, got " + std::to_string(in.size()) + " bytes");
  }
  return *extent.count;
}

Result<std::span<const std::uint64_t>> Packer::check_offsets(Bytes in, const Extent& extent) const {
  if (extent.count && extent.offsets)
    return refuse("count and offsets exclude each other: " + dtype_.text() + " needs offsets");
  if (!extent.offsets) return refuse("Variable-size types require offsets parameter: " + dtype_.text());
  std::uint64_t last = 0;
  for (const std::uint64_t offset : *extent.offsets) {
    if (offset > in.size())
      return refuse("Offset out of bounds: " + std::to_string(offset) + " > " + std::to_string(in.size()));
    if (offset < last)
      return refuse("Offsets must not decrease: " + std::to_string(offset) + " after " + std::to_string(last));
    last = offset;
  }
  return *extent.offsets;
}

Result<std::span<const Value>> Packer::unpack_many(Bytes in, const Extent& extent, Arena& arena) const {
  const auto fill = [&](std::size_t n, auto&& bytes_of) -> Result<std::span<const Value>> {
    const auto out = arena.array<Value>(n);
    std::uint64_t spare = spare_items;
    std::size_t i = dtype_.kind == Dtype::Kind::scalar ? take_run(dtype_.scalar, in.data(), out) : 0;
    for (; i < n; ++i) {
      auto v = take(bytes_of(i), arena, spare);
      if (!v) return in_element(i, std::move(v).error());
      out[i] = *v;
    }
    return out;
  };
  if (!is_varsize()) {
    PACKHOUSE_TRY(const std::uint64_t n, check_count(in, extent));
    return fill(n, [&](std::size_t i) { return in.subspan(i * elem_size_, elem_size_); });
  }
  PACKHOUSE_TRY(const auto offsets, check_offsets(in, extent));
  return fill(offsets.size(), [&](std::size_t i) {
    const std::uint64_t end = i + 1 < offsets.size() ? offsets[i + 1] : in.size();
    return in.subspan(offsets[i], dtype_.size ? 0 : end - offsets[i]);
  });
}

Result<void> Packer::pack_array(const ArrayView& a, Buffer& out) const {
  const std::size_t before = out.size();
  const auto pack_it = [&]() -> Result<void> {
    if (dtype_.kind == Dtype::Kind::vector) return pack_vector(dtype_, a, options_.cast, out);
    if (dtype_.kind != Dtype::Kind::scalar) return fail(Status::type_error, dtype_.text() + " doesn't take arrays");
    if (!a.shape.empty() || a.data.size() != size_of(a.element)) {
      return refuse(dtype_.text() + " takes a single element, got an array of shape " + shape_text(a.shape));
    }
    return convert(a.element, a.data.data(), dtype_.scalar, out.extend(elem_size_), 1, options_.cast);
  };
  auto done = pack_it();
  if (!done) out.truncate(before);
  return done;
}

Result<ArrayView> Packer::unpack_array(Bytes in, std::uint64_t offset) const {
  if (offset > in.size())
    return refuse("Not enough data: offset " + std::to_string(offset) + " is beyond the " + std::to_string(in.size()) +
                  " bytes");
  const Bytes rest = in.subspan(offset);
  if (dtype_.kind == Dtype::Kind::vector) return unpack_vector(dtype_, rest);
  if (dtype_.kind != Dtype::Kind::scalar) return fail(Status::type_error, dtype_.text() + " doesn't give arrays");
  if (rest.size() < elem_size_)
    return refuse("Not enough data: need " + std::to_string(elem_size_) + " bytes, have " +
                  std::to_string(rest.size()));
  return ArrayView{.element = dtype_.scalar, .data = rest.first(elem_size_)};
}

Result<std::uint64_t> Packer::row_count(const ArrayView& a) const {
  if (is_varsize() || (dtype_.kind != Dtype::Kind::scalar && dtype_.kind != Dtype::Kind::vector)) {
    return fail(Status::type_error, dtype_.text() + " doesn't take rows of an array");
  }
  if (a.shape.empty()) return refuse("a single element has no rows");
  const std::vector<std::uint64_t> row(a.shape.begin() + 1, a.shape.end());
  if (row != dtype_.shape)
    return refuse("Shape mismatch: expected rows of " + shape_text(dtype_.shape) + ", got " + shape_text(row));
  PACKHOUSE_TRY(const std::uint64_t n, element_count(a.shape, size_of(a.element)));
  if (a.data.size() != n * size_of(a.element)) {
    return refuse("an array of shape " + shape_text(a.shape) + " came with " + std::to_string(a.data.size()) +
                  " bytes");
  }
  return a.shape[0];
}

Result<void> Packer::put_rows(const ArrayView& a, std::uint64_t rows, std::byte* out) const {
  if (dtype_.kind == Dtype::Kind::scalar)
    return convert(a.element, a.data.data(), dtype_.scalar, out, rows, options_.cast);
  const auto code = static_cast<std::byte>(*vector_code(dtype_.scalar));
  const std::size_t elements = (elem_size_ - 1) / size_of(dtype_.scalar), width = elements * size_of(a.element);
  if (a.element == dtype_.scalar) return put_records(a.data.data(), code, width, rows, out), Result<void>();
  for (std::uint64_t i = 0; i < rows; ++i) {
    std::byte* const record = out + i * elem_size_;
    record[0] = code;
    auto done = convert(a.element, a.data.data() + i * width, dtype_.scalar, record + 1, elements, options_.cast);
    if (!done) return tl::make_unexpected(std::move(done).error().in("row " + std::to_string(i) + ": "));
  }
  return {};
}

Result<void> Packer::pack_rows(const ArrayView& a, Buffer& out) const {
  PACKHOUSE_TRY(const std::uint64_t rows, row_count(a));
  const std::size_t before = out.size();
  auto done = put_rows(a, rows, out.extend(rows * elem_size_));
  if (!done) out.truncate(before);
  return done;
}

Result<std::size_t> Packer::pack_rows_into(const ArrayView& a, std::span<std::byte> out) const {
  PACKHOUSE_TRY(const std::uint64_t rows, row_count(a));
  const std::size_t need = rows * elem_size_;
  if (need > out.size())
    return refuse("Buffer too small: need " + std::to_string(need) + " bytes, have " + std::to_string(out.size()));
  if (a.element == dtype_.scalar) {  // nothing to convert; booleans are checked before the first is written
    PACKHOUSE_CHECK(put_rows(a, rows, out.data()));
    return need;
  }
  Buffer packed;
  PACKHOUSE_CHECK(put_rows(a, rows, packed.extend(need)));
  if (need > 0) std::memcpy(out.data(), packed.data(), need);
  return need;
}

Result<std::uint64_t> Packer::rows_size(std::uint64_t count) const {
  if (is_varsize() || (dtype_.kind != Dtype::Kind::scalar && dtype_.kind != Dtype::Kind::vector)) {
    return fail(Status::type_error, dtype_.text() + " doesn't give rows of an array");
  }
  const std::uint64_t row = elem_size_ - (dtype_.kind == Dtype::Kind::vector ? 1 : 0);
  if (count > (std::uint64_t{1} << 62) / row)
    return refuse("a batch of " + std::to_string(count) + " values is too large");
  return count * row;
}

Result<void> Packer::check_codes(Bytes in, std::uint64_t count) const {
  const auto code = static_cast<std::byte>(*vector_code(dtype_.scalar));
  for (std::uint64_t i = 0; i < count; ++i) {
    if (in[i * elem_size_] == code) continue;
    return refuse("Type mismatch at vector " + std::to_string(i) + ": expected " +
                  std::to_string(std::to_integer<int>(code)) + ", got " +
                  std::to_string(std::to_integer<int>(in[i * elem_size_])));
  }
  return {};
}

Result<void> Packer::unpack_rows(Bytes in, std::uint64_t count, std::span<std::byte> out) const {
  PACKHOUSE_TRY(const std::uint64_t size, rows_size(count));
  PACKHOUSE_CHECK(check_count(in, {.count = count}));
  if (out.size() < size)
    return refuse("Buffer too small: need " + std::to_string(size) + " bytes, have " + std::to_string(out.size()));
  if (count == 0) return {};
  if (dtype_.kind == Dtype::Kind::scalar)
    return convert(dtype_.scalar, in.data(), dtype_.scalar, out.data(), count, Cast::exact);
  PACKHOUSE_CHECK(check_codes(in, count));
  take_records(in.data(), elem_size_ - 1, count, out.data());
  return {};
}

}  // namespace packhouse::datapacker
