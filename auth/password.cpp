#include "auth/password.hpp"

#include <argon2.h>
#include <sys/random.h>

#include <cerrno>
#include <cstdlib>
#include <span>

namespace packhouse::auth {
namespace {

constexpr std::uint32_t salt_size = 16, tag_size = 32;  // bytes

/// Without randomness from the kernel nothing here is safe, so there is no going on.
void fill_random(std::span<unsigned char> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t n = ::getrandom(out.data() + done, out.size() - done, 0);
    if (n < 0 && errno != EINTR) std::abort();
    if (n > 0) done += static_cast<std::size_t>(n);
  }
}

tl::unexpected<Error> hashing_failed(int code) {
  const Status status = code == ARGON2_MEMORY_ALLOCATION_ERROR ? Status::out_of_memory : Status::storage_failed;
  return fail(status, std::string("a password can't be hashed or checked: ") + argon2_error_message(code));
}

}  // namespace

Result<std::string> hash_password(std::string_view password, const HashCost& cost) {
  std::array<unsigned char, salt_size> salt;
  fill_random(salt);
  std::string encoded(argon2_encodedlen(cost.passes, cost.memory_kib, cost.lanes, salt_size, tag_size, Argon2_id), '\0');
  const int code = argon2id_hash_encoded(cost.passes, cost.memory_kib, cost.lanes, password.data(), password.size(), salt.data(),
                                         salt.size(), tag_size, encoded.data(), encoded.size());
  if (code != ARGON2_OK) return hashing_failed(code);
  encoded.resize(encoded.find('\0'));
  return encoded;
}

Result<bool> verify_password(std::string_view password, const std::string& encoded) {
  const int code = argon2id_verify(encoded.c_str(), password.data(), password.size());
  if (code == ARGON2_OK) return true;
  if (code == ARGON2_VERIFY_MISMATCH) return false;
  return hashing_failed(code);
}

std::string random_password() {
  constexpr std::string_view letters = "abcdefghjkmnpqrstuvwxyz23456789A";  // 32, so that every byte counts the same
  static_assert(letters.size() == 32);
  std::array<unsigned char, 16> bytes;
  fill_random(bytes);
  std::string out;
  for (const unsigned char b : bytes) out += letters[b % letters.size()];
  return out;
}

bool KnownPasswords::light_hash(std::string_view password, const Bytes16& salt, Bytes32& tag) {
  constexpr std::uint32_t passes = 1, memory_kib = 8, lanes = 1;  // the least that Argon2 takes
  return argon2id_hash_raw(passes, memory_kib, lanes, password.data(), password.size(), salt.data(), salt.size(), tag.data(),
                           tag.size()) == ARGON2_OK;
}

bool KnownPasswords::knows(const std::string& user, std::string_view password, const std::string& encoded) const {
  Bytes16 salt;
  Bytes32 expected;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(user);
    if (found == entries_.end() || found->second.encoded != encoded) return false;
    salt = found->second.salt;
    expected = found->second.tag;
  }
  Bytes32 tag;
  if (!light_hash(password, salt, tag)) return false;
  unsigned different = 0;
  for (std::size_t i = 0; i < tag.size(); ++i) different |= static_cast<unsigned>(tag[i] ^ expected[i]);
  return different == 0;
}

void KnownPasswords::remember(const std::string& user, std::string_view password, const std::string& encoded) {
  Entry entry{encoded, {}, {}};
  fill_random(entry.salt);
  if (!light_hash(password, entry.salt, entry.tag)) return;
  const std::scoped_lock lock(mutex_);
  entries_.insert_or_assign(user, std::move(entry));
}

}  // namespace packhouse::auth
