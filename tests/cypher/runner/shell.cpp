#include <chrono>
#include <cstdio>
#include <iostream>

#include "tests/cypher/runner/database.hpp"

// cypher_shell_dev [folder]: statements from stdin, each ended by ';' at the end of a line. Without a folder in memory.
using namespace packhouse;

namespace {

void show(const tests::Outcome& o) {
  for (const auto& c : o.columns) std::cout << c << '\t';
  if (!o.columns.empty()) std::cout << '\n';
  for (const auto& row : o.rows) {
    for (const auto& cell : row) std::cout << cell << '\t';
    std::cout << '\n';
  }
  const auto& c = o.counts;
  std::cout << o.rows.size() << " rows; +" << c.nodes_created << " -" << c.nodes_deleted << " nodes, +" << c.relationships_created << " -"
            << c.relationships_deleted << " relationships, " << c.properties_set << " properties, +" << c.labels_added << " -"
            << c.labels_removed << " labels\n";
  for (const auto& n : o.notifications) std::cout << n.severity << ' ' << n.code << ": " << n.description << '\n';
  std::cout << o.plan_table;
}

}  // namespace

int main(int argc, char** argv) {
  std::unique_ptr<tests::Database> database;
  if (argc > 1) {
    auto store = storage::Store::open(std::filesystem::path(argv[1]));
    if (!store) return std::cerr << store.error().message() << '\n', 1;
    database = std::make_unique<tests::Database>(std::move(*store));
  } else {
    database = std::make_unique<tests::Database>();
  }
  std::string text, line;
  while (std::getline(std::cin, line)) {
    text += line + '\n';
    if (line.empty() || line.back() != ';') continue;
    text.resize(text.size() - 2);
    const auto from = std::chrono::steady_clock::now();
    const auto outcome = database->run(text);
    const auto took = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - from).count();
    if (outcome) {
      show(*outcome);
    } else {
      std::cout << outcome.error().code() << ": " << outcome.error().message() << '\n';
    }
    std::cout << "-- " << took << " ms\n";
    text.clear();
  }
}
