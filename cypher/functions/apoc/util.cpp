#include <algorithm>

#include "base/sha256.hpp"
#include "cypher/functions/apoc/apoc.hpp"
#include "cypher/functions/apoc/digests.hpp"
#include "cypher/functions/apoc/message.hpp"

// apoc.util.*
namespace packhouse::cypher::apoc {

std::string validation_message(std::string_view function, std::string_view pattern, std::span<const Value> parameters) {
  return parameters.empty() ? std::string(pattern) : java_printf(function, pattern, parameters);
}

namespace {

/// The texts of all values, one after the other.
std::string joined(Arguments a) {
  std::string out;
  for (const Value& v : list_or_empty("apoc.util", a[0])) out += v.is_null() ? "" : text_of(v);
  return out;
}

template <std::string (*digest)(Bytes)>
Value hashed(CallContext& c, Arguments a) {
  return text(c.arena, digest(as_bytes(joined(a))));
}

Value sha256(CallContext& c, Arguments a) { return text(c.arena, Sha256::of(as_bytes(joined(a))).hex()); }

Value validate_predicate(CallContext&, Arguments a) {
  if (!a[0].is_null() && !a[0].is(Kind::boolean)) wrong_argument("apoc.util.validatePredicate", "a Boolean", a[0]);
  if (a[0].is_true()) {
    function_failed("apoc.util.validatePredicate",
                    validation_message("apoc.util.validatePredicate", text_or("apoc.util.validatePredicate", a, 1, ""),
                                       list_or_empty("apoc.util.validatePredicate", argument(a, 2))));
  }
  return Value::boolean(true);
}

}  // namespace

void add_util_functions(Functions& out) {
  FunctionFamily f(out, "apoc.util.");
  const Argument values{"values", Type::list};
  f.add("md5", {values}, 1, Type::string, "Returns the MD5 of the joined texts of values.", hashed<md5_hex>);
  f.add("sha1", {values}, 1, Type::string, "Returns the SHA-1 of the joined texts of values.", hashed<sha1_hex>);
  f.add("sha256", {values}, 1, Type::string, "Returns the SHA-256 of the joined texts of values.", sha256);
  f.add("sha512", {values}, 1, Type::string, "Returns the SHA-512 of the joined texts of values.", hashed<sha512_hex>);
  f.add("validatePredicate", {{"predicate", Type::boolean}, {"message", Type::string}, {"params", Type::list}}, 3, Type::boolean,
        "Fails with a message if the predicate is true; otherwise returns true.", validate_predicate)
      .deterministic = false;
}

}  // namespace packhouse::cypher::apoc
