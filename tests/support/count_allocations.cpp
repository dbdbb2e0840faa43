#include "tests/support/count_allocations.hpp"

#include <cstddef>

namespace packhouse::tests {
namespace {
thread_local constinit std::uint64_t count = 0;
}
std::uint64_t allocations() {
  return count;
}
}  // namespace packhouse::tests

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PACKHOUSE_SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PACKHOUSE_SANITIZED
#endif

#ifdef PACKHOUSE_SANITIZED
// As <sanitizer/allocator_interface.h> declares it, which GCC does not install.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*allocated)(const volatile void*, std::size_t),
                                                         void (*freed)(const volatile void*));

namespace {
[[maybe_unused]] const int installed = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t) { ++packhouse::tests::count; }, [](const volatile void*) {});
}
#else
// glibc's own names for what is replaced here; the replacements are found first by everybody.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* malloc(std::size_t n) {
  ++packhouse::tests::count;
  return __libc_malloc(n);
}
void* calloc(std::size_t n, std::size_t size) {
  ++packhouse::tests::count;
  return __libc_calloc(n, size);
}
void* realloc(void* p, std::size_t n) {
  ++packhouse::tests::count;
  return __libc_realloc(p, n);
}
}
#endif
