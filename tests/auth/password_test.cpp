#include "auth/password.hpp"

#include <set>

#include "support.hpp"

using namespace packhouse;
using namespace packhouse::auth;

namespace {
constexpr HashCost cheap{1, 8, 1};
}

TEST_CASE("a hash is Argon2id, salted, and fits its password only") {
  const std::string hash = must(hash_password("secret", cheap));
  CHECK(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
  CHECK(hash != must(hash_password("secret", cheap)));
  CHECK(must(verify_password("secret", hash)));
  for (const char* wrong : {"", "Secret", "secret ", "secre", "a much longer one that is wrong as well"}) {
    CAPTURE(wrong);
    CHECK_FALSE(must(verify_password(wrong, hash)));
  }
}

TEST_CASE("the default cost is what OWASP recommends") {
  const HashCost cost;
  CHECK(must(hash_password("x", cost)).starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST_CASE("passwords are bytes: NUL, other scripts, emptiness") {
  const std::string with_nul("a\0b", 3);
  const std::string hash = must(hash_password(with_nul, cheap));
  CHECK(must(verify_password(with_nul, hash)));
  CHECK_FALSE(must(verify_password("a", hash)));
  CHECK(must(verify_password("пароль🔑", must(hash_password("пароль🔑", cheap)))));
  CHECK(must(verify_password("", must(hash_password("", cheap)))));
}

TEST_CASE("a damaged hash is an error, not a wrong password") {
  const std::string hash = must(hash_password("secret", cheap));
  for (const std::string& bad : {std::string(), std::string("secret"), hash.substr(0, 20), "x" + hash}) {
    CAPTURE(bad);
    const auto result = verify_password("secret", bad);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().status() == Status::storage_failed);
  }
}

TEST_CASE("made-up passwords are long and differ") {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string p = random_password();
    CHECK(p.size() == 16);
    CHECK(seen.insert(p).second);
  }
}

TEST_CASE("a known password is known for its user and its hash only") {
  KnownPasswords known;
  CHECK_FALSE(known.knows("ada", "secret", "hash 1"));
  known.remember("ada", "secret", "hash 1");
  CHECK(known.knows("ada", "secret", "hash 1"));
  CHECK_FALSE(known.knows("ada", "Secret", "hash 1"));
  CHECK_FALSE(known.knows("ada", "", "hash 1"));
  CHECK_FALSE(known.knows("ada", "secret", "hash 2"));
  CHECK_FALSE(known.knows("bob", "secret", "hash 1"));
  known.remember("ada", "other", "hash 2");
  CHECK(known.knows("ada", "other", "hash 2"));
  CHECK_FALSE(known.knows("ada", "secret", "hash 1"));
}
