#include "tdtp/capi/memory.hpp"

#include <cstring>
#include <limits>
#include <mutex>
#include <unordered_map>

namespace packhouse::tdtp::capi {

/// Everything that has been given out and not been taken back.
struct Register {
  std::mutex mutex;
  std::unordered_map<const void*, std::unique_ptr<Table>> tables;
  std::unordered_map<const void*, std::unique_ptr<D_Field[]>> schemas;
};

namespace {

/// Never destroyed: callers may free packets while the process ends.
Register& given_out() {
  static auto* r = new Register;
  return *r;
}

Result<void> give_fields(std::unique_ptr<D_Field[]> fields, std::size_t n, D_Packet& out) {
  if (n > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    return fail(Status::argument_error, "too many fields for a packet");
  out.schema.field_count = static_cast<int>(n);
  out.schema.fields = fields.get();
  if (n == 0) {
    out.schema.fields = nullptr;
    return ok;
  }
  Register& r = given_out();
  const std::scoped_lock lock(r.mutex);
  r.schemas.emplace(out.schema.fields, std::move(fields));
  return ok;
}

int to_int(std::int64_t n) {
  constexpr std::int64_t most = std::numeric_limits<int>::max();
  return static_cast<int>(n > most ? most : n < -most ? -most : n);
}

}  // namespace

Table::Table(std::size_t rows) : rows_(memory_.array<D_Row>(rows).data()) {}

void Table::begin_row(std::size_t cells) {
  next_ = memory_.array<char*>(cells).data();
  rows_[size_++] = {next_, static_cast<int>(cells)};
}

void Table::add(std::string_view cell) {
  auto* text = static_cast<char*>(memory_.allocate(cell.size() + 1, 1));
  if (!cell.empty()) std::memcpy(text, cell.data(), cell.size());
  text[cell.size()] = '\0';
  *next_++ = text;
}

Result<void> Table::give(std::unique_ptr<Table> table, D_Packet& out) {
  if (table->size_ > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    return fail(Status::argument_error, "too many rows for a packet");
  out.row_count = static_cast<int>(table->size_);
  out.rows = nullptr;
  if (table->size_ == 0) return ok;
  D_Row* rows = table->rows_;
  Register& r = given_out();
  const std::scoped_lock lock(r.mutex);
  r.tables.emplace(rows, std::move(table));
  out.rows = rows;
  return ok;
}

Result<void> give_schema(const Schema& schema, D_Packet& out) {
  const std::size_t n = schema.fields.size();
  auto fields = std::make_unique<D_Field[]>(n);
  for (std::size_t i = 0; i < n; ++i) {
    const Field& f = schema.fields[i];
    put(fields[i].name, f.name);
    put(fields[i].type_name, f.type);
    fields[i].length = to_int(f.length);
    fields[i].precision = to_int(f.precision);
    fields[i].scale = to_int(f.scale);
    fields[i].is_key = f.key ? 1 : 0;
    fields[i].is_readonly = f.readonly ? 1 : 0;
  }
  return give_fields(std::move(fields), n, out);
}

Result<void> give_schema(const D_Schema& schema, D_Packet& out) {
  const auto n = static_cast<std::size_t>(schema.field_count);
  auto fields = std::make_unique<D_Field[]>(n);
  if (n > 0) std::memcpy(fields.get(), schema.fields, n * sizeof(D_Field));
  return give_fields(std::move(fields), n, out);
}

void take_back(D_Packet& packet) noexcept {
  std::unique_ptr<Table> table;
  std::unique_ptr<D_Field[]> fields;
  {
    Register& r = given_out();
    const std::scoped_lock lock(r.mutex);
    if (auto node = r.tables.extract(packet.rows); !node.empty()) table = std::move(node.mapped());
    if (auto node = r.schemas.extract(packet.schema.fields); !node.empty()) fields = std::move(node.mapped());
  }
  packet.rows = nullptr;
  packet.schema.fields = nullptr;
}

void put(char* field, std::size_t size, std::string_view text) {
  if (text.size() > size - 1) {
    std::size_t n = size - 1;
    while (n > 0 && (static_cast<unsigned char>(text[n]) & 0xC0U) == 0x80) --n;
    text = text.substr(0, n);
  }
  if (!text.empty()) std::memcpy(field, text.data(), text.size());
  field[text.size()] = '\0';
}

std::string_view text_of(const char* field, std::size_t size) {
  return {field, ::strnlen(field, size)};
}

}  // namespace packhouse::tdtp::capi
