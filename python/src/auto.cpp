#include "auto.hpp"

#include "codec/datapacker/auto_pack.hpp"
#include "convert.hpp"

namespace packhouse::python {
namespace {

using datapacker::Recorded;
using datapacker::Stored;

py::object json() {
  return py::module_::import("json");
}

void put_structured(Stored encoding, Dtype::Kind format, PyObject* o, Buffer& out) {
  datapacker::put_header(encoding, Recorded::guess, out);
  write_value(format, o, datapacker::KeyOrder::sorted, out);
}

void put_as(const std::string& encoding, PyObject* o, Buffer& out) {
  if (encoding == "msgpack") return put_structured(Stored::msgpack, Dtype::Kind::msgpack, o, out);
  if (encoding == "cbor") return put_structured(Stored::cbor, Dtype::Kind::cbor, o, out);
  if (encoding == "json") {
    datapacker::put_header(Stored::json, Recorded::guess, out);
    const auto text = json().attr("dumps")(py::handle(o), py::arg("allow_nan") = false).cast<std::string>();
    return out.append(as_bytes(text));
  }
  if (encoding == "pickle")
    throw py::value_error("pickle is refused: reading it would run foreign code; use msgpack, json or cbor");
  throw py::value_error("unknown encoding '" + encoding + "', expected json, msgpack or cbor");
}

void put_integer(PyObject* o, Buffer& out) {
  int overflow = 0;
  const long long v = PyLong_AsLongLongAndOverflow(o, &overflow);
  if (overflow == 0) return must(datapacker::auto_pack(Value::integer(v), out));
  const unsigned long long u = overflow > 0 ? PyLong_AsUnsignedLongLong(o) : 0;
  if (overflow < 0 || PyErr_Occurred()) {
    PyErr_Clear();
    PyErr_SetString(PyExc_OverflowError, "an integer beyond 64 bits can't be packed");
    raise_current();
  }
  must(datapacker::auto_pack_unsigned(u, out));
}

}  // namespace

py::object auto_pack(py::handle value) {
  PyObject* const o = value.ptr();
  Buffer out;
  py::object keep;
  if (PyBytes_Check(o) || PyByteArray_Check(o) || PyMemoryView_Check(o)) {
    must(datapacker::auto_pack(Value::bytes(bytes_of(o, keep)), out));
  } else if (PyDict_Check(o) || PyList_Check(o) || PyTuple_Check(o) || o == Py_None) {
    put_structured(Stored::msgpack, Dtype::Kind::msgpack, o, out);
  } else if (py::hasattr(value, "encoding_name") && py::hasattr(value, "data")) {
    const py::object data = value.attr("data");
    put_as(value.attr("encoding_name").cast<std::string>(), data.ptr(), out);
  } else if (PyBool_Check(o)) {
    must(datapacker::auto_pack(Value::boolean(o == Py_True), out));
  } else if (PyLong_Check(o)) {
    put_integer(o, out);
  } else if (PyFloat_CheckExact(o)) {
    must(datapacker::auto_pack(Value::real(PyFloat_AS_DOUBLE(o)), out));
  } else if (PyUnicode_Check(o)) {
    Py_ssize_t size = 0;
    const char* const text = PyUnicode_AsUTF8AndSize(o, &size);
    if (!text) raise_current();
    must(datapacker::auto_pack(Value::string({text, static_cast<std::size_t>(size)}), out));
  } else if (py::hasattr(value, "__array__")) {
    const py::array a(py::module_::import("numpy").attr("asarray")(value));
    must(datapacker::auto_pack_array(view_of(a, keep), out));
  } else {
    throw py::type_error("a value of type " + std::string(Py_TYPE(o)->tp_name) + " can't be packed automatically");
  }
  return to_bytes(out);
}

py::object auto_unpack(py::handle stored) {
  const BufferView view(stored);
  const auto u = must(datapacker::unwrap(view.bytes()));
  switch (u.encoding) {
    case Stored::raw: return to_bytes(u.payload);
    case Stored::json: return json().attr("loads")(to_bytes(u.payload));
    case Stored::msgpack: return read_value(Dtype::Kind::msgpack, u.payload);
    case Stored::cbor: return read_value(Dtype::Kind::cbor, u.payload);
    case Stored::text: return get_text(Dtype{.kind = Dtype::Kind::string}, u.payload);
    case Stored::pickle:
      throw py::value_error("the value was stored as a pickle, which is refused: reading it would run foreign code");
    case Stored::packed: break;
  }
  if (u.dtype == Recorded::vector) return to_numpy(must(datapacker::unpack_any_vector(u.payload)));
  constexpr Scalar scalars[] = {Scalar::i64, Scalar::i64, Scalar::f64, Scalar::boolean, Scalar::u64};
  const Scalar s = scalars[static_cast<std::size_t>(u.dtype)];
  if (u.payload.size() != datapacker::size_of(s))
    throw py::value_error("stored value: a number of " + std::to_string(u.payload.size()) + " bytes");
  return get_scalar(s, u.payload.data());
}

}  // namespace packhouse::python
