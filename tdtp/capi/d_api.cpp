#include <cstring>
#include <new>

#include "tdtp/capi/boundary.hpp"
#include "tdtp/capi/input.hpp"
#include "tdtp/capi/libtdtp.h"
#include "tdtp/capi/memory.hpp"
#include "tdtp/compression.hpp"
#include "tdtp/processors/masker.hpp"
#include "tdtp/text.hpp"
#include "tdtp/time.hpp"
#include "tdtp/xml/reader.hpp"
#include "tdtp/xml/writer.hpp"

namespace {

using namespace packhouse;
using namespace packhouse::tdtp;
using capi::put;
using capi::Table;

/// Runs what a D_* function does; a failure's message goes to `to`. Nothing it throws crosses the boundary.
template <class F>
int guarded(D_Packet* to, F work) noexcept {
  try {
    const Result<void> r = work();
    if (r) return 0;
    if (to != nullptr) put(to->error, r.error().message());
  } catch (const std::bad_alloc&) {
    if (to != nullptr) put(to->error, "out of memory");
  } catch (...) {
    if (to != nullptr) put(to->error, "internal error");
  }
  return 1;
}

Result<void> given(const void* argument, const char* name) {
  if (argument != nullptr) return ok;
  return fail(Status::argument_error, std::string(name) + " is NULL");
}

/// Schema, names and time of a packet that was made from another.
Result<void> copy_head(const D_Packet& from, D_Packet& out) {
  PACKHOUSE_CHECK(capi::give_schema(from.schema, out));
  std::memcpy(out.msg_type, from.msg_type, sizeof out.msg_type);
  std::memcpy(out.table_name, from.table_name, sizeof out.table_name);
  std::memcpy(out.message_id, from.message_id, sizeof out.message_id);
  out.timestamp_unix = from.timestamp_unix;
  return ok;
}

Result<void> give(std::unique_ptr<Table> table, const D_Packet& from, D_Packet& out) {
  PACKHOUSE_CHECK(Table::give(std::move(table), out));
  return copy_head(from, out);
}

std::unique_ptr<Table> table_of(const Rows& rows) {
  auto table = std::make_unique<Table>(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) table->add_row(rows[i]);
  return table;
}

/// Masks a cell: in place if both are ASCII, which is nearly always.
void mask_cell(char*& cell, char32_t c, std::size_t visible, Table& table) {
  const std::string_view text(cell);
  unsigned char wide = 0;
  for (const char byte : text) wide |= static_cast<unsigned char>(byte);
  if (c >= 0x80 || wide >= 0x80) {
    cell = table.copy(mask_all_but_last(text, c, visible));
  } else if (text.size() > visible) {
    std::memset(cell, static_cast<int>(c), text.size() - visible);
  }
}

Result<void> mask(const D_Packet& pkt, const D_MaskConfig& cfg, D_Packet& out) {
  if (cfg.visible_chars < 0) return fail(Status::argument_error, "mask error: visible_chars is negative");
  PACKHOUSE_TRY(const std::vector<std::size_t> masked, capi::masked_columns(pkt.schema, cfg));
  const std::string_view text = capi::text_of(cfg.mask_char);
  std::size_t at = 0;
  const char32_t c = text.empty() ? U'*' : decode_lossy(text, at);
  const auto visible = static_cast<std::size_t>(cfg.visible_chars);
  auto table = std::make_unique<Table>(static_cast<std::size_t>(pkt.row_count));
  for (int i = 0; i < pkt.row_count; ++i) {
    const D_Row& row = table->copy_row(pkt.rows[i]);
    for (const std::size_t column : masked) {
      if (column < static_cast<std::size_t>(row.value_count)) mask_cell(row.values[column], c, visible, *table);
    }
  }
  return give(std::move(table), pkt, out);
}

Result<void> filter(const D_Packet& pkt, const D_FilterSpec* specs, std::size_t count, std::size_t limit,
                    D_Packet& out) {
  const capi::Filter filter(pkt.schema, specs, count);
  std::vector<int> chosen;
  for (int i = 0; i < pkt.row_count && (limit == 0 || chosen.size() < limit); ++i) {
    auto yes = filter.matches(pkt.rows[i]);
    if (!yes) return tl::make_unexpected(std::move(yes).error().in("filter error: "));
    if (*yes) chosen.push_back(i);
  }
  auto table = std::make_unique<Table>(chosen.size());
  for (const int i : chosen) table->copy_row(pkt.rows[i]);
  return give(std::move(table), pkt, out);
}

Result<void> write(const D_Packet& pkt, const char* path) {
  PACKHOUSE_TRY(const Packet packet, capi::head_of(pkt));
  PACKHOUSE_TRY(PacketWriter writer,
                PacketWriter::create(path, packet.header, packet.schema, packet.compression, packet.checksum));
  std::vector<std::string_view> cells;
  for (int i = 0; i < pkt.row_count; ++i) {
    const D_Row& row = pkt.rows[i];
    cells.clear();
    for (int j = 0; j < row.value_count; ++j) cells.push_back(capi::cell(row, static_cast<std::size_t>(j)));
    PACKHOUSE_CHECK(writer.row(cells));
  }
  return writer.close();
}

}  // namespace

