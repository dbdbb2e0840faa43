#pragma once
#include "value/temporal/fields.hpp"

namespace packhouse::temporal {

/// The value that the components describe.
Result<Value> build(Kind target, const Fields& f, const Now& now);

/// A day, or a time of day in nanoseconds, with the components that are given put in place of its own.
Result<std::int64_t> with_date_fields(const Fields& f, std::int64_t day);
Result<std::int64_t> with_time_fields(const Fields& f, std::int64_t nanos);

}  // namespace packhouse::temporal
