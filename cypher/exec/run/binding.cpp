#include "cypher/exec/run/binding.hpp"

#include "base/ascii.hpp"
#include "cypher/semantic/types.hpp"

namespace packhouse::cypher {
namespace {

/// Scalars that can't be what the statement takes them for: found before it runs, as for literals in their places.
Result<void> check_parameter_types(const ast::Statement& statement, std::span<const Value> values) {
  for (const ast::ParameterUse& use : statement.parameter_uses) {
    if (semantic::fits(semantic::type_of(values[use.index]), use.types)) continue;
    const std::string message = "Type mismatch for parameter '" + statement.parameters[use.index] + "': expected " +
                                semantic::describe(semantic::of(use.types)) + " but was " +
                                std::string(type_name(values[use.index].kind()));
    return tl::make_unexpected(Error(Status::syntax_error, message)
                                   .with_gql("22G03")
                                   .caused_by(Error(Status::syntax_error, message).with_gql("22N27")));
  }
  return ok;
}

}  // namespace

Result<std::vector<Value>> bind_parameters(const ast::Statement& statement, const Value& given) {
  std::vector<Value> values(statement.parameters.size());
  const auto map = given.is(Kind::map) ? given.as_map() : std::span<const MapEntry>();
  std::string missing;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (const Value* v = find(map, statement.parameters[i])) {
      values[i] = *v;
    } else {
      missing += (missing.empty() ? "" : ", ") + statement.parameters[i];
    }
  }
  if (missing.empty() || statement.explain == ast::ExplainMode::explain) {
    PACKHOUSE_CHECK(check_parameter_types(statement, values));
    return values;
  }
  return fail(Status::parameter_missing, "Expected parameter(s): " + missing);
}

Result<void> check_database(const ast::Statement& statement, std::string_view database) {
  const std::string_view named = statement.use;
  if (named.empty() || same_ignoring_case(named, database)) return ok;
  return fail(Status::database_not_found, "Database does not exist. Database name: '" + std::string(named) + "'.");
}

}  // namespace packhouse::cypher
