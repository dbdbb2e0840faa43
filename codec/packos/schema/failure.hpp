#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "codec/packos/schema/node.hpp"

namespace packhouse::packos {

/// The codes of the original; `name(code)` spells them.
enum class Code : std::uint8_t {
  unknown, invalid_format, unexpected_eof, constraint_violated, encode, string_mismatch, string_prefix, string_suffix,
  string_pattern, string_match, string_email, string_url, string_lang, out_of_range, date_out_of_range,
};
std::string_view name(Code c);

/// A code, and what was found against what was expected.
struct Refusal {
  Code code;
  std::string what;
};

/// Why a schema refuses something: the innermost schema, its refusal, and the way from the top to the element.
struct Failure {
  Refusal why;
  std::string_view schema;
  std::string path;
};

/// Base of what walks through schemas: functions return false, and the reason is kept here.
/// Internal to codec/packos/schema; the public interface turns it into an Error.
class Walk {
 public:
  const Failure& failure() const { return *failure_; }
  /// Puts a step before the path; false again.
  [[gnu::cold, gnu::noinline]] bool within(std::size_t index) { return step("[" + std::to_string(index) + "]"); }
  [[gnu::cold, gnu::noinline]] bool within_key(std::string_view key) { return step("." + std::string(key)); }

 protected:
  [[gnu::cold, gnu::noinline]] bool refuse(const Node& node, Code code, std::string what) {
    return refuse(node, {code, std::move(what)});
  }
  [[gnu::cold, gnu::noinline]] bool refuse(const Node& node, Refusal why) {
    failure_ = std::make_unique<Failure>(Failure{std::move(why), node.name(), std::string()});
    return false;
  }
  /// The failure of another walk that this one has asked.
  bool adopt(Walk& other) {
    failure_ = std::move(other.failure_);
    return false;
  }

 private:
  bool step(const std::string& s) {
    failure_->path.insert(0, s);
    return false;
  }
  std::unique_ptr<Failure> failure_;
};

}  // namespace packhouse::packos
