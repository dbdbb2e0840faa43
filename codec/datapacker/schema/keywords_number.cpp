#include <array>
#include <cmath>
#include <unordered_set>

#include "codec/datapacker/schema/compiler.hpp"

// type, enum, const, and the bounds of numbers.
namespace packhouse::datapacker::schema {
namespace {

constexpr std::array<std::string_view, 7> type_names = {"null",   "boolean", "integer", "number",
                                                        "string", "array",   "object"};

bool has_type(const Value& v, std::size_t type) {
  switch (type) {
    case 0: return v.is_null();
    case 1: return v.is(Kind::boolean);
    case 2: return is_integer(v);
    case 3: return v.is_number();
    case 4: return v.is(Kind::string);
    case 5: return v.is(Kind::list);
    default: return v.is(Kind::map);
  }
}

Compiled type_check(Compiler& c, const Keyword& k) {
  std::vector<std::size_t> types;
  const auto add = [&](const Value& name) -> Result<void> {
    for (std::size_t i = 0; i < type_names.size(); ++i) {
      if (name.is(Kind::string) && name.as_string() == type_names[i]) return types.push_back(i), Result<void>();
    }
    return c.refuse(show(name) + " is not a type; expected null, boolean, integer, number, string, array or object");
  };
  if (k.value.is(Kind::list) && !k.value.as_list().empty()) {
    for (const Value& name : k.value.as_list()) PACKHOUSE_CHECK(add(name));
  } else {
    PACKHOUSE_CHECK(add(k.value));
  }
  return [types](const Value& v, Run& run) {
    for (const std::size_t t : types) {
      if (has_type(v, t)) return;
    }
    run.fail([&] {
      std::string names;
      for (const std::size_t t : types) names += (names.empty() ? "\"" : ", \"") + std::string(type_names[t]) + "\"";
      return show(v) + (types.size() == 1 ? " is not of type " : " is not of types ") + names;
    });
  };
}

Compiled enum_check(Compiler& c, const Keyword& k) {
  if (!k.value.is(Kind::list)) return c.refuse("enum must be a list, found " + show(k.value));
  std::unordered_set<std::string> ids;
  for (const Value& a : k.value.as_list()) {
    std::string id;
    identity(a, id);
    ids.insert(std::move(id));
  }
  return [&allowed = k.value, ids = std::move(ids)](const Value& v, Run& run) {
    const bool nan = v.is(Kind::real) && std::isnan(v.as_real());  // equals nothing
    if (!nan && ids.contains(identity(v, run))) return;
    run.fail([&] { return show(v) + " is not one of " + show(allowed); });
  };
}

/// "minimum" with the flag "exclusiveMinimum" of draft 4, or "exclusiveMinimum" as a number.
Compiled bound(Compiler& c, const Keyword& k, bool lower, bool exclusive) {
  if (!k.value.is_number()) return c.refuse(std::string(k.name) + ": " + show(k.value) + " is not of type \"number\"");
  if (c.draft() == Draft::d4) {
    const Value* const flag = k.other(lower ? "exclusiveMinimum" : "exclusiveMaximum");
    exclusive = flag && flag->is_true();
  }
  return [&limit = k.value, lower, exclusive](const Value& v, Run& run) {
    if (!v.is_number()) return;
    const int order = lower ? compare(v, limit) : compare(limit, v);
    if (order == 1 || (order == 0 && !exclusive)) return;
    run.fail([&] {
      return show(v) +
             (lower       ? exclusive ? " is less than or equal to the minimum of " : " is less than the minimum of "
              : exclusive ? " is greater than or equal to the maximum of "
                          : " is greater than the maximum of ") +
             show(limit);
    });
  };
}

bool is_multiple(const Value& v, const Value& of) {
  if (v.is(Kind::integer) && of.is(Kind::integer))
    return of.as_integer() == -1 || v.as_integer() % of.as_integer() == 0;
  const double a = v.number(), b = of.number(), quotient = a / b;
  if (!std::isfinite(a)) return false;
  if (!std::isfinite(quotient)) return std::fmod(a, b) == 0;
  // 0.0075 is a multiple of 0.0001, though not of the double next to it.
  return std::fabs(quotient - std::nearbyint(quotient)) <= std::fabs(quotient) * 4e-16;
}

Compiled multiple_check(Compiler& c, const Keyword& k) {
  if (!k.value.is_number() || compare(k.value, Value::integer(0)) != 1)
    return c.refuse("multipleOf must be a number above 0, found " + show(k.value));
  return [&of = k.value](const Value& v, Run& run) {
    if (v.is_number() && !is_multiple(v, of)) run.fail([&] { return show(v) + " is not a multiple of " + show(of); });
  };
}

}  // namespace

Compiled compile_number(Compiler& c, const Keyword& k) {
  if (k.name == "type") return type_check(c, k);
  if (k.name == "enum") return enum_check(c, k);
  if (k.name == "const" && c.has(Draft::d6)) {
    return [&wanted = k.value](const Value& v, Run& run) {
      if (!equal(wanted, v, run)) run.fail([&] { return show(wanted) + " was expected"; });
    };
  }
  if (k.name == "minimum") return bound(c, k, true, false);
  if (k.name == "maximum") return bound(c, k, false, false);
  if (k.name == "exclusiveMinimum" || k.name == "exclusiveMaximum") {
    if (c.draft() != Draft::d4) return bound(c, k, k.name == "exclusiveMinimum", true);
    if (!k.value.is(Kind::boolean)) return c.refuse(std::string(k.name) + " must be a boolean in draft 4");
    return std::nullopt;
  }
  if (k.name == "multipleOf") return multiple_check(c, k);
  return std::nullopt;
}

}  // namespace packhouse::datapacker::schema
