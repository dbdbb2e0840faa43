#include <pybind11/stl.h>

#include "auto.hpp"
#include "packer.hpp"

namespace packhouse::python {

void raise(const Error& e) {
  if (e.status() == Status::type_error) throw py::type_error(e.message());
  if (e.status() == Status::arithmetic_error) {
    PyErr_SetString(PyExc_OverflowError, e.message().c_str());
    raise_current();
  }
  throw py::value_error(e.message());
}

void raise_in_element(std::size_t index, py::error_already_set& e) {
  // An UnicodeError can't be made from a text alone; it says where itself.
  if (e.matches(PyExc_UnicodeError)) throw e;
  const std::string text = "element " + std::to_string(index) + ": " + std::string(py::str(e.value()));
  PyErr_SetString(e.type().ptr(), text.c_str());
  throw py::error_already_set();
}

BufferView::BufferView(py::handle from, bool writable) {
  if (PyObject_GetBuffer(from.ptr(), &view_, writable ? PyBUF_CONTIG : PyBUF_CONTIG_RO) != 0) raise_current();
}

}  // namespace packhouse::python

PYBIND11_MODULE(_packhouse, m) {
  using packhouse::python::DataPacker;
  namespace py = pybind11;
  m.doc() = "DataPacker in C++; see the package packhouse.";
  py::class_<DataPacker>(m, "DataPacker",
                         "Packs values of one dtype into bytes and back. Immutable; one serves any number of threads.")
      .def(py::init<const std::string&, const std::string&, const std::string&, const std::string&>(),
           py::arg("dtype_str"), py::kw_only(), py::arg("overlong") = "refuse", py::arg("cast") = "exact",
           py::arg("keys") = "sorted")
      .def_static(
          "with_json_schema", &DataPacker::with_json_schema, py::arg("schema"),
          "A MessagePack packer for values that meet a JSON Schema (a dict or a bool). Compiled schemas are cached.")
      .def_static("with_cddl_schema", &DataPacker::with_cddl_schema, py::arg("schema"),
                  "Always a ValueError: CDDL is not supported. (The original takes such schemas and never looks at them.)")
      .def("pack", &DataPacker::pack, py::arg("value"), "The packed bytes of one value.")
      .def("pack_many", &DataPacker::pack_many, py::arg("values"),
           "Many values, one after the other: a list, or an ndarray whose first axis counts them.")
      .def("pack_into", &DataPacker::pack_into, py::arg("value"), py::arg("buffer"), py::arg("offset") = 0,
           "Into a writable buffer; returns the bytes used.")
      .def("pack_many_into", &DataPacker::pack_many_into, py::arg("values"), py::arg("buffer"), py::arg("offset") = 0,
           "Into a writable buffer; returns the bytes used.")
      .def("unpack", &DataPacker::unpack, py::arg("data"), py::arg("offset") = 0, "The value that begins at an offset.")
      .def("unpack_many", &DataPacker::unpack_many, py::arg("data"), py::arg("count") = py::none(),
           py::arg("offsets") = py::none(),
           "A list of values: count for dtypes of fixed size, offsets for others; both are an error.")
      .def("unpack_array", &DataPacker::unpack_array, py::arg("data"), py::arg("count") = py::none(),
           "Scalars, or vectors of fixed shape, as one ndarray whose first axis counts them.")
      .def_property_readonly("elem_size", &DataPacker::elem_size, "Bytes of each value, 0 if they differ.")
      .def_property_readonly("is_varsize", &DataPacker::is_varsize, "Whether values differ in size.")
      .def_property_readonly("dtype", &DataPacker::dtype, "The dtype string in its shortest form.")
      .def("__repr__", [](const DataPacker& p) { return "DataPacker('" + p.dtype() + "')"; });
  m.def("auto_pack", &packhouse::python::auto_pack, py::arg("value"));
  m.def("auto_unpack", &packhouse::python::auto_unpack, py::arg("stored"));
}
