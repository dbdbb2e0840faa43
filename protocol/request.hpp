#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "protocol/message.hpp"
#include "value/value.hpp"

namespace packhouse::protocol {

// Requests as the handlers see them: checked for type and presence, for the negotiated version
// (BOLT.md section 5). All views and Values live as long as the Request's Message.

/// What the client logs in with. A member that is absent or not a string is empty here: with
/// authentication on either is Unauthorized, with authentication off neither matters (section 12).
struct AuthToken {
  std::optional<std::string_view> scheme, principal, credentials, realm;
};

enum class Severity : std::uint8_t { off, warning, information };
/// Category of a notification, called classification from 5.6 on.
enum class Category : std::uint8_t {
  hint,
  unrecognized,
  unsupported,
  performance,
  deprecation,
  security,
  topology,
  schema,
  generic,
};
std::string_view name(Category c);  ///< "HINT"
std::optional<Category> category_of(std::string_view text);

/// Which notifications the client wants to see. A part that isn't set is taken from what HELLO said
/// (`over`), and if it said nothing, everything is wanted.
struct NotificationFilter {
  std::optional<Severity> minimum;
  std::optional<std::uint16_t> disabled;  ///< one bit for each Category

  /// `severity` is warning or information.
  bool wants(Severity severity, Category category) const {
    if (minimum && (*minimum == Severity::off || (*minimum == Severity::warning && severity != Severity::warning)))
      return false;
    return !disabled || (*disabled >> static_cast<unsigned>(category) & 1) == 0;
  }
  /// This filter where it says something, else `fallback`.
  NotificationFilter over(const NotificationFilter& fallback) const {
    return {minimum ? minimum : fallback.minimum, disabled ? disabled : fallback.disabled};
  }
};

/// What BEGIN, and RUN outside a transaction, say about the transaction they start.
struct TransactionExtra {
  enum class Mode : std::uint8_t { write, read };

  std::span<const std::string_view> bookmarks;
  std::optional<std::int64_t> timeout_ms;  ///< 0 = no limit; absent = the server's setting
  Value metadata;                          ///< a map, or null
  Mode mode = Mode::write;
  std::string_view database;           ///< empty = the home database; compare without regard to case
  std::string_view impersonated_user;  ///< empty = nobody
  NotificationFilter filter;
};

struct Hello {
  std::string_view user_agent;
  std::optional<AuthToken> auth;   ///< only before 5.1; later LOGON brings it
  Value routing;                   ///< a map, or null: the client did not come by neo4j://
  bool utc_patch = false;          ///< 4.3 and 4.4: the client asked for UTC date-times and gets them
  std::string_view agent_product;  ///< `bolt_agent.product`, 5.3+
  NotificationFilter filter;
};
struct Logon {
  AuthToken auth;
};
struct Logoff {};
struct Goodbye {};  ///< no answer: roll back, the connection is closed already
struct Reset {};    ///< roll back, drop all results
struct Run {
  std::string_view query;
  Value parameters;        ///< a map
  TransactionExtra extra;  ///< defaults inside an explicit transaction
};
struct Begin {
  TransactionExtra extra;
};
struct Commit {};
struct Rollback {};

inline constexpr std::int64_t all_rows = -1;
inline constexpr std::int64_t last_result = -1;
struct Pull {
  std::int64_t n = all_rows;       ///< -1, or at least 1
  std::int64_t qid = last_result;  ///< a number that no result has is the handler's error (unknown_result())
};
struct Discard {
  std::int64_t n = all_rows, qid = last_result;
};
struct Route {
  Value routing;  ///< a map; "address" is what the client calls the server
  std::span<const std::string_view> bookmarks;
  std::string_view database;  ///< empty = the home database
  std::string_view impersonated_user;
};
enum class TelemetryApi : std::uint8_t { managed_transaction, explicit_transaction, auto_commit, execute_query };
struct Telemetry {
  TelemetryApi api{};
};

using RequestBody =
    std::variant<Hello, Logon, Logoff, Goodbye, Reset, Run, Begin, Commit, Rollback, Pull, Discard, Route, Telemetry>;

/// One request that the state of the connection allows. Movable to any thread; give it back by
/// Connection::recycle() if convenient. A handler that keeps views (parameters of an open result)
/// moves `message` to where they are kept.
struct Request {
  RequestBody body;
  MessagePtr message;  ///< may be null when nothing refers to it

  template <class T>
  const T* as() const {
    return std::get_if<T>(&body);
  }
};

/// An auto-commit RUN and the request for all its rows behind it, taken before their turn (Connection::take_ahead()).
struct StatementAhead {
  Run run;               ///< views of run_message
  bool discard = false;  ///< DISCARD instead of PULL
  MessagePtr run_message, pull_message;
};

/// The string under `key`, or nothing: for routing contexts.
std::optional<std::string_view> text_of(const Value& map, std::string_view key);

}  // namespace packhouse::protocol
