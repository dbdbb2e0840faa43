#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace packhouse {

/// What went wrong, in the words a Neo4j driver understands (specs/BOLT.md section 8).
/// Drivers decide from the second part of the code whether they may retry, so pick with
/// care: ClientError = the caller must change something, TransientError = try again,
/// DatabaseError = our bug or our disk. The table is in error.cpp.
enum class Status : std::uint8_t {
  // Neo.ClientError.Request.*
  request_invalid,
  request_invalid_format,
  // Neo.ClientError.Statement.*
  syntax_error,
  semantic_error,
  type_error,
  argument_error,
  arithmetic_error,
  parameter_missing,
  entity_not_found,
  access_mode,
  not_implemented,
  external_resource_failed,
  unsupported_administration_command,
  // Neo.ClientError.Procedure.*
  procedure_not_found,
  procedure_call_failed,
  // Neo.ClientError.Schema.*
  constraint_failed,
  equivalent_schema_rule_exists,
  index_exists,
  constraint_exists,
  index_name_exists,
  constraint_name_exists,
  constraint_creation_failed,
  index_not_found,
  // Neo.DatabaseError.Schema.*
  index_drop_failed,
  constraint_drop_failed,
  // Neo.ClientError.Transaction.*
  terminated,
  timed_out,
  lock_client_stopped,
  invalid_bookmark,
  forbidden_transaction_type,
  // Neo.TransientError.*
  conflict,
  deadlock,
  out_of_memory,
  database_unavailable,
  bookmark_timeout,
  // Neo.ClientError.Database / Security / Cluster
  database_not_found,
  unauthorized,
  forbidden,
  credentials_expired,
  authentication_rate_limit,
  authorization_expired,
  // Neo.ClientError.General.*
  invalid_arguments,
  // Neo.DatabaseError.*
  transaction_start_failed,
  storage_failed,
  internal,
  count_,  ///< number of statuses, not one of them
};

/// "Neo.ClientError.Statement.SyntaxError" for Status::syntax_error.
std::string_view code(Status s);

/// The GQLSTATUS used when the place of the error did not choose a finer one.
std::string_view default_gql_status(Status s);

/// A place in a query text: offset counts code points from 0, line and column from 1.
struct Position {
  std::uint32_t offset = 0, line = 1, column = 1;
  bool operator==(const Position&) const = default;
};

/// One error type for the whole server; no hierarchy to catch in the right order.
/// It is one pointer wide, so that Result<void> costs a codec nothing.
class Error {
 public:
  /// `message` is shown to the user: say what was found and what was expected.
  Error(Status status, std::string message);
  Error(const Error& other);
  Error& operator=(const Error& other);
  Error(Error&&) noexcept = default;
  Error& operator=(Error&&) noexcept = default;
  ~Error() = default;

  Status status() const { return detail_->status; }
  std::string_view code() const { return packhouse::code(detail_->status); }
  const std::string& message() const { return detail_->message; }
  /// Drivers' managed transactions retry these.
  bool retryable() const { return code().starts_with("Neo.TransientError."); }

  /// Five characters. Without `with_gql` it is default_gql_status(status()).
  std::string_view gql_status() const;
  const std::optional<Position>& position() const { return detail_->position; }
  /// The finer status behind this one (gql "42001" caused by "42I06"), or null.
  const Error* cause() const { return detail_->cause.get(); }

  // Refinements, chainable: `return fail(Status::syntax_error, "...").with_gql("42001")` is spelled
  // `tl::make_unexpected(Error(...).with_gql("42001").caused_by(...))`.
  Error&& with_gql(std::string_view five) &&;
  Error&& at(Position p) &&;
  Error&& caused_by(Error cause) &&;
  /// Puts context in front of the message: "reading field 2: " + message.
  Error&& in(std::string_view context) &&;

 private:
  struct Detail {
    Status status;
    std::string message;
    std::string gql;
    std::optional<Position> position;
    std::unique_ptr<Error> cause;
  };
  std::unique_ptr<Detail> detail_;
};

template <class T>
using Result = tl::expected<T, Error>;

inline const Result<void> ok{};  ///< `return ok;` reads better than `return {};`

[[gnu::cold]] inline tl::unexpected<Error> fail(Status s, std::string message) {
  return tl::make_unexpected(Error(s, std::move(message)));
}

}  // namespace packhouse

/// Evaluates `expr` (a Result) and returns its error from the enclosing function,
/// or binds its value: PACKHOUSE_TRY(const auto n, read_length());
#define PACKHOUSE_CAT_(a, b) a##b
#define PACKHOUSE_CAT(a, b) PACKHOUSE_CAT_(a, b)
#define PACKHOUSE_TRY_(tmp, decl, expr)                                          \
  auto tmp = (expr);                                                             \
  if (!tmp) [[unlikely]] return tl::make_unexpected(std::move(tmp).error());     \
  decl = std::move(*tmp)
#define PACKHOUSE_TRY(decl, expr) PACKHOUSE_TRY_(PACKHOUSE_CAT(try_, __COUNTER__), decl, expr)
#define PACKHOUSE_CHECK(expr)                                                                          \
  do {                                                                                                 \
    if (auto check_ = (expr); !check_) [[unlikely]] return tl::make_unexpected(std::move(check_).error()); \
  } while (false)
