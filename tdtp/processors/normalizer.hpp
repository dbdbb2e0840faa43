#pragma once
#include <memory>

#include "tdtp/processors/processor.hpp"

namespace packhouse::tdtp {

/// fields:{name:rule} with the rules phone, email, whitespace, uppercase, lowercase, date; or field and rules:[…] with
/// trim, upper, lower, whitespace, phone, email, date, applied in order. A cell that a rule can't read stays.
Result<std::unique_ptr<Processor>> make_normalizer(const json::Node& config);

}  // namespace packhouse::tdtp
