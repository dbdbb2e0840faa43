#pragma once

namespace packhouse::packstream {

/// What a negotiated Bolt version changes in PackStream, as data (specs/BOLT.md sections 4 and 10).
/// The default is Bolt 6.0, the newest version offered.
struct Dialect {
  bool utc_datetimes = true;  ///< structures I and i; false: the legacy F and f
  bool element_ids = true;    ///< graph structures carry element ids (5.0)
  bool vectors = true;        ///< structure V (6.0); false: a vector is written as a list of numbers
  bool uuid = false;          ///< marker E0 (6.1)
  bool operator==(const Dialect&) const = default;

  /// `utc_patch`: the client asked for patch_bolt ["utc"] at 4.3 or 4.4 and got it.
  static constexpr Dialect bolt(unsigned major, unsigned minor, bool utc_patch = false) {
    return {major >= 5 || utc_patch, major >= 5, major >= 6, major > 6 || (major == 6 && minor >= 1)};
  }
};

}  // namespace packhouse::packstream
