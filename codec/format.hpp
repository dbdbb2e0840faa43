#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "base/buffer.hpp"
#include "codec/any_sink.hpp"

namespace packhouse::codec {

/// Bounds for reading untrusted bytes of any format.
struct Limits {
  std::uint32_t max_depth = 1000;  ///< of lists and maps inside each other
};

/// What a format can carry; a writer refuses the rest with an error that says so.
struct Carries {
  bool bytes = false;
  bool non_finite = false;  ///< NaN and infinities
  bool temporals = false;   ///< dates, times, durations
  bool points = false;
  bool vectors = false;     ///< typed arrays as such
  bool structures = false;  ///< PackStream structures as such
};

/// One format of the registry: how to read it into any sink and how to write it from any sink. n formats
/// cost n readers and n writers, and every pair transcodes. Plain data, to be shared freely.
struct Format {
  std::string_view name;        ///< "json"
  std::string_view media_type;  ///< "application/json"
  Carries carries;
  /// Reads exactly one value from untrusted bytes.
  Result<void> (*read)(Bytes in, AnySink& out, const Limits& limits);
  /// A sink that appends to `out`, which must outlive it.
  std::unique_ptr<AnySink> (*writer)(Buffer& out);
};

/// The formats that this process knows. Fill it at start; reading is safe from any thread afterwards.
class FormatRegistry {
 public:
  /// False if the name is taken.
  bool add(const Format& f);
  /// Null for a name nobody knows.
  const Format* find(std::string_view name) const;
  const std::vector<Format>& all() const { return formats_; }

 private:
  std::vector<Format> formats_;
};

/// The registry with all formats of this library.
const FormatRegistry& formats();

/// Reads one value of format `from` and appends it in format `to`. After an error `out` is as it was.
Result<void> transcode(const Format& from, const Format& to, Bytes in, Buffer& out, const Limits& limits = {});
/// By name; unknown names are an error that lists the known ones.
Result<void> transcode(std::string_view from, std::string_view to, Bytes in, Buffer& out, const Limits& limits = {});

}  // namespace packhouse::codec
