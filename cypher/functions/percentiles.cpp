#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "cypher/functions/families.hpp"

namespace packhouse::cypher {
namespace {

/// percentileDisc picks the nearest value (an input stays what it was), percentileCont interpolates.
template <bool continuous>
class Percentile final : public Aggregator {
 public:
  void add(ExecContext& c, std::span<const Value> a) override {
    if (!known_) {
      percentile_ = number_argument(name, a[1]);
      if (!(percentile_ >= 0 && percentile_ <= 1)) {
        throw QueryError(Error(Status::argument_error, "Invalid input '" + std::to_string(percentile_) +
                                                           "' is not a valid argument, must be a number in the range 0.0 to 1.0")
                             .with_gql("22003"));
      }
      known_ = true;
    }
    if (a[0].is_null()) return;
    if (!a[0].is_number()) wrong_argument(name, "a Number", a[0]);
    values_.push_back(a[0]);
    c.keep(sizeof(Value));
  }

  Value result(ExecContext&, Arena&) override {
    if (values_.empty()) return Value();
    std::ranges::sort(values_, {}, &Value::number);
    const double position = percentile_ * static_cast<double>(values_.size() - 1);
    if (!continuous) {
      const auto rank = std::ceil(percentile_ * static_cast<double>(values_.size()));
      return values_[rank < 1 ? 0 : static_cast<std::size_t>(rank) - 1];
    }
    const auto below = static_cast<std::size_t>(position);
    const double low = values_[below].number();
    if (below + 1 == values_.size()) return Value::real(low);
    return Value::real(low + (values_[below + 1].number() - low) * (position - static_cast<double>(below)));
  }

 private:
  static constexpr std::string_view name = continuous ? "percentileCont" : "percentileDisc";
  std::vector<Value> values_;
  double percentile_ = 0;
  bool known_ = false;
};

template <bool continuous>
std::unique_ptr<Aggregator> make(std::span<const Value>) {
  return std::make_unique<Percentile<continuous>>();
}

}  // namespace

void add_percentiles(Functions& out) {
  const std::vector<Argument> arguments{{"input", Type::number}, {"percentile", Type::number}};
  out.push_back({.name = "percentilecont", .display = "percentileCont", .category = "Aggregating",
                 .description = "Returns a percentile, interpolated between the two nearest values.", .arguments = arguments,
                 .required = 2, .result = Type::floating, .null_in_null_out = false, .aggregate = make<true>});
  out.push_back({.name = "percentiledisc", .display = "percentileDisc", .category = "Aggregating",
                 .description = "Returns the value nearest to a percentile.", .arguments = arguments, .required = 2,
                 .result = Type::number, .null_in_null_out = false, .aggregate = make<false>});
}

}  // namespace packhouse::cypher
