#include "codec/datapacker/text.hpp"

#include "convert.hpp"

namespace packhouse::python {
namespace {

using datapacker::Encoding;

/// The text as UTF-8, which Python keeps. Lone surrogates are its UnicodeEncodeError.
std::string_view utf8_of(const Dtype& d, PyObject* o) {
  if (!PyUnicode_Check(o)) {
    PyErr_Format(PyExc_TypeError, "%s needs str, found %s", d.text().c_str(), Py_TYPE(o)->tp_name);
    raise_current();
  }
  Py_ssize_t size = 0;
  const char* const text = PyUnicode_AsUTF8AndSize(o, &size);
  if (!text) raise_current();
  return {text, static_cast<std::size_t>(size)};
}

Bytes without_zeros(Bytes in, std::size_t unit) {
  in = in.first(in.size() / unit * unit);
  while (in.size() >= unit && in.back() == std::byte{0} && (unit == 1 || in[in.size() - 2] == std::byte{0}))
    in = in.first(in.size() - unit);
  return in;
}

}  // namespace

void append_text(const Packer& p, PyObject* o, Buffer& out) {
  const std::string_view s = utf8_of(p.dtype(), o);
  const std::size_t size = must(datapacker::encoded_size(p.dtype().encoding, s));
  datapacker::encode_text(p.dtype().encoding, s, out.extend(size));
}

void put_fixed_text(const Packer& p, PyObject* o, std::byte* out) {
  must(datapacker::put_fixed_text(p.dtype(), p.options().overlong, utf8_of(p.dtype(), o), out));
}

py::object get_text(const Dtype& d, Bytes in) {
  const bool wide = d.encoding == Encoding::utf16le || d.encoding == Encoding::utf16be;
  in = d.size ? without_zeros(in, wide ? 2 : 1) : wide ? in.first(in.size() / 2 * 2) : in;
  const auto* const data = reinterpret_cast<const char*>(in.data());
  const auto size = static_cast<Py_ssize_t>(in.size());
  switch (d.encoding) {
    case Encoding::latin1: return owned(PyUnicode_DecodeLatin1(data, size, nullptr));
    case Encoding::ascii: return owned(PyUnicode_DecodeASCII(data, size, nullptr));
    case Encoding::utf16le:
    case Encoding::utf16be: {
      int order = d.encoding == Encoding::utf16be ? 1 : -1;
      return owned(PyUnicode_DecodeUTF16(data, size, nullptr, &order));
    }
    case Encoding::utf8: break;
  }
  return owned(PyUnicode_DecodeUTF8(data, size, nullptr));
}

Bytes bytes_of(PyObject* o, py::object& keep) {
  if (PyBytes_Check(o))
    return {reinterpret_cast<const std::byte*>(PyBytes_AS_STRING(o)), static_cast<std::size_t>(PyBytes_GET_SIZE(o))};
  if (PyByteArray_Check(o) || PyMemoryView_Check(o)) {
    keep = owned(PyBytes_FromObject(o));
    return bytes_of(keep.ptr(), keep);
  }
  if (PyUnicode_Check(o) || !PySequence_Check(o)) {
    PyErr_Format(PyExc_TypeError, "bytes or a sequence of ints from 0 to 255 expected, found %s", Py_TYPE(o)->tp_name);
    raise_current();
  }
  const py::object items = owned(PySequence_Fast(o, "bytes or a sequence of ints from 0 to 255 expected"));
  const auto n = static_cast<std::size_t>(PySequence_Fast_GET_SIZE(items.ptr()));
  NewBytes out(n);
  for (std::size_t i = 0; i < n; ++i)
    put_scalar(Scalar::u8, Item(items, i, n).ptr(), datapacker::Cast::exact, out.data() + i);
  keep = out.take();
  return bytes_of(keep.ptr(), keep);
}

}  // namespace packhouse::python
