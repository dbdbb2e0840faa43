#include "tests/cypher/runner/script.hpp"

#include <algorithm>
#include <array>

namespace packhouse::tests {
namespace {

std::string trim(std::string_view s) {
  const auto a = s.find_first_not_of(" \t\r"), b = s.find_last_not_of(" \t\r");
  return a == s.npos ? std::string() : std::string(s.substr(a, b - a + 1));
}

// "| 'Ann' | 41 |" -> {"'Ann'", "41"}; a bar inside quotes belongs to the text.
std::vector<std::string> cells(std::string_view line) {
  std::vector<std::string> out;
  std::string cell;
  bool quoted = false;
  for (const char c : line.substr(1)) {
    if (c == '\'') quoted = !quoted;
    if (c == '|' && !quoted) {
      out.push_back(trim(cell));
      cell.clear();
    } else {
      cell += c;
    }
  }
  return out;
}

struct Heading {
  std::string_view text;
  Step::Kind kind;
};
constexpr std::array headings{
    Heading{"graph", Step::Kind::graph}, Heading{"query unordered", Step::Kind::query_unordered}, Heading{"query", Step::Kind::query},
    Heading{"error", Step::Kind::error}, Heading{"change", Step::Kind::change}, Heading{"plan", Step::Kind::plan},
};

const Heading* heading(std::string_view text) {
  const std::string head = trim(text.substr(0, text.find(':')));
  const auto* h = std::find_if(headings.begin(), headings.end(), [&](const Heading& x) { return x.text == head; });
  return h == headings.end() ? nullptr : h;
}

std::string shown(const std::vector<std::vector<std::string>>& rows) {
  std::string out;
  for (const auto& row : rows) {
    out += "    |";
    for (const auto& cell : row) out += ' ' + cell + " |";
    out += '\n';
  }
  return out.empty() ? "    (nothing)\n" : out;
}

std::vector<std::string> changes(const storage::TransactionCounts& c) {
  const std::pair<const char*, std::int64_t> all[] = {
      {"nodes_created", c.nodes_created}, {"nodes_deleted", c.nodes_deleted}, {"relationships_created", c.relationships_created},
      {"relationships_deleted", c.relationships_deleted}, {"properties_set", c.properties_set}, {"labels_added", c.labels_added},
      {"labels_removed", c.labels_removed}, {"indexes_added", c.indexes_added}, {"indexes_removed", c.indexes_removed},
      {"constraints_added", c.constraints_added}, {"constraints_removed", c.constraints_removed}};
  std::vector<std::string> out;
  for (const auto& [name, n] : all) {
    if (n != 0) out.push_back(std::string(name) + " = " + std::to_string(n));
  }
  return out;
}

std::vector<std::string> statements(const std::string& text) {
  std::vector<std::string> out;
  std::string one;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    const bool ends = at == text.size() || (text[at] == ';' && (at + 1 == text.size() || text[at + 1] == '\n'));
    if (!ends) {
      one += text[at];
    } else if (!trim(one).empty()) {
      out.push_back(trim(one));
      one.clear();
    }
  }
  return out;
}

/// One file being run.
class Script {
 public:
  explicit Script(std::string_view file) : file_(file) {}

  void step(const Step& s) {
    step_ = &s;
    if (s.kind == Step::Kind::graph) return graph(s);
    auto outcome = database_->run(s.cypher, s.parameters);
    if (s.kind == Step::Kind::error) return error(s, outcome);
    if (!outcome) return failure(std::string(outcome.error().code()) + ": " + outcome.error().message());
    if (s.kind == Step::Kind::plan) return plan(s, *outcome);
    if (s.kind == Step::Kind::change) {
      auto want = s.lines, have = changes(outcome->counts);
      std::sort(want.begin(), want.end());
      std::sort(have.begin(), have.end());
      std::string text;
      for (const auto& line : have) text += "    " + line + '\n';
      if (want != have) failure("the changes were\n" + (text.empty() ? "    (none)\n" : text));
      if (s.table.empty()) return;
    }
    rows(s, *outcome);
  }
  std::vector<std::string> take() { return std::move(failures_); }

 private:
  void failure(const std::string& what) {
    failures_.push_back(std::string(file_) + ':' + std::to_string(step_->line) + ": " + step_->title + "\n  " + what);
  }
  void graph(const Step& s) {
    database_ = std::make_unique<Database>();
    for (const auto& statement : statements(s.cypher)) {
      const auto made = database_->run(statement, s.parameters);
      if (!made) failure(statement + "\n  " + std::string(made.error().code()) + ": " + made.error().message());
    }
  }
  void error(const Step& s, const Result<Outcome>& outcome) {
    if (outcome) return failure("no error, but rows\n" + shown(outcome->rows));
    std::string have = std::string(outcome.error().code()) + '\n' + outcome.error().message();
    for (const auto& line : s.lines) {
      if (have.find(line) == have.npos) return failure("expected " + line + "\n  but found " + have);
    }
  }
  void plan(const Step& s, const Outcome& outcome) {
    std::size_t at = 0;
    for (const auto& line : s.lines) {
      if (line[0] == '!') {
        if (outcome.plan_table.find(line.substr(1)) != std::string::npos) return failure("unexpected " + line.substr(1) + " in\n" + outcome.plan_table);
        continue;
      }
      const auto found = outcome.plan_table.find(line, at);
      if (found == std::string::npos) return failure("expected " + line + " in\n" + outcome.plan_table);
      at = found + line.size();
    }
  }
  void rows(const Step& s, const Outcome& outcome) {
    auto want = s.table, have = outcome.rows;
    if (!want.empty() || !outcome.columns.empty()) have.insert(have.begin(), outcome.columns);
    if (s.kind != Step::Kind::query && want.size() > 1) {
      std::sort(want.begin() + 1, want.end());
      if (have.size() > 1) std::sort(have.begin() + 1, have.end());
    }
    if (want != have) failure("expected\n" + shown(want) + "  but found\n" + shown(have));
  }

  std::string_view file_;
  std::unique_ptr<Database> database_ = std::make_unique<Database>();
  const Step* step_ = nullptr;
  std::vector<std::string> failures_;
};

}  // namespace

Result<std::vector<Step>> read_script(std::istream& in) {
  std::vector<Step> steps;
  std::string raw;
  for (int line = 1; std::getline(in, raw); ++line) {
    const std::string text = trim(raw);
    if (text.empty() || text[0] == '#') continue;
    if (raw[0] == ' ') {
      if (steps.empty()) return fail(Status::request_invalid, "line " + std::to_string(line) + ": Cypher before any heading");
      steps.back().cypher += text + '\n';
    } else if (const auto* h = heading(text); h && text[0] != '|') {
      const auto colon = text.find(':');
      steps.push_back({h->kind, colon == text.npos ? "" : trim(text.substr(colon + 1)), {}, {}, {}, {}, line});
    } else if (steps.empty()) {
      return fail(Status::request_invalid, "line " + std::to_string(line) + ": expected a heading such as 'query:'");
    } else if (text[0] == '|') {
      steps.back().table.push_back(cells(text));
    } else if (text.starts_with("with ") && text.find('=') != text.npos) {
      const auto eq = text.find('=');
      steps.back().parameters.emplace_back(trim(text.substr(5, eq - 5)), trim(text.substr(eq + 1)));
    } else {
      steps.back().lines.push_back(text);
    }
  }
  return steps;
}

std::vector<std::string> run_script(const std::vector<Step>& steps, std::string_view file) {
  Script script(file);
  for (const auto& s : steps) script.step(s);
  return script.take();
}

}  // namespace packhouse::tests
