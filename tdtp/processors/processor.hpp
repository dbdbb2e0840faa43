#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "tdtp/json/document.hpp"
#include "tdtp/limits.hpp"
#include "tdtp/packet.hpp"

namespace packhouse::tdtp {

/// A step that changes or checks the cells of a packet.
class Processor {
 public:
  virtual ~Processor() = default;
  virtual std::string_view name() const = 0;
  /// A packet that is refused may have been changed partly. `first_row`: rows of the table ahead of these, for
  /// messages.
  virtual Result<void> process(Packet& packet, std::uint64_t first_row) const = 0;
};

/// field_masker, field_normalizer or field_validator with its settings (an object; null counts as empty). Messages:
/// `unknown processor type: X`, `failed to create processor 'X': …`.
Result<std::unique_ptr<Processor>> make_processor(std::string_view type, const json::Node& config);

/// Several processors, one after the other.
class Chain {
 public:
  /// From [{"type":…,"params":{…}},…] or null. Messages: `invalid chain JSON: …`, `chain build error: …`.
  static Result<Chain> parse(std::string_view text, const Limits& limits = {});
  /// Message: `chain process error: processor 0 (field_masker) failed: …`.
  Result<void> process(Packet& packet, std::uint64_t first_row = 0) const;

 private:
  std::vector<std::unique_ptr<Processor>> steps_;
};

/// What J_ApplyProcessor does: one of the processors above, `compress` or `decompress`.
Result<void> apply_processor(Packet& packet, std::string_view type, std::string_view config, const Limits& limits = {});

/// Puts all rows into one compressed cell and sets the marks; without rows the cell is empty.
Result<void> compress_packet(Packet& packet, std::int64_t level);
/// The opposite; the checksum is compared if there is one. The marks stay.
Result<void> decompress_packet(Packet& packet, const Limits& limits = {});

/// The column of exactly that name; an error for a name that no column has (decision T4).
Result<std::size_t> processed_column(const Schema& schema, const std::string& name);

}  // namespace packhouse::tdtp
