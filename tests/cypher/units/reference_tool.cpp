#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "tests/cypher/units/reference.hpp"

// cypher_reference docs/CYPHER.md: brings the lists of functions and procedures in the page up to date.
int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "cypher_reference <page>\n", 2;
  std::ifstream in(argv[1]);
  const std::string page((std::istreambuf_iterator<char>(in)), {});
  const std::string current = packhouse::tests::with_reference(page);
  if (current.empty()) return std::cerr << argv[1] << ": the marks of the generated part are missing\n", 1;
  std::ofstream(argv[1]) << current;
  return 0;
}
