#include "tests/protocol/pack.hpp"

#include <doctest/doctest.h>

#include <cctype>
#include <cstdlib>

#include "packstream/writer.hpp"
#include "tests/support/hex.hpp"

namespace packhouse::tests {
namespace {

/// Reads literals from a test's text into a Writer.
class Literals {
 public:
  Literals(std::string_view text, packstream::Writer& out) : text_(text), out_(out) {}

  unsigned all() {
    unsigned n = 0;
    for (; peek() != '\0'; ++n) value();
    return n;
  }

 private:
  char peek() {
    while (at_ < text_.size() && (std::isspace(static_cast<unsigned char>(text_[at_])) || text_[at_] == ',')) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  std::string_view word() {
    peek();
    const std::size_t from = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_' ||
                                  text_[at_] == '.' || text_[at_] == '-')) {
      ++at_;
    }
    return text_.substr(from, at_ - from);
  }
  void value() {
    const char c = peek();
    if (c == '\'') return string();
    if (c == '[') return list();
    if (c == '{') return map();
    const std::string w(word());
    REQUIRE_FALSE(w.empty());
    if (w == "null") return out_.write_null();
    if (w == "true" || w == "false") return out_.write_boolean(w == "true");
    if (w.find('.') != std::string::npos) return out_.write_real(std::strtod(w.c_str(), nullptr));
    out_.write_integer(std::strtoll(w.c_str(), nullptr, 10));
  }
  void string() {
    const std::size_t end = text_.find('\'', ++at_);
    out_.write_string(text_.substr(at_, end - at_));
    at_ = end + 1;
  }
  void list() {
    ++at_;
    REQUIRE(out_.list_begin(unknown_size));
    while (peek() != ']') {
      count_value();
    }
    ++at_;
    REQUIRE(out_.list_end());
  }
  void map() {
    ++at_;
    REQUIRE(out_.map_begin(unknown_size));
    while (peek() != '}') {
      REQUIRE(out_.key(word()));
      REQUIRE(peek() == ':');
      ++at_;
      count_value();
    }
    ++at_;
    REQUIRE(out_.map_end());
  }
  /// A value inside a container of unknown size: written apart, so that the container counts one item.
  void count_value() {
    Buffer inner;
    packstream::Writer writer(inner);
    Literals rest(text_.substr(at_), writer);
    rest.value();
    at_ += rest.at_;
    REQUIRE(out_.integer(0));  // counted, and replaced by what was written apart
    out_.out().truncate(out_.out().size() - 1);
    out_.write_raw(inner);
  }

  std::string_view text_;
  packstream::Writer& out_;
  std::size_t at_ = 0;
};

}  // namespace

std::string pack(std::string_view literals) {
  Buffer out;
  packstream::Writer writer(out);
  Literals(literals, writer).all();
  return hex(out.view());
}

std::string pack(protocol::Tag tag, std::string_view fields) {
  Buffer out;
  packstream::Writer writer(out);
  writer.write_structure_header(static_cast<std::uint8_t>(tag), 0);
  const unsigned n = Literals(fields, writer).all();
  out[0] = static_cast<std::byte>(0xB0 | n);
  return hex(out.view());
}

}  // namespace packhouse::tests
