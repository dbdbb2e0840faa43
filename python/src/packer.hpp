#pragma once
#include <memory>
#include <optional>
#include <string>

#include "codec/datapacker/schema/schema.hpp"
#include "convert.hpp"

namespace packhouse::python {

/// Python's DataPacker. Holds no mutable state: one serves all threads.
class DataPacker {
 public:
  DataPacker(const std::string& dtype_str, const std::string& overlong, const std::string& cast,
             const std::string& keys);
  static DataPacker with_json_schema(const py::object& schema);
  /// Always an error: the original takes such schemas and never looks at them.
  [[noreturn]] static DataPacker with_cddl_schema(const py::object& schema);

  py::object pack(py::handle value) const;
  py::object pack_many(py::handle values) const;
  std::size_t pack_into(py::handle value, py::handle buffer, std::size_t offset) const;
  std::size_t pack_many_into(py::handle values, py::handle buffer, std::size_t offset) const;
  py::object unpack(py::handle data, std::uint64_t offset) const;
  py::object unpack_many(py::handle data, const std::optional<std::uint64_t>& count,
                         const std::optional<std::vector<std::uint64_t>>& offsets) const;
  py::array unpack_array(py::handle data, const std::optional<std::uint64_t>& count) const;

  std::uint64_t elem_size() const { return packer_.elem_size(); }
  bool is_varsize() const { return packer_.is_varsize(); }
  std::string dtype() const { return packer_.dtype().text(); }

 private:
  DataPacker(Packer packer, std::shared_ptr<const datapacker::JsonSchema> schema)
      : packer_(std::move(packer)), schema_(std::move(schema)) {}
  bool fixed() const { return !packer_.is_varsize() || packer_.dtype().size.has_value(); }
  void put_fixed(py::handle value, std::byte* out) const;
  void append(py::handle value, Buffer& out) const;
  py::object take(Bytes in) const;
  py::object pack_array(const py::array& a) const;
  py::object rows(py::handle data, std::uint64_t count) const;
  void check_schema(py::handle value) const;

  Packer packer_;
  std::shared_ptr<const datapacker::JsonSchema> schema_;
};

/// The exception with "element 3: " in front of its text.
[[noreturn]] void raise_in_element(std::size_t index, py::error_already_set& e);

}  // namespace packhouse::python
