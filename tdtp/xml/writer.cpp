#include "tdtp/xml/writer.hpp"

#include <array>

#include "base/clock.hpp"
#include "tdtp/text.hpp"
#include "tdtp/time.hpp"

namespace packhouse::tdtp {

namespace {

/// What a byte is replaced by in text; nothing for most.
struct Escapes {
  std::array<std::string_view, 128> by;
  std::array<bool, 256> plain;
};

constexpr std::string_view replacement = "\xEF\xBF\xBD";

constexpr Escapes make_escapes(bool cell) {
  Escapes e{};
  for (std::size_t c = 0; c < 32; ++c) e.by[c] = replacement;
  e.by['\t'] = "&#x9;";
  e.by['\n'] = cell ? "\\n" : "&#xA;";
  e.by['\r'] = "&#xD;";
  e.by['&'] = "&amp;";
  e.by['<'] = "&lt;";
  e.by['>'] = "&gt;";
  e.by['"'] = "&#34;";
  e.by['\''] = "&#39;";
  if (cell) {
    e.by['|'] = "\\|";
    e.by['\\'] = "\\\\";
  }
  for (std::size_t c = 0; c < 128; ++c) e.plain[c] = e.by[c].empty();
  return e;
}

constexpr Escapes of_text = make_escapes(false), of_cell = make_escapes(true);

/// For a code point that XML forbids, or that is none.
std::string_view instead_of(char32_t c) {
  return c == 0xFFFD || c == 0xFFFE || c == 0xFFFF ? replacement : std::string_view();
}

void append_text(std::string_view s, const Escapes& escapes, std::string& out) {
  append_escaped(s, escapes.plain, out, [&](unsigned char c) { out += escapes.by[c]; }, instead_of);
}

void element(std::string& out, std::string_view name, std::string_view text) {
  out += "\n    <";
  out += name;
  out += '>';
  append_text(text, of_text, out);
  out += "</";
  out += name;
  out += '>';
}

void optional_element(std::string& out, std::string_view name, std::string_view text) {
  if (!text.empty()) element(out, name, text);
}

void optional_number(std::string& out, std::string_view name, std::int64_t n) {
  if (n != 0) element(out, name, std::to_string(n));
}

void attribute(std::string& out, std::string_view name, std::string_view text) {
  out += ' ';
  out += name;
  out += "=\"";
  append_text(text, of_text, out);
  out += '"';
}

void optional_attribute(std::string& out, std::string_view name, std::string_view text) {
  if (!text.empty()) attribute(out, name, text);
}

void optional_attribute(std::string& out, std::string_view name, std::int64_t n) {
  if (n != 0) attribute(out, name, std::to_string(n));
}

void write_header(std::string& out, const Header& h, std::string_view timestamp) {
  out += "\n  <Header>";
  element(out, "Type", h.type);
  element(out, "TableName", h.table_name);
  element(out, "MessageID", h.message_id);
  optional_element(out, "InReplyTo", h.in_reply_to);
  optional_number(out, "PartNumber", h.part_number);
  optional_number(out, "TotalParts", h.total_parts);
  optional_number(out, "RecordsInPart", h.records_in_part);
  element(out, "Timestamp", timestamp);
  optional_element(out, "Sender", h.sender);
  optional_element(out, "Recipient", h.recipient);
  out += "\n  </Header>";
}

void write_schema(std::string& out, const Schema& schema) {
  out += "\n  <Schema>";
  for (const Field& f : schema.fields) {
    out += "\n    <Field";
    attribute(out, "name", f.name);
    attribute(out, "type", f.type);
    optional_attribute(out, "length", f.length);
    optional_attribute(out, "precision", f.precision);
    optional_attribute(out, "scale", f.scale);
    if (f.key) attribute(out, "key", "true");
    optional_attribute(out, "timezone", f.timezone);
    optional_attribute(out, "subtype", f.subtype);
    if (f.readonly) attribute(out, "readonly", "true");
    out += "></Field>";
  }
  out += schema.fields.empty() ? "</Schema>" : "\n  </Schema>";
}

constexpr std::int64_t year_one = -62'135'596'800;  // a time that nobody set; no reader accepts it

}  // namespace

Result<std::string> written_timestamp(std::string_view given) {
  const auto exact = parse_rfc3339(given);
  if (given.empty() || (exact && exact->seconds == year_one && exact->nanos == 0)) return format_nanos(wall_clock());
  if (exact) return std::string(given);
  if (const auto t = parse_any_time(given)) return format_nanos(*t);
  return fail(Status::argument_error, "the timestamp " + quoted(given) + " is not RFC 3339");
}

Result<PacketWriter> PacketWriter::create(const std::string& path, const Header& header, const Schema& schema,
                                          std::string_view compression, std::string_view checksum) {
  PACKHOUSE_TRY(const std::string timestamp, written_timestamp(header.timestamp));
  PACKHOUSE_TRY(OutFile file, OutFile::create(path));
  std::string& out = file.buffer();
  out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DataPacket protocol=\"TDTP\" version=\"1.0\">";
  write_header(out, header, timestamp);
  write_schema(out, schema);
  out += "\n  <Data";
  optional_attribute(out, "compression", compression);
  optional_attribute(out, "checksum", checksum);
  out += '>';
  return PacketWriter(std::move(file));
}

Result<void> PacketWriter::row(Rows::Row cells) {
  std::string& out = file_.buffer();
  out += "\n    <R>";
  const bool plain = append_plain_row(cells, "|", out);
  for (std::size_t i = 0; i < cells.size() && !plain; ++i) {
    if (i > 0) out += '|';
    append_text(cells[i], of_cell, out);
  }
  out += "</R>";
  any_ = true;
  return file_.flush_if_full();
}

Result<void> PacketWriter::close() {
  file_.buffer() += any_ ? "\n  </Data>\n</DataPacket>" : "</Data>\n</DataPacket>";
  return file_.close();
}

Result<void> write_packet(const std::string& path, const Packet& packet) {
  PACKHOUSE_TRY(PacketWriter writer,
                PacketWriter::create(path, packet.header, packet.schema, packet.compression, packet.checksum));
  for (std::size_t i = 0; i < packet.rows.size(); ++i) PACKHOUSE_CHECK(writer.row(packet.rows[i]));
  return writer.close();
}

}  // namespace packhouse::tdtp
