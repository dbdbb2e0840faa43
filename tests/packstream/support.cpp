#include "tests/packstream/support.hpp"

#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <charconv>
#include <fstream>
#include <iterator>

#include "codec/json/reader.hpp"

namespace packhouse::packstream::test {

std::string to_hex(Bytes b) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const std::byte x : b) {
    out.push_back(digits[std::to_integer<unsigned>(x) >> 4]);
    out.push_back(digits[std::to_integer<unsigned>(x) & 0x0F]);
  }
  return out;
}

std::vector<std::byte> from_hex(std::string_view hex) {
  std::vector<std::byte> out;
  std::string digits;
  for (const char c : hex) {
    if (c != ' ') digits.push_back(c);
  }
  REQUIRE(digits.size() % 2 == 0);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    unsigned v = 0;
    const auto r = std::from_chars(digits.data() + i, digits.data() + i + 2, v, 16);
    REQUIRE(r.ptr == digits.data() + i + 2);
    out.push_back(static_cast<std::byte>(v));
  }
  return out;
}

namespace {

/// FIPS 180-4, for comparing outputs that are too large for the vector file.
class Sha256 {
 public:
  std::string digest(Bytes in) {
    std::vector<std::uint8_t> m(in.size());
    for (std::size_t i = 0; i < in.size(); ++i) m[i] = std::to_integer<std::uint8_t>(in[i]);
    m.push_back(0x80);
    while (m.size() % 64 != 56) m.push_back(0);
    for (int i = 7; i >= 0; --i) m.push_back(static_cast<std::uint8_t>(std::uint64_t{in.size()} * 8 >> (8 * i)));
    for (std::size_t at = 0; at < m.size(); at += 64) block(m.data() + at);
    std::array<std::byte, 32> out;
    for (std::size_t i = 0; i < 32; ++i) out[i] = static_cast<std::byte>(h_[i / 4] >> (24 - 8 * (i % 4)));
    return to_hex(out);
  }

 private:
  static constexpr std::array<std::uint32_t, 64> k = {
      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
      0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
      0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
      0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
      0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
      0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
      0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
      0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

  void block(const std::uint8_t* p) {
    std::array<std::uint32_t, 64> w{};
    for (std::size_t i = 0; i < 64; ++i) w[i / 4] |= std::uint32_t{p[i]} << (24 - 8 * (i % 4));
    for (std::size_t i = 16; i < 64; ++i) {
      const std::uint32_t a = w[i - 15], b = w[i - 2];
      w[i] = w[i - 16] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ (a >> 3)) + w[i - 7] +
             (std::rotr(b, 17) ^ std::rotr(b, 19) ^ (b >> 10));
    }
    auto v = h_;
    for (std::size_t i = 0; i < 64; ++i) {
      const std::uint32_t s1 = std::rotr(v[4], 6) ^ std::rotr(v[4], 11) ^ std::rotr(v[4], 25);
      const std::uint32_t t1 = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[i] + w[i];
      const std::uint32_t s0 = std::rotr(v[0], 2) ^ std::rotr(v[0], 13) ^ std::rotr(v[0], 22);
      const std::uint32_t t2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
      v = {t1 + t2, v[0], v[1], v[2], v[3] + t1, v[4], v[5], v[6]};
    }
    for (std::size_t i = 0; i < 8; ++i) h_[i] += v[i];
  }

  std::array<std::uint32_t, 8> h_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                     0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
};

}  // namespace

std::string sha256_hex(Bytes b) { return Sha256().digest(b); }

Value load(const std::string& file, Arena& arena) {
  std::ifstream in(std::string(PACKHOUSE_SOURCE_DIR "/tests/packstream/data/") + file, std::ios::binary);
  REQUIRE_MESSAGE(in.good(), file);
  const std::string raw{std::istreambuf_iterator<char>(in), {}};
  const auto r = codec::json::read_value(as_bytes(raw), arena, {.typed = false});
  REQUIRE_MESSAGE(r.has_value(), (r ? "" : r.error().message()));
  return *r;
}

Value member(const Value& object, std::string_view name) {
  const Value* const found = find(object.as_map(), name);
  return found ? *found : Value();
}

std::string_view text(const Value& object, std::string_view name) {
  const Value v = member(object, name);
  return v.is(Kind::string) ? v.as_string() : std::string_view();
}

std::vector<std::byte> input_of(const Value& test_case) {
  if (const Value hex = member(test_case, "hex"); !hex.is_null()) return from_hex(hex.as_string());
  const Value data = member(test_case, "data");
  if (const Value hex = member(data, "hex"); !hex.is_null()) return from_hex(hex.as_string());
  std::vector<std::byte> out;
  for (const Value& piece : member(data, "pieces").as_list()) {
    const auto one = from_hex(piece.as_list()[0].as_string());
    for (std::int64_t i = 0; i < piece.as_list()[1].as_integer(); ++i) out.insert(out.end(), one.begin(), one.end());
  }
  return out;
}

