#include <algorithm>
#include <array>

#include "protocol/failure.hpp"

namespace packhouse::protocol {
namespace {

struct Text {
  std::string_view status, text;
};

// By the first two characters.
constexpr std::array conditions{
    Text{"08", "connection exception"},         Text{"22", "data exception"},
    Text{"25", "invalid transaction state"},    Text{"2D", "invalid transaction termination"},
    Text{"40", "transaction rollback"},         Text{"42", "syntax error or access rule violation"},
    Text{"50", "general processing exception"}, Text{"51", "system configuration or operation exception"},
    Text{"52", "procedure exception"},          Text{"G1", "dependent object error"},
};

// Subconditions, sorted. Those with "000" at the end have none.
constexpr std::array subconditions{
    Text{"08007", "transaction resolution unknown"},
    Text{"08N03", "failed to write to graph"},
    Text{"08N06", "protocol error"},
    Text{"08N09", "database unavailable"},
    Text{"08N10", "invalid server state"},
    Text{"08N11", "request error"},
    Text{"08N12", "failed to parse bookmark"},
    Text{"08N13", "database not up to requested bookmark"},
    Text{"22003", "numeric value out of range"},
    Text{"22004", "null value not allowed"},
    Text{"22007", "invalid date, time, or datetime format"},
    Text{"22012", "division by zero"},
    Text{"22G03", "invalid value type"},
    Text{"22N00", "unsupported value"},
    Text{"22N01", "invalid type"},
    Text{"22N02", "specified negative numeric value"},
    Text{"22N03", "specified numeric value out of range"},
    Text{"22N04", "invalid input value"},
    Text{"22N05", "input failed validation"},
    Text{"22N18", "incomplete spatial value"},
    Text{"22N27", "invalid entity type"},
    Text{"22N28", "overflow error"},
    Text{"22N31", "invalid properties in merge pattern"},
    Text{"22N36", "invalid temporal format"},
    Text{"22N37", "invalid coercion"},
    Text{"22N38", "invalid function argument type"},
    Text{"22N39", "unsupported property value type"},
    Text{"22N41", "merge node uniqueness constraint violation"},
    Text{"22N51", "database or alias does not exist"},
    Text{"22N56", "protocol message length limit overflow"},
    Text{"22N57", "invalid protocol type"},
    Text{"22N64", "constraint does not exist"},
    Text{"22N65", "equivalent constraint already exists"},
    Text{"22N66", "conflicting constraint already exists"},
    Text{"22N67", "duplicated constraint name"},
    Text{"22N69", "index does not exist"},
    Text{"22N70", "equivalent index already exists"},
    Text{"22N71", "index with the same name already exists"},
    Text{"22N73", "constraint conflicts with existing index"},
    Text{"22N74", "index conflicts with existing constraint"},
    Text{"22N77", "property presence verification failed"},
    Text{"22N78", "property type verification failed"},
    Text{"22N79", "property uniqueness constraint violated"},
    Text{"22N97", "unexpected struct tag"},
    Text{"22NB1", "type mismatch"},
    Text{"22NBE", "invalid vector dimensions"},
    Text{"25N01", "invalid combination of statement types"},
    Text{"25N02", "unable to complete transaction"},
    Text{"25N04", "specified transaction does not exist"},
    Text{"25N05", "transaction terminated or closed"},
    Text{"25N06", "transaction start failed"},
    Text{"25N08", "invalid transaction lease"},
    Text{"25N09", "internal transaction failure"},
    Text{"25N11", "conflicting transaction state"},
    Text{"25N13", "cannot access entity after removal"},
    Text{"25N14", "transaction termination client error"},
    Text{"2DN01", "commit failed"},
    Text{"40003", "statement completion unknown"},
    Text{"42001", "invalid syntax"},
    Text{"42002", "invalid reference"},
    Text{"42I06", "invalid input"},
    Text{"42I13", "invalid number of procedure or function arguments"},
    Text{"42I14", "invalid number of relationship types"},
    Text{"42I15", "invalid number of statements"},
    Text{"42I16", "invalid point"},
    Text{"42I18", "invalid reference to implicitly grouped expressions"},
    Text{"42I37", "invalid use of `RETURN *`"},
    Text{"42I38", "invalid use of `RETURN`"},
    Text{"42I40", "invalid use of `UNION` and `UNION ALL`"},
    Text{"42N00", "no such database"},
    Text{"42N02", "writing in read access mode"},
    Text{"42N07", "variable shadowing"},
    Text{"42N08", "no such procedure or function"},
    Text{"42N09", "no such user"},
    Text{"42N10", "no such role"},
    Text{"42N12", "user already exists"},
    Text{"42N17", "unsupported request"},
    Text{"42N21", "unaliased return item"},
    Text{"42N24", "missing `WITH`"},
    Text{"42N29", "unbound variables in pattern expression"},
    Text{"42N31", "specified number out of range"},
    Text{"42N39", "incompatible return columns"},
    Text{"42N45", "unexpected end of input"},
    Text{"42N48", "no such function"},
    Text{"42N57", "invalid use of data-modifications in expressions"},
    Text{"42N62", "variable not defined"},
    Text{"42N71", "incomplete query"},
    Text{"42N78", "variable already bound"},
    Text{"42N81", "missing request parameter"},
    Text{"42N98", "cannot modify own user"},
    Text{"42N99", "cannot delete own user"},
    Text{"42NFD", "credentials expired"},
    Text{"42NFE", "auth info expired"},
    Text{"42NFF", "permission/access denied"},
    Text{"50N00", "internal error"},
    Text{"50N05", "deadlock detected"},
    Text{"50N07", "execution failed"},
    Text{"50N09", "invalid server state transition"},
    Text{"50N10", "index drop failed"},
    Text{"50N11", "constraint creation failed"},
    Text{"50N12", "constraint drop failed"},
    Text{"50N42", "unexpected error"},
    Text{"51N27", "not supported in this edition"},
    Text{"51N30", "not supported with this configuration"},
    Text{"51N33", "replication error"},
    Text{"51N36", "out of memory"},
    Text{"51N59", "internal resource exhaustion"},
    Text{"51N66", "resource exhaustion"},
    Text{"51N72", "memory pool out of memory"},
    Text{"51N73", "transaction memory limit reached"},
    Text{"52N02", "procedure execution client error"},
    Text{"52N09", "procedure execution database error"},
    Text{"52N16", "invalid procedure argument list"},
    Text{"G1001", "edges still exist"},
};
static_assert(std::ranges::is_sorted(subconditions, {}, &Text::status));

template <std::size_t N>
std::string_view look_up(const std::array<Text, N>& table, std::string_view status) {
  const auto it = std::ranges::lower_bound(table, status, {}, &Text::status);
  return it != table.end() && it->status == status ? it->text : std::string_view{};
}

}  // namespace

std::string gql_condition(std::string_view status) {
  std::string_view condition = look_up(conditions, status.substr(0, 2));
  if (condition.empty()) condition = "general processing exception";
  std::string text(condition);
  if (const std::string_view sub = look_up(subconditions, status); !sub.empty()) text.append(" - ").append(sub);
  return text;
}

std::string gql_description(std::string_view status, std::string_view text) {
  std::string description = "error: " + gql_condition(status);
  if (!text.empty()) description.append(". ").append(text);
  return description;
}

}  // namespace packhouse::protocol
