#pragma once
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include "base/buffer.hpp"
#include "base/error.hpp"

namespace packhouse::python {

namespace py = pybind11;

/// The Python exception of an error: TypeError, OverflowError, or ValueError.
[[noreturn]] void raise(const Error& e);
[[noreturn]] inline void raise_current() {
  throw py::error_already_set();
}

template <class T>
T must(Result<T>&& r) {
  if (!r) raise(r.error());
  if constexpr (!std::is_void_v<T>) return std::move(*r);
}

/// An owned reference, or the exception that Python has set.
inline py::object owned(PyObject* p) {
  if (!p) raise_current();
  return py::reinterpret_steal<py::object>(p);
}

inline py::bytes to_bytes(Bytes b) {
  return {reinterpret_cast<const char*>(b.data()), b.size()};
}

/// A view of anything that has a contiguous buffer; holds on to it.
class BufferView {
 public:
  explicit BufferView(py::handle from, bool writable = false);
  ~BufferView() { PyBuffer_Release(&view_); }
  BufferView(const BufferView&) = delete;
  BufferView& operator=(const BufferView&) = delete;
  Bytes bytes() const { return {static_cast<const std::byte*>(view_.buf), static_cast<std::size_t>(view_.len)}; }
  std::span<std::byte> writable() const {
    return {static_cast<std::byte*>(view_.buf), static_cast<std::size_t>(view_.len)};
  }

 private:
  Py_buffer view_;
};

/// Bytes of Python of a known size, which are filled before anybody else sees them.
class NewBytes {
 public:
  explicit NewBytes(std::size_t size)
      : object_(owned(PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(size)))), size_(size) {}
  std::byte* data() { return reinterpret_cast<std::byte*>(PyBytes_AS_STRING(object_.ptr())); }
  std::span<std::byte> span() { return {data(), size_}; }
  py::object take() { return std::move(object_); }

 private:
  py::object object_;
  std::size_t size_;
};

/// Other threads of Python may run while a batch of this size is copied.
inline constexpr std::size_t large = 64 * 1024;
template <class F>
auto without_lock(std::size_t bytes, F&& f) {
  if (bytes < large) return f();
  py::gil_scoped_release release;
  return f();
}

}  // namespace packhouse::python
