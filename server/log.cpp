#include "server/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace packhouse::server {

void start_logging(std::string_view level) {
  auto logger = spdlog::stderr_logger_mt("packhouse");
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  logger->set_level(spdlog::level::from_str(std::string(level)));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

void stop_logging() { spdlog::shutdown(); }

namespace log {
void debug(std::string_view text) { spdlog::debug("{}", text); }
void info(std::string_view text) { spdlog::info("{}", text); }
void warn(std::string_view text) { spdlog::warn("{}", text); }
void error(std::string_view text) { spdlog::error("{}", text); }
}  // namespace log

}  // namespace packhouse::server
