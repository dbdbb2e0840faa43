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

/// Blocks that nobody uses at the moment.
struct Stock {
  static constexpr std::size_t most = (std::size_t{32} << 20) / Blocks::block;
  std::mutex mutex;
  std::vector<Blocks::Block> blocks;

  /// Never destroyed, as the register.
  static Stock& get() {
    static auto* s = [] {
      auto* made = new Stock;
      made->blocks.reserve(most);
      return made;
    }();
    return *s;
  }
};

Blocks::~Blocks() {
  if (blocks_.empty()) return;
  Stock& stock = Stock::get();
  const std::scoped_lock lock(stock.mutex);
  for (Block& b : blocks_) {
    if (stock.blocks.size() == Stock::most) break;
    stock.blocks.push_back(std::move(b));
  }
}

void* Blocks::refill(std::size_t bytes, std::size_t align) {
  if (bytes > block / 4) return large_.emplace_back(std::make_unique_for_overwrite<std::byte[]>(bytes)).get();
  Block next;
  {
    Stock& stock = Stock::get();
    const std::scoped_lock lock(stock.mutex);
    if (!stock.blocks.empty()) {
      next = std::move(stock.blocks.back());
      stock.blocks.pop_back();
    }
  }
  if (!next) next = std::make_unique_for_overwrite<std::byte[]>(block);
  at_ = blocks_.emplace_back(std::move(next)).get();
  left_ = block;
  return allocate(bytes, align);
}

const D_Row& Table::copy_row(const D_Row& row) {
  const auto n = static_cast<std::size_t>(row.value_count);
  begin_row(n);
  // The cells of a packet that we made lie one behind the other.
  const char* const first = n > 0 ? row.values[0] : nullptr;
  const char* end = first;
  std::size_t together = 0;
  while (end != nullptr && together < n && row.values[together] == end) {
    end += std::strlen(end) + 1;
    ++together;
  }
  if (together > 0) {
    const auto bytes = static_cast<std::size_t>(end - first);
    char* text = memory_.array<char>(bytes);
    std::memcpy(text, first, bytes);
    for (std::size_t i = 0; i < together; ++i) *next_++ = text + (row.values[i] - first);
  }
  for (std::size_t i = together; i < n; ++i) {
    const char* cell = row.values[i];
    add(cell == nullptr ? std::string_view() : std::string_view(cell));
  }
  return rows_.back();
}

Result<void> Table::give(std::unique_ptr<Table> table, D_Packet& out) {
  if (table->rows_.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    return fail(Status::argument_error, "too many rows for a packet");
  out.row_count = static_cast<int>(table->rows_.size());
  out.rows = nullptr;
  if (table->rows_.empty()) return ok;
  D_Row* rows = table->rows_.data();
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
