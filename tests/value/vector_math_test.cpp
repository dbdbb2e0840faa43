#include "value/vector_math.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <random>

namespace packhouse::vectors {
namespace {

struct Reference {
  long double dot = 0, distance = 0, size = 0;  // size: what the sums are made of, for the error bound
};

Reference reference(const std::vector<float>& a, const std::vector<float>& b) {
  Reference r;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto x = static_cast<long double>(a[i]), y = static_cast<long double>(b[i]);
    r.dot += x * y;
    r.distance += (x - y) * (x - y);
    r.size += std::fabs(x * y) + (x - y) * (x - y);
  }
  return r;
}

}  // namespace

TEST_CASE("kernels add up what a loop of long doubles does, for every length and alignment") {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> number(-3, 3);
  std::vector<std::size_t> lengths{127, 128, 129, 384, 768, 1536, 4096};
  for (std::size_t n = 0; n <= 100; ++n) lengths.push_back(n);
  std::vector<std::byte> unaligned(4 * 4096 + 16);
  for (const std::size_t n : lengths) {
    CAPTURE(n);
    std::vector<float> a(n), b(n);
    for (std::size_t i = 0; i < n; ++i) a[i] = number(random), b[i] = number(random);
    const Reference want = reference(a, b);
    const double close = 1e-6 * static_cast<double>(want.size) + 1e-30;
    CHECK(std::fabs(static_cast<double>(dot(a.data(), b.data(), n)) - static_cast<double>(want.dot)) <= close);
    CHECK(std::fabs(static_cast<double>(squared_distance(a.data(), b.data(), n)) -
                    static_cast<double>(want.distance)) <= close);
    for (std::size_t shift = 1; shift < 8; ++shift) {
      if (n > 0) std::memcpy(unaligned.data() + shift, a.data(), n * sizeof(float));
      CHECK(dot(unaligned.data() + shift, b.data(), n) == dot(a.data(), b.data(), n));
      CHECK(squared_distance(b.data(), unaligned.data() + shift, n) == squared_distance(a.data(), b.data(), n));
    }
  }
}

TEST_CASE("whole numbers are exact") {
  std::vector<float> a(333), b(333);
  long double sum = 0, distance = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] = static_cast<float>(i % 17), b[i] = static_cast<float>(i % 5) - 2;
    sum += static_cast<long double>(a[i]) * static_cast<long double>(b[i]);
    distance += static_cast<long double>(a[i] - b[i]) * static_cast<long double>(a[i] - b[i]);
  }
  CHECK(static_cast<long double>(dot(a.data(), b.data(), a.size())) == sum);
  CHECK(static_cast<long double>(squared_distance(a.data(), b.data(), a.size())) == distance);
}

TEST_CASE("vectors are read from every kind that can be one") {
  std::vector<float> f;
  std::vector<double> d;
  const Value mixed[] = {Value::integer(-3), Value::real(0.5)};
  CHECK((read(Value::list(mixed), f) && f == std::vector<float>{-3, 0.5F}));
  const auto check = [&]<class T>(Element e, std::vector<T> numbers) {
    const auto data = std::as_bytes(std::span(numbers));
    const Value v = Value::vector(e, static_cast<std::uint32_t>(numbers.size()), data.data());
    REQUIRE((read(v, f) && read(v, d)));
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      CHECK(f[i] == static_cast<float>(numbers[i]));
      CHECK(d[i] == static_cast<double>(numbers[i]));
    }
  };
  check(Element::i8, std::vector<std::int8_t>{-128, 0, 127});
  check(Element::i16, std::vector<std::int16_t>{-32768, 5});
  check(Element::i32, std::vector<std::int32_t>{-70000, 70000});
  check(Element::i64, std::vector<std::int64_t>{-5'000'000'000, 1});
  check(Element::f32, std::vector<float>{0.1F, -1e30F});
  check(Element::f64, std::vector<double>{0.1, -1e30});
  const Value wrong[] = {Value::integer(1), Value::string("2")};
  CHECK_FALSE(read(Value::list(wrong), f));
  CHECK_FALSE(read(Value::string("[1]"), f));
  CHECK_FALSE(read(Value(), d));
}

}  // namespace packhouse::vectors
