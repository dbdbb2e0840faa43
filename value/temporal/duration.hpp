#pragma once
#include "base/int128.hpp"
#include "value/temporal/api.hpp"

namespace packhouse::temporal {

/// A number with its part behind the point kept apart, so that neither loses digits.
struct Amount {
  int128 whole = 0;
  long double fraction = 0;  ///< same sign as whole, or whole is 0; less than 1
};

/// Adds up amounts of units and turns them into a duration: what is not a whole month becomes days (a month
/// is 30.436875 days), what is not a whole day becomes seconds, and what is not a whole nanosecond is dropped.
/// Hours are never turned into days, nor days into months.
class DurationSum {
 public:
  void add_months(const Amount& n, int months_per_unit);
  void add_days(const Amount& n, int days_per_unit);
  void add_nanos(const Amount& n, std::int64_t nanos_per_unit);
  /// `overflow`: the status if the result does not fit.
  Result<Duration> finish(Status overflow) const;

 private:
  int128 months_ = 0, days_ = 0, nanos_ = 0;
  long double month_part_ = 0, day_part_ = 0;
};

/// The parts brought into range; an error with `overflow` if the duration's length in seconds leaves 64 bits.
Result<Duration> make_duration(int128 months, int128 days, int128 seconds, int128 nanos, Status overflow);

/// Nothing for NaN and for numbers beyond `most` (at most 2e28).
std::optional<Amount> amount_of(long double n, long double most = 1e19L);

}  // namespace packhouse::temporal
