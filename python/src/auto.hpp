#pragma once
#include "python.hpp"

namespace packhouse::python {

/// Bytes for any value, packed by its type or as its wrapper says, with a header that records how.
py::object auto_pack(py::handle value);
py::object auto_unpack(py::handle stored);

}  // namespace packhouse::python
