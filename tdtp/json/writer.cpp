#include "tdtp/json/writer.hpp"

#include <array>
#include <cstdio>

#include "tdtp/text.hpp"

namespace packhouse::tdtp::json {

namespace {

/// Bytes that are copied as they are.
constexpr std::array<bool, 256> plain = [] {
  std::array<bool, 256> t{};
  for (std::size_t c = 32; c < 0x80; ++c) t[c] = true;
  for (const char c : {'"', '\\', '<', '>', '&'}) t[static_cast<unsigned char>(c)] = false;
  return t;
}();

void append_short(unsigned char c, std::string& out) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  char text[8];
  std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(c));
  out += text;
}

/// What stands for a code point beyond ASCII, if not itself.
std::string_view instead_of(char32_t c) {
  return c == 0x2028 ? "\\u2028" : c == 0x2029 ? "\\u2029" : c == 0xFFFD ? "\xEF\xBF\xBD" : "";
}

void member(std::string& out, std::string_view name, std::string_view value) {
  out += ",\"";
  out += name;
  out += "\":";
  append_string(value, out);
}

void optional_member(std::string& out, std::string_view name, std::string_view value) {
  if (!value.empty()) member(out, name, value);
}

void number(std::string& out, std::string_view name, std::int64_t n) {
  out += ",\"";
  out += name;
  out += "\":";
  out += std::to_string(n);
}

void optional_number(std::string& out, std::string_view name, std::int64_t n) {
  if (n != 0) number(out, name, n);
}

void write_field(const Field& f, std::string& out) {
  out += "{\"name\":";
  append_string(f.name, out);
  member(out, "type", f.type);
  optional_number(out, "length", f.length);
  optional_number(out, "precision", f.precision);
  optional_number(out, "scale", f.scale);
  if (f.key) out += ",\"is_key\":true";
  optional_member(out, "timezone", f.timezone);
  optional_member(out, "subtype", f.subtype);
  if (f.readonly) out += ",\"readonly\":true";
  out += '}';
}

void write_header(const Header& h, std::string& out) {
  out += "{\"type\":";
  append_string(h.type, out);
  member(out, "table_name", h.table_name);
  member(out, "message_id", h.message_id);
  optional_member(out, "in_reply_to", h.in_reply_to);
  optional_number(out, "part_number", h.part_number);
  optional_number(out, "total_parts", h.total_parts);
  optional_number(out, "records_in_part", h.records_in_part);
  member(out, "timestamp", h.timestamp);
  optional_member(out, "sender", h.sender);
  optional_member(out, "recipient", h.recipient);
  out += '}';
}

/// Everything ahead of the rows.
void open_head(const Header& header, const Schema& schema, std::string& out) {
  out += "{\"schema\":{\"fields\":[";
  for (std::size_t i = 0; i < schema.fields.size(); ++i) {
    if (i > 0) out += ',';
    write_field(schema.fields[i], out);
  }
  out += "]},\"header\":";
  write_header(header, out);
  out += ",\"data\":";
}

void append_rows(const Rows& rows, std::string& out) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (out.back() != '[') out += ',';
    append_row(rows[i], out);
  }
}

void close_marks(const Packet& packet, std::string& out) {
  optional_member(out, "compression", packet.compression);
  optional_member(out, "checksum", packet.checksum);
  optional_member(out, "error", packet.error);
}

void write_context(const tdtql::PageContext& c, std::string& out) {
  out += ",\"query_context\":{\"total_records\":" + std::to_string(c.total);
  number(out, "matched_records", static_cast<std::int64_t>(c.matched));
  number(out, "returned_records", static_cast<std::int64_t>(c.returned));
  out += c.more ? ",\"more_available\":true" : ",\"more_available\":false";
  if (c.more) number(out, "next_offset", static_cast<std::int64_t>(c.next_offset));
  number(out, "limit", c.limit);
  number(out, "offset", c.offset);
  out += '}';
}

/// A guess at the result's size, so that the text is not moved as it grows.
std::size_t size_of(const Rows& rows) {
  std::size_t n = 4096 + rows.cell_count() * 3 + rows.size() * 3;
  for (std::size_t i = 0; i < rows.size(); i += 64) {
    for (const auto cell : rows[i]) n += cell.size() * 64;
  }
  return n + n / 16;
}

}  // namespace

void append_string(std::string_view s, std::string& out) {
  out += '"';
  append_escaped(s, plain, out, [&out](unsigned char c) { append_short(c, out); }, instead_of);
  out += '"';
}

void append_row(Rows::Row row, std::string& out) {
  if (!row.empty()) {
    out += "[\"";
    if (append_plain_row(row, "\",\"", out)) {
      out += "\"]";
      return;
    }
    out.resize(out.size() - 2);
  }
  out += '[';
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) out += ',';
    append_string(row[i], out);
  }
  out += ']';
}

std::string write_packet(const Packet& packet) {
  std::string out;
  out.reserve(size_of(packet.rows));
  open_head(packet.header, packet.schema, out);
  if (packet.rows.absent && packet.rows.empty()) {
    out += "null";
  } else {
    out += '[';
    append_rows(packet.rows, out);
    out += ']';
  }
  close_marks(packet, out);
  out += '}';
  return out;
}

PacketText::PacketText(const Header& header, const Schema& schema, std::size_t room) {
  text_.reserve(room);
  open_head(header, schema, text_);
  text_ += '[';
}
void PacketText::add(const Rows& rows) {
  append_rows(rows, text_);
}
std::string PacketText::finish() && {
  text_ += "]}";
  return std::move(text_);
}

std::string write_selection(const Packet& packet, const std::vector<std::size_t>& chosen,
                            const tdtql::PageContext* context) {
  std::string out;
  open_head(packet.header, packet.schema, out);
  out += '[';
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (i > 0) out += ',';
    append_row(packet.rows[chosen[i]], out);
  }
  out += ']';
  close_marks(packet, out);
  if (context != nullptr) write_context(*context, out);
  out += '}';
  return out;
}

}  // namespace packhouse::tdtp::json
