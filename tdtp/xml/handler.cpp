#include "tdtp/xml/handler.hpp"

#include <array>
#include <cstring>

#include "tdtp/cells.hpp"
#include "tdtp/number.hpp"
#include "tdtp/text.hpp"
#include "tdtp/time.hpp"

namespace packhouse::tdtp {

namespace {

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

constexpr std::int64_t year_one = -62'135'596'800;  // 0001-01-01T00:00:00Z: a time that nobody set

}  // namespace

PacketHandler::PacketHandler(const Limits& limits) : parser_(XML_ParserCreate("UTF-8")), limits_(limits) {
  if (parser_ == nullptr) return;  // parse() says so
  XML_SetUserData(parser_, this);
  XML_SetElementHandler(parser_, on_start, on_end);
  XML_SetCharacterDataHandler(parser_, on_text);
  XML_SetXmlDeclHandler(parser_, on_declaration);
  // A default handler keeps expat from expanding entities of the document's own: they arrive here as text.
  XML_SetDefaultHandler(parser_, on_default);
  XML_SetEntityDeclHandler(parser_, on_entity);
}

PacketHandler::~PacketHandler() {
  if (parser_ != nullptr) XML_ParserFree(parser_);
}

void PacketHandler::on_start(void* self, const char* name, const char** attributes) {
  static_cast<PacketHandler*>(self)->start(name, attributes);
}
void PacketHandler::on_end(void* self, const char*) {
  static_cast<PacketHandler*>(self)->end();
}
void PacketHandler::on_text(void* self, const char* text, int n) {
  static_cast<PacketHandler*>(self)->text({text, static_cast<std::size_t>(n)});
}

void PacketHandler::on_declaration(void* user, const char* version, const char* encoding, int) {
  auto* self = static_cast<PacketHandler*>(user);
  if (version != nullptr && std::string_view(version) != "1.0") {
    self->refuse("xml: unsupported version " + quoted(version) + "; only version 1.0 is supported");
  } else if (encoding != nullptr && lower(encoding) != "utf-8") {
    self->refuse("xml: encoding " + quoted(encoding) + " declared but Decoder.CharsetReader is nil");
  }
}

void PacketHandler::on_default(void* user, const char* text, int n) {
  const std::string_view s(text, static_cast<std::size_t>(n));
  if (s.starts_with('&'))
    static_cast<PacketHandler*>(user)->refuse_syntax("invalid character entity " + std::string(s));
}

void PacketHandler::on_entity(void* user, const char*, int, const char*, int, const char*, const char*, const char*,
                              const char*) {
  static_cast<PacketHandler*>(user)->entities_declared_ = true;
}

void PacketHandler::refuse(std::string message) {
  if (failed_) return;
  failed_ = Error(Status::argument_error, "parse error: failed to decode XML: " + std::move(message));
  XML_StopParser(parser_, XML_FALSE);
}

void PacketHandler::refuse_syntax(const std::string& why) {
  refuse("XML syntax error on line " + std::to_string(line()) + ": " + why);
}

/// Inside attributes expat expands entities by itself, so a tag that uses one is refused before it is read.
void PacketHandler::refuse_entities_in_tag() {
  const std::string_view tag = input().substr(0, static_cast<std::size_t>(XML_GetCurrentByteCount(parser_)));
  for (std::size_t at = 0; (at = tag.find('&', at)) != std::string_view::npos; ++at) {
    const std::string_view name = tag.substr(at, tag.find(';', at) + 1 - at);
    if (name.starts_with("&#")) continue;
    static constexpr std::array<std::string_view, 5> known{"&lt;", "&gt;", "&amp;", "&apos;", "&quot;"};
    if (std::find(known.begin(), known.end(), name) == known.end())
      return refuse_syntax("invalid character entity " + std::string(name));
  }
}

void PacketHandler::start(std::string_view name, const char** attributes) {
  if (failed_) return;
  if (opens_.size() >= limits_.depth) return refuse("elements are nested deeper than " + std::to_string(limits_.depth));
  if (entities_declared_) refuse_entities_in_tag();
  opens_.push_back(path_.size());
  path_ += name;
  name = local_name(name);
  if (opens_.size() == 1) {
    start_root(attributes);
  } else if (opens_.size() == 2) {
    section_ = name == "Header" ? "Header" : name == "Schema" ? "Schema" : name == "Data" ? "Data" : "";
    if (section_ == "Data") start_data(attributes);
  } else if (opens_.size() == 3) {
    if (section_ == "Data" && name == "R") {
      place_ = Place::row;
      text_.clear();
    } else if (section_ == "Header") {
      place_ = Place::header_text;
      text_.clear();
    } else if (section_ == "Schema" && name == "Field") {
      start_field(attributes);
    }
  }
}

void PacketHandler::start_root(const char** attributes) {
  root_seen_ = true;
  for (; *attributes != nullptr; attributes += 2) {
    const std::string_view name = local_name(attributes[0]);
    if (name == "protocol") protocol_ = attributes[1];
    if (name == "version") version_ = attributes[1];
  }
}

bool PacketHandler::read_int(std::string_view s, std::int64_t& out) {
  out = 0;
  const std::string_view digits = trimmed(s);
  if (s.empty()) return true;
  const Parsed how = parse_int(digits, out);
  if (how != Parsed::good) refuse(number_error("ParseInt", digits, how));
  return how == Parsed::good;
}

bool PacketHandler::read_bool(std::string_view s, bool& out) {
  out = false;
  const std::string_view word = trimmed(s);
  if (s.empty()) return true;
  for (const std::string_view yes : {"1", "t", "T", "TRUE", "true", "True"}) {
    if (word == yes) return out = true;
  }
  for (const std::string_view no : {"0", "f", "F", "FALSE", "false", "False"}) {
    if (word == no) return true;
  }
  refuse(number_error("ParseBool", word, Parsed::bad_syntax));
  return false;
}

void PacketHandler::start_field(const char** attributes) {
  Field f;
  for (; *attributes != nullptr && !failed_; attributes += 2) {
    const std::string_view name = local_name(attributes[0]);
    const char* value = attributes[1];
    if (name == "name")
      f.name = value;
    else if (name == "type")
      f.type = value;
    else if (name == "length")
      read_int(value, f.length);
    else if (name == "precision")
      read_int(value, f.precision);
    else if (name == "scale")
      read_int(value, f.scale);
    else if (name == "key")
      read_bool(value, f.key);
    else if (name == "timezone")
      f.timezone = value;
    else if (name == "subtype")
      f.subtype = value;
    else if (name == "readonly")
      read_bool(value, f.readonly);
  }
  schema.fields.push_back(std::move(f));
}

void PacketHandler::start_data(const char** attributes) {
  for (; *attributes != nullptr; attributes += 2) {
    const std::string_view name = local_name(attributes[0]);
    if (name == "compression") compression_ = attributes[1];
    if (name == "checksum") checksum_ = attributes[1];
  }
  compressed_ = !compression_.empty();
}

void PacketHandler::text(std::string_view s) {
  if (place_ == Place::elsewhere || opens_.size() != 3 || failed_) return;
  if (place_ == Place::row && compressed_) {
    if (blob_taken_) return;
    if (!blob_) blob_ = std::make_unique<RowDecompressor>(limits_);
    blob_->feed(s, *rows_);
    return;
  }
  if (text_.size() + s.size() > limits_.cell_bytes)
    return refuse("a text is longer than " + std::to_string(limits_.cell_bytes) + " bytes");
  text_ += s;
}

void PacketHandler::end() {
  if (failed_) return;
  if (opens_.size() == 3) {
    if (place_ == Place::row) end_row();
    if (place_ == Place::header_text) end_header_text();
    place_ = Place::elsewhere;
  }
  path_.resize(opens_.back());
  opens_.pop_back();
  if (opens_.size() == 1) section_ = {};
  if (!opens_.empty()) return;
  complete_ = true;
  XML_StopParser(parser_, XML_FALSE);  // whatever follows the root is none of our business
}

void PacketHandler::end_row() {
  ++rows_seen_;
  row_end_ = static_cast<std::uint64_t>(XML_GetCurrentByteIndex(parser_)) +
             static_cast<std::uint64_t>(XML_GetCurrentByteCount(parser_));
  if (compressed_) {
    blob_taken_ = true;
  } else {
    split_row(rows_->keep(text_), *rows_);
  }
}

void PacketHandler::end_header_text() {
  const std::string_view name = local_name(std::string_view(path_).substr(opens_.back()));
  if (name == "Type")
    header.type = text_;
  else if (name == "TableName")
    header.table_name = text_;
  else if (name == "MessageID")
    header.message_id = text_;
  else if (name == "InReplyTo")
    header.in_reply_to = text_;
  else if (name == "PartNumber")
    read_int(text_, header.part_number);
  else if (name == "TotalParts")
    read_int(text_, header.total_parts);
  else if (name == "RecordsInPart")
    read_int(text_, header.records_in_part);
  else if (name == "Sender")
    header.sender = text_;
  else if (name == "Recipient")
    header.recipient = text_;
  else if (name == "Timestamp") {
    const auto t = parse_rfc3339(text_);
    if (!t) return refuse(rfc3339_error(text_));
    timestamp_missing_ = t->seconds == year_one && t->nanos == 0;
    header.timestamp = format_seconds(t->seconds);
  }
}

}  // namespace packhouse::tdtp
