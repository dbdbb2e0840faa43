#include <string>

#include "cypher/functions/families.hpp"

namespace packhouse::cypher {
namespace {

using Arguments = std::span<const Value>;

Value range(CallContext& c, Arguments a) {
  const std::int64_t from = integer_argument("range", a[0]), to = integer_argument("range", a[1]);
  const std::int64_t step = a.size() > 2 ? integer_argument("range", a[2]) : 1;
  if (step == 0) {
    throw QueryError(Error(Status::argument_error, "Step argument to 'range()' cannot be zero").with_gql("22N31"));
  }
  if (step > 0 ? from > to : from < to) return Value::list({});
  const auto distance = step > 0 ? static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from)
                                 : static_cast<std::uint64_t>(from) - static_cast<std::uint64_t>(to);
  const auto stride = step > 0 ? static_cast<std::uint64_t>(step) : ~static_cast<std::uint64_t>(step) + 1;
  const std::uint64_t n = distance / stride + 1;
  if (n > c.exec.memory_limit / sizeof(Value)) {
    throw QueryError(Status::out_of_memory, "range() would make a list of " + std::to_string(n) +
                                                " items, more than the memory limit of a query allows");
  }
  const auto out = c.arena.array<Value>(n);
  auto value = static_cast<std::uint64_t>(from);  // unsigned: the last step may run over the edge
  for (Value& v : out) {
    v = Value::integer(static_cast<std::int64_t>(value));
    value += static_cast<std::uint64_t>(step);
  }
  return Value::list(out);
}

Value head(CallContext&, Arguments a) {
  const auto items = list_argument("head", a[0]);
  return items.empty() ? Value() : items.front();
}

Value last(CallContext&, Arguments a) {
  const auto items = list_argument("last", a[0]);
  return items.empty() ? Value() : items.back();
}

Value tail(CallContext&, Arguments a) {
  const auto items = list_argument("tail", a[0]);
  return Value::list(items.empty() ? items : items.subspan(1));
}

}  // namespace

void add_list_functions(Functions& out) {
  out.push_back({.name = "range", .display = "range", .category = "List",
                 .description = "Returns the integers from a start to an end, both included.",
                 .arguments = {{"start", Type::integer}, {"end", Type::integer}, {"step", Type::integer}}, .required = 2,
                 .result = Type::list, .call = range});
  const auto add = [&](std::string_view name, std::string_view description, Type result, Value (*call)(CallContext&, Arguments)) {
    out.push_back({.name = name, .display = name, .category = "List", .description = description,
                   .arguments = {{"list", Type::list}}, .required = 1, .result = result, .call = call});
  };
  add("head", "Returns the first item of a list.", Type::any, head);
  add("last", "Returns the last item of a list.", Type::any, last);
  add("tail", "Returns all items but the first.", Type::list, tail);
}

}  // namespace packhouse::cypher
