#include "cypher/plan/explain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.hpp"
#include "cypher/plan/expressions.hpp"
#include "cypher/plan/step_words.hpp"

namespace packhouse::cypher::plan {
namespace {

template <class T>
bool is(const Node& n) {
  return std::holds_alternative<T>(n.step);
}

/// Steps that find something anew and would be leaves in Neo4j's plans.
bool finds(const Node& n) {
  return is<AllNodesScan>(n) || is<LabelScan>(n) || is<NodeById>(n) || is<RelationshipById>(n) || is<IndexSeek>(n) ||
         is<RelationshipScan>(n);
}

class Describer {
 public:
  Describer(const ast::Statement& statement, const std::vector<StepProfile>* profile) : statement_(statement), profile_(profile) {}

  PlanDescription describe(const Node& n) {
    const bool leaf = !n.children.empty() && (is<Once>(*n.children[0]));
    if (finds(n) && !leaf && !is<Argument>(*n.children[0])) return product(n);
    PlanDescription d = plain(n);
    for (std::size_t i = leaf ? 1 : 0; i < n.children.size(); ++i) {  // the empty row isn't shown, a subplan beside it is
      if (i == 1 && is<OptionalApply>(n)) {
        PlanDescription optional = empty("Optional", n.children[1]->rows);
        optional.children.push_back(describe(*n.children[1]));
        d.children.push_back(std::move(optional));
      } else {
        d.children.push_back(describe(*n.children[i]));
      }
    }
    return d;
  }

 private:
  static PlanDescription empty(std::string name, double rows) {
    PlanDescription d;
    d.operator_type = std::move(name);
    d.estimated_rows = rows;
    return d;
  }

  PlanDescription plain(const Node& n) const {
    auto words = words_of(n.step, statement_);
    PlanDescription d = empty(std::move(words.name), n.rows);
    if (!words.details.empty()) d.arguments.emplace_back("Details", std::move(words.details));
    SlotSet shown = n.produced;
    shown.add(n.kept);
    for (const Slot s : shown.list()) {
      if (s < statement_.slots.size() && !statement_.slots[s].empty()) d.identifiers.emplace_back(statement_.slots[s]);
    }
    if (profile_) {
      d.rows = (*profile_)[n.id].rows;
      d.db_hits = (*profile_)[n.id].db_hits;
    }
    return d;
  }

  /// A scan for each row: Neo4j shows it as a product of two plans, or as Apply when the scan depends on the row.
  PlanDescription product(const Node& n) {
    SlotSet reads;
    if (const auto* seek = std::get_if<IndexSeek>(&n.step)) {
      for (const auto* e : seek->equal) add_slots(*e, reads);
      for (const auto* e : {seek->any_of, seek->low.value, seek->high.value, seek->prefix}) {
        if (e) add_slots(*e, reads);
      }
    }
    if (const auto* by_id = std::get_if<NodeById>(&n.step)) add_slots(*by_id->id, reads);
    PlanDescription d = empty(reads.empty() ? "CartesianProduct" : "Apply", n.rows);
    PlanDescription right = plain(n);
    d.identifiers = right.identifiers;
    d.rows = right.rows;
    if (!reads.empty()) right.children.push_back(empty("Argument", 1));
    d.children.push_back(describe(*n.children[0]));
    d.children.push_back(std::move(right));
    return d;
  }

  const ast::Statement& statement_;
  const std::vector<StepProfile>* profile_;
};

struct Line {
  std::string name, details, estimated, rows, hits;
};

void lines_of(const PlanDescription& d, std::size_t depth, std::vector<Line>& out) {
  std::string details;
  for (const auto& [key, value] : d.arguments) {
    if (key == "Details") details = value;
  }
  std::string indent;
  for (std::size_t i = 0; i < depth; ++i) indent += "| ";
  out.push_back({indent + '+' + d.operator_type, std::move(details), fmt::format("{:.0f}", d.estimated_rows), std::to_string(d.rows),
                 std::to_string(d.db_hits)});
  // The last child is the main line of the table, as in Neo4j the first one stands straight below.
  for (std::size_t i = d.children.size(); i-- > 0;) lines_of(d.children[i], depth + i, out);
}

}  // namespace

PlanDescription describe_plan(const Plan& plan, const ast::Statement& statement, const std::vector<StepProfile>* profile) {
  PlanDescription d = Describer(statement, profile).describe(*plan.root);
  const std::string table = plan_table(d, profile != nullptr);
  const std::pair<const char*, const char*> facts[] = {{"planner", "COST"},     {"planner-impl", "IDP"}, {"planner-version", "5.26"},
                                                       {"runtime", "PIPELINED"}, {"runtime-impl", "PIPELINED"}, {"runtime-version", "5.26"},
                                                       {"version", "5"}};
  for (const auto& [key, value] : facts) d.arguments.emplace_back(key, value);
  d.arguments.emplace_back("string-representation", table);
  return d;
}

std::string plan_table(const PlanDescription& root, bool profiled) {
  std::vector<Line> lines{{"Operator", "Details", "Estimated Rows", "Rows", "DB Hits"}};
  lines_of(root, 0, lines);
  std::size_t name = 0, details = 0, estimated = 0, rows = 0, hits = 0;
  for (const auto& l : lines) {
    name = std::max(name, utf8::length(l.name));
    details = std::max(details, utf8::length(l.details));
    estimated = std::max(estimated, l.estimated.size());
    rows = std::max(rows, l.rows.size());
    hits = std::max(hits, l.hits.size());
  }
  const auto cell = [](const std::string& text, std::size_t width, bool right) {
    const std::string pad(width - std::min(width, utf8::length(text)), ' ');
    return "| " + (right ? pad + text : text + pad) + ' ';
  };
  std::string rule = '+' + std::string(name + 2, '-') + '+' + std::string(details + 2, '-') + '+' + std::string(estimated + 2, '-') + '+';
  if (profiled) rule += std::string(rows + 2, '-') + '+' + std::string(hits + 2, '-') + '+';
  std::string out = rule + '\n';
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Line& l = lines[i];
    out += cell(l.name, name, false) + cell(l.details, details, false) + cell(l.estimated, estimated, i > 0);
    if (profiled) out += cell(l.rows, rows, i > 0) + cell(l.hits, hits, i > 0);
    out += "|\n";
    if (i == 0) out += rule + '\n';
  }
  return out + rule + '\n';
}

}  // namespace packhouse::cypher::plan
