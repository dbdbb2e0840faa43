#include "tdtp/json/packet.hpp"

#include "base/ascii.hpp"
#include "tdtp/json/document.hpp"
#include "tdtp/json/scanner.hpp"
#include "tdtp/number.hpp"

namespace packhouse::tdtp::json {

namespace {

/// The kind of value that begins with `c`, as messages name it.
std::string_view kind_of(char c) {
  switch (c) {
    case '"': return "string";
    case '{': return "object";
    case '[': return "array";
    case 't':
    case 'f': return "bool";
    default: return "number";
  }
}

/// Reads a packet; remembers the first value of a wrong kind and goes on, because wrong JSON comes first.
class Reader {
 public:
  Reader(std::string_view text, Arena& arena, const Limits& limits, ReadPacket& out)
      : in_(text, arena, limits.depth), out_(&out) {}

  std::string read() {
    const char c = in_.peek_value();
    if (c == '{') {
      members([this](std::string_view name) { top(name); });
    } else if (c == 'n') {
      in_.skip_value();
    } else if (c != '\0') {
      wrong_ = "json: cannot unmarshal " + std::string(kind_of(c)) + " into Go value of type main.jPacket";
      in_.skip_value();
    }
    if (!in_.failed()) in_.finish();
    return in_.failed() ? in_.error() : wrong_;
  }

 private:
  template <class F>
  void members(F each) {
    if (!in_.begin_object()) return;
    std::string_view name;
    for (bool first = true; !in_.failed() && in_.next_member(first, name);) each(name);
  }

  /// True if a value that begins with `wanted` comes next; anything else is passed over, null without a word.
  bool expect(char wanted, std::string_view where, std::string_view type) {
    const char c = in_.peek_value();
    if (c == wanted) return true;
    if (c != '\0') skip(c, where, type);
    return false;
  }
  void skip(char c, std::string_view where, std::string_view type) {
    const char* begin = in_.position();
    if (!in_.skip_value() || c == 'n') return;
    std::string kind(kind_of(c));
    if (kind == "number" && type == "int") kind += " " + std::string(begin, in_.position());
    if (wrong_.empty())
      wrong_ = "json: cannot unmarshal " + kind + " into Go struct field " + std::string(where) + " of type " +
               std::string(type);
  }
  void read(std::string& out, std::string_view where) {
    std::string_view text;
    if (expect('"', where, "string") && in_.string(text)) out = text;
  }
  void read(bool& out, std::string_view where) {
    const char c = in_.peek_value();
    std::string_view word;
    if (c == 't' || c == 'f') {
      if (in_.literal(word)) out = c == 't';
    } else if (c != '\0') {
      skip(c, where, "bool");
    }
  }
  void read(std::int64_t& out, std::string_view where) {
    const char c = in_.peek_value();
    if (c == '\0') return;
    if (kind_of(c) != "number" || c == 'n') return skip(c, where, "int");
    std::string_view digits;
    std::int64_t n = 0;
    if (!in_.number(digits)) return;
    if (parse_int(digits, n) == Parsed::good) {
      out = n;
    } else if (wrong_.empty()) {
      wrong_ = "json: cannot unmarshal number " + std::string(digits) + " into Go struct field " + std::string(where) +
               " of type int";
    }
  }

  void top(std::string_view name) {
    Packet& p = out_->packet;
    if (same_ignoring_case(name, "data"))
      data();
    else if (same_ignoring_case(name, "schema"))
      schema();
    else if (same_ignoring_case(name, "header"))
      header();
    else if (same_ignoring_case(name, "compression"))
      read(p.compression, "jPacket.compression");
    else if (same_ignoring_case(name, "checksum"))
      read(p.checksum, "jPacket.checksum");
    else if (same_ignoring_case(name, "error"))
      read(p.error, "jPacket.error");
    else if (same_ignoring_case(name, "options"))
      options();
    else
      in_.skip_value();
  }

  void options() {
    if (in_.peek_value() != '{') return void(in_.skip_value());
    members([this](std::string_view name) {
      if (same_ignoring_case(name, "ignore_case")) return read(out_->ignore_case, "options.ignore_case");
      in_.skip_value();
    });
  }

  void schema() {
    if (!expect('{', "jPacket.schema", "packet.Schema")) return;
    members([this](std::string_view name) {
      if (!same_ignoring_case(name, "fields")) return void(in_.skip_value());
      out_->packet.schema.fields.clear();
      if (!expect('[', "Schema.schema.Fields", "[]packet.Field") || !in_.begin_array()) return;
      for (bool first = true; !in_.failed() && in_.next_element(first);) field();
    });
  }

