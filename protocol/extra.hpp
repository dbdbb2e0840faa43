#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/arena.hpp"
#include "base/error.hpp"
#include "value/value.hpp"

namespace packhouse::protocol {

/// Takes typed entries out of the `extra` map of a message. An entry that is null counts as absent;
/// one of the wrong type is Request.Invalid; unknown keys are nobody's business. Lives for one decode.
class Extra {
 public:
  /// `message` is its name, for errors.
  Extra(const Value& map, std::string_view message, Arena& arena)
      : map_(map.as_map()), message_(message), arena_(arena) {}

  /// The entry, or null if it is absent or null.
  const Value* given(std::string_view key) const;
  Result<std::optional<std::string_view>> text(std::string_view key) const;
  Result<std::optional<std::int64_t>> integer(std::string_view key) const;
  Result<Value> map(std::string_view key) const;  ///< a map, or null
  Result<std::span<const std::string_view>> texts(std::string_view key) const;

  /// "`mode` of BEGIN".
  std::string name(std::string_view key) const;
  std::string_view message() const { return message_; }

 private:
  std::span<const MapEntry> map_;
  std::string_view message_;
  Arena& arena_;
};

/// The strings of a list; `what` names it in errors.
Result<std::span<const std::string_view>> texts_of(const Value& list, std::string_view what, Arena& arena);
/// "a STRING", for errors.
std::string found(const Value& v);

}  // namespace packhouse::protocol
