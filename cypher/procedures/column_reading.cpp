#include "cypher/procedures/columns.hpp"
#include "cypher/procedures/table.hpp"

// column.*: reading columns.
namespace packhouse::cypher {
namespace {

using Rows = std::unique_ptr<ProcedureRows>;
using storage::Column;
using storage::ColumnInfo;

Column opened(ExecContext& c, const ColumnArguments& a) {
  return or_throw(columns_of(c).open(a.text(0, "the column's name")));
}

Column::Range range_of(Column& column, const ColumnArguments& a) {
  const std::int64_t from = a.optional_integer(1, "the first index").value_or(0);
  return or_throw(column.range(from, a.optional_integer(2, "the index behind the last")));
}

void add_info(Table& table, const ColumnInfo& info) {
  const std::uint64_t size = info.dtype.elem_size();
  table.add({table.text(info.name), table.text(info.dtype.text()),
             Value::integer(static_cast<std::int64_t>(info.length)),
             size > 0 ? Value::integer(static_cast<std::int64_t>(size)) : Value(),
             Value::integer(static_cast<std::int64_t>(info.bytes))});
}
constexpr std::size_t info_columns = 5;

Rows list(ExecContext& c, const ColumnArguments&) {
  auto table = std::make_unique<Table>(info_columns);
  for (const ColumnInfo& info : or_throw(columns_of(c).list())) add_info(*table, info);
  return table;
}

Rows describe(ExecContext& c, const ColumnArguments& a) {
  Column column = opened(c, a);
  auto table = std::make_unique<Table>(info_columns);
  add_info(*table, or_throw(column.info()));
  return table;
}

Rows length(ExecContext& c, const ColumnArguments& a) {
  auto table = std::make_unique<Table>(1);
  table->add({Value::integer(static_cast<std::int64_t>(or_throw(opened(c, a).length())))});
  return table;
}

Rows get(ExecContext& c, const ColumnArguments& a) {
  auto table = std::make_unique<Table>(1);
  table->add({or_throw(opened(c, a).get(a.integer(1, "the index"), table->arena()))});
  return table;
}

Rows get_many(ExecContext& c, const ColumnArguments& a) {
  Column column = opened(c, a);
  std::vector<std::int64_t> indices;
  for (const Value& v : a.list(1, "the indexes")) {
    if (!v.is(Kind::integer)) a.refuse("expected INTEGERs as the indexes, got " + std::string(type_name(v.kind())));
    indices.push_back(v.as_integer());
  }
  auto table = std::make_unique<Table>(2);
  constexpr std::size_t step = 256;
  for (std::size_t i = 0; i < indices.size(); i += step) {
    const auto part = std::span(indices).subspan(i, std::min(step, indices.size() - i));
    std::array<Value, step> values;
    or_throw(column.get_many(part, table->arena(), values));
    for (std::size_t k = 0; k < part.size(); ++k) table->add({Value::integer(part[k]), values[k]});
    c.check();
    c.bound(table->arena().footprint() + indices.size() * 2 * sizeof(Value));
  }
  return table;
}

/// The elements of a range, read chunk by chunk as they are asked for. A chunk is copied, because the transaction may
/// change the column meanwhile.
class Slice final : public ProcedureRows {
 public:
  Slice(Column column, Column::Range range) : column_(std::move(column)), range_(range) {}

  bool next(ExecContext& c, Arena& arena, std::span<Value> row) override {
    if (range_.from >= range_.to) return false;
    if (at_ == values_.size()) fill(c);
    row[0] = Value::integer(static_cast<std::int64_t>(range_.from++));
    row[1] = deep_copy(values_[at_++], arena);
    return true;
  }

 private:
  void fill(ExecContext& c) {
    c.check();
    const auto run = or_throw(column_.run(range_.from));
    constexpr std::size_t most = 1024, most_bytes = std::size_t{1} << 20;
    values_.clear();
    if (arena_.footprint() > most_bytes)
      arena_ = Arena();  // a large element made it so large that no second one would get in
    else
      arena_.reset();
    at_ = 0;
    for (std::uint64_t i = 0; i < run.count && i < range_.size() && i < most; ++i) {
      values_.push_back(or_throw(column_.value(run, i, arena_)));
      if (arena_.footprint() > most_bytes) break;
    }
  }

