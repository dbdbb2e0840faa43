#pragma once
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "tdtp/limits.hpp"

namespace packhouse::tdtp::capi {

/// The limits, with what the environment says about them; read once.
const Limits& limits();

/// A copy that J_FreeString frees, or null if there is no memory even for that.
char* to_c(std::string_view text) noexcept;

/// {"error":…,"error_code":…} and the position, if the error has one.
std::string error_json(const Error& e, std::string_view code);

/// Runs what a J_* function does. Nothing it throws crosses the boundary.
template <class F>
char* guarded(std::string_view code, F work) noexcept {
  try {
    Result<std::string> r = work();
    if (r) return to_c(*r);
    const bool input = r.error().status() == Status::invalid_arguments;  // json::invalid_json
    return to_c(error_json(r.error(), input ? "INVALID_INPUT" : code));
  } catch (const std::bad_alloc&) {
    return to_c(R"({"error":"out of memory","error_code":"INTERNAL_ERROR"})");
  } catch (...) {
    return to_c(R"({"error":"internal error","error_code":"INTERNAL_ERROR"})");
  }
}

}  // namespace packhouse::tdtp::capi
