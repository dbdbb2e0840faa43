#pragma once
#include <string>
#include <string_view>

#include "base/sha256.hpp"
#include "objects/names.hpp"

// The keys of this room's cells: CellSpace::object, a byte for the table, what the row is called. It is the disk format
// (docs/OBJECTS.md): never renumber.
namespace packhouse::objects::keys {

enum class Table : char {
  manifest = 'm',      ///< object id → ManifestRecord
  by_class = 'k',      ///< class id, object id → nothing
  by_tag = 'g',        ///< half the digest of tag and value, object id → nothing
  digest = 'd',        ///< digest → EmbeddedStorage's entry
  file = 'f',          ///< file name → FolderStorage's count
  storable_class = 'c',  ///< class id → name and unpacker
  class_name = 'n',    ///< name → class id
  unpacker = 'u',      ///< name → declared unpacker
  open_object = 'o',   ///< object id → object that is being written
  open_stream = 's',   ///< object id, content name → stream that is being written
};

/// Everything of a table whose row begins with `row`.
std::string key(Table table, std::string_view row = {});
inline std::string key(Table table, Bytes row) { return key(table, as_text(row)); }
template <class Owner>
std::string key(Table table, const Uuid<Owner>& id, std::string_view rest = {}) {
  return key(table, id.view()).append(rest);
}

/// The least key above all that begin with `prefix`.
std::string behind(std::string prefix);

/// The prefix of the objects with a tag.
std::string tagged(std::string_view tag, std::string_view value);

/// The object id at the end of an index key.
ObjectId object_of(Bytes index_key);

}  // namespace packhouse::objects::keys
