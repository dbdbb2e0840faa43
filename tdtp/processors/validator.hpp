#pragma once
#include <memory>

#include "tdtp/processors/processor.hpp"

namespace packhouse::tdtp {

/// rules:{field: "type:parameter" | [rules] | {type, error}} or field and rules:[…]; stop_on_first_error. Passes the
/// data on as it is, or fails with a list of rows (from 1): `validation failed with N errors: …`.
Result<std::unique_ptr<Processor>> make_validator(const json::Node& config);

}  // namespace packhouse::tdtp
