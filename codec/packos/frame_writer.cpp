#include "codec/packos/frame_writer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <vector>

#include "base/ascii.hpp"

namespace packhouse::packos {

void WordStack::grow() {
  const std::size_t n = size();
  auto* larger = static_cast<std::uint64_t*>(std::malloc(2 * n * sizeof(std::uint64_t)));
  if (!larger) throw std::bad_alloc();
  std::memcpy(larger, begin_, n * sizeof(std::uint64_t));
  if (begin_ != own_) std::free(begin_);
  begin_ = larger;
  end_ = larger + n;
  limit_ = larger + 2 * n;
}

void FrameWriter::numeric(double v) {
  // Outside of int64 the original's cast is undefined; such values stay floats here.
  constexpr double limit = 9223372036854775808.0;
  if (v >= -limit && v < limit && v == std::trunc(v)) return integer(static_cast<std::int64_t>(v));
  float64(v);
}

namespace {

/// Whether underscores stand between digits only (or behind the 0x), as Go's syntax of numbers has it.
bool good_underscores(std::string_view digits, bool hexadecimal) {
  char before = hexadecimal ? '0' : '^';  // what a digit, an underscore or something else would be
  for (const char c : digits) {
    const bool digit = hexadecimal ? hex_value(c) >= 0 : is_digit(c);
    if (c == '_' ? before != '0' : before == '_' && !digit) return false;
    before = digit ? '0' : c == '_' ? '_' : '!';
  }
  return before != '_';
}

}  // namespace

Result<void> FrameWriter::numeric_text(std::string_view text) {
  const auto refuse = [&] { return fail(Status::argument_error, fmt::format("unsupported numeric string \"{}\"", text)); };
  std::string_view digits = text;
  const bool negative = digits.starts_with('-'), has_sign = negative || digits.starts_with('+');
  if (has_sign) digits.remove_prefix(1);
  if (digits.empty() || digits[0] == '-' || digits[0] == '+') return refuse();
  const bool hexadecimal = digits.starts_with("0x") || digits.starts_with("0X");
  if (hexadecimal) {
    digits.remove_prefix(2);
    if (digits.find_first_of("pP") == digits.npos || digits[0] == '-') return refuse();
  }
  std::string plain;
  if (digits.find('_') != digits.npos) {
    if (!good_underscores(digits, hexadecimal)) return refuse();
    plain = digits;
    std::erase(plain, '_');
    digits = plain;
  }
  double v = 0;
  const auto format = hexadecimal ? std::chars_format::hex : std::chars_format::general;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), v, format);
  // from_chars also takes nan(…), and Go no nan with a sign.
  if (end != digits.data() + digits.size() || digits.back() == ')' || (has_sign && std::isnan(v))) return refuse();
  if (error == std::errc::result_out_of_range) {  // strtod tells too small from too large
    v = std::strtod(((hexadecimal ? "0x" : "") + std::string(digits)).c_str(), nullptr);
    if (std::isinf(v)) return refuse();
  } else if (error != std::errc()) {
    return refuse();
  }
  numeric(negative ? -v : v);
  return ok;
}

void FrameWriter::flags(std::span<const bool> v) {
  mark(Tag::string);
  for (std::size_t i = 0; i < v.size(); i += 8) {
    unsigned byte = 0;
    for (std::size_t bit = 0; bit < 8 && i + bit < v.size(); ++bit) byte |= static_cast<unsigned>(v[i + bit]) << bit;
    out_.put(static_cast<std::uint8_t>(byte));
  }
}

void FrameWriter::move_payload(const Scope& s, std::size_t header) {
  const std::size_t reserved = s.payload - s.at;
  if (header > reserved) {
    out_.insert_gap(s.payload, header - reserved);
  } else if (header < reserved) {
    std::memmove(out_.data() + s.at + header, out_.data() + s.payload, out_.size() - s.payload);
    out_.truncate(out_.size() - (reserved - header));
  }
}

/// Width of a field of the innermost scope, by its index in words_.
std::size_t FrameWriter::width_of(std::size_t word) const {
  const std::size_t end = word + 1 < words_.size() ? words_[word + 1] >> 3 : out_.size() - scope_.payload;
  return end - (words_[word] >> 3);
}

/// Replaces a tuple of numbers of one kind by a packed list.
bool FrameWriter::pack_numbers() {
  const Scope s = scope_;
  const std::size_t n = words_.size() - s.first_word;
  const auto tag = static_cast<Tag>(words_[s.first_word] & 7);
  if (tag != Tag::integer && tag != Tag::floating) return false;
  std::size_t width = 1;
  for (std::size_t i = s.first_word; i < words_.size(); ++i) {
    const std::size_t w = width_of(i);
    if (static_cast<Tag>(words_[i] & 7) != tag || w == 0 || (tag == Tag::floating && w != 8)) return false;
    width = std::max(width, w);
  }
  scratch_.clear();
  scratch_.append(out_.view().subspan(s.payload));
  out_.truncate(s.at);
  std::byte* to = out_.extend(2 + n * width);
  const auto code = tag == Tag::floating ? ElementCode::f64 : static_cast<ElementCode>(std::bit_width(width) - 1);
  store(to, Extension::numbers);
  store(to + 1, code);
  to += 2;
  const std::byte* from = scratch_.data();
  for (std::size_t i = 0; i < n; ++i, to += width) {
    const std::size_t start = words_[s.first_word + i] >> 3;
    const std::size_t end = i + 1 < n ? words_[s.first_word + i + 1] >> 3 : scratch_.size();
    const auto v = load_integer(from + start, end - start);
    std::memcpy(to, &v, width);
  }
  pop();
  words_.truncate(s.first_word);
  words_.back() = (words_.back() & ~std::uint64_t{7}) | static_cast<std::uint64_t>(Tag::extended);
  return true;
}

