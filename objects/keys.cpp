#include "objects/keys.hpp"

#include <algorithm>

#include "storage/cells.hpp"

namespace packhouse::objects::keys {

std::string key(Table table, std::string_view row) {
  std::string out;
  out.reserve(2 + row.size() + 16);
  out += static_cast<char>(storage::CellSpace::object);
  out += static_cast<char>(table);
  return out.append(row);
}

std::string behind(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) prefix.pop_back();
  if (!prefix.empty()) ++prefix.back();
  return prefix;
}

std::string tagged(std::string_view tag, std::string_view value) {
  static constexpr std::byte between{};  // tags hold no zero
  Sha256 hash;
  hash.add(as_bytes(tag)).add({&between, 1}).add(as_bytes(value));
  return key(Table::by_tag, hash.digest().view().first(16));
}

ObjectId object_of(Bytes index_key) {
  ObjectId id;
  if (index_key.size() >= id.bytes.size()) std::ranges::copy(index_key.last(id.bytes.size()), id.bytes.begin());
  return id;
}

}  // namespace packhouse::objects::keys
