#include "tdtp/capi/input.hpp"

#include "tdtp/capi/memory.hpp"
#include "tdtp/compression.hpp"
#include "tdtp/text.hpp"
#include "tdtp/time.hpp"

namespace packhouse::tdtp::capi {

namespace {

Result<void> refuse(const std::string& why) {
  return fail(Status::argument_error, why);
}

/// The values of a list: cut at commas, without space around them.
std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> out;
  for (;;) {
    const std::size_t comma = text.find(',');
    out.emplace_back(trimmed(text.substr(0, comma)));
    if (comma == std::string_view::npos) return out;
    text.remove_prefix(comma + 1);
  }
}

std::vector<std::string> values_of(const D_FilterSpec& spec, tdtql::Operator op) {
  using enum tdtql::Operator;
  const std::string_view value = text_of(spec.value);
  if (op == in || op == not_in) return split_list(value);
  if (op == between || op == not_between) return {std::string(value), std::string(text_of(spec.value2))};
  return {std::string(value)};
}

}  // namespace

Result<void> check(const D_Packet* packet) {
  if (packet == nullptr) return refuse("pkt is NULL");
  if (packet->row_count < 0 || packet->schema.field_count < 0) return refuse("pkt has a negative count");
  if (packet->row_count > 0 && packet->rows == nullptr) return refuse("pkt has a row_count but no rows");
  if (packet->schema.field_count > 0 && packet->schema.fields == nullptr)
    return refuse("pkt has a field_count but no fields");
  for (int i = 0; i < packet->row_count; ++i) {
    const D_Row& row = packet->rows[i];
    if (row.value_count < 0 || (row.value_count > 0 && row.values == nullptr))
      return refuse("row " + std::to_string(i + 1) + " of pkt has no values");
  }
  return ok;
}

Schema schema_of(const D_Schema& schema) {
  Schema out;
  for (int i = 0; i < schema.field_count; ++i) {
    const D_Field& f = schema.fields[i];
    Field field;
    field.name = text_of(f.name);
    field.type = text_of(f.type_name);
    field.length = f.length;
    field.precision = f.precision;
    field.scale = f.scale;
    field.key = f.is_key != 0;
    field.readonly = f.is_readonly != 0;
    out.fields.push_back(std::move(field));
  }
  return out;
}

Rows rows_of(const D_Packet& packet) {
  Rows rows;
  for (int i = 0; i < packet.row_count; ++i) {
    const D_Row& row = packet.rows[i];
    for (int j = 0; j < row.value_count; ++j) rows.add(cell(row, static_cast<std::size_t>(j)));
    rows.end_row();
  }
  return rows;
}

Result<Packet> head_of(const D_Packet& packet) {
  Packet out;
  out.header.type = text_of(packet.msg_type);
  out.header.table_name = text_of(packet.table_name);
  out.header.message_id = text_of(packet.message_id);
  out.header.records_in_part = packet.row_count;
  if (packet.timestamp_unix != 0) out.header.timestamp = format_seconds(packet.timestamp_unix);
  out.schema = schema_of(packet.schema);
  const bool blob = text_of(packet.compression) == "zstd" && packet.row_count == 1 && packet.rows[0].value_count == 1;
  if (blob) {
    out.compression = "zstd";
    out.checksum = checksum_of(cell(packet.rows[0], 0));
    out.header.records_in_part = 0;  // how many rows there are is known inside only
  }
  return out;
}

Result<std::vector<std::size_t>> masked_columns(const D_Schema& schema, const D_MaskConfig& config) {
  std::vector<bool> masked(static_cast<std::size_t>(schema.field_count));
  if (config.field_count < 0 || (config.field_count > 0 && config.fields == nullptr))
    return fail(Status::argument_error, "mask error: cfg has a field_count but no fields");
  for (int i = 0; i < config.field_count; ++i) {
    if (config.fields[i] == nullptr) return fail(Status::argument_error, "mask error: a field name is NULL");
    const std::string_view name = config.fields[i];
    bool found = false;
    for (std::size_t c = 0; c < masked.size(); ++c) {
      if (text_of(schema.fields[c].name) == name) found = masked[c] = true;
    }
    if (!found) return fail(Status::argument_error, "mask error: unknown field '" + std::string(name) + "'");
  }
  std::vector<std::size_t> out;
  for (std::size_t c = 0; c < masked.size(); ++c) {
    if (masked[c]) out.push_back(c);
  }
  return out;
}

Filter::Filter(const D_Schema& d_schema, const D_FilterSpec* specs, std::size_t count) {
  const Schema schema = schema_of(d_schema);
  for (std::size_t i = 0; i < count; ++i) {
    Step& step = steps_.emplace_back();
    const std::string_view field = text_of(specs[i].field), name = text_of(specs[i].op);
    const auto column = schema.find_ignoring_case(field);
    const auto op = tdtql::operator_of(name);
    if (!column) {
      step.wrong = "field '" + std::string(field) + "' not found in schema";
    } else if (!op) {
      step.wrong = "unknown operator: " + std::string(name);
    } else {
      step.comparison.emplace_back(tdtql::Column(schema, *column), *op, values_of(specs[i], *op));
    }
  }
}

Result<bool> Filter::matches(const D_Row& row) const {
  for (const Step& step : steps_) {
    if (step.comparison.empty()) return fail(Status::argument_error, step.wrong);
    const tdtql::Comparison& c = step.comparison[0];
    if (c.column() >= static_cast<std::size_t>(row.value_count))
      return fail(Status::argument_error, "row has fewer fields than schema");
    PACKHOUSE_TRY(const bool yes, c.compare(cell(row, c.column())));
    if (!yes) return false;
  }
  return true;
}

}  // namespace packhouse::tdtp::capi
