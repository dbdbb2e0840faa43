#include "codec/datapacker/narrow.hpp"
#include "convert.hpp"

namespace packhouse::python {
namespace {

using datapacker::Cast;
using datapacker::Half;
using datapacker::load;
using datapacker::Narrowed;
using datapacker::store;

[[noreturn]] void out_of_range(Scalar s, PyObject* o) {
  PyErr_Format(PyExc_OverflowError, "%S is out of range for %s", o, std::string(datapacker::name_of(s)).c_str());
  raise_current();
}

/// An integer, exact if it fits 64 bits with or without a sign.
struct Whole {
  std::int64_t value;
  bool is_unsigned;  ///< value is the bits of a std::uint64_t above 2^63-1
};

Whole whole_of(Scalar s, PyObject* o, Cast cast) {
  py::object index;
  if (!PyLong_Check(o)) {
    index = owned(PyNumber_Index(o));
    o = index.ptr();
  }
  int overflow = 0;
  const long long v = PyLong_AsLongLongAndOverflow(o, &overflow);
  if (overflow == 0) {
    if (v == -1 && PyErr_Occurred()) raise_current();
    return {v, false};
  }
  if (cast == Cast::wrap) return {static_cast<std::int64_t>(PyLong_AsUnsignedLongLongMask(o)), true};
  if (overflow < 0 || s != Scalar::u64) out_of_range(s, o);
  const unsigned long long u = PyLong_AsUnsignedLongLong(o);
  if (PyErr_Occurred()) raise_current();
  return {static_cast<std::int64_t>(u), true};
}

template <class T>
void put_whole(Scalar s, PyObject* o, Cast cast, std::byte* out) {
  const Whole w = whole_of(s, o, cast);
  const Narrowed<T> r =
      w.is_unsigned ? datapacker::narrow<T>(static_cast<std::uint64_t>(w.value)) : datapacker::narrow<T>(w.value);
  if (!r.exact && cast == Cast::exact) out_of_range(s, o);
  store(out, r.value);
}

template <class T>
void put_float(Scalar s, PyObject* o, Cast cast, std::byte* out) {
  const double d = PyFloat_AsDouble(o);
  if (d == -1 && PyErr_Occurred()) raise_current();
  const Narrowed<T> r = datapacker::narrow<T>(d);
  if (!r.exact && cast == Cast::exact) out_of_range(s, o);
  store(out, r.value);
}

template <class T>
std::size_t put_run(PyObject* const* items, std::size_t n, std::byte* out) {
  for (std::size_t i = 0; i < n; ++i) {
    if constexpr (std::floating_point<T>) {
      if (!PyFloat_CheckExact(items[i])) return i;
      const double d = PyFloat_AS_DOUBLE(items[i]);
      const Narrowed<T> r = datapacker::narrow<T>(d);
      if (!r.exact) return i;
      store(out + i * sizeof(T), r.value);
    } else {
      if (!PyLong_CheckExact(items[i])) return i;
      int overflow = 0;
      const long long v = PyLong_AsLongLongAndOverflow(items[i], &overflow);
      if (overflow != 0 || !std::in_range<T>(v)) return i;
      store(out + i * sizeof(T), static_cast<T>(v));
    }
  }
  return n;
}

}  // namespace

void put_scalar(Scalar s, PyObject* o, Cast cast, std::byte* out) {
  datapacker::with_type(s, [&](auto t) {
    using T = decltype(t);
    if constexpr (std::floating_point<T> || std::same_as<T, Half>) {
      put_float<T>(s, o, cast, out);
    } else {
      put_whole<T>(s, o, cast, out);
    }
  });
}

std::size_t put_plain_run(Scalar s, PyObject* const* items, std::size_t n, std::byte* out) {
  return datapacker::with_type(s, [&](auto t) -> std::size_t {
    using T = decltype(t);
    if constexpr (std::same_as<T, Half> || std::same_as<T, bool>) {
      return 0;
    } else {
      return put_run<T>(items, n, out);
    }
  });
}

py::object get_scalar(Scalar s, const std::byte* at) {
  return datapacker::with_type(s, [&](auto t) -> py::object {
    using T = decltype(t);
    if constexpr (std::same_as<T, Half>) {
      return owned(PyFloat_FromDouble(codec::half_to_double(load<std::uint16_t>(at))));
    } else if constexpr (std::floating_point<T>) {
      return owned(PyFloat_FromDouble(static_cast<double>(load<T>(at))));
    } else if constexpr (std::same_as<T, bool>) {
      const auto b = std::to_integer<unsigned>(*at);
      if (b > 1) throw py::value_error("a boolean is 0 or 1, found the byte " + std::to_string(b));
      return py::bool_(b == 1);
    } else if constexpr (std::unsigned_integral<T>) {
      return owned(PyLong_FromUnsignedLongLong(load<T>(at)));
    } else {
      return owned(PyLong_FromLongLong(load<T>(at)));
    }
  });
}

}  // namespace packhouse::python
