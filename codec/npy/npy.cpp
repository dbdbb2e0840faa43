#include "codec/npy/npy.hpp"

#include <algorithm>
#include <charconv>

#include "codec/datapacker/array.hpp"

namespace packhouse::codec::npy {
namespace {

using datapacker::Dtype;
using datapacker::Scalar;

constexpr std::string_view magic = "\x93NUMPY";

tl::unexpected<Error> refuse(const std::string& why) {
  return fail(Status::argument_error, ".npy: " + why);
}

struct ScalarName {
  std::string_view name;
  Scalar scalar;
};
constexpr ScalarName scalar_names[] = {{"i1", Scalar::i8},  {"i2", Scalar::i16}, {"i4", Scalar::i32},
                                       {"i8", Scalar::i64}, {"u1", Scalar::u8},  {"u2", Scalar::u16},
                                       {"u4", Scalar::u32}, {"u8", Scalar::u64}, {"f2", Scalar::f16},
                                       {"f4", Scalar::f32}, {"f8", Scalar::f64}, {"b1", Scalar::boolean}};

/// The Python literal of a header: a dict of a string, a boolean and a tuple of integers.
class Literal {
 public:
  explicit Literal(std::string_view text) : text_(text) {}

  void space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
  }
  bool take(char c) {
    space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view word) {
    space();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  bool at_end() {
    space();
    return at_ == text_.size();
  }
  std::optional<std::string_view> string() {
    space();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote != '\'' && quote != '"') return std::nullopt;
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) return std::nullopt;
    const auto s = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return s.find('\\') == std::string_view::npos ? std::optional(s) : std::nullopt;
  }
  std::optional<std::uint64_t> number() {
    space();
    std::uint64_t n = 0;
    const char* const begin = text_.data() + at_;
    const auto [end, problem] = std::from_chars(begin, text_.data() + text_.size(), n);
    if (problem != std::errc()) return std::nullopt;
    at_ += static_cast<std::size_t>(end - begin);
    if (at_ < text_.size() && text_[at_] == 'L') ++at_;  // as Python 2 wrote it
    return n;
  }
  /// "(2, 3)", "(2,)" or "()".
  std::optional<std::vector<std::uint64_t>> tuple() {
    std::vector<std::uint64_t> out;
    if (!take('(')) return std::nullopt;
    while (!take(')')) {
      const auto n = number();
      if (!n || out.size() >= datapacker::most_dimensions) return std::nullopt;
      out.push_back(*n);
      if (take(',')) continue;
      // "(2)" is a number in Python, but nobody writes one here.
      if (take(')') && out.size() != 1) return out;
      return std::nullopt;
    }
    return out;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

Result<void> read_descr(std::string_view descr, Header& h) {
  const auto unknown = [&] {
    return refuse(
        "elements of type '" + std::string(descr.substr(0, 40)) +
        "' are not supported; expected numbers (i1 to i8, u1 to u8, f2, f4, f8), booleans (b1) or byte strings (S, V)");
  };
  if (descr.empty()) return unknown();
  const char order = descr[0];
  std::string_view name = descr;
  if (order == '<' || order == '>' || order == '|' || order == '=') name.remove_prefix(1);
  if (name.empty()) return unknown();
  if (name[0] == 'S' || name[0] == 'V' || name[0] == 'a') {
    const auto [end, problem] = std::from_chars(name.data() + 1, name.data() + name.size(), h.item_size);
    if (problem != std::errc() || end != name.data() + name.size()) return unknown();
    if (h.item_size == 0) return refuse("byte strings of length 0 hold nothing");
    return ok;
  }
  const auto found = std::ranges::find(scalar_names, name == "?" ? "b1" : name, &ScalarName::name);
  if (found == std::end(scalar_names)) return unknown();
  h.scalar = found->scalar;
  h.item_size = datapacker::size_of(found->scalar);
  h.big_endian = order == '>' && h.item_size > 1;
  return ok;
}

Result<void> read_entry(Literal& in, std::string_view key, Header& h, bool& fortran) {
  if (key == "descr") {
    const auto descr = in.string();
    if (!descr) return refuse("'descr' is no plain type; arrays of structures are not supported");
    return read_descr(*descr, h);
  }
  if (key == "fortran_order") {
    fortran = in.take("True");
    if (fortran || in.take("False")) return ok;
    return refuse("'fortran_order' must be True or False");
  }
  if (key == "shape") {
    auto shape = in.tuple();
    if (!shape) return refuse("'shape' must be a tuple of at most 255 sizes");
    h.shape = std::move(*shape);
    return ok;
  }
  return refuse("unknown entry '" + std::string(key.substr(0, 40)) + "' in the header");
}

Result<Header> parse(std::string_view text) {
  Literal in(text);
  Header h;
  bool fortran = false;
  std::vector<std::string_view> seen;
  if (!in.take('{')) return refuse("the header is no dictionary");
  for (bool open = !in.take('}'); open;) {
    const auto key = in.string();
    if (!key || !in.take(':')) return refuse("the header is no dictionary");
    if (std::ranges::find(seen, *key) != seen.end())
      return refuse("'" + std::string(*key) + "' comes twice in the header");
    seen.push_back(*key);
    PACKHOUSE_CHECK(read_entry(in, *key, h, fortran));
    const bool comma = in.take(',');
    open = !in.take('}');
    if (open && !comma) return refuse("the header is no dictionary");
  }
  if (!in.at_end()) return refuse("something follows the dictionary of the header");
  if (seen.size() != 3) return refuse("the header must have 'descr', 'fortran_order' and 'shape'");
  if (h.item_size > (std::uint64_t{1} << 48))
    return refuse("elements of " + std::to_string(h.item_size) + " bytes are too large");
  PACKHOUSE_TRY([[maybe_unused]] const auto elements, datapacker::element_count(h.shape, h.item_size));
  h.fortran_order = fortran && std::ranges::count_if(h.shape, [](std::uint64_t n) { return n > 1; }) > 1;
  return h;
}

/// "<f8", "|S5".
std::string descr_of(const Dtype& d) {
  if (d.size) return "|S" + std::to_string(*d.size);
  const auto found = std::ranges::find(scalar_names, d.scalar, &ScalarName::scalar);
  return (datapacker::size_of(d.scalar) == 1 ? "|" : "<") + std::string(found->name);
}

}  // namespace

std::uint64_t Header::row_size() const {
  std::uint64_t n = item_size;
  for (std::size_t i = 1; i < shape.size(); ++i) n *= shape[i];
  return n;
}

Result<std::uint64_t> data_offset(Bytes start) {
  if (!as_text(start).starts_with(magic)) return refuse("the file doesn't begin as one");
  if (start.size() < preamble) return refuse("the file ends in its header");
  const int version = std::to_integer<int>(start[6]);
  if (version < 1 || version > 3) return refuse("version " + std::to_string(version) + " is not known, 1 to 3 are");
  const std::uint64_t size = version == 1 ? datapacker::load<std::uint16_t>(start.data() + 8)
                                          : datapacker::load<std::uint32_t>(start.data() + 8);
  if (size > max_header) return refuse("a header of " + std::to_string(size) + " bytes is too large");
  return (version == 1 ? 10 : 12) + size;
}

Result<Header> read_header(Bytes start) {
  PACKHOUSE_TRY(const std::uint64_t end, data_offset(start));
  if (start.size() < end) return refuse("the file ends in its header");
  const std::size_t begin = start[6] == std::byte{1} ? 10 : 12;
  return parse(as_text(start.subspan(begin, end - begin)));
}

Result<Dtype> dtype_of(const Header& h) {
  if (h.shape.size() <= 1) {
    if (h.scalar) return Dtype{.kind = Dtype::Kind::scalar, .scalar = *h.scalar};
    return Dtype{.kind = Dtype::Kind::bytes, .size = h.item_size};
  }
  if (!h.scalar) return refuse("byte strings of more than one dimension have no dtype");
  if (!datapacker::vector_code(*h.scalar)) {
    return refuse("vectors have no elements of " + std::string(datapacker::name_of(*h.scalar)) +
                  "; import into a column of another vec dtype");
  }
  const Dtype d{.kind = Dtype::Kind::vector, .scalar = *h.scalar, .shape = {h.shape.begin() + 1, h.shape.end()}};
  if (std::ranges::find(d.shape, 0U) != d.shape.end()) return refuse("rows without elements have no dtype");
  return datapacker::parse_dtype(d.text());  // which knows the limits
}

Result<void> write_header(const Dtype& dtype, std::uint64_t rows, Buffer& out) {
  const bool structured = dtype.kind == Dtype::Kind::msgpack || dtype.kind == Dtype::Kind::cbor;
  if (dtype.is_varsize() || structured) {
    return fail(Status::type_error, ".npy: NumPy has no type for the elements of " + dtype.text());
  }
  std::string text =
      "{'descr': '" + descr_of(dtype) + "', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ",";
  for (const std::uint64_t n : dtype.shape) text += " " + std::to_string(n) + ",";
  if (!dtype.shape.empty()) text.pop_back();
  text += "), }";
  const bool large = text.size() > 65'000;
  const std::size_t begin = large ? 12 : 10, end = (begin + text.size() + 1 + 63) / 64 * 64;  // data are aligned
  text.append(end - begin - text.size() - 1, ' ');
  text += '\n';
  out.append(as_bytes(magic));
  out.put(large ? 2 : 1);
  out.put(0);
  if (large)
    datapacker::store(out.extend(4), static_cast<std::uint32_t>(text.size()));
  else
    datapacker::store(out.extend(2), static_cast<std::uint16_t>(text.size()));
  out.append(as_bytes(text));
  return ok;
}

void swap_bytes(std::size_t item_size, std::span<std::byte> data) {
  const auto swap = [&](auto zero) {
    using T = decltype(zero);
    for (std::size_t i = 0; i + sizeof(T) <= data.size(); i += sizeof(T)) {
      const T v = datapacker::load<T>(data.data() + i);
      if constexpr (sizeof(T) == 2) datapacker::store(data.data() + i, __builtin_bswap16(v));
      if constexpr (sizeof(T) == 4) datapacker::store(data.data() + i, __builtin_bswap32(v));
      if constexpr (sizeof(T) == 8) datapacker::store(data.data() + i, __builtin_bswap64(v));
    }
  };
  if (item_size == 2) swap(std::uint16_t{});
  if (item_size == 4) swap(std::uint32_t{});
  if (item_size == 8) swap(std::uint64_t{});
}

}  // namespace packhouse::codec::npy
