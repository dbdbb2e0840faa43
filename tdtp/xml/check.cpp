// The parser's errors in the words of the original, and what is checked when a packet has been read.
#include <cstdio>
#include <cstdlib>

#include "base/utf8.hpp"
#include "tdtp/xml/handler.hpp"

namespace packhouse::tdtp {

namespace {

std::string code_point_name(unsigned long c) {
  char text[24];
  std::snprintf(text, sizeof text, "U+%04lX", c);
  return text;
}

tl::unexpected<Error> invalid(const std::string& why) {
  return fail(Status::argument_error, "parse error: validation failed: " + why);
}

}  // namespace

std::string_view PacketHandler::input() const {
  int offset = 0, size = 0;
  const char* text = XML_GetInputContext(parser_, &offset, &size);
  if (text == nullptr || offset < 0 || offset > size) return {};
  return {text + offset, static_cast<std::size_t>(size - offset)};
}

std::uint64_t PacketHandler::line() const {
  return XML_GetCurrentLineNumber(parser_) + skipped_lines_;
}

/// What is wrong with the character at the place of the error.
std::string PacketHandler::token_error() const {
  const std::string_view at = input();
  if (at.empty()) return "unexpected EOF";
  const auto c = static_cast<unsigned char>(at[0]);
  if (c < 0x20) return "illegal character code " + code_point_name(c);
  if (c >= 0x80) {
    std::size_t i = 0;
    const std::string_view one = at.substr(0, utf8::sequence_length(c));
    if (!utf8::is_valid(one)) return "invalid UTF-8";
    return "illegal character code " + code_point_name(utf8::decode(one, i));
  }
  return std::string(XML_ErrorString(XML_GetErrorCode(parser_)));
}

Error PacketHandler::parser_error() const {
  const std::string_view at = input();
  std::string why;
  switch (XML_GetErrorCode(parser_)) {
    case XML_ERROR_NO_MEMORY: return Error(Status::out_of_memory, "parse error: no memory for the XML parser");
    case XML_ERROR_NO_ELEMENTS:
      if (!root_seen_) return Error(Status::argument_error, "parse error: failed to decode XML: EOF");
      why = "unexpected EOF";
      break;
    case XML_ERROR_UNCLOSED_TOKEN:
    case XML_ERROR_PARTIAL_CHAR:
    case XML_ERROR_UNCLOSED_CDATA_SECTION: why = "unexpected EOF"; break;
    case XML_ERROR_INVALID_TOKEN: why = token_error(); break;
    case XML_ERROR_TAG_MISMATCH:
      // The place of the error is behind the </ of the wrong tag.
      why = "element <" + path_.substr(opens_.empty() ? 0 : opens_.back()) + "> closed by </" +
            std::string(at.substr(at.starts_with("</") ? 2 : 0, at.find('>') + 1));
      break;
    case XML_ERROR_UNDEFINED_ENTITY:
      why = "invalid character entity " + std::string(at.substr(0, at.find(';') + 1));
      break;
    case XML_ERROR_BAD_CHAR_REF: {
      const bool hex = at.starts_with("&#x");
      why = "illegal character code " +
            code_point_name(std::strtoul(std::string(at.substr(hex ? 3 : 2, 12)).c_str(), nullptr, hex ? 16 : 10));
      break;
    }
    default: why = XML_ErrorString(XML_GetErrorCode(parser_)); break;
  }
  return Error(Status::argument_error,
               "parse error: failed to decode XML: XML syntax error on line " + std::to_string(line()) + ": " + why);
}

Result<void> PacketHandler::parse(std::string_view text, bool last) {
  if (parser_ == nullptr) return fail(Status::out_of_memory, "parse error: no memory for the XML parser");
  fed_ += text.size();
  const XML_Status status = XML_Parse(parser_, text.data(), static_cast<int>(text.size()), last);
  if (failed_) return tl::make_unexpected(*failed_);
  if (complete_) return ok;
  if (status == XML_STATUS_ERROR) return tl::make_unexpected(parser_error());
  const XML_Index done = XML_GetCurrentByteIndex(parser_);
  if (done >= 0 && fed_ - static_cast<std::uint64_t>(done) > limits_.token_bytes + text.size()) {
    return fail(Status::argument_error, "parse error: failed to decode XML: a tag or comment is longer than " +
                                            std::to_string(limits_.token_bytes) + " bytes");
  }
  return ok;
}

Result<void> PacketHandler::check_header() const {
  if (protocol_ != "TDTP") return invalid("invalid protocol: " + protocol_);
  if (version_.empty()) return invalid("version is required");
  if (header.type.empty()) return invalid("header.Type is required");
  if (header.table_name.empty()) return invalid("header.TableName is required");
  if (header.message_id.empty()) return invalid("header.MessageID is required");
  if (timestamp_missing_) return invalid("header.Timestamp is required");
  if (!is_message_type(header.type)) return invalid("invalid message type: " + header.type);
  if (header.type == "response" && header.in_reply_to.empty())
    return invalid("InReplyTo is required for response messages");
  if (header.part_number <= 0 && header.total_parts <= 0) return ok;
  if (header.part_number < 1) return invalid("PartNumber must be >= 1");
  if (header.total_parts < 1) return invalid("TotalParts must be >= 1");
  if (header.part_number > header.total_parts) return invalid("PartNumber cannot exceed TotalParts");
  return ok;
}

Result<void> PacketHandler::check() {
  PACKHOUSE_CHECK(check_header());
  if (rows_seen_ > 0 && schema.fields.empty()) return invalid("schema is required when data is present");
  if (!compressed_ || rows_seen_ == 0) return ok;
  if (!blob_) blob_ = std::make_unique<RowDecompressor>(limits_);
  PACKHOUSE_CHECK(blob_->finish(checksum_, *rows_));
  if (!blob_->any()) rows_->absent = true;
  return ok;
}

}  // namespace packhouse::tdtp
