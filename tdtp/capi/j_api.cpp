#include <algorithm>
#include <cstdlib>
#include <optional>

#include "tdtp/capi/boundary.hpp"
#include "tdtp/capi/libtdtp.h"
#include "tdtp/diff.hpp"
#include "tdtp/export.hpp"
#include "tdtp/json/packet.hpp"
#include "tdtp/json/writer.hpp"
#include "tdtp/processors/processor.hpp"
#include "tdtp/serialize.hpp"
#include "tdtp/tdtql/select.hpp"
#include "tdtp/xml/reader.hpp"
#include "tdtp/xml/writer.hpp"

namespace {

using namespace packhouse;
using namespace packhouse::tdtp;
using capi::guarded;
using capi::limits;

Result<void> given(const char* argument, const char* name) {
  if (argument != nullptr) return ok;
  return fail(Status::argument_error, std::string(name) + " is NULL");
}

Result<json::ReadPacket> read(const char* text) {
  PACKHOUSE_CHECK(given(text, "dataJSON"));
  return json::read_packet(text, limits());
}

void append_rows(const std::vector<Rows::Row>& rows, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i > 0) out += ',';
    json::append_row(rows[i], out);
  }
  out += ']';
}

void append_modified(const Diff::Modified& m, const Schema& schema, std::string& out) {
  out += "{\"key\":";
  json::append_string(m.key, out);
  out += ",\"old_row\":";
  json::append_row(m.old_row, out);
  out += ",\"new_row\":";
  json::append_row(m.new_row, out);
  out += ",\"changes\":{";
  for (std::size_t i = 0; i < m.columns.size(); ++i) {
    const std::size_t column = m.columns[i];
    out += (i > 0 ? ",\"" : "\"") + std::to_string(column) + "\":{\"field_name\":";
    json::append_string(
        column < schema.fields.size() ? std::string_view(schema.fields[column].name) : std::string_view(), out);
    out += ",\"old_value\":";
    json::append_string(m.old_row[column], out);
    out += ",\"new_value\":";
    json::append_string(m.new_row[column], out);
    out += '}';
  }
  out += "}}";
}

std::string diff_json(const Diff& d, const Schema& schema) {
  std::string out = "{\"added\":";
  append_rows(d.added, out);
  out += ",\"removed\":";
  append_rows(d.removed, out);
  out += ",\"modified\":[";
  for (std::size_t i = 0; i < d.modified.size(); ++i) {
    if (i > 0) out += ',';
    append_modified(d.modified[i], schema, out);
  }
  out += "],\"stats\":{\"total_in_a\":" + std::to_string(d.total_old) +
         ",\"total_in_b\":" + std::to_string(d.total_new) + ",\"added\":" + std::to_string(d.added.size()) +
         ",\"removed\":" + std::to_string(d.removed.size()) + ",\"modified\":" + std::to_string(d.modified.size()) +
         ",\"unchanged\":" + std::to_string(d.unchanged) + "}}";
  return out;
}

Result<std::string> filter(const char* data, const char* where, std::int64_t limit, std::int64_t offset, bool page) {
  PACKHOUSE_CHECK(given(where, "whereClause"));
  PACKHOUSE_TRY(const auto in, read(data));
  PACKHOUSE_TRY(const auto selection, tdtql::select(in.packet, where, limit, offset, limits()));
  return json::write_selection(in.packet, selection.rows, page ? &selection.context : nullptr);
}

/// A file as JSON, piece by piece: only the text grows with the file.
Result<std::string> read_as_json(const char* path) {
  PACKHOUSE_TRY(const auto reader, PacketReader::open(path, limits()));
  Packet packet;  // the head as it was when the first rows came; the rows of one piece, or all until then
  std::optional<json::PacketText> text;
  for (bool more = true; more;) {
    PACKHOUSE_TRY(more, reader->next(packet.rows));
    const bool headed = !reader->header().message_id.empty() && !reader->schema().fields.empty();
    if (!text && headed && !packet.rows.empty()) {
      packet.header = reader->header();
      packet.schema = reader->schema();
      constexpr std::uint64_t most = std::uint64_t{1} << 30;
      text.emplace(packet.header, packet.schema, static_cast<std::size_t>(std::min(reader->size(), most) * 5 / 4));
    }
    if (!text) continue;
    text->add(packet.rows);
    packet.rows.clear();
  }
  if (text && packet.header == reader->header() && packet.schema == reader->schema()) return std::move(*text).finish();
  if (text) {  // what belongs ahead of the rows came behind some of them
    PACKHOUSE_TRY(packet, read_packet(path, limits()));
  } else {
    packet.header = reader->header();
    packet.schema = reader->schema();
  }
  return json::write_packet(packet);
}

}  // namespace