Result<void> FrameWriter::end_list() {
  if (options_.strict) return end();
  if (fields() == 0) {
    const Scope s = pop();
    out_.truncate(s.at);
    store(out_.extend(1), Extension::empty_list);
    words_.back() = (words_.back() & ~std::uint64_t{7}) | static_cast<std::uint64_t>(Tag::extended);
    return ok;
  }
  if (fields() >= packed_list_items && pack_numbers()) return ok;
  return end();
}

/// Rearranges the pairs of the innermost scope, unless they are in order already.
void FrameWriter::sort_map() {
  const Scope& s = scope_;
  const std::size_t n = (words_.size() - s.first_word) / 2;
  const auto key = [&](std::size_t i) {
    const std::size_t word = s.first_word + 2 * i;
    return as_text(out_.view().subspan(s.payload + (words_[word] >> 3), width_of(word)));
  };
  std::size_t sorted = 1;
  while (sorted < n && key(sorted - 1) <= key(sorted)) ++sorted;
  if (sorted >= n) return;
  std::vector<std::uint32_t> order(n);
  for (std::uint32_t i = 0; i < n; ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, key);
  scratch_.clear();
  scratch_.append(out_.view().subspan(s.payload));
  const std::vector<std::uint64_t> words(words_.data() + s.first_word, words_.data() + words_.size());
  std::size_t at = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t field = 2 * std::size_t{order[i]}; field < 2 * std::size_t{order[i]} + 2; ++field) {
      const std::size_t start = words[field] >> 3;
      const std::size_t end = field + 1 < words.size() ? words[field + 1] >> 3 : scratch_.size();
      words_[s.first_word + 2 * i + field % 2] = at << 3 | (words[field] & 7);
      if (end > start) std::memcpy(out_.data() + s.payload + at, scratch_.data() + start, end - start);
      at += end - start;
    }
  }
}

Result<void> FrameWriter::end_map() {
  if (options_.sorted && fields() > 2) sort_map();
  return end();
}

Result<void> FrameWriter::close(bool top) {
  const Scope s = pop();
  const std::size_t n = words_.size() - s.first_word;
  const std::size_t payload = out_.size() - s.payload;
  if (n > max_narrow_fields || payload > max_narrow_payload) [[unlikely]] return close_wide(s, n, top);
  if (n == 0 && !top) {
    out_.truncate(s.at);
    return ok;
  }
  const std::size_t header = 2 * (n + 1);
  if (s.payload - s.at != header) move_payload(s, header);
  std::byte* at = out_.data() + s.at;
  const std::uint64_t* words = words_.data() + s.first_word;
  for (std::size_t i = 0; i < n; ++i) {
    // One by one: a vector load of words that were just stored waits for the stores, which costs more than the rest.
    asm("" : "+r"(i));
    store(at + 2 * i, static_cast<std::uint16_t>(words[i]));
  }
  store(at + 2 * n, static_cast<std::uint16_t>(payload << 3));
  // Field 0 starts at 0, so its word has room for the position of the payload.
  store(at, static_cast<std::uint16_t>(header << 3 | (n > 0 ? words[0] & 7 : 0)));
  words_.truncate(s.first_word);
  return ok;
}

Result<void> FrameWriter::close_wide(const Scope& s, std::size_t n, bool top) {
  const std::size_t payload = out_.size() - s.payload;
  if (options_.strict) {
    return fail(Status::argument_error,
                fmt::format("{} of {} fields and {} bytes is beyond what a plain PackOS frame holds ({} fields, {} bytes)",
                            top ? "the record" : s.tag == Tag::map ? "a map" : "a tuple", n, payload, max_narrow_fields,
                            max_narrow_payload));
  }
  if (payload > max_wide_payload || n > max_wide_payload / 8) {
    return fail(Status::argument_error, fmt::format("a PackOS frame of {} fields and {} bytes is beyond 4 GiB", n, payload));
  }
  move_payload(s, (top ? wide_head_size : 0) + 1 + 4 + 5 * n);
  std::byte* at = out_.data() + s.at;
  if (top) {
    store(at, wide_head);
    at += wide_head_size;
  } else {
    words_[s.first_word - 1] = (words_[s.first_word - 1] & ~std::uint64_t{7}) | static_cast<std::uint64_t>(Tag::extended);
  }
  store(at, s.tag == Tag::map ? Extension::wide_map : Extension::wide_tuple);
  store(at + 1, static_cast<std::uint32_t>(n));
  at += 5;
  const std::uint64_t* words = words_.data() + s.first_word;
  for (std::size_t i = 0; i < n; ++i) {
    store(at + 4 * i, static_cast<std::uint32_t>(i + 1 < n ? words[i + 1] >> 3 : payload));
    store(at + 4 * n + i, static_cast<std::uint8_t>(words[i] & 7));
  }
  words_.truncate(s.first_word);
  return ok;
}

}  // namespace packhouse::packos
