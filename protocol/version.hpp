#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace packhouse::protocol {

/// A Bolt version. {0, 0} means: not agreed yet.
struct Version {
  std::uint8_t major = 0, minor = 0;
  auto operator<=>(const Version&) const = default;
};

/// "5.8": what HELLO's answer says after a manifest handshake.
std::string to_string(Version v);

/// What the server offers, ascending (DECISIONS B3). 5.5 was never released; 6.1 is undocumented.
inline constexpr std::array supported_versions{
    Version{3, 0}, Version{4, 0}, Version{4, 1}, Version{4, 2}, Version{4, 3},
    Version{4, 4}, Version{5, 0}, Version{5, 1}, Version{5, 2}, Version{5, 3},
    Version{5, 4}, Version{5, 6}, Version{5, 7}, Version{5, 8}, Version{6, 0},
};
constexpr bool is_supported(Version v) {
  for (const Version s : supported_versions) {
    if (s == v) return true;
  }
  return false;
}

/// Everything in which versions differ for the server (BOLT.md section 4).
enum class Feature : std::uint8_t {
  pull_n,                ///< PULL and DISCARD carry {n, qid}; has_more; `qid` in RUN's answer inside a transaction
  databases,             ///< `db` in BEGIN and RUN, and in the summary of a result
  routing_context,       ///< `routing` in HELLO
  noop,                  ///< the server may send empty chunks to keep a waiting client from giving up
  route,                 ///< ROUTE; its third field is the database's name
  hints,                 ///< `hints` in HELLO's answer
  utc_patch,             ///< the client may ask for UTC date-times by `patch_bolt`
  route_map,             ///< ROUTE's third field is a map; `db` in the routing table
  impersonation,         ///< `imp_user`
  update_flags,          ///< contains-updates and contains-system-updates in `stats`
  element_ids,           ///< graph structures carry element ids
  utc,                   ///< date-times are UTC without asking
  logon,                 ///< LOGON and LOGOFF; HELLO no longer authenticates
  notification_filters,  ///< `notifications_minimum_severity` and what is disabled
  bolt_agent,            ///< `bolt_agent` in HELLO, mandatory
  telemetry,             ///< TELEMETRY and its hint
  statuses,              ///< `statuses` instead of `notifications` in summaries
  classifications,       ///< the filter's key is notifications_disabled_classifications, before it was .._categories
  gql_failures,          ///< FAILURE has neo4j_code, gql_status, description, diagnostic_record, cause
  advertised_address,    ///< in LOGON's answer
  home_database,         ///< `db` in the answer to BEGIN and RUN when the client named none
  server_side_routing,   ///< hint `ssr.enabled`
  vectors,               ///< structures Vector and UnsupportedType
  count_,                ///< number of features, not one of them
};

/// A set of features; what a connection may do after the handshake.
class Features {
 public:
  constexpr Features() = default;
  constexpr Features(std::initializer_list<Feature> list) {
    for (const Feature f : list) add(f);
  }
  constexpr bool has(Feature f) const { return (bits_ >> static_cast<unsigned>(f) & 1) != 0; }
  constexpr void add(Feature f) { bits_ |= 1u << static_cast<unsigned>(f); }
  bool operator==(const Features&) const = default;

 private:
  std::uint32_t bits_ = 0;
};
static_assert(static_cast<unsigned>(Feature::count_) <= 32);

/// One row of the history of Bolt: the version that brought a feature, and the one that took it away again.
struct Change {
  Version since;
  Feature feature;
  Version until{255, 255};  ///< the first version without it
};

/// The only place that knows what each version changed.
inline constexpr std::array changes{
    Change{{4, 0}, Feature::pull_n},
    Change{{4, 0}, Feature::databases},
    Change{{4, 1}, Feature::routing_context},
    Change{{4, 1}, Feature::noop},
    Change{{4, 3}, Feature::route},
    Change{{4, 3}, Feature::hints},
    Change{{4, 3}, Feature::utc_patch, {5, 0}},
    Change{{4, 4}, Feature::route_map},
    Change{{4, 4}, Feature::impersonation},
    Change{{4, 4}, Feature::update_flags},
    Change{{5, 0}, Feature::element_ids},
    Change{{5, 0}, Feature::utc},
    Change{{5, 1}, Feature::logon},
    Change{{5, 2}, Feature::notification_filters},
    Change{{5, 3}, Feature::bolt_agent},
    Change{{5, 4}, Feature::telemetry},
    Change{{5, 6}, Feature::statuses},
    Change{{5, 6}, Feature::classifications},
    Change{{5, 7}, Feature::gql_failures},
    Change{{5, 8}, Feature::advertised_address},
    Change{{5, 8}, Feature::home_database},
    Change{{5, 8}, Feature::server_side_routing},
    Change{{6, 0}, Feature::vectors},
};
static_assert(changes.size() == static_cast<std::size_t>(Feature::count_));

constexpr Features features_of(Version v) {
  Features set;
  for (const Change& c : changes) {
    if (c.since <= v && v < c.until) set.add(c.feature);
  }
  return set;
}

}  // namespace packhouse::protocol