  void field() {
    Field f;
    if (expect('{', "Schema.schema.Fields", "packet.Field")) {
      members([this, &f](std::string_view name) { field_member(f, name); });
    }
    out_->packet.schema.fields.push_back(std::move(f));
  }

  void field_member(Field& f, std::string_view name) {
    bool flag = false;
    if (same_ignoring_case(name, "name"))
      read(f.name, "Field.schema.Fields.Name");
    else if (same_ignoring_case(name, "type"))
      read(f.type, "Field.schema.Fields.Type");
    else if (same_ignoring_case(name, "length"))
      read(f.length, "Field.schema.Fields.Length");
    else if (same_ignoring_case(name, "precision"))
      read(f.precision, "Field.schema.Fields.Precision");
    else if (same_ignoring_case(name, "scale"))
      read(f.scale, "Field.schema.Fields.Scale");
    else if (same_ignoring_case(name, "timezone"))
      read(f.timezone, "Field.schema.Fields.Timezone");
    else if (same_ignoring_case(name, "subtype"))
      read(f.subtype, "Field.schema.Fields.Subtype");
    else if (same_ignoring_case(name, "key") || same_ignoring_case(name, "is_key")) {
      read(flag, "Field.schema.Fields.Key");
      f.key = f.key || flag;
    } else if (same_ignoring_case(name, "readonly") || same_ignoring_case(name, "is_readonly")) {
      read(flag, "Field.schema.Fields.ReadOnly");
      f.readonly = f.readonly || flag;
    } else {
      in_.skip_value();
    }
  }

  void header() {
    if (!expect('{', "jPacket.header", "main.jHeader")) return;
    members([this](std::string_view name) {
      Header& h = out_->packet.header;
      if (same_ignoring_case(name, "type"))
        read(h.type, "jHeader.header.type");
      else if (same_ignoring_case(name, "table_name"))
        read(h.table_name, "jHeader.header.table_name");
      else if (same_ignoring_case(name, "message_id"))
        read(h.message_id, "jHeader.header.message_id");
      else if (same_ignoring_case(name, "in_reply_to"))
        read(h.in_reply_to, "jHeader.header.in_reply_to");
      else if (same_ignoring_case(name, "part_number"))
        read(h.part_number, "jHeader.header.part_number");
      else if (same_ignoring_case(name, "total_parts"))
        read(h.total_parts, "jHeader.header.total_parts");
      else if (same_ignoring_case(name, "records_in_part"))
        read(h.records_in_part, "jHeader.header.records_in_part");
      else if (same_ignoring_case(name, "timestamp"))
        read(h.timestamp, "jHeader.header.timestamp");
      else if (same_ignoring_case(name, "sender"))
        read(h.sender, "jHeader.header.sender");
      else if (same_ignoring_case(name, "recipient"))
        read(h.recipient, "jHeader.header.recipient");
      else
        in_.skip_value();
    });
  }

  void data() {
    out_->packet.rows.clear();
    out_->packet.rows.absent = in_.peek_value() == 'n';
    if (!expect('[', "jPacket.data", "[][]string") || !in_.begin_array()) return;
    for (bool first = true; !in_.failed() && in_.next_element(first);) row();
  }

  void row() {
    Rows& rows = out_->packet.rows;
    if (expect('[', "jPacket.data", "[]string") && in_.begin_array()) {
      for (bool first = true; in_.next_element(first);) {
        std::string_view cell;
        if (in_.peek_value() == '"') {
          if (!in_.string(cell)) return;
        } else if (in_.failed() || expect('"', "jPacket.data", "string") || in_.failed()) {
          return;
        }
        rows.add(cell);
      }
    }
    rows.end_row();
  }

  Scanner in_;
  ReadPacket* out_;
  std::string wrong_;
};

}  // namespace

Result<ReadPacket> read_packet(std::string_view text, const Limits& limits) {
  ReadPacket out;
  out.repaired = std::make_unique<std::string>();
  text = valid_text(text, *out.repaired);
  Arena scratch(std::size_t{64} << 10);
  const std::string error = Reader(text, scratch, limits, out).read();
  if (!error.empty()) return invalid_json("data", error);
  out.packet.rows.adopt(std::move(scratch));
  return out;
}

}  // namespace packhouse::tdtp::json
