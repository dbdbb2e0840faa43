#include "tdtp/export.hpp"

#include <cstdio>
#include <random>

#include "base/clock.hpp"
#include "tdtp/compression.hpp"
#include "tdtp/file.hpp"
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

}  // namespace

Result<ExportOptions> ExportOptions::parse(std::string_view text, const Limits& limits) {
  using Kind = json::Node::Kind;
  ExportOptions options;
  if (text.empty()) return options;
  auto node = json::parse(text, limits.depth);
  if (!node) return json::invalid_json("options", node.error().message());
  if (node->is(Kind::null)) return options;
  if (!node->is(Kind::object)) {
    return json::wrong_json("options", *node, "value of type map[string]interface {}");
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

bool PartCutter::cut_before(Rows::Row row) {
  const std::size_t bytes = estimate(row);
  const bool cut = any_ && size_ + bytes + part_overhead > part_bytes_;
  size_ = cut ? bytes : size_ + bytes;
  any_ = true;
  return cut;
}

std::vector<std::size_t> cut_parts(const Rows& rows, std::size_t part_bytes) {
  std::vector<std::size_t> cuts{0};
  PartCutter cutter(part_bytes);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (cutter.cut_before(rows[i])) cuts.push_back(i);
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

PartHeaders::PartHeaders(const Header& from, std::size_t total) {
  header_.type = "reference";
  header_.table_name = from.table_name;
  header_.message_id = make_base_id();
  header_.total_parts = static_cast<std::int64_t>(total);
  header_.timestamp = from.timestamp;
}

Header PartHeaders::of(std::size_t part, std::size_t rows) const {
  Header h = header_;
  h.message_id += "-P" + std::to_string(part);
  h.part_number = static_cast<std::int64_t>(part);
  h.records_in_part = static_cast<std::int64_t>(rows);
  return h;
}

Result<void> write_part(const std::string& path, const Header& header, const Schema& schema, const Rows& rows,
                        std::size_t from, std::size_t to, const ExportOptions& options) {
  const std::string number = std::to_string(header.part_number);
  const auto at_write = [&](Result<void> r) -> Result<void> {
    if (r) return ok;
    return tl::make_unexpected(std::move(r).error().in("write part " + number + ": "));
  };
  if (!options.compress || from == to) {
    auto writer = PacketWriter::create(path, header, schema);
    if (!writer) return at_write(tl::make_unexpected(std::move(writer).error()));
    for (std::size_t i = from; i < to; ++i) PACKHOUSE_CHECK(at_write(writer->row(rows[i])));
    return at_write(writer->close());
  }
  Packet part{header, schema, {}, "zstd", "", ""};
  for (std::size_t i = from; i < to; ++i) part.rows.add_row(rows[i]);
  auto blob = compress_rows(part.rows, options.level);
  if (!blob) return tl::make_unexpected(std::move(blob).error().in("compress part " + number + ": "));
  part.rows.clear();
  part.rows.add(*blob);
  part.rows.end_row();
  if (options.checksum) part.checksum = checksum_of(*blob);
  return at_write(write_packet(path, part));
}

Result<std::vector<std::string>> export_all(const Packet& packet, const std::string& base,
                                            const ExportOptions& options) {
  const auto cuts = cut_parts(packet.rows, options.part_bytes);
  const std::size_t total = cuts.size() - 1;
  const PartHeaders headers(packet.header, total);
  FileSet files;
  for (std::size_t i = 0; i < total; ++i) {
    const std::string number = std::to_string(i + 1);
    auto path = files.add(part_path(base, i + 1, total));
    if (!path) return tl::make_unexpected(std::move(path).error().in("write part " + number + ": "));
    PACKHOUSE_CHECK(write_part(*path, headers.of(i + 1, cuts[i + 1] - cuts[i]), packet.schema, packet.rows, cuts[i],
                               cuts[i + 1], options));
  }
  auto paths = files.paths();
  PACKHOUSE_CHECK(files.publish());
  return paths;
}

}  // namespace packhouse::tdtp
