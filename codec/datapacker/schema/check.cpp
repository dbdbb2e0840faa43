#include "codec/datapacker/schema/check.hpp"

#include <algorithm>
#include <cmath>
#include <compare>

#include "base/utf8.hpp"
#include "codec/json/writer.hpp"
#include "value/print.hpp"
#include "value/write.hpp"

namespace packhouse::datapacker::schema {
namespace {

constexpr std::uint32_t most_depth = 1200;  // the stack of a worker bears it; values nest 1023 deep
constexpr std::uint64_t most_steps = 20'000'000;
constexpr std::size_t bytes_of_a_step = 16;

void put_raw(std::string& out, char tag, std::uint64_t n) {
  out.push_back(tag);
  for (int i = 0; i < 8; ++i) out.push_back(static_cast<char>(n >> (8 * i)));
}

bool whole(double d) {
  return std::isfinite(d) && d == std::trunc(d);
}
bool fits_integer(double d) {
  return whole(d) && d >= -0x1p63 && d < 0x1p63;
}

std::strong_ordering order(std::int64_t i, double d) {
  if (d >= 0x1p63) return std::strong_ordering::less;
  if (d < -0x1p63) return std::strong_ordering::greater;
  const auto cut = static_cast<std::int64_t>(d);
  if (i != cut) return i <=> cut;
  const double rest = d - static_cast<double>(cut);
  return rest > 0 ? std::strong_ordering::less : rest < 0 ? std::strong_ordering::greater : std::strong_ordering::equal;
}

int sign(auto ordering) {
  return ordering < 0 ? -1 : ordering > 0 ? 1 : 0;
}

}  // namespace

bool Run::enter() {
  if (depth_ >= most_depth || steps_ >= most_steps || exhausted_) {
    exhaust();
    return false;
  }
  ++depth_;
  ++steps_;
  return true;
}

void Run::look(std::size_t bytes) {
  steps_ += bytes / bytes_of_a_step;
  if (steps_ >= most_steps) exhaust();
}

void Run::exhaust() {
  if (!exhausted_)
    fail([] { return std::string("the schema takes too many steps, or recurses too deeply, for this value"); });
  exhausted_ = true;
}

void Run::append(std::string_view key) {
  path_ += "/";
  for (const char c : key) path_ += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
}

void Node::check(const Value& v, Run& run) const {
  if (!run.enter()) return;
  for (const Check& c : checks) {
    c(v, run);
    if (run.done()) break;
  }
  run.leave();
}

int compare(const Value& a, const Value& b) {
  if (a.is(Kind::integer) && b.is(Kind::integer)) return sign(a.as_integer() <=> b.as_integer());
  if (a.is(Kind::real) && b.is(Kind::real)) {
    const auto o = a.as_real() <=> b.as_real();
    return o == std::partial_ordering::unordered ? 2 : sign(o);
  }
  const double d = a.is(Kind::real) ? a.as_real() : b.as_real();
  if (std::isnan(d)) return 2;
  return a.is(Kind::integer) ? sign(order(a.as_integer(), d)) : -sign(order(b.as_integer(), d));
}

bool is_integer(const Value& v) {
  return v.is(Kind::integer) || (v.is(Kind::real) && whole(v.as_real()));
}

void identity(const Value& v, std::string& out) {
  switch (v.kind()) {
    case Kind::boolean: out.push_back(v.as_boolean() ? 't' : 'f'); return;
    case Kind::integer: return put_raw(out, 'i', static_cast<std::uint64_t>(v.as_integer()));
    case Kind::real:
      if (fits_integer(v.as_real()))
        return put_raw(out, 'i', static_cast<std::uint64_t>(static_cast<std::int64_t>(v.as_real())));
      return put_raw(out, 'r', std::bit_cast<std::uint64_t>(v.as_real()));
    case Kind::string:
      put_raw(out, 's', v.as_string().size());
      out += v.as_string();
      return;
    case Kind::bytes:
      put_raw(out, 'b', v.as_bytes().size());
      out += as_text(v.as_bytes());
      return;
    case Kind::list:
      put_raw(out, 'l', v.as_list().size());
      for (const Value& item : v.as_list()) identity(item, out);
      return;
    case Kind::map: {
      std::vector<const MapEntry*> entries;
      for (const MapEntry& e : v.as_map()) entries.push_back(&e);
      std::ranges::sort(entries, {}, [](const MapEntry* e) { return e->key; });
      put_raw(out, 'm', entries.size());
      for (const MapEntry* e : entries) {
        identity(Value::string(e->key), out);
        identity(e->value, out);
      }
      return;
    }
    case Kind::null: out.push_back('n'); return;
    default: {  // no JSON, but a query may ask about it
      out.push_back('x');
      put_raw(out, static_cast<char>(v.kind()), 0);
      identity(Value::string(print(v)), out);
    }
  }
}

std::string identity(const Value& v, Run& run) {
  std::string out;
  identity(v, out);
  run.look(out.size());
  return out;
}

bool equal(const Value& a, const Value& b, Run& run) {
  if (a.is_number() && b.is_number()) return compare(a, b) == 0;
  if (a.kind() != b.kind()) return false;
  if (a.is(Kind::string)) return a.as_string() == b.as_string();
  return identity(a, run) == identity(b, run);
}

std::string show(const Value& v) {
  Buffer out;
  codec::json::Writer writer(out);
  if (!write(v, writer)) return "a value of type " + std::string(type_name(v.kind()));
  constexpr std::size_t most = 100;
  std::string text(as_text(out));
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

}  // namespace packhouse::datapacker::schema
