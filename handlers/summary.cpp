#include "handlers/summary.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace packhouse::handlers {
namespace {

using cypher::Notification;
using cypher::PlanDescription;
using packstream::Writer;
using protocol::Feature;

std::string_view type_code(cypher::StatementType t) {
  switch (t) {
    case cypher::StatementType::read: return "r";
    case cypher::StatementType::write: return "w";
    case cypher::StatementType::read_write: return "rw";
    case cypher::StatementType::schema: return "s";
  }
  return "r";
}

void write_system_stats(protocol::SuccessFrame& out, std::int64_t updates, const protocol::Features& features) {
  const bool flag = features.has(Feature::update_flags);
  Writer& w = out.value("stats");
  w.write_map_header(flag ? 2 : 1);
  w.write_string("system-updates");
  w.write_integer(updates);
  if (!flag) return;
  w.write_string("contains-system-updates");
  w.write_boolean(true);
}

void write_stats(protocol::SuccessFrame& out, const storage::TransactionCounts& c, const protocol::Features& features) {
  const std::array counters{
      std::pair{"nodes-created", c.nodes_created}, std::pair{"nodes-deleted", c.nodes_deleted},
      std::pair{"relationships-created", c.relationships_created}, std::pair{"relationships-deleted", c.relationships_deleted},
      std::pair{"properties-set", c.properties_set}, std::pair{"labels-added", c.labels_added},
      std::pair{"labels-removed", c.labels_removed}, std::pair{"indexes-added", c.indexes_added},
      std::pair{"indexes-removed", c.indexes_removed}, std::pair{"constraints-added", c.constraints_added},
      std::pair{"constraints-removed", c.constraints_removed}};
  const auto changed = static_cast<std::size_t>(std::ranges::count_if(counters, [](const auto& x) { return x.second > 0; }));
  if (changed == 0) return;
  const bool flag = features.has(Feature::update_flags);
  Writer& w = out.value("stats");
  w.write_map_header(changed + (flag ? 1 : 0));
  for (const auto& [name, n] : counters) {
    if (n <= 0) continue;
    w.write_string(name);
    w.write_integer(n);
  }
  if (flag) {
    w.write_string("contains-updates");
    w.write_boolean(true);
  }
}

void write_strings(Writer& w, std::string_view key, const std::vector<std::string>& items) {
  w.write_string(key);
  w.write_list_header(items.size());
  for (const std::string& item : items) w.write_string(item);
}

void write_plan(Writer& w, const PlanDescription& p, bool profiled) {
  w.write_map_header(4 + (profiled ? 5 : 0));
  w.write_string("operatorType");
  w.write_string(p.operator_type);
  write_strings(w, "identifiers", p.identifiers);
  w.write_string("args");
  w.write_map_header(p.arguments.size() + 1 + (profiled ? 2 : 0));
  for (const auto& [key, value] : p.arguments) {
    w.write_string(key);
    w.write_string(value);
  }
  w.write_string("EstimatedRows");
  w.write_real(p.estimated_rows);
  if (profiled) {
    w.write_string("Rows");
    w.write_integer(p.rows);
    w.write_string("DbHits");
    w.write_integer(p.db_hits);
    w.write_string("rows");
    w.write_integer(p.rows);
    w.write_string("dbHits");
    w.write_integer(p.db_hits);
    w.write_string("pageCacheHits");
    w.write_integer(0);
    w.write_string("pageCacheMisses");
    w.write_integer(0);
    w.write_string("pageCacheHitRatio");
    w.write_real(0);
  }
  w.write_string("children");
  w.write_list_header(p.children.size());
  for (const PlanDescription& child : p.children) write_plan(w, child, profiled);
}

void write_position(Writer& w, const Position& p) {
  w.write_map_header(3);
  w.write_string("offset");
  w.write_integer(p.offset);
  w.write_string("line");
  w.write_integer(p.line);
  w.write_string("column");
  w.write_integer(p.column);
}

bool wanted(const Notification& n, const protocol::NotificationFilter& filter) {
  const auto severity = n.severity == "WARNING" ? protocol::Severity::warning : protocol::Severity::information;
  return filter.wants(severity, protocol::category_of(n.category).value_or(protocol::Category::generic));
}

void write_notification(Writer& w, const Notification& n) {
  w.write_map_header(n.position ? 6 : 5);
  for (const auto& [key, value] : {std::pair<const char*, const std::string&>{"code", n.code}, {"title", n.title},
                                   {"description", n.description}, {"severity", n.severity}, {"category", n.category}}) {
    w.write_string(key);
    w.write_string(value);
  }
  if (n.position) {
    w.write_string("position");
    write_position(w, *n.position);
  }
}

void write_status(Writer& w, const Notification& n) {
  w.write_map_header(6);
  for (const auto& [key, value] : {std::pair<const char*, const std::string&>{"gql_status", n.gql_status},
                                   {"status_description", n.gql_description}, {"neo4j_code", n.code}, {"title", n.title},
                                   {"description", n.description}}) {
    w.write_string(key);
    w.write_string(value);
  }
  w.write_string("diagnostic_record");
  w.write_map_header(n.position ? 3 : 2);
  w.write_string("_classification");
  w.write_string(n.category);
  w.write_string("_severity");
  w.write_string(n.severity);
  if (n.position) {
    w.write_string("_position");
    write_position(w, *n.position);
  }
}

/// The entry that tells the outcome: it has no neo4j_code, so drivers don't take it for a notification.
void write_outcome(Writer& w, const cypher::Run& run, std::uint64_t rows) {
  w.write_map_header(2);
  w.write_string("gql_status");
  const bool omitted = run.columns().empty() || run.explain_only();
  w.write_string(omitted ? "00001" : rows > 0 ? "00000" : "02000");
  w.write_string("status_description");
  w.write_string(omitted    ? "note: successful completion - omitted result"
                 : rows > 0 ? "note: successful completion"
                            : "note: no data");
}

/// Order of importance: no data, warnings, success, information (BOLT.md 9.5).
void write_statuses(protocol::SuccessFrame& out, const cypher::Run& run, std::uint64_t rows, const std::vector<const Notification*>& list) {
  Writer& w = out.value("statuses");
  w.write_list_header(list.size() + 1);
  const bool no_data = !run.columns().empty() && !run.explain_only() && rows == 0;
  if (no_data) write_outcome(w, run, rows);
  for (const auto* n : list) {
    if (n->gql_status.starts_with("01")) write_status(w, *n);
  }
  if (!no_data) write_outcome(w, run, rows);
  for (const auto* n : list) {
    if (!n->gql_status.starts_with("01")) write_status(w, *n);
  }
}

}  // namespace

void write_result_summary(protocol::SuccessFrame& out, const cypher::Run& run, const SummaryOptions& options) {
  out.string("type", type_code(run.type()));
  if (run.system_updates() > 0) {
    write_system_stats(out, run.system_updates(), options.features);
  } else {
    write_stats(out, run.counts(), options.features);
  }
  if (const PlanDescription* plan = run.plan()) write_plan(out.value(run.profiled() ? "profile" : "plan"), *plan, run.profiled());
  std::vector<const Notification*> list;
  for (const Notification& n : run.notifications()) {
    if (wanted(n, options.filter)) list.push_back(&n);
  }
  if (options.features.has(Feature::statuses)) return write_statuses(out, run, options.rows, list);
  if (list.empty()) return;
  Writer& w = out.value("notifications");
  w.write_list_header(list.size());
  for (const auto* n : list) write_notification(w, *n);
}

}  // namespace packhouse::handlers
