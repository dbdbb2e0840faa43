#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "cypher/activity.hpp"
#include "cypher/error.hpp"
#include "cypher/exec/context.hpp"

namespace packhouse::cypher::apoc {

/// Names for entities that only results have. A name that the store doesn't know yet stays there for good, so whoever may
/// only read must use known ones: otherwise Status::access_mode.
class TokenMaker {
 public:
  explicit TokenMaker(ExecContext& context) : context_(context) {}

  LabelId label(std::string_view name) const { return known_or_made("label", name, context_.store.find_label(name), &storage::Store::label); }
  TypeId type(std::string_view name) const {
    return known_or_made("relationship type", name, context_.store.find_type(name), &storage::Store::type);
  }
  KeyId key(std::string_view name) const { return known_or_made("property key", name, context_.store.find_key(name), &storage::Store::key); }

 private:
  template <class Id>
  Id known_or_made(std::string_view what, std::string_view name, std::optional<Id> known,
                   Result<Id> (storage::Store::*make)(std::string_view)) const {
    if (known) return *known;
    if (context_.activity != nullptr && !context_.activity->may_make_names()) {
      throw QueryError(Status::access_mode, "The " + std::string(what) + " '" + std::string(name.substr(0, 100)) +
                                                "' is not known in this database. Making it is a write, which is not allowed here: "
                                                "use a transaction in write access mode, by a user who may write.");
    }
    return or_throw((context_.store.*make)(name));
  }

  ExecContext& context_;
};

}  // namespace packhouse::cypher::apoc
