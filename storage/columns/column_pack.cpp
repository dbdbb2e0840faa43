#include "storage/columns/column_pack.hpp"

#include "codec/datapacker/vector.hpp"

// Columns: what goes in, packed and checked before anything changes.
namespace packhouse::storage {

using namespace columns;
using datapacker::Dtype;

Elements Column::Packed::view(std::size_t size) const {
  return {.data = data, .count = count, .size = size, .ends = ends};
}

Result<void> Column::writable() const {
  if (writable_) return ok;
  return fail(Status::access_mode, "column `" + name_ + "` was opened for reading only");
}

Result<void> Column::check_sizes(const Elements& e) const {
  if (e.size > 0 || e.data.size() <= max_element) return ok;
  for (std::uint64_t i = 0; i < e.count; ++i) {
    const std::size_t size = e.offset(i + 1) - e.offset(i);
    if (size <= max_element) continue;
    return fail(Status::argument_error, "column `" + name_ + "`: element " + std::to_string(i) + " has " +
                                            std::to_string(size) + " packed bytes, at most " +
                                            std::to_string(max_element) + " are allowed");
  }
  return ok;
}

Result<void> Column::pack(std::span<const Value> values, Packed& out) const {
  std::vector<std::uint64_t> starts;
  auto packed = packer_.pack_many(values, out.data, packer_.is_varsize() ? &starts : nullptr);
  if (!packed) return tl::make_unexpected(std::move(packed).error().in("column `" + name_ + "`: "));
  out.count = values.size();
  if (!packer_.is_varsize()) return ok;
  if (out.data.size() > ~std::uint32_t{0}) {
    return fail(Status::argument_error,
                "column `" + name_ + "`: a batch has at most 4 GiB, got " + std::to_string(out.data.size()) + " bytes");
  }
  for (std::size_t i = 1; i <= starts.size(); ++i)
    put_number(out.ends, static_cast<std::uint32_t>(i < starts.size() ? starts[i] : out.data.size()));
  return check_sizes(out.view(0));
}

Result<Elements> Column::check_packed(Bytes packed) const {
  const std::size_t size = packer_.elem_size();
  const auto refuse = [&](const std::string& why) {
    return fail(Status::argument_error, "column `" + name_ + "`: " + why);
  };
  if (size == 0) return refuse(dtype().text() + " has no fixed size: its elements can't be given as packed bytes");
  if (packed.size() % size != 0) {
    return refuse(std::to_string(packed.size()) + " packed bytes are not whole elements of " + std::to_string(size) +
                  " bytes");
  }
  const std::uint64_t n = packed.size() / size;
  if (dtype().kind == Dtype::Kind::scalar && dtype().scalar != datapacker::Scalar::boolean)
    return Elements{.data = packed, .count = n, .size = size};
  Arena arena;
  constexpr std::uint64_t step = 1024;
  for (std::uint64_t i = 0; i < n; i += step) {  // every element must be readable
    arena.reset();
    const std::uint64_t some = std::min(step, n - i);
    const Bytes part = packed.subspan(i * size, some * size);
    if (dtype().kind == Dtype::Kind::vector) {
      const auto code = static_cast<std::byte>(*datapacker::vector_code(dtype().scalar));
      for (std::uint64_t k = 0; k < some; ++k) {
        if (part[k * size] != code)
          return refuse("element " + std::to_string(i + k) + " is no packed " + dtype().text());
      }
      continue;
    }
    auto read = packer_.unpack_many(part, {.count = some}, arena);
    if (!read)
      return tl::make_unexpected(
          std::move(read).error().in("column `" + name_ + "`: in the batch from element " + std::to_string(i) + ": "));
  }
  return Elements{.data = packed, .count = n, .size = size};
}

Result<void> Column::extend(std::span<const Value> values) {
  PACKHOUSE_CHECK(writable());
  Packed packed;
  PACKHOUSE_CHECK(pack(values, packed));
  return append_elements(packed.view(packer_.elem_size()));
}

Result<void> Column::extend_packed(Bytes packed) {
  PACKHOUSE_CHECK(writable());
  PACKHOUSE_TRY(const Elements e, check_packed(packed));
  return append_elements(e);
}

Result<void> Column::extend_rows(const datapacker::ArrayView& rows) {
  PACKHOUSE_CHECK(writable());
  Buffer packed;
  auto done = packer_.pack_rows(rows, packed);
  if (!done) return tl::make_unexpected(std::move(done).error().in("column `" + name_ + "`: "));
  const std::size_t size = packer_.elem_size();
  return append_elements({.data = packed, .count = packed.size() / size, .size = size});
}

Result<void> Column::set(std::int64_t index, const Value& v) {
  PACKHOUSE_CHECK(writable());
  PACKHOUSE_TRY(const std::uint64_t at, position(index));
  Packed packed;
  PACKHOUSE_CHECK(pack({&v, 1}, packed));
  return overwrite(at, packed.view(packer_.elem_size()));
}

Result<void> Column::set_many(std::int64_t index, std::span<const Value> values) {
  PACKHOUSE_CHECK(writable());
  PACKHOUSE_TRY(const std::uint64_t at, position(index, values.size()));
  Packed packed;
  PACKHOUSE_CHECK(pack(values, packed));
  return overwrite(at, packed.view(packer_.elem_size()));
}

Result<void> Column::set_packed(std::int64_t index, Bytes packed) {
  PACKHOUSE_CHECK(writable());
  PACKHOUSE_TRY(const Elements e, check_packed(packed));
  PACKHOUSE_TRY(const std::uint64_t at, position(index, e.count));
  return overwrite(at, e);
}

Result<void> Column::insert(std::int64_t index, std::span<const Value> values) {
  PACKHOUSE_CHECK(writable());
  PACKHOUSE_TRY(const Range where, range(index, std::nullopt));
  Packed packed;
  PACKHOUSE_CHECK(pack(values, packed));
  const Elements e = packed.view(packer_.elem_size());
  if (e.count == 0) return ok;
  if (where.size() == 0) return append_elements(e);
  PACKHOUSE_TRY(const Place place, locate(where.from));
  return rewrite(place, where.from - place.first, where.from - place.first, e);
}

Result<void> Column::erase(std::int64_t index, std::uint64_t count) {
  PACKHOUSE_CHECK(writable());
  PACKHOUSE_TRY(const std::uint64_t at, position(index, count));
  while (count > 0) {
    PACKHOUSE_TRY(const Place place, locate(at));
    const std::uint64_t from = at - place.first, n = std::min(count, place.count - from);
    PACKHOUSE_CHECK(rewrite(place, from, from + n, Elements{.size = packer_.elem_size()}));
    count -= n;
  }
  return ok;
}

}  // namespace packhouse::storage
