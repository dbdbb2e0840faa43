#pragma once
#include "base/error.hpp"
#include "tdtp/packet.hpp"

namespace packhouse::tdtp {

/// A table whose rows come piece by piece, from wherever.
class RowSource {
 public:
  virtual ~RowSource() = default;
  virtual const Header& header() const = 0;
  virtual const Schema& schema() const = 0;
  /// Puts the next rows in the place of those in `rows`; false at the end. Cells are good until the next call.
  virtual Result<bool> next(Rows& rows) = 0;
};

}  // namespace packhouse::tdtp
