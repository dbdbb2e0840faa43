#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace packhouse::auth {

/// What one Argon2id hash costs. The default is OWASP's recommendation: some 20 ms on one core.
struct HashCost {
  std::uint32_t passes = 2;
  std::uint32_t memory_kib = 19 * 1024;
  std::uint32_t lanes = 1;
};

/// Argon2id with a fresh salt, as "$argon2id$v=19$m=…". Errors: out_of_memory.
Result<std::string> hash_password(std::string_view password, const HashCost& cost);

/// Whether `password` is the one that `encoded` was made of; compared in constant time. Costs what the hash says.
/// Errors: out_of_memory; storage_failed when `encoded` is not a hash.
Result<bool> verify_password(std::string_view password, const std::string& encoded);

/// Sixteen random letters and digits that can't be mistaken for each other: 80 bits.
std::string random_password();

/// Remembers which passwords were right, so that a driver that opens its tenth connection needn't pay for Argon2id
/// again. Kept in memory only, one entry a user, as an Argon2id hash of least cost under a random salt; an entry counts
/// only as long as the user's stored hash is the same. Thread-safe.
class KnownPasswords {
 public:
  /// True: `password` is what was remembered for `user` and `encoded`. False says nothing.
  bool knows(const std::string& user, std::string_view password, const std::string& encoded) const;
  void remember(const std::string& user, std::string_view password, const std::string& encoded);

 private:
  using Bytes16 = std::array<unsigned char, 16>;
  using Bytes32 = std::array<unsigned char, 32>;
  struct Entry {
    std::string encoded;
    Bytes16 salt;
    Bytes32 tag;
  };
  static bool light_hash(std::string_view password, const Bytes16& salt, Bytes32& tag);

  mutable std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

}  // namespace packhouse::auth