int D_ReadFile(const char* path, D_Packet* out) {
  return guarded(out, [&]() -> Result<void> {
    PACKHOUSE_CHECK(given(out, "out"));
    PACKHOUSE_CHECK(given(path, "path"));
    PACKHOUSE_TRY(const auto reader, PacketReader::open(path, capi::limits()));
    auto table = std::make_unique<Table>();
    for (Rows rows;; rows.clear()) {
      PACKHOUSE_TRY(const bool more, reader->next(rows));
      for (std::size_t i = 0; i < rows.size(); ++i) table->add_row(rows[i]);
      if (!more) break;
    }
    PACKHOUSE_CHECK(Table::give(std::move(table), *out));
    PACKHOUSE_CHECK(capi::give_schema(reader->schema(), *out));
    const Header& header = reader->header();
    put(out->msg_type, header.type);
    put(out->table_name, header.table_name);
    put(out->message_id, header.message_id);
    if (const auto t = parse_rfc3339(header.timestamp)) out->timestamp_unix = t->seconds;
    return ok;
  });
}

int D_WriteFile(D_Packet* pkt, const char* path) {
  return guarded(pkt, [&]() -> Result<void> {
    PACKHOUSE_CHECK(capi::check(pkt));
    PACKHOUSE_CHECK(given(path, "path"));
    if (auto r = write(*pkt, path); !r) return tl::make_unexpected(std::move(r).error().in("write error: "));
    return ok;
  });
}

int D_FilterRows(D_Packet* pkt, D_FilterSpec* filters, int count, int limit, D_Packet* out) {
  return guarded(out, [&]() -> Result<void> {
    PACKHOUSE_CHECK(given(out, "out"));
    PACKHOUSE_CHECK(capi::check(pkt));
    const std::size_t n = filters == nullptr || count < 0 ? 0 : static_cast<std::size_t>(count);
    return filter(*pkt, filters, n, limit > 0 ? static_cast<std::size_t>(limit) : 0, *out);
  });
}

int D_ApplyMask(D_Packet* pkt, D_MaskConfig* cfg, D_Packet* out) {
  return guarded(out, [&]() -> Result<void> {
    PACKHOUSE_CHECK(given(out, "out"));
    PACKHOUSE_CHECK(capi::check(pkt));
    PACKHOUSE_CHECK(given(cfg, "cfg"));
    return mask(*pkt, *cfg, *out);
  });
}

int D_ApplyCompress(D_Packet* pkt, int level, D_Packet* out) {
  return guarded(out, [&]() -> Result<void> {
    PACKHOUSE_CHECK(given(out, "out"));
    PACKHOUSE_CHECK(capi::check(pkt));
    std::string blob;
    if (pkt->row_count > 0) {
      PACKHOUSE_TRY(blob, compress_rows(capi::rows_of(*pkt), level));
    }
    auto table = std::make_unique<Table>(1);
    table->begin_row(1);
    table->add(blob);
    PACKHOUSE_CHECK(give(std::move(table), *pkt, *out));
    put(out->compression, "zstd");
    return ok;
  });
}

int D_ApplyDecompress(D_Packet* pkt, D_Packet* out) {
  return guarded(out, [&]() -> Result<void> {
    PACKHOUSE_CHECK(given(out, "out"));
    PACKHOUSE_CHECK(capi::check(pkt));
    if (pkt->row_count == 0 || pkt->rows[0].value_count == 0)
      return fail(Status::argument_error, "no compressed data found");
    Rows rows;
    PACKHOUSE_CHECK(decompress_rows(capi::cell(pkt->rows[0], 0), {}, capi::limits(), rows));
    return give(table_of(rows), *pkt, *out);
  });
}

void D_FreePacket(D_Packet* pkt) {
  if (pkt != nullptr) capi::take_back(*pkt);
}

void D_FreeMaskConfig(D_MaskConfig*) {}