Dialect dialect_of(const Value& test_case) {
  const std::string_view bolt = text(test_case, "bolt");
  if (bolt.starts_with("4")) return Dialect::bolt(4, 4);
  if (bolt.starts_with("5")) return Dialect::bolt(5, 8);
  return bolt == "6.1" ? Dialect::bolt(6, 1) : Dialect::bolt(6, 0);
}

namespace {

std::int64_t number(const Value& object, std::string_view name) {
  const Value v = member(object, name);
  if (v.is(Kind::integer)) return v.as_integer();
  std::int64_t n = 0;
  const std::string_view s = v.as_string();
  REQUIRE(std::from_chars(s.data(), s.data() + s.size(), n).ec == std::errc());
  return n;
}

template <class S>
void replay_text(const Value& typed, S& sink) {
  std::string s;
  const std::string_view one = text(typed, "repeat");
  for (std::int64_t i = 0; !one.empty() && i < number(typed, "n"); ++i) s += one;
  if (one.empty()) s = text(typed, "v");
  REQUIRE(sink.string(s));
}

template <class S>
void replay_bytes(const Value& typed, S& sink) {
  std::vector<std::byte> out;
  const auto one = from_hex(text(typed, "repeat_hex"));
  for (std::int64_t i = 0; !one.empty() && i < number(typed, "n"); ++i) out.insert(out.end(), one.begin(), one.end());
  if (one.empty()) out = from_hex(text(typed, "hex"));
  REQUIRE(sink.bytes(out));
}

template <class S>
void replay_list(const Value& typed, S& sink) {
  const Value items = member(typed, "v"), repeat = member(typed, "repeat"), range = member(typed, "range");
  if (items.is(Kind::list)) {
    REQUIRE(sink.list_begin(static_cast<std::uint32_t>(items.as_list().size())));
    for (const Value& item : items.as_list()) replay(item, sink);
  } else if (repeat.is(Kind::map)) {
    const std::int64_t n = number(typed, "n");
    REQUIRE(sink.list_begin(static_cast<std::uint32_t>(n)));
    for (std::int64_t i = 0; i < n; ++i) replay(repeat, sink);
  } else {
    const std::int64_t from = range.as_list()[0].as_integer(), to = range.as_list()[1].as_integer();
    REQUIRE(sink.list_begin(static_cast<std::uint32_t>(to - from)));
    for (std::int64_t i = from; i < to; ++i) REQUIRE(sink.integer(i));
  }
  REQUIRE(sink.list_end());
}

template <class S>
void replay_map(const Value& typed, S& sink) {
  if (const Value entries = member(typed, "v"); entries.is(Kind::list)) {
    REQUIRE(sink.map_begin(static_cast<std::uint32_t>(entries.as_list().size())));
    for (const Value& e : entries.as_list()) {
      REQUIRE(sink.key(text(e.as_list()[0], "v")));
      replay(e.as_list()[1], sink);
    }
  } else {
    const std::int64_t n = number(typed, "n");
    REQUIRE(sink.map_begin(static_cast<std::uint32_t>(n)));
    for (std::int64_t i = 0; i < n; ++i) {
      std::array<char, 16> key;
      std::snprintf(key.data(), key.size(), "k%05d", static_cast<int>(i));
      REQUIRE(sink.key(key.data()));
      REQUIRE(sink.integer(i));
    }
  }
  REQUIRE(sink.map_end());
}

template <class S>
void replay_structure(const Value& typed, S& sink) {
  const auto tag = std::to_integer<std::uint8_t>(from_hex(text(typed, "tag"))[0]);
  const auto fields = member(typed, "fields").as_list();
  REQUIRE(sink.structure_begin(tag, static_cast<std::uint32_t>(fields.size())));
  for (const Value& f : fields) replay(f, sink);
  REQUIRE(sink.structure_end());
}

}  // namespace

template <class S>
void replay(const Value& typed, S& sink) {
  const std::string_view t = text(typed, "t");
  if (t == "null") REQUIRE(sink.null());
  else if (t == "bool") REQUIRE(sink.boolean(member(typed, "v").is_true()));
  else if (t == "int") REQUIRE(sink.integer(number(typed, "v")));
  else if (t == "float") {
    std::uint64_t bits = 0;
    for (const std::byte b : from_hex(text(typed, "bits"))) bits = bits << 8 | std::to_integer<std::uint64_t>(b);
    REQUIRE(sink.real(std::bit_cast<double>(bits)));
  } else if (t == "str") replay_text(typed, sink);
  else if (t == "bytes") replay_bytes(typed, sink);
  else if (t == "list") replay_list(typed, sink);
  else if (t == "dict") replay_map(typed, sink);
  else if (t == "struct") replay_structure(typed, sink);
  else if (t == "uuid") REQUIRE(sink.uuid(from_hex(text(typed, "hex"))));
  else {
    REQUIRE(t == "nested");
    const std::int64_t wraps = number(typed, "wrap");
    for (std::int64_t i = 0; i < wraps; ++i) REQUIRE(sink.list_begin(1));
    replay(member(typed, "inner"), sink);
    for (std::int64_t i = 0; i < wraps; ++i) REQUIRE(sink.list_end());
  }
}

template void replay(const Value&, Writer&);
template void replay(const Value&, Recorder&);

}  // namespace packhouse::packstream::test
