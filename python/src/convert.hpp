#pragma once
#include <memory>
#include <stdexcept>

#include "codec/any_sink.hpp"
#include "codec/datapacker/array.hpp"
#include "codec/datapacker/packer.hpp"
#include "python.hpp"

// Python's objects as packed bytes and back, one file a kind of dtype.
namespace packhouse::python {

using datapacker::Dtype;
using datapacker::Packer;
using datapacker::PackOptions;
using datapacker::Scalar;

/// An item of a list or tuple of `n` items. Packing may run Python code (__index__, __iter__), and that may change the
/// list, which is an error at the next item; this one is held meanwhile, unless it is of a type that runs none.
class Item {
 public:
  Item(py::handle list, std::size_t i, std::size_t n) {
    if (static_cast<std::size_t>(PySequence_Fast_GET_SIZE(list.ptr())) != n) [[unlikely]]
      throw std::runtime_error("the list changed while it was packed");
    item_ = PySequence_Fast_GET_ITEM(list.ptr(), static_cast<Py_ssize_t>(i));
    const PyTypeObject* const type = Py_TYPE(item_);
    held_ = type != &PyUnicode_Type && type != &PyBytes_Type && type != &PyLong_Type && type != &PyFloat_Type;
    if (held_) Py_INCREF(item_);
  }
  ~Item() {
    if (held_) Py_DECREF(item_);
  }
  Item(const Item&) = delete;
  Item& operator=(const Item&) = delete;
  PyObject* ptr() const { return item_; }

 private:
  PyObject* item_;
  bool held_;
};

// Scalars (scalars.cpp).
void put_scalar(Scalar s, PyObject* o, datapacker::Cast cast, std::byte* out);
/// The beginning of a batch, as far as the objects are plain ints or floats; how many there were.
std::size_t put_plain_run(Scalar s, PyObject* const* items, std::size_t n, std::byte* out);
py::object get_scalar(Scalar s, const std::byte* at);

// Texts and bytes (texts.cpp). `out` of fixed size is filled to the end.
void append_text(const Packer& p, PyObject* o, Buffer& out);
void put_fixed_text(const Packer& p, PyObject* o, std::byte* out);
py::object get_text(const Dtype& d, Bytes in);
/// Bytes of an object that is bytes, has such a buffer, or is a sequence of ints; `keep` holds what they lie in.
Bytes bytes_of(PyObject* o, py::object& keep);

// MessagePack and CBOR (values.cpp).
void write_value(Dtype::Kind format, PyObject* o, datapacker::KeyOrder order, Buffer& out);
py::object read_value(Dtype::Kind format, Bytes in);
/// As a Value, for JSON Schema; integers above 2^63-1 become floats.
Value to_value(PyObject* o, Arena& arena);

// NumPy (arrays.cpp).
/// Anything that NumPy makes an array of, as elements for a vector of `wanted`; `keep` holds the memory.
datapacker::ArrayView array_of(py::handle o, Scalar wanted, py::object& keep);
/// An ndarray as it is, if its elements are ours; normalised to C order and little-endian.
datapacker::ArrayView view_of(const py::array& a, py::object& keep);
py::dtype numpy_dtype(Scalar s);
/// A fresh array with these elements.
py::array to_numpy(const datapacker::ArrayView& a);
/// Writes the record of one ndarray that has just the wanted elements and shape; false if it has not.
bool put_exact_row(const Dtype& d, PyObject* o, const py::dtype& wanted, std::byte* out);

}  // namespace packhouse::python
