#include "codec/format.hpp"

#include <algorithm>
#include <string>

namespace packhouse::codec {

bool FormatRegistry::add(const Format& f) {
  if (find(f.name)) return false;
  formats_.push_back(f);
  return true;
}

const Format* FormatRegistry::find(std::string_view name) const {
  const auto found = std::ranges::find(formats_, name, &Format::name);
  return found == formats_.end() ? nullptr : &*found;
}

Result<void> transcode(const Format& from, const Format& to, Bytes in, Buffer& out, const Limits& limits) {
  const std::size_t before = out.size();
  const auto writer = to.writer(out);
  Result<void> done = from.read(in, *writer, limits);
  if (done) done = writer->finish();
  if (!done) out.truncate(before);
  return done;
}

Result<void> transcode(std::string_view from, std::string_view to, Bytes in, Buffer& out, const Limits& limits) {
  const Format* const source = formats().find(from);
  const Format* const target = formats().find(to);
  if (source && target) return transcode(*source, *target, in, out, limits);
  std::string known;
  for (const Format& f : formats().all()) known += (known.empty() ? "" : ", ") + std::string(f.name);
  return fail(Status::argument_error,
              "unknown format '" + std::string(source ? to : from) + "', known are " + known);
}

}  // namespace packhouse::codec
