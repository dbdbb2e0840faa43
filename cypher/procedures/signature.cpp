#include <algorithm>
#include <array>
#include <cctype>

#include "cypher/procedures/families.hpp"

namespace packhouse::cypher {

std::string type_text(Type t) {
  if (t == Type::any) return "ANY";
  static constexpr std::array names{
      std::pair{Type::boolean, "BOOLEAN"}, std::pair{Type::integer, "INTEGER"}, std::pair{Type::floating, "FLOAT"},
      std::pair{Type::string, "STRING"}, std::pair{Type::bytes, "BYTES"}, std::pair{Type::list, "LIST<ANY>"},
      std::pair{Type::map, "MAP"}, std::pair{Type::node, "NODE"}, std::pair{Type::relationship, "RELATIONSHIP"},
      std::pair{Type::path, "PATH"}, std::pair{Type::date, "DATE"}, std::pair{Type::local_time, "LOCAL TIME"},
      std::pair{Type::time, "ZONED TIME"}, std::pair{Type::local_datetime, "LOCAL DATETIME"},
      std::pair{Type::datetime, "ZONED DATETIME"}, std::pair{Type::duration, "DURATION"}, std::pair{Type::point, "POINT"},
      std::pair{Type::vector, "VECTOR"}};
  std::string out;
  for (const auto& [type, name] : names) {
    if (overlap(t, type)) out += (out.empty() ? "" : " | ") + std::string(name);
  }
  return out;
}

std::string signature_of(const Procedure& p) {
  std::string out = p.name + "(";
  for (std::size_t i = 0; i < p.arguments.size(); ++i) {
    const ProcedureArgument& a = p.arguments[i];
    out += (i ? ", " : "") + a.name + (a.has_default ? " = " + a.default_value : "") + " :: " + type_text(a.type);
  }
  out += ") :: ";
  if (p.columns.empty()) return out + "VOID";
  out += "(";
  for (std::size_t i = 0; i < p.columns.size(); ++i) {
    out += (i ? ", " : "") + p.columns[i].name + " :: " + type_text(p.columns[i].type);
  }
  return out + ")";
}

std::string signature_of(const Function& f) {
  std::string out = std::string(f.display) + "(";
  for (std::size_t i = 0; i < f.arguments.size(); ++i) {
    out += (i ? ", " : "") + std::string(f.arguments[i].name) + " :: " + type_text(f.arguments[i].type);
  }
  return out + (f.variadic ? ", …" : "") + ") :: " + type_text(f.result);
}

std::string quoted_name(std::string_view name) {
  const bool plain = !name.empty() && !std::isdigit(static_cast<unsigned char>(name[0])) &&
                     std::ranges::all_of(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; });
  if (plain) return std::string(name);
  std::string out = "`";
  for (const char c : name) out += c == '`' ? "``" : std::string(1, c);
  return out + "`";
}

}  // namespace packhouse::cypher
