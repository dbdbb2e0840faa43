#pragma once
#include <cstdint>

namespace packhouse::tests {

/// How many times this thread has asked for memory (malloc, calloc, realloc, new) since it began. Link
/// count_allocations.cpp, which puts itself before the C library's allocator, or hooks into the sanitizers'.
std::uint64_t allocations();

}  // namespace packhouse::tests
