// NumPy files: what NumPy itself wrote, what it reads, and headers that lie.
#include "codec/npy/npy.hpp"

#include <doctest/doctest.h>

namespace packhouse::codec::npy {
namespace {

/// A file of version 1 with this dictionary.
std::string file(std::string_view dictionary, int version = 1) {
  std::string s = "\x93NUMPY";
  s += static_cast<char>(version);
  s += '\0';
  const std::size_t n = dictionary.size() + 1;
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i) s += static_cast<char>(n >> (8 * i));
  return s + std::string(dictionary) + "\n";
}

std::string said(const Result<Header>& r) {
  return r ? "" : r.error().message();
}

}  // namespace

TEST_CASE(".npy: headers as NumPy writes them") {
  const struct {
    std::string_view dictionary, dtype;
    bool big_endian;
  } cases[] = {
      {"{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }", "f64", false},
      {"{'descr': '>f8', 'fortran_order': False, 'shape': (3,), }", "f64", true},
      {"{'descr': '|i1', 'fortran_order': False, 'shape': (0,), }", "i8", false},
      {"{'descr': '|b1', 'fortran_order': True, 'shape': (7,), }", "bool", false},
      {"{'descr': '?', 'fortran_order': False, 'shape': (7,)}", "bool", false},
      {"{'descr': '<f2', 'fortran_order': False, 'shape': (), }", "f16", false},
      {"{'descr': '<u2', 'fortran_order': False, 'shape': (2, 3, 4), }   ", "vec:u16:3:4", false},
      {"{'descr': '>i4', 'fortran_order': True, 'shape': (1, 3), }", "vec:i32:3", true},
      {"{'descr': '|S5', 'fortran_order': False, 'shape': (2,), }", "bytes:5", false},
      {"{'descr': '|V16', 'fortran_order': False, 'shape': (2,), }", "bytes:16", false},
      {R"({"shape": (2L, 3L), "fortran_order": False, "descr": "<i8"})", "vec:i64:3", false},
  };
  for (const int version : {1, 2, 3}) {
    for (const auto& c : cases) {
      CAPTURE(c.dictionary);
      const std::string f = file(c.dictionary, version);
      CHECK(data_offset(as_bytes(f).first(preamble)).value() == f.size());
      const auto h = read_header(as_bytes(f));
      REQUIRE(said(h) == "");
      CHECK(h->big_endian == c.big_endian);
      CHECK_FALSE(h->fortran_order);
      CHECK(dtype_of(*h).value().text() == c.dtype);
    }
  }
  const auto h = read_header(as_bytes(file("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }")));
  CHECK(h->fortran_order);
  CHECK(h->rows() == 2);
  CHECK(h->row_size() == 12);
}

