#include <string>
#include <vector>

#include "codec/csv/parser.hpp"
#include "codec/datapacker/spaced_json.hpp"
#include "objects/serializers/shipped.hpp"

// Comma-separated rows as Python's csv module writes them: CRLF, quotes where they are needed. A row is a list of scalars; all
// of them come back as text, null as "".
namespace packhouse::objects {
namespace {


Result<std::string> field_text(const Value& v) {
  switch (v.kind()) {
    case Kind::null: return std::string();
    case Kind::boolean: return std::string(v.as_boolean() ? "true" : "false");
    case Kind::integer: return std::to_string(v.as_integer());
    case Kind::real: return datapacker::python_repr(v.as_real());
    case Kind::string: return std::string(v.as_string());
    default: return fail(Status::type_error, "CSV takes null, booleans, numbers and strings as fields, found " + std::string(type_name(v.kind())));
  }
}

/// Readers skip it at the beginning of a file, but not in quotes.
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

void put_field(std::string_view field, bool alone, Buffer& out) {
  const bool quotes = field.find_first_of(",\"\r\n") != std::string_view::npos || (alone && field.empty()) ||
                      field.starts_with(byte_order_mark);
  if (!quotes) return out.append(as_bytes(field));
  out.put('"');
  for (const char c : field) {
    if (c == '"') out.put('"');
    out.put(static_cast<std::uint8_t>(c));
  }
  out.put('"');
}

Result<void> put_row(const Value& row, Buffer& out) {
  if (!row.is(Kind::list) || row.as_list().empty()) {
    return fail(Status::type_error, "CSV takes rows that are lists of at least one field, found " +
                                        (row.is(Kind::list) ? std::string("an empty one") : std::string(type_name(row.kind()))));
  }
  const auto fields = row.as_list();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    PACKHOUSE_TRY(const std::string field, field_text(fields[i]));
    if (i > 0) out.put(',');
    put_field(field, fields.size() == 1, out);
  }
  out.append(as_bytes("\r\n"));
  return ok;
}

Value row_of(const csv::Parser& parser, Arena& arena) {
  const auto fields = parser.fields();
  const auto items = arena.array<Value>(fields.size());
  for (std::size_t i = 0; i < items.size(); ++i) ::new (&items[i]) Value(Value::string(arena.copy(fields[i].text)));
  return Value::list(items);
}

class CsvItems final : public ItemDecoder {
 public:
  void feed(Bytes piece) override {
    block_.assign(as_text(piece));
    parser_.feed(block_);
  }
  Result<Step> next(Arena& arena, Value& out) override {
    for (bool told = false;;) {
      PACKHOUSE_TRY(const auto step, parser_.next());
      if (step == csv::Parser::Step::row) {
        out = row_of(parser_, arena);
        return Step::item;
      }
      if (step == csv::Parser::Step::end) return Step::end;
      if (!finished() || told) return Step::more;
      parser_.finish();
      told = true;
    }
  }

 private:
  std::string block_;
  csv::Parser parser_{',', csv::Parser::Backslash::plain};
};

class Csv final : public Serializer {
 public:
  std::string_view name() const override { return "packhouse.csv@v1"; }
  std::string_view content_type() const override { return "text/csv"; }
  std::string_view content_encoding() const override { return "utf-8"; }
  std::string_view extension() const override { return ".csv"; }
  Result<std::string> encode(const Value& v, std::string_view, Buffer& out) const override {
    if (!v.is(Kind::list)) return fail(Status::type_error, "CSV takes a list of rows, found " + std::string(type_name(v.kind())));
    for (const Value& row : v.as_list()) PACKHOUSE_CHECK(put_row(row, out));
    return std::string();
  }
  Result<Value> decode(Bytes data, std::string_view, Arena& arena) const override {
    CsvItems items;
    items.feed(data);
    items.finish();
    std::vector<Value> rows;
    for (Value row;;) {
      PACKHOUSE_TRY(const auto step, items.next(arena, row));
      if (step != ItemDecoder::Step::item) break;
      rows.push_back(row);
    }
    return deep_copy(Value::list(rows), arena);
  }
};

class CsvStream final : public StreamSerializer {
 public:
  std::string_view name() const override { return "packhouse.csv.stream@v1"; }
  std::string_view content_type() const override { return "text/csv"; }
  std::string_view content_encoding() const override { return "utf-8"; }
  std::string_view extension() const override { return ".csv"; }
  Result<void> item(const Value& v, std::uint64_t, Buffer& out) const override { return put_row(v, out); }
  std::unique_ptr<ItemDecoder> decoder() const override { return std::make_unique<CsvItems>(); }
};

}  // namespace

SerializerPtr csv_serializer() { return std::make_shared<Csv>(); }
StreamSerializerPtr csv_stream_serializer() { return std::make_shared<CsvStream>(); }

}  // namespace packhouse::objects
