#pragma once
#include <string>

namespace packhouse::tests {

/// The page with its generated part, between the marks <!-- generated … --> and <!-- end -->, replaced by lists of the
/// functions and procedures that the registries hold. Empty when the marks are missing.
std::string with_reference(const std::string& page);

}  // namespace packhouse::tests
