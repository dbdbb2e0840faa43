#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "tdtp/rows.hpp"
#include "tdtp/types.hpp"

namespace packhouse::tdtp {

/// One column of a table. Numbers are 0, texts empty and flags false where a file says nothing.
struct Field {
  std::string name, type;
  std::int64_t length = 0, precision = 0, scale = 0;
  bool key = false, readonly = false;
  std::string timezone, subtype;

  Type kind() const { return type_of(type); }
  bool operator==(const Field&) const = default;
};

/// The columns of a table, in the order of the cells.
struct Schema {
  std::vector<Field> fields;

  /// The column of exactly that name.
  std::optional<std::size_t> find(std::string_view name) const;
  /// The first column of that name in any case.
  std::optional<std::size_t> find_ignoring_case(std::string_view name) const;
  /// What filters need: fields, each with a name of its own, a known type, a possible precision and scale.
  Result<void> check() const;
  bool operator==(const Schema&) const = default;
};

/// What a packet says about itself.
struct Header {
  std::string type, table_name, message_id, in_reply_to;
  std::int64_t part_number = 0, total_parts = 0, records_in_part = 0;
  std::string timestamp;  ///< as it was written
  std::string sender, recipient;
  bool operator==(const Header&) const = default;
};

/// A table on its way between two systems: one file or one part of several.
struct Packet {
  Header header;
  Schema schema;
  Rows rows;
  std::string compression, checksum;  ///< set when `rows` is one cell with compressed text
  std::string error;                  ///< what a JSON packet says went wrong; passed on
};

/// Whether a packet of that type may be read.
bool is_message_type(std::string_view type);

}  // namespace packhouse::tdtp
