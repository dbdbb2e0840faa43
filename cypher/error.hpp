#pragma once
#include <exception>
#include <string>
#include <utility>

#include "base/error.hpp"

namespace packhouse::cypher {

/// Ends a query from any depth. The only exception inside cypher/; engine.cpp turns it back into its Error.
class QueryError final : public std::exception {
 public:
  explicit QueryError(Error e) : error(std::move(e)) {}
  QueryError(Status s, std::string message) : error(s, std::move(message)) {}
  const char* what() const noexcept override { return error.message().c_str(); }
  Error error;
};

/// The value of a Result, or the QueryError of its error.
template <class T>
T or_throw(Result<T>&& r) {
  if (!r) [[unlikely]] throw QueryError(std::move(r).error());
  if constexpr (!std::is_void_v<T>) return std::move(*r);
}

}  // namespace packhouse::cypher
