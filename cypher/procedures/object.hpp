#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "cypher/procedures/later_rows.hpp"
#include "cypher/procedures/registry.hpp"
#include "objects/object_store.hpp"

// What the files of object.* share.
namespace packhouse::cypher {

using ObjectRegistry = std::shared_ptr<const objects::Registry>;

void add_object_procedures(ProcedureRegistry& registry, const ObjectRegistry& objects);         ///< save, load, delete …
void add_object_stream_procedures(ProcedureRegistry& registry, const ObjectRegistry& objects);  ///< open, create, append, finish
void add_object_catalog_procedures(ProcedureRegistry& registry, const ObjectRegistry& objects); ///< classes, register, gc …

inline objects::ObjectStore object_store(ExecContext& c, const objects::Registry& registry) {
  return objects::ObjectStore(c.tx.cells(), registry, c.tx.id());
}
inline Instant statement_time(const ExecContext& c) { return {c.clock.statement_seconds, c.clock.statement_nanos}; }

/// The members of an options map, each asked for by name; what nobody asked for is refused by done().
class ObjectOptions {
 public:
  /// `procedure` is named in errors.
  ObjectOptions(std::string_view procedure, const Value& map);

  /// Nothing when it is not there, or null.
  std::optional<Value> take(std::string_view name, Kind kind);
  std::string text(std::string_view name);
  bool flag(std::string_view name, bool fallback);
  std::optional<objects::ObjectId> id();
  objects::Tags tags();
  void done() const;
  [[noreturn]] void refuse(const std::string& what) const;

 private:
  std::string procedure_;
  std::map<std::string_view, Value> left_;
};

/// More than this should not be read or written on a thread that serves other connections too.
inline constexpr std::uint64_t most_at_once = 65'536;  // bytes
/// Whether writing it is more than that.
bool is_large(const Value& v);

objects::ObjectId object_id_argument(const Value& v);
std::string text_argument(std::string_view what, const Value& v);
/// JSON text of a map that serializers get; empty for nothing.
std::string config_argument(const std::optional<Value>& map);

/// `options = {} :: MAP`
ProcedureArgument options_argument(std::string name = "options");

}  // namespace packhouse::cypher
