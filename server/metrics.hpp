#pragma once
#include <chrono>
#include <string>

#include "cypher/engine.hpp"
#include "handlers/statistics.hpp"
#include "server/traffic.hpp"
#include "storage/store.hpp"

namespace packhouse::server {

/// Where /metrics takes its numbers from.
struct MetricSources {
  storage::Store& store;
  cypher::Engine& engine;
  const handlers::Statistics& statistics;
  const Traffic& traffic;
  std::chrono::system_clock::time_point started = std::chrono::system_clock::now();
};

/// Everything in Prometheus' text format 0.0.4 (docs/OPERATIONS.md lists it).
std::string exposition(const MetricSources& from);

}  // namespace packhouse::server
