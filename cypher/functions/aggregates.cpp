#include <cmath>
#include <string>
#include <unordered_map>
#include <vector>

#include "cypher/exec/expressions/arithmetic.hpp"
#include "cypher/functions/distinct.hpp"
#include "cypher/functions/families.hpp"
#include "value/compare.hpp"
#include "value/temporal/api.hpp"

namespace packhouse::cypher {
namespace {

using Arguments = std::span<const Value>;

class Count final : public Aggregator {
 public:
  void add(ExecContext&, Arguments a) override { n_ += a[0].is_null() ? 0 : 1; }
  Value result(ExecContext&, Arena&) override { return Value::integer(n_); }

 private:
  std::int64_t n_ = 0;
};

/// Sums numbers or durations; integers stay integers.
class Sum final : public Aggregator {
 public:
  void add(ExecContext&, Arguments a) override {
    const Value& v = a[0];
    if (v.is_null()) return;
    if (v.is(Kind::duration)) {
      any_duration_ = true;
      duration_ = or_throw(duration_add(duration_, v.as_duration()));
      return;
    }
    if (!v.is_number()) wrong_argument("sum", "a Number or Duration", v);
    any_number_ = true;
    if (any_duration_) mixed();
    sum_ = arithmetic(ast::Op::add, sum_, v, unused_);
  }
  Value result(ExecContext&, Arena& arena) override {
    if (any_duration_ && any_number_) mixed();
    return any_duration_ ? Value::duration(arena.make<Duration>(duration_)) : sum_;
  }

 private:
  [[noreturn]] static void mixed() { throw QueryError(Status::type_error, "sum() cannot mix numbers and durations"); }

  Value sum_ = Value::integer(0);
  Duration duration_;
  bool any_duration_ = false, any_number_ = false;
  Arena unused_{64};  // sums of numbers allocate nothing
};

class Average final : public Aggregator {
 public:
  void add(ExecContext&, Arguments a) override {
    const Value& v = a[0];
    if (v.is_null()) return;
    ++n_;
    if (v.is(Kind::duration)) {
      durations_ = true;
      duration_ = or_throw(duration_add(duration_, v.as_duration()));
      return;
    }
    if (!v.is_number() || durations_) wrong_argument("avg", durations_ ? "a Duration" : "a Number or Duration", v);
    mean_ += (v.number() - mean_) / static_cast<double>(n_);  // running, so that large values don't overflow
  }
  Value result(ExecContext&, Arena& arena) override {
    if (n_ == 0) return Value();
    if (!durations_) return Value::real(mean_);
    return Value::duration(arena.make<Duration>(or_throw(duration_divide(duration_, Value::integer(n_)))));
  }

 private:
  std::int64_t n_ = 0;
  double mean_ = 0;
  Duration duration_;
  bool durations_ = false;
};

/// min and max by the order of ORDER BY, nulls left out.
template <bool greatest>
class Extreme final : public Aggregator {
 public:
  void add(ExecContext&, Arguments a) override {
    const Value& v = a[0];
    if (v.is_null()) return;
    if (!best_.is_null()) {
      const auto o = order(v, best_);
      if (greatest ? o <= 0 : o >= 0) return;
    }
    if (v.kind() >= Kind::string) own_.reset();  // only one value is kept at a time
    best_ = deep_copy(v, own_);
  }
  Value result(ExecContext&, Arena& arena) override { return deep_copy(best_, arena); }

 private:
  Value best_;
  Arena own_{64};
};

class Collect final : public Aggregator {
 public:
  void add(ExecContext& c, Arguments a) override {
    if (a[0].is_null()) return;
    const std::size_t before = own_.footprint();
    items_.push_back(deep_copy(a[0], own_));
    c.keep(sizeof(Value) + own_.footprint() - before);
  }
  Value result(ExecContext&, Arena& arena) override {
    const auto out = arena.array<Value>(items_.size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = deep_copy(items_[i], arena);
    return Value::list(out);
  }

 private:
  std::vector<Value> items_;
  Arena own_{256};
};

/// Standard deviation of a sample (divides by n - 1) or of the whole population, by Welford's method.
template <bool sample>
class Deviation final : public Aggregator {
 public:
  void add(ExecContext&, Arguments a) override {
    if (a[0].is_null()) return;
    const double x = number_argument(sample ? "stDev" : "stDevP", a[0]);
    ++n_;
    const double delta = x - mean_;
    mean_ += delta / static_cast<double>(n_);
    squares_ += delta * (x - mean_);
  }
  Value result(ExecContext&, Arena&) override {
    const std::int64_t divisor = sample ? n_ - 1 : n_;
    return Value::real(divisor > 0 ? std::sqrt(squares_ / static_cast<double>(divisor)) : 0.0);
  }

 private:
  std::int64_t n_ = 0;
  double mean_ = 0, squares_ = 0;
};

template <class A>
std::unique_ptr<Aggregator> make(Arguments) {
  return std::make_unique<A>();
}

/// Passes each different value on once. Two-argument aggregates are told apart by their first argument.
class Distinct final : public Aggregator {
 public:
  explicit Distinct(std::unique_ptr<Aggregator> inner) : inner_(std::move(inner)) {}
  void add(ExecContext& c, Arguments a) override {
    if (a[0].is_null()) return inner_->add(c, a);
    const std::uint64_t h = hash(a[0]);
    const auto [first, last] = seen_.equal_range(h);
    for (auto it = first; it != last; ++it) {
      if (equivalent(it->second, a[0])) return;
    }
    const std::size_t before = own_.footprint();
    seen_.emplace(h, deep_copy(a[0], own_));
    c.keep(64 + own_.footprint() - before);
    inner_->add(c, a);
  }
  Value result(ExecContext& c, Arena& arena) override { return inner_->result(c, arena); }

 private:
  std::unique_ptr<Aggregator> inner_;
  std::unordered_multimap<std::uint64_t, Value> seen_;
  Arena own_{256};
};

}  // namespace

std::unique_ptr<Aggregator> make_distinct(std::unique_ptr<Aggregator> inner) {
  return std::make_unique<Distinct>(std::move(inner));
}

void add_aggregates(Functions& out) {
  const auto add = [&](std::string_view name, std::string_view display, std::string_view description, Type argument, Type result,
                       std::unique_ptr<Aggregator> (*make_one)(Arguments)) {
    out.push_back({.name = name, .display = display, .category = "Aggregating", .description = description,
                   .arguments = {{"input", argument}}, .required = 1, .result = result, .null_in_null_out = false,
                   .aggregate = make_one});
  };
  add("count", "count", "Counts the values that are not null.", Type::any, Type::integer, make<Count>);
  add("sum", "sum", "Adds up numbers or durations.", Type::number | Type::duration, Type::number | Type::duration, make<Sum>);
  add("avg", "avg", "Returns the mean of numbers or durations.", Type::number | Type::duration, Type::floating | Type::duration,
      make<Average>);
  add("min", "min", "Returns the least value.", Type::any, Type::any, make<Extreme<false>>);
  add("max", "max", "Returns the greatest value.", Type::any, Type::any, make<Extreme<true>>);
  add("collect", "collect", "Gathers the values that are not null in a list.", Type::any, Type::list, make<Collect>);
  add("stdev", "stDev", "Returns the standard deviation of a sample.", Type::number, Type::floating, make<Deviation<true>>);
  add("stdevp", "stDevP", "Returns the standard deviation of a population.", Type::number, Type::floating,
      make<Deviation<false>>);
}

}  // namespace packhouse::cypher
