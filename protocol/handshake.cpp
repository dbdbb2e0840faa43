#include "protocol/handshake.hpp"

#include <algorithm>
#include <vector>

namespace packhouse::protocol {
namespace {

constexpr std::uint8_t magic[] = {0x60, 0x60, 0xB0, 0x17};
constexpr std::uint8_t manifest_major = 0xFF, manifest_version = 1;

/// Four bytes of a proposal or an offer: reserved, range, minor, major.
struct Proposal {
  std::uint8_t range, minor, major;

  /// A range never leaves its major version; one that would is cut at minor 0.
  bool covers(std::uint8_t m) const { return m <= minor && m + range >= minor; }
};

std::optional<Version> highest(const Proposal& p, std::span<const Version> offered) {
  std::optional<Version> best;
  for (const Version v : offered) {
    if (v.major == p.major && p.covers(v.minor) && (!best || *best < v)) best = v;
  }
  return best;
}

void write_four(Buffer& out, std::uint8_t range, Version v) {
  for (const std::uint8_t b : {std::uint8_t{0}, range, v.minor, v.major}) out.put(b);
}

}  // namespace

Opening recognise(Bytes first) {
  const std::string_view text = as_text(first);
  if (text.size() >= 2 && text[0] == 0x16 && text[1] == 0x03) return Opening::tls;
  if (text.size() < 4) return Opening::unknown;
  if (text.starts_with("GET ")) return Opening::http;
  if (std::ranges::equal(first.first(4), std::as_bytes(std::span(magic)))) return Opening::bolt;
  return Opening::other;
}

std::size_t Handshake::feed(Bytes in, Buffer& out) {
  std::size_t taken = 0;
  while (taken < in.size() && !done()) take(std::to_integer<std::uint8_t>(in[taken++]), out);
  return taken;
}

void Handshake::take(std::uint8_t b, Buffer& out) {
  if (step_ == Step::capabilities) return take_capabilities(b);
  bytes_[count_++] = b;
  if (step_ == Step::choice) {
    if (count_ == 4) take_choice();
  } else if (count_ <= 4 && b != magic[count_ - 1]) {
    step_ = Step::refused;  // not Bolt: no answer
  } else if (count_ == 20) {
    answer_proposals(out);
  }
}

void Handshake::answer_proposals(Buffer& out) {
  count_ = 0;
  for (std::size_t at = 4; at < 20; at += 4) {  // in the client's order of preference
    const Proposal p{bytes_[at + 1], bytes_[at + 2], bytes_[at + 3]};
    if (p.major == manifest_major && p.covers(manifest_version)) {
      manifest_ = true;
      step_ = Step::choice;
      return write_manifest(out, offered_);
    }
    if (const auto version = highest(p, offered_)) {
      version_ = *version;
      step_ = Step::agreed;
      return write_four(out, 0, version_);
    }
  }
  step_ = Step::refused;
  write_four(out, 0, {});
}

void Handshake::take_choice() {
  count_ = 0;
  const Version v{bytes_[3], bytes_[2]};
  const bool offered = bytes_[1] == 0 && std::ranges::find(offered_, v) != offered_.end();
  version_ = offered ? v : Version{};
  step_ = offered ? Step::capabilities : Step::refused;
}

void Handshake::take_capabilities(std::uint8_t b) {
  // None are offered, so none can be chosen: every group of the varint must be 0, and there are at most 10.
  if ((b & 0x7F) != 0 || ++count_ > 10) {
    step_ = Step::refused;
  } else if ((b & 0x80) == 0) {
    step_ = Step::agreed;
  }
}

void write_varint(Buffer& out, std::uint64_t v) {
  for (; v > 0x7F; v >>= 7) out.put(static_cast<std::uint8_t>(v | 0x80));
  out.put(static_cast<std::uint8_t>(v));
}

void write_manifest(Buffer& out, std::span<const Version> offered) {
  struct Range {
    Version last;
    std::uint8_t below;
  };
  std::vector<Range> ranges;
  for (const Version v : offered) {
    if (!ranges.empty() && ranges.back().last.major == v.major && ranges.back().last.minor + 1 == v.minor) {
      ranges.back().last = v;
      ++ranges.back().below;
    } else {
      ranges.push_back({v, 0});
    }
  }
  write_four(out, 0, {manifest_major, manifest_version});
  write_varint(out, ranges.size());
  for (const Range& r : ranges) write_four(out, r.below, r.last);
  write_varint(out, 0);  // capabilities
}

}  // namespace packhouse::protocol