TEST_CASE(".npy: what is no header, or lies, is refused") {
  const std::pair<std::string, std::string_view> cases[] = {
      {"", "doesn't begin as one"},
      {"\x93NUMPY", "ends in its header"},
      {"PK\x03\x04 and so on", "doesn't begin as one"},
      {file("{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}", 4), "version 4 is not known"},
      {file("{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}").substr(0, 40), "ends in its header"},
      {std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12), "a header of 4294967295 bytes is too large"},
      {file("  "), "no dictionary"},
      {file("{"), "no dictionary"},
      {file("{'descr': '<f8' 'fortran_order': False, 'shape': (3,)}"), "no dictionary"},
      {file("{'descr': '<f8', 'fortran_order': False, 'shape': (3,)} x"), "something follows"},
      {file("{'descr': '<f8', 'fortran_order': False}"), "must have"},
      {file("{'descr': '<f8', 'descr': '<f8', 'shape': (3,)}"), "'descr' comes twice"},
      {file("{'descr': '<f8', 'fortran_order': 0, 'shape': (3,)}"), "True or False"},
      {file("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), 'x': 1}"), "unknown entry 'x'"},
      {file("{'descr': '<f8', 'fortran_order': False, 'shape': (3)}"), "'shape' must be"},
      {file("{'descr': '<f8', 'fortran_order': False, 'shape': (-3,)}"), "'shape' must be"},
      {file("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}"), "'shape' must be"},
      {file("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}"), ""},
      {file("{'descr': '|O', 'fortran_order': False, 'shape': (3,)}"), "elements of type '|O' are not supported"},
      {file("{'descr': '<c16', 'fortran_order': False, 'shape': (3,)}"), "'<c16' are not supported"},
      {file("{'descr': '<U4', 'fortran_order': False, 'shape': (3,)}"), "'<U4' are not supported"},
      {file("{'descr': '|S0', 'fortran_order': False, 'shape': (3,)}"), "length 0"},
      {file("{'descr': '|S99999999999999999', 'fortran_order': False, 'shape': (3,)}"), "too large"},
      {file("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3,)}"), "structures are not supported"},
  };
  for (const auto& [f, what] : cases) {
    CAPTURE(f);
    const auto h = read_header(as_bytes(f));
    REQUIRE_FALSE(h);
    CHECK(h.error().status() == Status::argument_error);
    CAPTURE(said(h));
    CHECK(said(h).find(what) != std::string::npos);
  }
  const auto no_dtype = [](std::string_view dictionary) {
    return dtype_of(read_header(as_bytes(file(dictionary))).value()).error().message();
  };
  CHECK(no_dtype("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 3)}").find("no elements of f16") !=
        std::string::npos);
  CHECK(no_dtype("{'descr': '|S4', 'fortran_order': False, 'shape': (2, 3)}").find("no dtype") != std::string::npos);
  CHECK(no_dtype("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 0)}").find("no dtype") != std::string::npos);
}

TEST_CASE(".npy: what is written is what NumPy would write") {
  const std::pair<const char*, std::string_view> cases[] = {
      {"f64", "{'descr': '<f8', 'fortran_order': False, 'shape': (5,), }"},
      {"bool", "{'descr': '|b1', 'fortran_order': False, 'shape': (5,), }"},
      {"vec:f32:3", "{'descr': '<f4', 'fortran_order': False, 'shape': (5, 3), }"},
      {"str:7:ascii", "{'descr': '|S7', 'fortran_order': False, 'shape': (5,), }"}};
  for (const auto& [dtype, dictionary] : cases) {
    Buffer out;
    REQUIRE(write_header(datapacker::parse_dtype(dtype).value(), 5, out));
    CHECK(out.size() == 128);
    CHECK(as_text(out).substr(0, 10) == std::string_view("\x93NUMPY\x01\0\x76\0", 10));
    CHECK(as_text(out).substr(10).starts_with(dictionary));
    CHECK(as_text(out).back() == '\n');
    CHECK(read_header(out).value().rows() == 5);
  }
  std::string many = "vec:u8";
  for (int i = 0; i < 255; ++i) many += ":1";
  Buffer out;
  REQUIRE(write_header(datapacker::parse_dtype(many).value(), 1, out));
  CHECK(out.size() % 64 == 0);
  for (const char* dtype : {"str", "msgpack:8", "vec:f32"})
    CHECK_FALSE(write_header(datapacker::parse_dtype(dtype).value(), 1, out));
}

TEST_CASE(".npy: numbers of the other byte order") {
  std::string two = "abcd", four = "abcd", eight = "abcdefgh", one = "abc";
  swap_bytes(2, std::as_writable_bytes(std::span(two)));
  swap_bytes(4, std::as_writable_bytes(std::span(four)));
  swap_bytes(8, std::as_writable_bytes(std::span(eight)));
  swap_bytes(1, std::as_writable_bytes(std::span(one)));
  CHECK(two == "badc");
  CHECK(four == "dcba");
  CHECK(eight == "hgfedcba");
  CHECK(one == "abc");
}

}  // namespace packhouse::codec::npy
