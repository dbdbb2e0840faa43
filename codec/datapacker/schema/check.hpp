#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "codec/datapacker/schema/schema.hpp"
#include "value/value.hpp"

// The inside of compiled JSON Schemas: nodes, and a run of them over a value.
namespace packhouse::datapacker::schema {

/// One validation. Counts steps and depth, so that no schema can run away with it: what recurses without end or
/// branches without bound fails instead.
class Run {
 public:
  /// With `errors` null it only finds out whether there are any.
  explicit Run(std::vector<SchemaFault>* errors) : errors_(errors) {}

  bool failed() const { return failed_; }
  /// Nobody is interested in more.
  bool done() const { return failed_ && (!errors_ || errors_->size() >= most_errors || exhausted_); }
  bool wants_text() const { return errors_ != nullptr && errors_->size() < most_errors; }
  bool exhausted() const { return exhausted_; }

  /// Notes a failure; `text` makes the message and is called only if somebody wants it.
  template <class F>
  void fail(F&& text) {
    failed_ = true;
    if (wants_text()) errors_->push_back({path_, text()});
  }

  /// A run on the side, for "does it match": shares the limits, keeps no texts.
  template <class F>
  bool passes(F&& part) {
    Run side(nullptr);
    side.steps_ = steps_;
    side.depth_ = depth_;
    part(side);
    steps_ = side.steps_;
    if (side.exhausted_) exhaust();
    return !side.failed_;
  }

  /// Enters a node; false if the limits are reached, which is a failure.
  bool enter();
  void leave() { --depth_; }
  /// Counts a look at so many bytes of the value as steps.
  void look(std::size_t bytes);

  /// The path into the value, for messages; not kept when nobody reads them.
  template <class Step, class F>
  void at(const Step& step, F&& part) {
    if (!errors_) return part();
    const std::size_t before = path_.size();
    append(step);
    part();
    path_.resize(before);
  }

 private:
  static constexpr std::size_t most_errors = 100;
  void exhaust();
  void append(std::size_t index) { path_ += "/" + std::to_string(index); }
  void append(std::string_view key);

  std::vector<SchemaFault>* errors_;
  std::string path_;
  std::uint64_t steps_ = 0;
  std::uint32_t depth_ = 0;
  bool failed_ = false, exhausted_ = false;
};

using Check = std::function<void(const Value&, Run&)>;

struct Evaluated;  // unevaluated.hpp

/// A compiled subschema.
struct Node {
  std::vector<Check> checks;
  std::shared_ptr<const Evaluated> evaluated;  ///< where the schema asks for what is unevaluated
  void check(const Value& v, Run& run) const;
  bool accepts(const Value& v, Run& run) const {
    return run.passes([&](Run& side) { check(v, side); });
  }
};

/// Equal as JSON: 1 equals 1.0, maps in any order.
bool equal(const Value& a, const Value& b, Run& run);
/// The same bytes for equal values.
void identity(const Value& v, std::string& out);
/// The same as a look of the run.
std::string identity(const Value& v, Run& run);
/// -1, 0 or 1 for two numbers, exact; 2 if one is NaN.
int compare(const Value& a, const Value& b);
bool is_integer(const Value& v);
/// As JSON, cut after some 100 bytes.
std::string show(const Value& v);

/// Does `text` have the form that the format's name promises? Unknown names: yes.
bool has_format(std::string_view name, std::string_view text);
bool is_base64(std::string_view text);

}  // namespace packhouse::datapacker::schema
