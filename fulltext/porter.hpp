#pragma once
#include <string>

namespace packhouse::fulltext {

/// Brings an English word in lower case to its stem, after M. F. Porter's algorithm of 1980. Words with other characters
/// than a to z stay as they are.
void porter_stem(std::string& word);

}  // namespace packhouse::fulltext
