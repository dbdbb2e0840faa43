#pragma once
#include <string>
#include <string_view>

namespace packhouse::datapacker::schema {

/// `reference` as seen from `base` (RFC 3986, section 5), the fragment kept. Either may be empty.
std::string resolve(std::string_view base, std::string_view reference);

/// The part before "#", and the part behind it with %XX decoded.
struct SplitUri {
  std::string document, fragment;
};
SplitUri split_uri(std::string_view uri);

}  // namespace packhouse::datapacker::schema
