#include "base/error.hpp"

#include <array>

namespace packhouse {
namespace {

struct Row {
  Status status;
  std::string_view code, gql;
};

constexpr std::array table{
    Row{Status::request_invalid, "Neo.ClientError.Request.Invalid", "08N06"},
    Row{Status::request_invalid_format, "Neo.ClientError.Request.InvalidFormat", "08N11"},
    Row{Status::syntax_error, "Neo.ClientError.Statement.SyntaxError", "42001"},
    Row{Status::semantic_error, "Neo.ClientError.Statement.SemanticError", "22G03"},
    Row{Status::type_error, "Neo.ClientError.Statement.TypeError", "22G03"},
    Row{Status::argument_error, "Neo.ClientError.Statement.ArgumentError", "50N42"},
    Row{Status::arithmetic_error, "Neo.ClientError.Statement.ArithmeticError", "22000"},
    Row{Status::parameter_missing, "Neo.ClientError.Statement.ParameterMissing", "42001"},
    Row{Status::entity_not_found, "Neo.ClientError.Statement.EntityNotFound", "25N13"},
    Row{Status::access_mode, "Neo.ClientError.Statement.AccessMode", "08N03"},
    Row{Status::not_implemented, "Neo.ClientError.Statement.UnsupportedOperationError", "42N17"},
    Row{Status::external_resource_failed, "Neo.ClientError.Statement.ExternalResourceFailed", "50N42"},
    Row{Status::unsupported_administration_command, "Neo.ClientError.Statement.UnsupportedAdministrationCommand", "51N27"},
    Row{Status::procedure_not_found, "Neo.ClientError.Procedure.ProcedureNotFound", "42001"},
    Row{Status::procedure_call_failed, "Neo.ClientError.Procedure.ProcedureCallFailed", "50N42"},
    Row{Status::constraint_failed, "Neo.ClientError.Schema.ConstraintValidationFailed", "50N42"},
    Row{Status::equivalent_schema_rule_exists, "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists", "22N70"},
    Row{Status::index_exists, "Neo.ClientError.Schema.IndexAlreadyExists", "22N70"},
    Row{Status::constraint_exists, "Neo.ClientError.Schema.ConstraintAlreadyExists", "22N66"},
    Row{Status::index_name_exists, "Neo.ClientError.Schema.IndexWithNameAlreadyExists", "22N71"},
    Row{Status::constraint_name_exists, "Neo.ClientError.Schema.ConstraintWithNameAlreadyExists", "22N67"},
    Row{Status::constraint_creation_failed, "Neo.DatabaseError.Schema.ConstraintCreationFailed", "50N11"},
    Row{Status::index_not_found, "Neo.ClientError.Schema.IndexNotFound", "50N42"},
    Row{Status::index_drop_failed, "Neo.DatabaseError.Schema.IndexDropFailed", "50N10"},
    Row{Status::constraint_drop_failed, "Neo.DatabaseError.Schema.ConstraintDropFailed", "50N12"},
    Row{Status::terminated, "Neo.ClientError.Transaction.Terminated", "25N14"},
    Row{Status::timed_out, "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration", "25N14"},
    Row{Status::lock_client_stopped, "Neo.ClientError.Transaction.LockClientStopped", "25N14"},
    Row{Status::invalid_bookmark, "Neo.ClientError.Transaction.InvalidBookmark", "08N12"},
    Row{Status::forbidden_transaction_type, "Neo.ClientError.Transaction.ForbiddenDueToTransactionType", "50N42"},
    Row{Status::conflict, "Neo.TransientError.Transaction.Outdated", "25N11"},
    Row{Status::deadlock, "Neo.TransientError.Transaction.DeadlockDetected", "50N05"},
    Row{Status::out_of_memory, "Neo.TransientError.General.MemoryPoolOutOfMemoryError", "51N72"},
    Row{Status::database_unavailable, "Neo.TransientError.General.DatabaseUnavailable", "08N09"},
    Row{Status::bookmark_timeout, "Neo.TransientError.Transaction.BookmarkTimeout", "08N13"},
    Row{Status::database_not_found, "Neo.ClientError.Database.DatabaseNotFound", "42001"},
    Row{Status::unauthorized, "Neo.ClientError.Security.Unauthorized", "42NFF"},
    Row{Status::forbidden, "Neo.ClientError.Security.Forbidden", "42NFF"},
    Row{Status::credentials_expired, "Neo.ClientError.Security.CredentialsExpired", "42NFD"},
    Row{Status::authentication_rate_limit, "Neo.ClientError.Security.AuthenticationRateLimit", "50N42"},
    Row{Status::authorization_expired, "Neo.ClientError.Security.AuthorizationExpired", "42NFE"},
    Row{Status::invalid_arguments, "Neo.ClientError.General.InvalidArguments", "50N42"},
    Row{Status::transaction_start_failed, "Neo.DatabaseError.Transaction.TransactionStartFailed", "25N06"},
    Row{Status::storage_failed, "Neo.DatabaseError.General.UnknownError", "50N00"},
    Row{Status::internal, "Neo.DatabaseError.General.UnknownError", "50N00"},
};
static_assert(table.size() == static_cast<std::size_t>(Status::count_));
static_assert([] {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].status) != i) return false;
  }
  return true;
}());

const Row& row(Status s) { return table[static_cast<std::size_t>(s)]; }

}  // namespace

std::string_view code(Status s) { return row(s).code; }
std::string_view default_gql_status(Status s) { return row(s).gql; }

Error::Error(Status status, std::string message)
    : detail_(std::make_unique<Detail>(Detail{status, std::move(message), {}, {}, nullptr})) {}

Error::Error(const Error& other)
    : detail_(std::make_unique<Detail>(Detail{other.detail_->status, other.detail_->message, other.detail_->gql,
                                              other.detail_->position, nullptr})) {
  if (other.detail_->cause) detail_->cause = std::make_unique<Error>(*other.detail_->cause);
}

Error& Error::operator=(const Error& other) {
  if (this != &other) *this = Error(other);
  return *this;
}

std::string_view Error::gql_status() const {
  return detail_->gql.empty() ? default_gql_status(detail_->status) : std::string_view(detail_->gql);
}

Error&& Error::with_gql(std::string_view five) && {
  detail_->gql = five;
  return std::move(*this);
}

Error&& Error::at(Position p) && {
  detail_->position = p;
  return std::move(*this);
}

Error&& Error::caused_by(Error cause) && {
  detail_->cause = std::make_unique<Error>(std::move(cause));
  return std::move(*this);
}

Error&& Error::in(std::string_view context) && {
  detail_->message.insert(0, context);
  return std::move(*this);
}

}  // namespace packhouse
