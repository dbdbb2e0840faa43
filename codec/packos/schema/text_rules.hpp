#pragma once
#include <string_view>

#include "codec/packos/schema/failure.hpp"

namespace packhouse::packos {

/// Whether the text meets the node's test.
bool meets(const Node& node, std::string_view text);
/// And why it does not.
Refusal why_not(const Node& node, std::string_view text);

// What the original's libraries accept: net/mail and net/url (addresses.cpp), and its list of languages.
bool is_email(std::string_view text);
bool is_uri(std::string_view text);
bool is_language(std::string_view text);

/// A float as the original prints it (Go's %v): shortest digits, exponent form below 1e-4 and from 1e6 on.
std::string number_text(double v);

}  // namespace packhouse::packos
