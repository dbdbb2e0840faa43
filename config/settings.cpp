#include "config/settings.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <variant>

#include "base/ascii_upper.hpp"

namespace packhouse::config {
namespace {

template <class... F>
struct overloaded : F... {
  using F::operator()...;
};
template <class... F>
overloaded(F...) -> overloaded<F...>;

constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();

struct Text {
  std::string Settings::*member;
  std::vector<std::string_view> allowed = {};  // empty: anything
  std::vector<std::string_view> also = {};     // other words for those allowed, in the same order
  bool may_be_empty = false;
};
struct Secret {
  std::string Settings::*member;  // may be empty; never printed
};
struct Flag {
  bool Settings::*member;
};
struct Number {
  std::int64_t Settings::*member;
  std::int64_t least = 0, most = no_limit;
};
struct AddressText {
  std::string Settings::*member;
  bool may_be_off = false, may_be_empty = false;
};

struct Row : Setting {
  std::variant<Text, Secret, Flag, Number, AddressText> kind;
};

const std::vector<Row>& rows() {
  using S = Settings;
  static const std::vector<Row> table{
      {{"data", "folder of the store; made when missing"}, Text{&S::data}},
      {{"import_folder", "folder of the files that statements may name (LOAD CSV); empty: import inside data"},
       Text{&S::import_folder, {}, {}, true}},
      {{"object_folder", "folder of the files that objects' contents can be kept in (packhouse.folder@v1); empty: objects inside data"},
       Text{&S::object_folder, {}, {}, true}},
      {{"bolt", "address and port of Bolt; port 0 picks a free one"}, AddressText{&S::bolt}},
      {{"http", "address and port of health checks, or off"}, AddressText{&S::http, true}},
      {{"advertised_address", "host:port that routing tables name; empty: what bolt listens on"},
       AddressText{&S::advertised_address, false, true}},
      {{"allow_unauthenticated", "listen on addresses that are not loopback although auth is off"},
       Flag{&S::allow_unauthenticated}},
      {{"auth", "clients must log in; users are kept in the folder system inside data"}, Flag{&S::auth}},
      {{"initial_password", "password of the user neo4j when auth is on and there is no user yet; empty: one is made up and printed"},
       Secret{&S::initial_password}},
      {{"initial_password_change", "the initial password must be changed before anything else is allowed"},
       Flag{&S::initial_password_change}},
      {{"auth_minimum_password_length", "characters that a new password must have"},
       Number{&S::auth_minimum_password_length, 1, 1024}},
      {{"auth_max_failed_attempts", "wrong passwords in a row after which a user is locked for auth_lock_time_s; 0: no limit"},
       Number{&S::auth_max_failed_attempts, 0, 1'000'000}},
      {{"auth_lock_time_s", "seconds for which a user is locked after auth_max_failed_attempts"},
       Number{&S::auth_lock_time_s, 0, 86'400}},
      {{"tls", "encryption of the Bolt port: off, optional (told by the first bytes) or required; Neo4j's DISABLED, OPTIONAL and "
               "REQUIRED mean the same"},
       Text{&S::tls, {"off", "optional", "required"}, {"DISABLED", "OPTIONAL", "REQUIRED"}}},
      {{"tls_certificate", "PEM file with the server's certificate and its chain; read again on SIGHUP"}, Text{&S::tls_certificate, {}, {}, true}},
      {{"tls_key", "PEM file with the certificate's key, without passphrase; read again on SIGHUP"}, Text{&S::tls_key, {}, {}, true}},
      {{"websocket_origins", "web pages that may connect by WebSocket: origins with commas between, or * for all; empty: all when "
                             "auth is on, else only pages of this machine"},
       Text{&S::websocket_origins, {}, {}, true}},
      {{"threads", "threads that serve connections; 0: one a core, at least two"}, Number{&S::threads, 0, 1024}},
      {{"durability", "sync: COMMIT is answered when it is on disk; interval: the disk follows within sync_interval_ms"},
       Text{&S::durability, {"sync", "interval"}}},
      {{"sync_interval_ms", "milliseconds between syncs when durability is interval"}, Number{&S::sync_interval_ms, 1, 60'000}},
      {{"transaction_timeout_ms", "milliseconds a transaction may take when the client names no limit; 0: no limit"},
       Number{&S::transaction_timeout_ms}},
      {{"query_memory_mb", "MiB that one query, and the changes of one transaction, may keep"}, Number{&S::query_memory_mb, 1, 1 << 20}},
      {{"node_cache_mb", "MiB for copies of properties and labels that are read again and again; 0: none"},
       Number{&S::node_cache_mb, 0, 1 << 20}},
      {{"message_mb", "MiB that one message from a client may have"}, Number{&S::message_mb, 1, 2047}},
      {{"max_connections", "connections at one time"}, Number{&S::max_connections, 1, 1'000'000}},
      {{"max_connections_per_user", "connections at one time that one user may have when auth is on; 0: no limit"},
       Number{&S::max_connections_per_user, 0, 1'000'000}},
      {{"idle_timeout_s", "seconds after which a connection that asks nothing is closed, its open transaction rolled back; 0: never"},
       Number{&S::idle_timeout_s, 0, 31'536'000}},
      {{"login_timeout_s", "seconds a client may take to log in"}, Number{&S::login_timeout_s, 1, 3600}},
      {{"keep_alive_s", "seconds after which a waiting client gets a sign of life; 0: none"}, Number{&S::keep_alive_s, 0, 86'400}},
      {{"stop_grace_s", "seconds that running queries get when the server stops"}, Number{&S::stop_grace_s, 0, 3600}},
      {{"max_snapshot_age_s", "seconds a transaction may read the same snapshot; older ones keep pages from being reused"},
       Number{&S::max_snapshot_age_s, 1}},
      {{"log_level", "trace, debug, info, warn, error or off"},
       Text{&S::log_level, {"trace", "debug", "info", "warn", "error", "off"}}},
      {{"test_procedures", "offer tck.register and tck.clear, for the openCypher TCK"}, Flag{&S::test_procedures}},
  };
  return table;
}

tl::unexpected<Error> bad(std::string_view name, std::string_view value, const std::string& expected) {
  return fail(Status::argument_error, "setting " + std::string(name) + ": '" + std::string(value) + "' is not " + expected);
}

std::string listed(const std::vector<std::string_view>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) out += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + std::string(words[i]);
  return out;
}

Result<void> assign(Settings& s, const Row& row, std::string_view value) {
  return std::visit(
      overloaded{
          [&](const Text& t) -> Result<void> {
            if (const auto it = std::ranges::find(t.also, value); it != t.also.end()) {
              s.*t.member = t.allowed[static_cast<std::size_t>(it - t.also.begin())];
              return ok;
            }
            if (!t.allowed.empty() && std::ranges::find(t.allowed, value) == t.allowed.end()) return bad(row.name, value, listed(t.allowed));
            if (value.empty() && !t.may_be_empty) return bad(row.name, value, "a text with at least one character");
            s.*t.member = value;
            return ok;
          },
          [&](const Secret& t) -> Result<void> {
            s.*t.member = value;
            return ok;
          },
          [&](const Flag& f) -> Result<void> {
            if (value != "true" && value != "false") return bad(row.name, value, "true or false");
            s.*f.member = value == "true";
            return ok;
          },
          [&](const Number& n) -> Result<void> {
            std::int64_t i = 0;
            const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), i);
            if (error != std::errc() || end != value.data() + value.size() || i < n.least || i > n.most) {
              return bad(row.name, value, n.most == no_limit ? "a whole number from " + std::to_string(n.least)
                                                             : "a whole number from " + std::to_string(n.least) + " to " + std::to_string(n.most));
            }
            s.*n.member = i;
            return ok;
          },
          [&](const AddressText& a) -> Result<void> {
            const bool free = (a.may_be_off && value == "off") || (a.may_be_empty && value.empty());
            if (!free && !parse_address(value)) {
              return bad(row.name, value, a.may_be_off ? "an address like 127.0.0.1:7474, or off" : "an address like 127.0.0.1:7687");
            }
            s.*a.member = value;
            return ok;
          },
      },
      row.kind);
}

std::string value_text(const Settings& s, const Row& row) {
  return std::visit(overloaded{
                        [&](const Text& t) { return "\"" + s.*t.member + "\""; },
                        [&](const Secret& t) { return std::string((s.*t.member).empty() ? "\"\"" : "\"(hidden)\""); },
                        [&](const Flag& f) { return std::string(s.*f.member ? "true" : "false"); },
                        [&](const Number& n) { return std::to_string(s.*n.member); },
                        [&](const AddressText& a) { return "\"" + s.*a.member + "\""; },
                    },
                    row.kind);
}

const Row* find_row(std::string_view name) {
  const auto it = std::ranges::find(rows(), name, &Row::name);
  return it == rows().end() ? nullptr : &*it;
}

}  // namespace

const std::vector<Setting>& settings_table() {
  static const std::vector<Setting> table(rows().begin(), rows().end());
  return table;
}

std::string environment_name(std::string_view setting) {
  return "PACKHOUSE_" + ascii_upper(setting);
}

Result<void> set(Settings& settings, std::string_view name, std::string_view value, std::string_view source) {
  const Row* row = find_row(name);
  if (!row) return fail(Status::argument_error, std::string(source) + ": there is no setting '" + std::string(name) + "'");
  if (auto done = assign(settings, *row, value); !done) {
    return tl::make_unexpected(std::move(done.error()).in(std::string(source) + ": "));
  }
  settings.sources[std::string(name)] = source;
  return ok;
}

namespace {

/// NEO4J_AUTH says how to log in, or that nobody needs to. Only the first user can be named, as with Neo4j.
Result<void> take_neo4j_auth(Settings& s, std::string_view value) {
  if (value.empty()) return ok;
  s.sources["auth"] = "environment";
  if (value == "none") {
    s.auth = false;
    s.allow_unauthenticated = true;
    s.sources["allow_unauthenticated"] = "environment";
    return ok;
  }
  constexpr std::string_view user = "neo4j/", change = "/true";
  if (!value.starts_with(user) || value.size() == user.size()) {
    return fail(Status::argument_error, "environment: NEO4J_AUTH must be none, neo4j/PASSWORD or neo4j/PASSWORD/true");
  }
  value.remove_prefix(user.size());
  s.initial_password_change = value.ends_with(change) && value.size() > change.size();
  if (s.initial_password_change) value.remove_suffix(change.size());
  s.auth = true;
  s.initial_password = value;
  s.sources["initial_password"] = s.sources["initial_password_change"] = "environment";
  return ok;
}

}  // namespace

Result<void> load_environment(Settings& settings, const std::vector<std::string>& environment) {
  constexpr std::string_view neo4j_auth = "NEO4J_AUTH=";
  for (const std::string& variable : environment) {
    if (variable.starts_with(neo4j_auth)) {
      PACKHOUSE_CHECK(take_neo4j_auth(settings, std::string_view(variable).substr(neo4j_auth.size())));
    }
  }
  constexpr std::string_view prefix = "PACKHOUSE_";
  for (const std::string& variable : environment) {
    if (!variable.starts_with(prefix)) continue;
    const auto equals = variable.find('=');
    const std::string name = variable.substr(0, equals);
    const auto row = std::ranges::find_if(rows(), [&](const Row& r) { return environment_name(r.name) == name; });
    if (name == "PACKHOUSE_CONFIG") continue;  // names the file; main reads it
    if (row == rows().end()) {
      settings.warnings.push_back("environment: " + name + " names no setting");
      continue;
    }
    PACKHOUSE_CHECK(set(settings, row->name, equals == std::string::npos ? "" : std::string_view(variable).substr(equals + 1), "environment"));
  }
  return ok;
}

Result<void> check(const Settings& settings) {
  if (settings.tls != "off" && (settings.tls_certificate.empty() || settings.tls_key.empty())) {
    return fail(Status::argument_error, "setting tls: '" + settings.tls + "' needs tls_certificate and tls_key, two PEM files");
  }
  for (const auto& [name, address] : {std::pair{"bolt", settings.bolt}, std::pair{"http", settings.http}}) {
    if (address == "off") continue;
    PACKHOUSE_TRY(const Address parsed, parse_address(address));
    if (!is_loopback(parsed.host) && !settings.auth && !settings.allow_unauthenticated) {
      return fail(Status::argument_error,
                  std::string("setting ") + name + ": " + address +
                      " can be reached from other machines and authentication is off; set auth = true, listen on 127.0.0.1, or "
                      "set allow_unauthenticated = true if the network around this server is safe");
    }
  }
  return ok;
}

std::string print(const Settings& settings) {
  std::string out;
  for (const Row& row : rows()) {
    const auto source = settings.sources.find(row.name);
    out += std::string(row.name) + " = " + value_text(settings, row) + "  # " +
           (source == settings.sources.end() ? "default" : source->second) + "; " + std::string(row.description) + "\n";
  }
  return out;
}

Result<Address> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos || colon == 0) return fail(Status::argument_error, "'" + std::string(text) + "' is not host:port");
  std::string_view host = text.substr(0, colon);
  const std::string_view port_text = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  unsigned port = 0;
  const auto [end, error] = std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
  if (error != std::errc() || end != port_text.data() + port_text.size() || port > 65'535 || host.empty()) {
    return fail(Status::argument_error, "'" + std::string(text) + "' is not host:port");
  }
  return Address{std::string(host), static_cast<std::uint16_t>(port)};
}

bool is_loopback(std::string_view host) {
  ::in_addr address{};
  if (::inet_pton(AF_INET, std::string(host).c_str(), &address) == 1) return ntohl(address.s_addr) >> 24 == 127;
  ::in6_addr wide{};
  if (::inet_pton(AF_INET6, std::string(host).c_str(), &wide) == 1) return IN6_IS_ADDR_LOOPBACK(&wide);
  return host == "localhost";
}

}  // namespace packhouse::config