void J_FreeString(char* ptr) {
  std::free(ptr);
}

char* J_GetVersion(void) {
  return capi::to_c("1.6.0");
}

char* J_ReadFile(const char* path) {
  return guarded("PARSE_ERROR", [&]() -> Result<std::string> {
    PACKHOUSE_CHECK(given(path, "path"));
    return read_as_json(path);
  });
}

char* J_WriteFile(const char* dataJSON, const char* path) {
  return guarded("WRITE_ERROR", [&]() -> Result<std::string> {
    PACKHOUSE_CHECK(given(path, "path"));
    PACKHOUSE_TRY(const auto in, read(dataJSON));
    if (auto r = write_packet(path, in.packet); !r)
      return tl::make_unexpected(std::move(r).error().in("write error: "));
    return R"({"ok":true})";
  });
}

char* J_ExportAll(const char* dataJSON, const char* basePath, const char* optionsJSON) {
  return guarded("WRITE_ERROR", [&]() -> Result<std::string> {
    PACKHOUSE_CHECK(given(basePath, "basePath"));
    PACKHOUSE_CHECK(given(optionsJSON, "optionsJSON"));
    PACKHOUSE_TRY(const auto in, read(dataJSON));
    PACKHOUSE_TRY(const auto options, ExportOptions::parse(optionsJSON, limits()));
    PACKHOUSE_TRY(const auto files, export_all(in.packet, basePath, options));
    std::string out = "{\"files\":[";
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (i > 0) out += ',';
      json::append_string(files[i], out);
    }
    return out + "],\"total_parts\":" + std::to_string(files.size()) + '}';
  });
}

char* J_FilterRows(const char* dataJSON, const char* whereClause, int limit) {
  return guarded("FILTER_ERROR", [&] { return filter(dataJSON, whereClause, limit, 0, false); });
}

char* J_FilterRowsPage(const char* dataJSON, const char* whereClause, int limit, int offset) {
  return guarded("FILTER_ERROR", [&] { return filter(dataJSON, whereClause, limit, offset, true); });
}

char* J_ApplyProcessor(const char* dataJSON, const char* procType, const char* configJSON) {
  return guarded("PROCESSOR_ERROR", [&]() -> Result<std::string> {
    PACKHOUSE_CHECK(given(procType, "procType"));
    PACKHOUSE_CHECK(given(configJSON, "configJSON"));
    PACKHOUSE_TRY(auto in, read(dataJSON));
    PACKHOUSE_CHECK(apply_processor(in.packet, procType, configJSON, limits()));
    return json::write_packet(in.packet);
  });
}

char* J_ApplyChain(const char* dataJSON, const char* chainJSON) {
  return guarded("PROCESSOR_ERROR", [&]() -> Result<std::string> {
    PACKHOUSE_CHECK(given(chainJSON, "chainJSON"));
    PACKHOUSE_TRY(auto in, read(dataJSON));
    PACKHOUSE_TRY(const Chain chain, Chain::parse(chainJSON, limits()));
    PACKHOUSE_CHECK(chain.process(in.packet));
    return json::write_packet(in.packet);
  });
}

char* J_Diff(const char* oldJSON, const char* newJSON) {
  return guarded("DIFF_ERROR", [&]() -> Result<std::string> {
    auto old_in = read(oldJSON);
    if (!old_in) return tl::make_unexpected(std::move(old_in).error().in("old data error: "));
    auto new_in = read(newJSON);
    if (!new_in) return tl::make_unexpected(std::move(new_in).error().in("new data error: "));
    PACKHOUSE_TRY(const Diff d, diff(old_in->packet, new_in->packet, old_in->ignore_case || new_in->ignore_case));
    return diff_json(d, old_in->packet.schema);
  });
}

char* J_SerializeValue(const char* tdtpType, const char* value) {
  return guarded("INVALID_INPUT", [&]() -> Result<std::string> {
    PACKHOUSE_CHECK(given(tdtpType, "tdtpType"));
    PACKHOUSE_CHECK(given(value, "value"));
    PACKHOUSE_TRY(const std::string text, serialize_value(tdtpType, value, limits()));
    std::string out = "{\"value\":";
    json::append_string(text, out);
    return out + '}';
  });
}
