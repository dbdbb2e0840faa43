#include <filesystem>
#include <fstream>
#include <sstream>

// Debian builds the library with exceptions; the header alone can be had without.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "config/settings.hpp"

namespace packhouse::config {

Result<void> load_file(Settings& settings, const std::string& path, bool must_exist) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    if (must_exist) return fail(Status::argument_error, "there is no settings file " + path);
    return ok;
  }
  if (std::filesystem::is_directory(path, ignored)) return fail(Status::argument_error, "the settings file " + path + " is a folder");
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) return fail(Status::argument_error, "the settings file " + path + " can't be read");
  const toml::parse_result parsed = toml::parse(text.str(), path);
  if (!parsed) {
    const auto& error = parsed.error();
    return fail(Status::argument_error, "file " + path + ", line " + std::to_string(error.source().begin.line) + ": " +
                                            std::string(error.description()));
  }
  for (const auto& [key, node] : parsed.table()) {
    const std::string where = "file " + path + ", line " + std::to_string(key.source().begin.line);
    std::string value;
    if (const auto* s = node.as_string()) {
      value = s->get();
    } else if (const auto* i = node.as_integer()) {
      value = std::to_string(i->get());
    } else if (const auto* b = node.as_boolean()) {
      value = b->get() ? "true" : "false";
    } else {
      return fail(Status::argument_error, where + ": " + std::string(key.str()) + " must be a text, a whole number, true or false");
    }
    PACKHOUSE_CHECK(set(settings, key.str(), value, where));
  }
  return ok;
}

}  // namespace packhouse::config
