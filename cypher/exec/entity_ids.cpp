#include "cypher/exec/entity_ids.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

#include "cypher/error.hpp"

namespace packhouse::cypher {

std::optional<std::uint64_t> entity_number(ExecContext& context, const Value& id, bool element_id, bool node) {
  if (!element_id) {
    if (id.is(Kind::integer) && id.as_integer() >= 0) return static_cast<std::uint64_t>(id.as_integer());
    if (id.is(Kind::real) && id.as_real() >= 0 && id.as_real() < 9e15 && std::floor(id.as_real()) == id.as_real()) {
      return static_cast<std::uint64_t>(id.as_real());
    }
    return std::nullopt;
  }
  if (!id.is(Kind::string)) return std::nullopt;
  std::string_view text = id.as_string();
  const std::string_view uuid = context.store.uuid();
  if (text.size() < uuid.size() + 4 || text[0] != (node ? '4' : '5') || text[1] != ':') return std::nullopt;
  if (text.substr(2, uuid.size()) != uuid || text[2 + uuid.size()] != ':') return std::nullopt;
  text.remove_prefix(uuid.size() + 3);
  if (text.size() > 1 && text[0] == '0') return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

void entity_numbers(ExecContext& context, const Value& x, bool element_id, bool many, bool node, std::vector<std::uint64_t>& out) {
  out.clear();
  if (!many) {
    if (const auto n = entity_number(context, x, element_id, node)) out.push_back(*n);
    return;
  }
  if (x.is_null()) return;
  if (!x.is(Kind::list)) {
    throw QueryError(Status::type_error, "Type mismatch: expected List<T> but was " + std::string(type_name(x.kind())));
  }
  for (const Value& item : x.as_list()) {
    if (const auto n = entity_number(context, item, element_id, node)) out.push_back(*n);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
}

}  // namespace packhouse::cypher
