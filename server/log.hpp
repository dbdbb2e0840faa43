#pragma once
#include <string_view>

#include "base/error.hpp"

namespace packhouse::server {

/// Logs go to standard error; standard output carries only the `ready` line. Never parameters or passwords.
void start_logging(std::string_view level);
void stop_logging();

namespace log {
void debug(std::string_view text);
void info(std::string_view text);
void warn(std::string_view text);
void error(std::string_view text);
}  // namespace log

}  // namespace packhouse::server
