#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>

#include "cypher/procedures/registry.hpp"
#include "cypher/semantic/analyse.hpp"
#include "cypher/syntax/parser.hpp"

// A developer's tool: parses and analyses queries from standard input, separated by the byte 0x1E, and prints one line
// for each: "ok", or code, gql status of the cause, and message. A query may be preceded by lines that declare test
// procedures: "@proc my.proc(in :: INTEGER?) :: (out :: STRING?)". See tck_check.py beside it.

namespace {

using namespace packhouse;
using namespace packhouse::cypher;

Type type_of(std::string_view s) {
  if (s.starts_with("INTEGER")) return Type::integer;
  if (s.starts_with("FLOAT")) return Type::floating;
  if (s.starts_with("NUMBER")) return Type::number;
  if (s.starts_with("STRING")) return Type::string;
  return Type::any;
}

/// "a :: INTEGER?, b :: STRING?" as (name, type).
std::vector<std::pair<std::string, Type>> fields(std::string_view s) {
  std::vector<std::pair<std::string, Type>> out;
  while (!s.empty()) {
    const auto comma = std::min(s.find(','), s.size());
    const std::string_view one = s.substr(0, comma);
    s.remove_prefix(std::min(comma + 1, s.size()));
    const auto colons = one.find("::");
    if (colons == one.npos) continue;
    std::string name(one.substr(0, colons));
    std::erase(name, ' ');
    out.emplace_back(name, type_of(one.substr(one.find_first_not_of(' ', colons + 2))));
  }
  return out;
}

void declare(ProcedureRegistry& registry, std::string_view signature) {
  Procedure p;
  const auto open = signature.find('('), close = signature.find(')', open);
  p.name = signature.substr(0, open);
  for (auto& [name, type] : fields(signature.substr(open + 1, close - open - 1))) p.arguments.push_back({name, type});
  const auto outputs = signature.find('(', close);
  if (outputs != signature.npos) {
    for (auto& [name, type] : fields(signature.substr(outputs + 1, signature.find(')', outputs) - outputs - 1)))
      p.columns.push_back({name, type});
  }
  registry.add(std::move(p));
}

std::string check(std::string_view query) {
  ProcedureRegistry procedures;
  while (query.starts_with("@proc ")) {
    const auto end = std::min(query.find('\n'), query.size());
    declare(procedures, query.substr(6, end - 6));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  auto statement = parse(query);
  Result<void> done = statement ? analyse(*statement, {FunctionRegistry::instance(), &procedures})
                                : tl::make_unexpected(statement.error());
  if (done) return "ok";
  const Error& e = done.error();
  std::string message = e.message().substr(0, e.message().find('\n'));
  return std::string(e.code()) + "\t" + (e.cause() ? std::string(e.cause()->gql_status()) : "") + "\t" + message;
}

}  // namespace

int main() {
  const std::string all((std::istreambuf_iterator<char>(std::cin)), {});
  for (std::size_t at = 0; at < all.size();) {
    const auto end = std::min(all.find('\x1e', at), all.size());
    std::cout << check(std::string_view(all).substr(at, end - at)) << "\n";
    at = end + 1;
  }
}
