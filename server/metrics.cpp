#include "server/metrics.hpp"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <fstream>

#include "server/version.hpp"

namespace packhouse::server {
namespace {

using handlers::Statistics;

/// Writes metrics one family after the other.
class Writer {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_.append("# HELP ").append(name).append(" ").append(help);
    text_.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
  }
  /// A sample of the family, `labels` like `a="b"` or empty.
  void sample(double value, std::string_view labels = {}, std::string_view suffix = {}) {
    text_.append(name_).append(suffix);
    if (!labels.empty()) text_.append("{").append(labels).append("}");
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    text_.append(" ").append(digits.data(), end).append("\n");
  }
  void sample(std::uint64_t value, std::string_view labels = {}, std::string_view suffix = {}) {
    sample(static_cast<double>(value), labels, suffix);
  }
  template <class T>
  void single(std::string_view name, std::string_view type, std::string_view help, T value) {
    family(name, type, help);
    sample(value);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  std::string_view name_;
};

std::string label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + std::string(value) + "\"";
}

std::string number(double value) {
  std::array<char, 32> digits;
  return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr};
}

void write_connections(Writer& w, const Traffic& traffic) {
  w.family("packhouse_connections_open", "gauge", "Bolt connections at the moment, by what they travel in; unknown have not said anything yet.");
  for (std::size_t i = 0; i < transport_count; ++i) {
    const auto t = static_cast<Transport>(i);
    w.sample(traffic.open(t), label("transport", name(t)));
  }
  w.sample(traffic.open(std::nullopt), label("transport", "unknown"));
  w.family("packhouse_connections_total", "counter", "Bolt connections so far; unknown ended without a word.");
  for (std::size_t i = 0; i < transport_count; ++i) {
    const auto t = static_cast<Transport>(i);
    w.sample(traffic.total(t), label("transport", name(t)));
  }
  w.sample(traffic.silent(), label("transport", "unknown"));
  w.single("packhouse_connections_refused_total", "counter", "Connections closed at once because there were max_connections.", traffic.refusals());
  w.single("packhouse_logins_failed_total", "counter", "Logins that were refused.", traffic.failed_logins());
  w.single("packhouse_received_bytes_total", "counter", "Bytes of Bolt from clients, without TLS and WebSocket around them.", traffic.received_bytes());
  w.single("packhouse_sent_bytes_total", "counter", "Bytes of Bolt to clients.", traffic.sent_bytes());
}

void write_queries(Writer& w, const Statistics& s) {
  constexpr std::array<std::string_view, Statistics::outcomes> outcomes{"success", "client_error", "transient_error", "database_error",
                                                                        "terminated"};
  w.family("packhouse_queries_total", "counter", "Queries that have ended, by how; terminated are also results that were left before their end.");
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    w.sample(s.queries(static_cast<Statistics::Outcome>(i)), label("outcome", outcomes[i]));
  }
  w.family("packhouse_query_duration_seconds", "histogram", "From RUN to the last row of queries that succeeded.");
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i <= Statistics::bounds_us.size(); ++i) {
    sum += s.queries_in_class(i);
    const bool last = i == Statistics::bounds_us.size();
    w.sample(sum, label("le", last ? "+Inf" : number(static_cast<double>(Statistics::bounds_us[i]) / 1e6)), "_bucket");
  }
  w.sample(static_cast<double>(s.query_microseconds()) / 1e6, {}, "_sum");
  w.sample(sum, {}, "_count");
}

void write_store(Writer& w, const MetricSources& from) {
  const storage::StoreStatistics store = from.store.statistics();
  const Statistics& s = from.statistics;
  w.family("packhouse_transactions_total", "counter", "Transactions of clients that have ended, by how.");
  const std::uint64_t committed = s.transactions_committed(), rolled_back = s.transactions_rolled_back();
  w.sample(committed, label("outcome", "committed"));
  w.sample(rolled_back, label("outcome", "rolled_back"));
  w.single("packhouse_transactions_open", "gauge", "Transactions of clients at the moment.", s.transactions_begun() - committed - rolled_back);
  w.single("packhouse_oldest_snapshot_age_seconds", "gauge", "Age of the oldest snapshot that is being read; pages it needs can't be used again.",
           static_cast<double>(store.oldest_snapshot.count()) / 1e3);
  w.single("packhouse_node_cache_bytes", "gauge", "Copies of node properties and labels (setting node_cache_mb).", store.node_cache);
  w.single("packhouse_store_size_bytes", "gauge", "What the store uses on disk.", store.size_bytes);
  w.single("packhouse_store_commits_total", "counter", "Commits that changed the store.", store.commits);
  w.single("packhouse_store_conflicts_total", "counter", "Commits and statements refused because what they read had changed.", store.conflicts);
  w.single("packhouse_store_deadlocks_total", "counter", "Transactions ended because they waited for each other.", store.deadlocks);
  const cypher::PlanCacheStatistics plans = from.engine.plan_cache();
  w.single("packhouse_plan_cache_hits_total", "counter", "Queries whose plan was found.", plans.hits);
  w.single("packhouse_plan_cache_misses_total", "counter", "Queries that had to be planned.", plans.misses);
  w.single("packhouse_plan_cache_entries", "gauge", "Plans kept.", plans.entries);
}

/// The second number of statm, in pages.
std::uint64_t resident_bytes() {
  std::uint64_t all = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t open_files() {
  std::uint64_t n = 0;
  if (DIR* folder = ::opendir("/proc/self/fd")) {
    while (::readdir(folder)) ++n;
    ::closedir(folder);
  }
  return n > 3 ? n - 3 : 0;  // itself, "." and ".."
}

void write_process(Writer& w, std::chrono::system_clock::time_point started) {
  ::rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  ::rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  const auto seconds = [](const ::timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  w.single("process_resident_memory_bytes", "gauge", "Memory of the process, pages of the store that it has read included.", resident_bytes());
  w.single("process_cpu_seconds_total", "counter", "Time of processors that the process has used.", seconds(used.ru_utime) + seconds(used.ru_stime));
  w.single("process_open_fds", "gauge", "Files and sockets that the process has open.", open_files());
  w.single("process_max_fds", "gauge", "Files and sockets that the process may have open.", static_cast<std::uint64_t>(files.rlim_cur));
  w.single("process_start_time_seconds", "gauge", "When the server began, in Unix time.",
           std::chrono::duration<double>(started.time_since_epoch()).count());
}

}  // namespace

std::string exposition(const MetricSources& from) {
  Writer w;
  w.family("packhouse_info", "gauge", "Always 1; the version is a label.");
  w.sample(std::uint64_t{1}, label("version", version));
  write_connections(w, from.traffic);
  write_queries(w, from.statistics);
  write_store(w, from);
  write_process(w, from.started);
  return w.take();
}

}  // namespace packhouse::server
