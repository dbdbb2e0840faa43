#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "cypher/error.hpp"
#include "cypher/exec/context.hpp"
#include "value/value.hpp"

namespace packhouse::cypher {

/// Static types for compile-time checks and signatures; a set of kinds as bits, `any` for all.
enum class Type : std::uint32_t {
  none = 0,
  boolean = 1 << 0, integer = 1 << 1, floating = 1 << 2, string = 1 << 3, bytes = 1 << 4, list = 1 << 5, map = 1 << 6,
  node = 1 << 7, relationship = 1 << 8, path = 1 << 9, date = 1 << 10, local_time = 1 << 11, time = 1 << 12,
  local_datetime = 1 << 13, datetime = 1 << 14, duration = 1 << 15, point = 1 << 16, vector = 1 << 17, null = 1 << 18,
  number = integer | floating,
  entity = node | relationship,
  temporal = date | local_time | time | local_datetime | datetime,
  any = (1 << 19) - 1,
};
constexpr Type operator|(Type a, Type b) { return static_cast<Type>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b)); }
constexpr bool overlap(Type a, Type b) { return (static_cast<std::uint32_t>(a) & static_cast<std::uint32_t>(b)) != 0; }

/// What a function gets besides its arguments.
struct CallContext {
  ExecContext& exec;
  Arena& arena;  ///< results may live here (as long as the row's batch)
};

/// State of one group of one aggregating call. `add` is called once a row, null or not.
class Aggregator {
 public:
  virtual ~Aggregator() = default;
  virtual void add(ExecContext& context, std::span<const Value> arguments) = 0;
  /// Result for the group; may point into the aggregator's own memory or `arena`.
  virtual Value result(ExecContext& context, Arena& arena) = 0;
};

struct Argument {
  std::string_view name;
  Type type = Type::any;
};

/// One function of the language, plain or aggregating. Rows of this kind are the registry, the documentation,
/// SHOW FUNCTIONS and the compile-time check of arguments, all at once.
struct Function {
  std::string_view name;                 ///< lower case, e.g. "tostring", "date.truncate"
  std::string_view display;              ///< as users write it: "toString"
  std::string_view category;             ///< "String", "Temporal", "Aggregating" …
  std::string_view description;
  std::vector<Argument> arguments;
  std::size_t required;                  ///< how many of them must be given
  Type result = Type::any;
  bool variadic = false;                 ///< the last argument may repeat
  bool null_in_null_out = true;          ///< any null argument: the result is null, `call` isn't asked
  bool deterministic = true;             ///< false: rand(), randomUUID(), the clock
  bool reads_graph = false;              ///< asks for more of an entity than the planner knows by the function's name
  bool deprecated = false;               ///< there is something better; using it gives a notification
  Value (*call)(CallContext&, std::span<const Value>) = nullptr;           ///< plain functions
  std::unique_ptr<Aggregator> (*aggregate)(std::span<const Value> first_row) = nullptr;  ///< aggregating ones
  bool aggregating() const { return aggregate != nullptr; }
};

/// All functions, by lower-case name. Built once; read by any thread.
class FunctionRegistry {
 public:
  static const FunctionRegistry& instance();
  const Function* find(std::string_view name) const;  ///< any case
  const std::vector<Function>& all() const { return functions_; }

 private:
  FunctionRegistry();
  std::vector<Function> functions_;
};

}  // namespace packhouse::cypher
