#include <algorithm>

#include "codec/cbor/writer.hpp"
#include "codec/datapacker/structured.hpp"
#include "codec/msgpack/writer.hpp"
#include "convert.hpp"
#include "value/builder.hpp"

namespace packhouse::python {
namespace {

using datapacker::KeyOrder;

[[noreturn]] void unsupported(PyObject* o) {
  throw py::value_error("Failed to convert Python object: unsupported type " + std::string(Py_TYPE(o)->tp_name));
}

/// list, tuple, set, frozenset, and what else is a sequence by declaration (range, deque); no bytes, no arrays.
py::object items_of(PyObject* o) {
  if (PyList_Check(o) || PyTuple_Check(o)) return py::reinterpret_borrow<py::object>(o);
  if (PyAnySet_Check(o)) return owned(PySequence_List(o));
  if (PyByteArray_Check(o) || PyMemoryView_Check(o)) unsupported(o);
  PYBIND11_CONSTINIT static py::gil_safe_call_once_and_store<py::object> sequence;
  const py::object& type =
      sequence.call_once_and_store_result([] { return py::module_::import("collections.abc").attr("Sequence"); })
          .get_stored();
  const int is_sequence = PyObject_IsInstance(o, type.ptr());
  if (is_sequence < 0) raise_current();
  if (is_sequence == 0) {
    const bool deque = std::string_view(Py_TYPE(o)->tp_name) == "collections.deque";
    if (!deque) unsupported(o);
  }
  return owned(PySequence_List(o));
}

/// Replays Python's objects into a sink.
template <class Sink>
class Walk {
 public:
  Walk(Sink& sink, KeyOrder order) : sink_(sink), order_(order) {}

  void value(PyObject* o, std::uint32_t depth_left) {
    if (o == Py_None) return must(sink_.null());
    if (PyBool_Check(o)) return must(sink_.boolean(o == Py_True));
    if (PyLong_Check(o)) return integer(o);
    if (PyFloat_Check(o)) return must(sink_.real(PyFloat_AS_DOUBLE(o)));
    if (PyUnicode_Check(o)) return must(sink_.string(text(o)));
    if (PyBytes_Check(o)) {
      return must(sink_.bytes(
          {reinterpret_cast<const std::byte*>(PyBytes_AS_STRING(o)), static_cast<std::size_t>(PyBytes_GET_SIZE(o))}));
    }
    if (depth_left == 0) throw py::value_error("lists and maps are nested too deeply");
    if (PyDict_Check(o)) return map(o, depth_left);
    list(o, depth_left);
  }

 private:
  static std::string_view text(PyObject* o) {
    Py_ssize_t size = 0;
    const char* const s = PyUnicode_AsUTF8AndSize(o, &size);
    if (!s) raise_current();
    return {s, static_cast<std::size_t>(size)};
  }

  void integer(PyObject* o) {
    int overflow = 0;
    const long long v = PyLong_AsLongLongAndOverflow(o, &overflow);
    if (overflow == 0) return must(sink_.integer(v));
    if (overflow > 0) {
      const unsigned long long u = PyLong_AsUnsignedLongLong(o);
      if (!PyErr_Occurred()) return must(sink_.unsigned_integer(u));
      PyErr_Clear();
    }
    throw py::value_error("Failed to convert Python object: number out of range, integers have 64 bits");
  }

  void list(PyObject* o, std::uint32_t depth_left) {
    const py::object items = items_of(o);
    const auto n = static_cast<std::size_t>(PySequence_Fast_GET_SIZE(items.ptr()));
    must(sink_.list_begin(static_cast<std::uint32_t>(n)));
    for (std::size_t i = 0; i < n; ++i) value(Item(items, i, n).ptr(), depth_left - 1);
    must(sink_.list_end());
  }

  void map(PyObject* o, std::uint32_t depth_left) {
    const Held held(entries_);
    const std::size_t mark = entries_.size();
    PyObject *key = nullptr, *item = nullptr;
    for (Py_ssize_t at = 0; PyDict_Next(o, &at, &key, &item);) {
      if (!PyUnicode_Check(key))
        throw py::value_error("Failed to convert Python object: map keys must be str, found " +
                              std::string(Py_TYPE(key)->tp_name));
      const std::string_view name = text(key);
      entries_.push_back({name, key, item});
      Py_INCREF(key);
      Py_INCREF(item);
    }
    const std::size_t n = entries_.size() - mark;
    const auto first = entries_.begin() + static_cast<std::ptrdiff_t>(mark);
    if (order_ == KeyOrder::sorted)
      std::sort(first, entries_.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
    must(sink_.map_begin(static_cast<std::uint32_t>(n)));
    for (std::size_t i = 0; i < n; ++i) {
      const Entry e = entries_[mark + i];  // the vector may grow
      must(sink_.key(e.key));
      value(e.item, depth_left - 1);
    }
    must(sink_.map_end());
  }

  /// With references of its own: while a map is packed, Python code may run and change the dict.
  struct Entry {
    std::string_view key;
    PyObject *owner, *item;
  };
  /// Gives the references of a map's entries back.
  class Held {
   public:
    explicit Held(std::vector<Entry>& entries) : entries_(entries), mark_(entries.size()) {}
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held() {
      for (; entries_.size() > mark_; entries_.pop_back()) {
        Py_DECREF(entries_.back().owner);
        Py_DECREF(entries_.back().item);
      }
    }

   private:
    std::vector<Entry>& entries_;
    std::size_t mark_;
  };
  Sink& sink_;
  KeyOrder order_;
  std::vector<Entry> entries_;
};

/// The sink that makes Python's objects. Of repeated keys the last wins.
class Maker final : public codec::AnySink {
 public:
  py::object take() { return std::move(done_); }

