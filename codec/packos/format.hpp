#pragma once
#include "codec/format.hpp"

namespace packhouse::packos {

/// PackOS as an entry of the format registry.
codec::Format format();

}  // namespace packhouse::packos
