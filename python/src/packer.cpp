#include "packer.hpp"

#include "codec/datapacker/vector.hpp"

namespace packhouse::python {
namespace {

using datapacker::ArrayView;
using datapacker::Extent;
using Kind = Dtype::Kind;

bool second_word(const char* option, const std::string& word, const char* first, const char* second) {
  if (word != first && word != second) {
    throw py::value_error(std::string(option) + " must be '" + first + "' or '" + second + "', found '" + word + "'");
  }
  return word == second;
}

/// Calls `f` for item after item; an exception says which it was.
template <class F>
void each(py::handle sequence, std::size_t n, std::size_t first, F&& f) {
  for (std::size_t i = first; i < n; ++i) {
    const Item item(sequence, i, n);
    try {
      f(i, item.ptr());
    } catch (py::error_already_set& e) {
      raise_in_element(i, e);
    } catch (const py::value_error& e) {
      throw py::value_error("element " + std::to_string(i) + ": " + e.what());
    } catch (const py::type_error& e) {
      throw py::type_error("element " + std::to_string(i) + ": " + e.what());
    }
  }
}

}  // namespace

DataPacker::DataPacker(const std::string& dtype_str, const std::string& overlong, const std::string& cast,
                       const std::string& keys)
    : packer_(must(Packer::make(
          dtype_str,
          {.overlong = second_word("overlong", overlong, "refuse", "truncate") ? datapacker::Overlong::truncate
                                                                               : datapacker::Overlong::refuse,
           .cast = second_word("cast", cast, "exact", "wrap") ? datapacker::Cast::wrap : datapacker::Cast::exact,
           .keys = second_word("keys", keys, "sorted", "insertion") ? datapacker::KeyOrder::as_is
                                                                    : datapacker::KeyOrder::sorted}))) {}

DataPacker DataPacker::with_json_schema(const py::object& schema) {
  Arena arena;
  auto compiled = must(datapacker::JsonSchema::cached(to_value(schema.ptr(), arena)));
  return {must(Packer::make("msgpack")), std::move(compiled)};
}

DataPacker DataPacker::with_cddl_schema(const py::object&) {
  throw py::value_error(
      "CDDL schemas are not supported; a JSON Schema (DataPacker.with_json_schema) describes the same values");
}

void DataPacker::check_schema(py::handle value) const {
  if (!schema_) return;
  Arena arena;
  must(schema_->validate(to_value(value.ptr(), arena)));
}

/// Exactly the bytes of a dtype of fixed size.
void DataPacker::put_fixed(py::handle value, std::byte* out) const {
  const Dtype& d = packer_.dtype();
  Buffer scratch;
  py::object keep;
  switch (d.kind) {
    case Kind::scalar: return put_scalar(d.scalar, value.ptr(), packer_.options().cast, out);
    case Kind::string: return put_fixed_text(packer_, value.ptr(), out);
    case Kind::bytes: return must(datapacker::put_padded(bytes_of(value.ptr(), keep), {out, *d.size}));
    case Kind::msgpack:
    case Kind::cbor:
      write_value(d.kind, value.ptr(), packer_.options().keys, scratch);
      return must(datapacker::put_padded(scratch, {out, *d.size}));
    case Kind::vector: break;
  }
  const ArrayView a = array_of(value, d.scalar, keep);
  must(datapacker::pack_fixed_vector(d, a, packer_.options().cast, out));
}

void DataPacker::append(py::handle value, Buffer& out) const {
  const Dtype& d = packer_.dtype();
  py::object keep;
  if (fixed()) return put_fixed(value, out.extend(elem_size()));
  if (d.kind == Kind::string) return append_text(packer_, value.ptr(), out);
  if (d.kind == Kind::bytes) return out.append(bytes_of(value.ptr(), keep));
  if (d.kind == Kind::vector) return must(packer_.pack_array(array_of(value, d.scalar, keep), out));
  check_schema(value);
  write_value(d.kind, value.ptr(), packer_.options().keys, out);
}

py::object DataPacker::pack(py::handle value) const {
  if (fixed()) {
    NewBytes out(elem_size());
    put_fixed(value, out.data());
    return out.take();
  }
  Buffer out;
  append(value, out);
  return to_bytes(out);
}

py::object DataPacker::pack_array(const py::array& a) const {
  py::object keep;
  const ArrayView view = view_of(a, keep);
  NewBytes out((view.shape.empty() ? 1 : view.shape[0]) * elem_size());
  must(without_lock(out.span().size(), [&] { return packer_.pack_rows_into(view, out.span()); }));
  return out.take();
}

py::object DataPacker::pack_many(py::handle values) const {
  const Dtype& d = packer_.dtype();
  const bool arrays = !is_varsize() && (d.kind == Kind::scalar || d.kind == Kind::vector);
  if (arrays && py::isinstance<py::array>(values)) return pack_array(py::reinterpret_borrow<py::array>(values));
  if (PyUnicode_Check(values.ptr()) || PyDict_Check(values.ptr()))
    throw py::type_error("pack_many needs a list, found " + std::string(Py_TYPE(values.ptr())->tp_name));
  const py::object items = owned(PySequence_Fast(values.ptr(), "pack_many needs a list"));
  const auto n = static_cast<std::size_t>(PySequence_Fast_GET_SIZE(items.ptr()));
  if (is_varsize()) {
    Buffer out;
    each(items, n, 0, [&](std::size_t, PyObject* o) { append(o, out); });
    return to_bytes(out);
  }
  if (n > (std::uint64_t{1} << 48) / elem_size()) throw py::value_error("a batch of more than 2^48 bytes");
  NewBytes out(n * elem_size());
  std::size_t first = 0;
  if (d.kind == Kind::scalar) first = put_plain_run(d.scalar, PySequence_Fast_ITEMS(items.ptr()), n, out.data());
  const py::dtype wanted = d.kind == Kind::vector ? numpy_dtype(d.scalar) : py::dtype("?");
  each(items, n, first, [&](std::size_t i, PyObject* o) {
    std::byte* const at = out.data() + i * elem_size();
    if (d.kind != Kind::vector || !put_exact_row(d, o, wanted, at)) put_fixed(o, at);
  });
  return out.take();
}

std::size_t DataPacker::pack_into(py::handle value, py::handle buffer, std::size_t offset) const {
  const py::object packed = pack(value);
  const BufferView room(buffer, true);
  const auto size = static_cast<std::size_t>(PyBytes_GET_SIZE(packed.ptr()));
  if (offset > room.writable().size() || size > room.writable().size() - offset) {
    throw py::value_error("Buffer too small: need " + std::to_string(size) + " bytes at offset " +
                          std::to_string(offset) + ", the buffer has " + std::to_string(room.writable().size()));
  }
  std::memcpy(room.writable().data() + offset, PyBytes_AS_STRING(packed.ptr()), size);
  return size;
}

std::size_t DataPacker::pack_many_into(py::handle values, py::handle buffer, std::size_t offset) const {
  const BufferView room(buffer, true);
  if (offset > room.writable().size())
    throw py::value_error("offset " + std::to_string(offset) + " is beyond the buffer");
  const auto out = room.writable().subspan(offset);
  if (!is_varsize() && py::isinstance<py::array>(values) &&
      (packer_.dtype().kind == Kind::scalar || packer_.dtype().kind == Kind::vector)) {
    py::object keep;
    const ArrayView view = view_of(py::reinterpret_borrow<py::array>(values), keep);
    return must(without_lock(out.size(), [&] { return packer_.pack_rows_into(view, out); }));
  }
  const py::object packed = pack_many(values);
  const auto size = static_cast<std::size_t>(PyBytes_GET_SIZE(packed.ptr()));
  if (size > out.size())
    throw py::value_error("Buffer too small: need " + std::to_string(size) + " bytes, have " +
                          std::to_string(out.size()));
  std::memcpy(out.data(), PyBytes_AS_STRING(packed.ptr()), size);
  return size;
}

/// `in` is exactly one value, or begins with one if its size is in itself.
py::object DataPacker::take(Bytes in) const {
  const Dtype& d = packer_.dtype();
  switch (d.kind) {
    case Kind::scalar: return get_scalar(d.scalar, in.data());
    case Kind::string: return get_text(d, in);
    case Kind::bytes: return to_bytes(in);
    case Kind::msgpack:
    case Kind::cbor: return read_value(d.kind, in);
    case Kind::vector: break;
  }
  return to_numpy(must(datapacker::unpack_vector(d, in)));
}

py::object DataPacker::unpack(py::handle data, std::uint64_t offset) const {
  const BufferView view(data);
  const Bytes in = view.bytes();
  if (offset > in.size())
    throw py::value_error("Not enough data: offset " + std::to_string(offset) + " is beyond the " +
                          std::to_string(in.size()) + " bytes");
  const Bytes rest = in.subspan(offset);
  if (!fixed() || packer_.dtype().kind == Kind::vector) return take(rest);
  if (rest.size() < elem_size())
    throw py::value_error("Not enough data: need " + std::to_string(elem_size()) + " bytes, have " +
                          std::to_string(rest.size()));
  return take(rest.first(elem_size()));
}

/// Views of the records of `data`, read-only.
py::object DataPacker::rows(py::handle data, std::uint64_t count) const {
  const Dtype& d = packer_.dtype();
  // The memory must stay while the arrays live, and an object gives its word for that only to those who hold an export.
  const py::object base = owned(PyMemoryView_FromObject(data.ptr()));
  const BufferView view(base);
  must(packer_.check_count(view.bytes(), {.count = count, .offsets = {}}));
  must(packer_.check_codes(view.bytes(), count));
  if (count == 0) return py::list();
  std::vector<py::ssize_t> shape = {static_cast<py::ssize_t>(count)},
                           strides(d.shape.size() + 1, static_cast<py::ssize_t>(datapacker::size_of(d.scalar)));
  shape.insert(shape.end(), d.shape.begin(), d.shape.end());
  for (std::size_t i = d.shape.size() - 1; i > 0; --i) strides[i] = strides[i + 1] * shape[i + 1];
  strides[0] = static_cast<py::ssize_t>(elem_size());
  py::array all(numpy_dtype(d.scalar), shape, strides, view.bytes().data() + 1, base);
  all.attr("flags").attr("writeable") = false;
  return owned(PySequence_List(all.ptr()));
}

py::object DataPacker::unpack_many(py::handle data, const std::optional<std::uint64_t>& count,
                                   const std::optional<std::vector<std::uint64_t>>& offsets) const {
  const BufferView view(data);
  const Bytes in = view.bytes();
  Extent extent{.count = count, .offsets = {}};
  if (offsets) extent.offsets = *offsets;
  const auto fill = [&](std::size_t n, auto&& bytes_of_item) {
    py::object out = owned(PyList_New(static_cast<Py_ssize_t>(n)));
    const bool raw = packer_.dtype().kind == Kind::bytes;  // worth a way of its own: nothing is decoded
    for (std::size_t i = 0; i < n; ++i) {
      const Bytes b = bytes_of_item(i);
      const auto* const begin = reinterpret_cast<const char*>(b.data());
      PyObject* const item =
          raw ? PyBytes_FromStringAndSize(begin, static_cast<Py_ssize_t>(b.size())) : take(b).release().ptr();
      if (!item) raise_current();
      PyList_SET_ITEM(out.ptr(), static_cast<Py_ssize_t>(i), item);
    }
    return out;
  };
  if (is_varsize()) {
    const auto starts = must(packer_.check_offsets(in, extent));
    return fill(starts.size(), [&](std::size_t i) {
      const std::uint64_t end = i + 1 < starts.size() ? starts[i + 1] : in.size();
      return in.subspan(starts[i], packer_.dtype().size ? 0 : end - starts[i]);
    });
  }
  const std::uint64_t n = must(packer_.check_count(in, extent));
  if (packer_.dtype().kind == Kind::vector) return rows(data, n);
  return fill(n, [&](std::size_t i) { return in.subspan(i * elem_size(), elem_size()); });
}

py::array DataPacker::unpack_array(py::handle data, const std::optional<std::uint64_t>& count) const {
  const BufferView view(data);
  const Bytes in = view.bytes();
  must(packer_.rows_size(0));
  const std::uint64_t n = count.value_or(in.size() / elem_size());
  must(packer_.check_count(in, {.count = n, .offsets = {}}));
  std::vector<py::ssize_t> shape = {static_cast<py::ssize_t>(n)};
  shape.insert(shape.end(), packer_.dtype().shape.begin(), packer_.dtype().shape.end());
  py::array out(numpy_dtype(packer_.dtype().scalar), shape);
  const std::span<std::byte> room(static_cast<std::byte*>(out.mutable_data()), static_cast<std::size_t>(out.nbytes()));
  must(without_lock(room.size(), [&] { return packer_.unpack_rows(in, n, room); }));
  return out;
}

}  // namespace packhouse::python