  Column column_;
  Column::Range range_;
  std::vector<Value> values_;
  std::size_t at_ = 0;
  Arena arena_;
};

Rows slice(ExecContext& c, const ColumnArguments& a) {
  Column column = opened(c, a);
  const auto range = range_of(column, a);
  return std::make_unique<Slice>(std::move(column), range);
}

Rows slice_list(ExecContext& c, const ColumnArguments& a) {
  Column column = opened(c, a);
  auto range = range_of(column, a);
  c.bound(range.size() * sizeof(Value));
  if (range.size() > ~std::uint32_t{0}) a.refuse("a list has less than 2^32 elements; ask for fewer at once");
  auto table = std::make_unique<Table>(1);
  const auto values = table->arena().array<Value>(range.size());
  for (std::size_t made = 0; made < values.size();) {
    const std::uint64_t end = std::min<std::uint64_t>(range.from + 65'536, range.to);
    const auto part = or_throw(column.slice({range.from, end}, table->arena()));
    std::ranges::copy(part, values.begin() + static_cast<std::ptrdiff_t>(made));
    made += part.size();
    range.from = end;
    c.check();
    c.bound(table->arena().footprint());
  }
  table->add({Value::list(values)});
  return table;
}

Rows slice_bytes(ExecContext& c, const ColumnArguments& a) {
  Column column = opened(c, a);
  const auto range = range_of(column, a);
  // Twice: the packed bytes, and their copy in the row.
  c.bound(std::min<std::uint64_t>(range.size(), std::uint64_t{1} << 48) * column.packer().elem_size() * 2);
  Buffer packed;
  or_throw(column.packed(range, packed));
  if (packed.size() > ~std::uint32_t{0}) a.refuse("a value holds less than 4 GiB; ask for fewer elements at once");
  auto table = std::make_unique<Table>(1);
  table->add({Value::bytes(table->arena().copy(Bytes(packed)))});
  return table;
}

}  // namespace

void add_column_reading(ProcedureRegistry& registry) {
  const auto add = [&](std::string_view name, std::string description, std::vector<ProcedureArgument> arguments,
                       std::vector<ProcedureColumn> columns, OpenRows open) {
    add_column_procedure(registry, name, std::move(description), ProcedureMode::read, std::move(arguments),
                         std::move(columns), open);
  };
  const std::vector<ProcedureColumn> info{{"name", Type::string},
                                          {"dtype", Type::string},
                                          {"length", Type::integer},
                                          {"elementSize", Type::integer},
                                          {"bytes", Type::integer}};
  const std::vector<ProcedureArgument> range{column_name(), optional_argument("from", Type::integer),
                                             optional_argument("to", Type::integer)};
  add("column.list", "Lists all columns; elementSize is null where elements differ in size.", {}, info, list);
  add("column.describe", "Describes a column.", {column_name()}, info, describe);
  add("column.length", "Returns the number of elements of a column.", {column_name()}, {{"length", Type::integer}},
      length);
  add("column.get", "Returns an element; indexes below 0 count from the end.",
      {column_name(), {"index", Type::integer}}, {{"value"}}, get);
  add("column.getMany", "Returns the elements under a list of indexes, in that order.",
      {column_name(), {"indexes", Type::list}}, {{"index", Type::integer}, {"value"}}, get_many);
  add("column.slice", "Returns the elements of a range, one a row.", range, {{"index", Type::integer}, {"value"}},
      slice);
  add("column.sliceList", "Returns the elements of a range as one list.", range, {{"values", Type::list}}, slice_list);
  add("column.sliceBytes", "Returns the elements of a range as packed bytes, of dtypes of fixed size.", range,
      {{"bytes", Type::bytes}}, slice_bytes);
}

}  // namespace packhouse::cypher
