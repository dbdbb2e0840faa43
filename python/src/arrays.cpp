#include "convert.hpp"

namespace packhouse::python {
namespace {

using datapacker::ArrayView;
using datapacker::Cast;

std::optional<Scalar> scalar_of(const py::dtype& d) {
  const char kind = d.kind();
  const auto size = d.itemsize();
  if (kind == 'b') return Scalar::boolean;
  for (std::size_t i = 0; i < datapacker::scalar_count; ++i) {
    const auto s = static_cast<Scalar>(i);
    const char wanted = datapacker::is_float(s)               ? 'f'
                        : s == Scalar::boolean                ? 'b'
                        : s >= Scalar::u8 && s <= Scalar::u64 ? 'u'
                                                              : 'i';
    if (wanted == kind && static_cast<py::ssize_t>(datapacker::size_of(s)) == size) return s;
  }
  return {};
}

py::module_ numpy() {
  return py::module_::import("numpy");
}

/// Objects, texts and the like as numbers of the wanted type. NumPy converts; integers are taken one by one,
/// since they would go through floats.
py::array converted(py::handle o, const py::array& a, Scalar wanted, bool was_array) {
  if (a.dtype().kind() == 'c')
    throw py::value_error("complex numbers don't fit a vector of " + std::string(datapacker::name_of(wanted)));
  if (datapacker::is_float(wanted)) return a.attr("astype")("float64");
  if (was_array || a.dtype().kind() != 'O') return a.attr("astype")(numpy_dtype(wanted));
  const py::array objects = numpy().attr("asarray")(o, "object");
  py::array out(numpy_dtype(wanted), std::vector<py::ssize_t>(objects.shape(), objects.shape() + objects.ndim()));
  auto* at = static_cast<std::byte*>(out.mutable_data());
  for (const py::handle item : objects.attr("flat")) {
    put_scalar(wanted, item.ptr(), Cast::exact, at);
    at += datapacker::size_of(wanted);
  }
  return out;
}

/// A list of integers of which some need 64 bits without a sign: NumPy would make floats of them.
bool lost_integers(py::handle o, const py::array& a, Scalar wanted) {
  return a.dtype().kind() == 'f' && !datapacker::is_float(wanted) && (PyList_Check(o.ptr()) || PyTuple_Check(o.ptr()));
}

}  // namespace

py::dtype numpy_dtype(Scalar s) {
  constexpr const char* names[] = {"<i1", "<i2", "<i4", "<i8", "<u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "?"};
  return py::dtype(std::string(names[static_cast<std::size_t>(s)]));
}

ArrayView view_of(const py::array& given, py::object& keep) {
  py::array a = given;
  if (py::hasattr(a, "filled")) a = py::array(a.attr("filled")());
  const auto element = scalar_of(a.dtype());
  if (!element) throw py::type_error("arrays of " + std::string(py::str(a.dtype())) + " can't be packed");
  if (a.dtype().byteorder() == '>') a = py::array(a.attr("astype")(a.dtype().attr("newbyteorder")("<")));
  if (!(a.flags() & py::array::c_style))
    a = py::array(numpy().attr("ascontiguousarray")(a).attr("reshape")(given.attr("shape")));
  ArrayView view{.element = *element,
                 .shape = {},
                 .data = {static_cast<const std::byte*>(a.data()), static_cast<std::size_t>(a.nbytes())}};
  for (py::ssize_t i = 0; i < a.ndim(); ++i) view.shape.push_back(static_cast<std::uint64_t>(a.shape(i)));
  keep = std::move(a);
  return view;
}

ArrayView array_of(py::handle o, Scalar wanted, py::object& keep) {
  const bool was_array = py::isinstance<py::array>(o);
  py::array a = was_array ? py::reinterpret_borrow<py::array>(o) : py::array(numpy().attr("asarray")(o));
  const bool plain = scalar_of(a.dtype()).has_value();
  if (!was_array && plain && lost_integers(o, a, wanted)) {
    const py::array objects = numpy().attr("asarray")(o, "object");
    bool whole = true;
    for (const py::handle item : objects.attr("flat")) whole = whole && PyLong_Check(item.ptr());
    if (whole) a = converted(o, objects, wanted, false);
  } else if (!plain) {
    a = converted(o, a, wanted, was_array);
  }
  return view_of(a, keep);
}

py::array to_numpy(const ArrayView& a) {
  py::array out(numpy_dtype(a.element), std::vector<py::ssize_t>(a.shape.begin(), a.shape.end()));
  if (!a.data.empty()) std::memcpy(out.mutable_data(), a.data.data(), a.data.size());
  return out;
}

bool put_exact_row(const Dtype& d, PyObject* o, const py::dtype& wanted, std::byte* out) {
  const auto& api = py::detail::npy_api::get();
  if (!PyObject_TypeCheck(o, api.PyArray_Type_)) return false;
  const auto* a = py::detail::array_proxy(o);
  if (a->descr != wanted.ptr() || static_cast<std::size_t>(a->nd) != d.shape.size() || !(a->flags & py::array::c_style))
    return false;
  if (Py_TYPE(o) != api.PyArray_Type_) return false;  // masked arrays and other subclasses
  for (std::size_t i = 0; i < d.shape.size(); ++i) {
    if (static_cast<std::uint64_t>(a->dimensions[i]) != d.shape[i]) return false;
  }
  out[0] = static_cast<std::byte>(*datapacker::vector_code(d.scalar));
  std::memcpy(out + 1, a->data, d.elem_size() - 1);
  return true;
}

}  // namespace packhouse::python