  Result<void> null() override { return add(py::none()); }
  Result<void> boolean(bool v) override { return add(py::bool_(v)); }
  Result<void> integer(std::int64_t v) override { return add(owned(PyLong_FromLongLong(v))); }
  Result<void> unsigned_integer(std::uint64_t v) override { return add(owned(PyLong_FromUnsignedLongLong(v))); }
  Result<void> real(double v) override { return add(owned(PyFloat_FromDouble(v))); }
  Result<void> string(std::string_view v) override { return add(text(v)); }
  Result<void> bytes(Bytes v) override { return add(to_bytes(v)); }
  Result<void> list_begin(std::uint32_t) override { return open(owned(PyList_New(0)), false); }
  Result<void> list_end() override { return close(); }
  Result<void> map_begin(std::uint32_t) override { return open(owned(PyDict_New()), true); }
  Result<void> key(std::string_view k) override {
    open_.back().key = text(k);
    return {};
  }
  Result<void> map_end() override { return close(); }
  // None of these comes from a plain value.
  Result<void> structure_begin(std::uint8_t, std::uint32_t) override { return refuse(); }
  Result<void> structure_end() override { return refuse(); }
  Result<void> date(Date) override { return refuse(); }
  Result<void> local_time(LocalTime) override { return refuse(); }
  Result<void> time(Time) override { return refuse(); }
  Result<void> local_datetime(LocalDateTime) override { return refuse(); }
  Result<void> datetime(const DateTime&) override { return refuse(); }
  Result<void> duration(const Duration&) override { return refuse(); }
  Result<void> point(const Point&) override { return refuse(); }
  Result<void> vector(Element, std::uint32_t, Bytes) override { return refuse(); }

 private:
  struct Open {
    py::object container, key;
    bool map;
  };
  static Result<void> refuse() { return fail(Status::type_error, "not a plain value"); }
  static py::object text(std::string_view s) {
    return owned(PyUnicode_DecodeUTF8(s.data(), static_cast<Py_ssize_t>(s.size()), nullptr));
  }

  Result<void> add(py::object v) {
    if (open_.empty()) {
      done_ = std::move(v);
      return {};
    }
    Open& top = open_.back();
    const int failed = top.map ? PyDict_SetItem(top.container.ptr(), top.key.ptr(), v.ptr())
                               : PyList_Append(top.container.ptr(), v.ptr());
    if (failed != 0) raise_current();
    return {};
  }
  Result<void> open(py::object container, bool map) {
    open_.push_back({std::move(container), {}, map});
    return {};
  }
  Result<void> close() {
    py::object finished = std::move(open_.back().container);
    open_.pop_back();
    return add(std::move(finished));
  }

  std::vector<Open> open_;
  py::object done_;
};

/// A ValueBuilder that takes the integers it has no room for as floats.
struct Approximate : ValueBuilder {
  using ValueBuilder::ValueBuilder;
  Result<void> unsigned_integer(std::uint64_t v) { return real(static_cast<double>(v)); }
};

}  // namespace

void write_value(Dtype::Kind format, PyObject* o, KeyOrder order, Buffer& out) {
  if (format == Dtype::Kind::cbor) {
    codec::cbor::Writer writer(out);
    return Walk(writer, order).value(o, datapacker::depth_limit(format));
  }
  codec::msgpack::Writer writer(out);
  Walk(writer, order).value(o, datapacker::depth_limit(format));
}

py::object read_value(Dtype::Kind format, Bytes in) {
  Maker maker;
  must(datapacker::read_structured(format, in, maker));
  return maker.take();
}

Value to_value(PyObject* o, Arena& arena) {
  Approximate builder(arena);
  Walk(builder, KeyOrder::as_is).value(o, datapacker::depth_limit(Dtype::Kind::msgpack));
  return builder.take();
}

}  // namespace packhouse::python
