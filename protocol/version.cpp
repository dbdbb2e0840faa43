#include "protocol/version.hpp"

namespace packhouse::protocol {

std::string to_string(Version v) {
  return std::to_string(v.major) + '.' + std::to_string(v.minor);
}

}  // namespace packhouse::protocol
