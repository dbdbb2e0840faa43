#include "value/vector_math.hpp"

#include <cstring>

namespace packhouse::vectors {
namespace {

// Eight floats at once in GCC's and clang's vector types, and four sums of them, so that an addition does not wait for
// the one before it. The loops are compiled twice: for AVX2 with fused multiply-add, and for every x86-64 (or other)
// machine.
using Eight = float __attribute__((vector_size(32)));

[[gnu::always_inline]] inline void load(const char* at, Eight& out) {
  std::memcpy(&out, at, sizeof out);
}

struct Product {
  template <class T>
  [[gnu::always_inline]] static inline void add(T& sum, const T& x, const T& y) {
    sum += x * y;
  }
};
struct SquaredDifference {
  template <class T>
  [[gnu::always_inline]] static inline void add(T& sum, const T& x, const T& y) {
    const T d = x - y;
    sum += d * d;
  }
};

template <class Term>
[[gnu::always_inline]] inline float sum_of(const void* a, const void* b, std::size_t n) {
  const char* x = static_cast<const char*>(a);
  const char* y = static_cast<const char*>(b);
  Eight sums[4] = {};
  Eight p, q;
  std::size_t i = 0;
  for (; i + 32 <= n; i += 32) {
    for (int k = 0; k < 4; ++k, x += 32, y += 32) {
      load(x, p), load(y, q);
      Term::add(sums[k], p, q);
    }
  }
  for (; i + 8 <= n; i += 8, x += 32, y += 32) {
    load(x, p), load(y, q);
    Term::add(sums[0], p, q);
  }
  const Eight all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  float sum = ((all[0] + all[4]) + (all[1] + all[5])) + ((all[2] + all[6]) + (all[3] + all[7]));
  for (; i < n; ++i, x += 4, y += 4) {
    float u, v;
    std::memcpy(&u, x, 4), std::memcpy(&v, y, 4);
    Term::add(sum, u, v);
  }
  return sum;
}

template <class Term>
float portable(const void* a, const void* b, std::size_t n) {
  return sum_of<Term>(a, b, n);
}

#if defined(__x86_64__)
template <class Term>
[[gnu::target("avx2,fma")]] float for_avx2(const void* a, const void* b, std::size_t n) {
  return sum_of<Term>(a, b, n);
}
template <class Term>
Kernel choose() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? for_avx2<Term> : portable<Term>;
}
#else
template <class Term>
Kernel choose() {
  return portable<Term>;
}
#endif

template <class Stored, class T>
void convert(Bytes data, std::vector<T>& out) {
  out.resize(data.size() / sizeof(Stored));
  for (std::size_t i = 0; i < out.size(); ++i) {
    Stored x;
    std::memcpy(&x, data.data() + i * sizeof x, sizeof x);
    out[i] = static_cast<T>(x);
  }
}

template <class T>
bool read_elements(const Value& v, std::vector<T>& out) {
  if (v.is(Kind::vector)) {
    switch (v.vector_element()) {
      case Element::i8: convert<std::int8_t>(v.vector_data(), out); break;
      case Element::i16: convert<std::int16_t>(v.vector_data(), out); break;
      case Element::i32: convert<std::int32_t>(v.vector_data(), out); break;
      case Element::i64: convert<std::int64_t>(v.vector_data(), out); break;
      case Element::f32: convert<float>(v.vector_data(), out); break;
      case Element::f64: convert<double>(v.vector_data(), out); break;
    }
    return true;
  }
  if (!v.is(Kind::list)) return false;
  const auto items = v.as_list();
  out.resize(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!items[i].is_number()) return false;
    out[i] = static_cast<T>(items[i].number());
  }
  return true;
}

}  // namespace

const Kernel dot = choose<Product>();
const Kernel squared_distance = choose<SquaredDifference>();

bool read(const Value& v, std::vector<float>& out) {
  return read_elements(v, out);
}
bool read(const Value& v, std::vector<double>& out) {
  return read_elements(v, out);
}

double exact_dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

double exact_squared_distance(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

}  // namespace packhouse::vectors
