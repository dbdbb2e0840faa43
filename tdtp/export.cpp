#include "tdtp/export.hpp"

#include <unistd.h>

#include <cstdio>
#include <random>

#include "base/clock.hpp"
#include "tdtp/compression.hpp"
#include "tdtp/json/document.hpp"
#include "tdtp/time.hpp"
#include "tdtp/xml/writer.hpp"

namespace packhouse::tdtp {

namespace {

constexpr std::size_t part_overhead = 5000;  // what header and schema are taken to need

/// The original's guess at a row's bytes.
std::size_t estimate(Rows::Row row) {
  std::size_t n = 10;
  for (const auto cell : row) n += cell.size() + 1;
  return 2 * n;
}

/// REF-<year>-<8 digits>: one for all parts of an export.
std::string make_base_id() {
  std::random_device random;
  char digits[16];
  std::snprintf(digits, sizeof digits, "%08x", random());
  return "REF-" + format_seconds(wall_clock().seconds).substr(0, 4) + "-" + digits;
}

Result<void> write_part(const std::string& path, const Packet& whole, const Header& header, std::size_t from,
                        std::size_t to, const ExportOptions& options) {
  const std::string number = std::to_string(header.part_number);
  if (!options.compress || from == to) {
    auto r = [&]() -> Result<void> {
      PACKHOUSE_TRY(PacketWriter writer, PacketWriter::create(path, header, whole.schema));
      for (std::size_t i = from; i < to; ++i) PACKHOUSE_CHECK(writer.row(whole.rows[i]));
      return writer.close();
    }();
    if (!r) return tl::make_unexpected(std::move(r).error().in("write part " + number + ": "));
    return ok;
  }
  Packet part{header, whole.schema, {}, "zstd", "", ""};
  for (std::size_t i = from; i < to; ++i) part.rows.add_row(whole.rows[i]);
  auto blob = compress_rows(part.rows, options.level);
  if (!blob) return tl::make_unexpected(std::move(blob).error().in("compress part " + number + ": "));
  part.rows.clear();
  part.rows.add(*blob);
  part.rows.end_row();
  if (options.checksum) part.checksum = checksum_of(*blob);
  if (auto r = write_packet(path, part); !r)
    return tl::make_unexpected(std::move(r).error().in("write part " + number + ": "));
  return ok;
}

}  // namespace

Result<ExportOptions> ExportOptions::parse(std::string_view text, const Limits& limits) {
  using Kind = json::Node::Kind;
  ExportOptions options;
  if (text.empty()) return options;
  auto node = json::parse(text, limits.depth);
  if (!node) return tl::make_unexpected(std::move(node).error().in("invalid options JSON: "));
  if (node->is(Kind::null)) return options;
  if (!node->is(Kind::object)) {
    return fail(Status::argument_error, "invalid options JSON: json: cannot unmarshal " +
                                            std::string(node->kind_name()) +
                                            " into Go value of type map[string]interface {}");
  }
  const auto flag = [&](std::string_view name, bool& out) {
    if (const auto* n = node->find(name); n != nullptr && n->is(Kind::boolean)) out = n->truth;
  };
  flag("compress", options.compress);
  flag("checksum", options.checksum);
  if (const auto* n = node->find("level"); n != nullptr && n->is(Kind::number)) {
    const double v = n->as_double();
    options.level = v >= 22 ? 22 : v <= 1 ? 1 : static_cast<std::int64_t>(v);
  }
  if (const auto* n = node->find("part_bytes");
      n != nullptr && n->is(Kind::number) && n->as_double() >= 1 && n->as_double() < 1e15) {
    options.part_bytes = static_cast<std::size_t>(n->as_double());
  }
  return options;
}

std::vector<std::size_t> cut_parts(const Rows& rows, std::size_t part_bytes) {
  std::vector<std::size_t> cuts{0};
  std::size_t size = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t row = estimate(rows[i]);
    if (i > cuts.back() && size + row + part_overhead > part_bytes) {
      cuts.push_back(i);
      size = 0;
    }
    size += row;
  }
  cuts.push_back(rows.size());
  return cuts;
}

std::string part_path(const std::string& base, std::size_t part, std::size_t total) {
  if (total == 1) return base;
  const std::size_t slash = base.rfind('/');
  const std::size_t name = slash == std::string::npos ? 0 : slash + 1;
  std::size_t dot = base.rfind('.');
  if (dot == std::string::npos || dot < name) dot = base.size();
  constexpr std::string_view inner = ".tdtp";
  if (dot >= name + inner.size() && std::string_view(base).substr(0, dot).ends_with(inner)) dot -= inner.size();
  return base.substr(0, dot) + "_part_" + std::to_string(part) + "_of_" + std::to_string(total) + base.substr(dot);
}

Result<std::vector<std::string>> export_all(const Packet& packet, const std::string& base,
                                            const ExportOptions& options) {
  const auto cuts = cut_parts(packet.rows, options.part_bytes);
  const std::size_t total = cuts.size() - 1;
  const std::string id = make_base_id();
  std::vector<std::string> files;
  for (std::size_t i = 0; i < total; ++i) {
    Header header;
    header.type = "reference";
    header.table_name = packet.header.table_name;
    header.message_id = id + "-P" + std::to_string(i + 1);
    header.part_number = static_cast<std::int64_t>(i + 1);
    header.total_parts = static_cast<std::int64_t>(total);
    header.records_in_part = static_cast<std::int64_t>(cuts[i + 1] - cuts[i]);
    header.timestamp = packet.header.timestamp;
    files.push_back(part_path(base, i + 1, total));
    if (auto r = write_part(files.back(), packet, header, cuts[i], cuts[i + 1], options); !r) {
      files.pop_back();  // that one is gone already
      for (const auto& path : files) ::unlink(path.c_str());
      return tl::make_unexpected(std::move(r).error());
    }
  }
  return files;
}

}  // namespace packhouse::tdtp
