#include <doctest/doctest.h>

#include <sstream>

#include "protocol/version.hpp"

using namespace packhouse::protocol;

TEST_CASE("which version has what") {
  // Columns: 3 4.0 4.1 4.2 4.3 4.4 5.0 5.1 5.2 5.3 5.4 5.6 5.7 5.8 6.0
  const std::pair<Feature, const char*> cases[] = {
      {Feature::pull_n, "- x x x x x x x x x x x x x x"},
      {Feature::databases, "- x x x x x x x x x x x x x x"},
      {Feature::routing_context, "- - x x x x x x x x x x x x x"},
      {Feature::noop, "- - x x x x x x x x x x x x x"},
      {Feature::route, "- - - - x x x x x x x x x x x"},
      {Feature::hints, "- - - - x x x x x x x x x x x"},
      {Feature::utc_patch, "- - - - x x - - - - - - - - -"},
      {Feature::route_map, "- - - - - x x x x x x x x x x"},
      {Feature::impersonation, "- - - - - x x x x x x x x x x"},
      {Feature::update_flags, "- - - - - x x x x x x x x x x"},
      {Feature::element_ids, "- - - - - - x x x x x x x x x"},
      {Feature::utc, "- - - - - - x x x x x x x x x"},
      {Feature::logon, "- - - - - - - x x x x x x x x"},
      {Feature::notification_filters, "- - - - - - - - x x x x x x x"},
      {Feature::bolt_agent, "- - - - - - - - - x x x x x x"},
      {Feature::telemetry, "- - - - - - - - - - x x x x x"},
      {Feature::statuses, "- - - - - - - - - - - x x x x"},
      {Feature::classifications, "- - - - - - - - - - - x x x x"},
      {Feature::gql_failures, "- - - - - - - - - - - - x x x"},
      {Feature::advertised_address, "- - - - - - - - - - - - - x x"},
      {Feature::home_database, "- - - - - - - - - - - - - x x"},
      {Feature::server_side_routing, "- - - - - - - - - - - - - x x"},
      {Feature::vectors, "- - - - - - - - - - - - - - x"},
  };
  CHECK(std::size(cases) == static_cast<std::size_t>(Feature::count_));
  for (const auto& [feature, row] : cases) {
    CAPTURE(row);
    std::istringstream cells(row);
    for (const Version v : supported_versions) {
      CAPTURE(to_string(v));
      std::string cell;
      cells >> cell;
      CHECK(features_of(v).has(feature) == (cell == "x"));
    }
  }
}

TEST_CASE("versions print as drivers expect them") {
  CHECK(to_string({5, 8}) == "5.8");
  CHECK(to_string({3, 0}) == "3.0");
}
