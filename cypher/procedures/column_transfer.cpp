#include <fmt/format.h>

#include <algorithm>

#include "base/import_folder.hpp"
#include "base/input_file.hpp"
#include "base/output_file.hpp"
#include "codec/npy/npy.hpp"
#include "cypher/procedures/columns.hpp"

// column.import and column.export: columns as files of the import folder.
namespace packhouse::cypher {
namespace {

using datapacker::Dtype;
using storage::Column;
namespace npy = codec::npy;

constexpr std::size_t block_bytes = std::size_t{1} << 20;
/// A row tells how far it is, each time that so many bytes have been moved.
constexpr std::size_t progress_bytes = std::size_t{8} << 20;

const ImportFolder& folder(ExecContext& c, const ColumnArguments& a) {
  if (c.import_folder == nullptr) throw QueryError(Status::external_resource_failed, "there is no import folder");
  if (a.text(1, "the file").empty()) a.refuse("the file's name is empty");
  return *c.import_folder;
}

bool is_npy(const ColumnArguments& a, std::span<const MapEntry> options) {
  const auto format = a.word(options, "format");
  if (!format) return a.text(1, "the file").ends_with(".npy");
  if (*format != "npy" && *format != "raw")
    a.refuse(fmt::format("format '{}' is unknown, known are npy and raw", *format));
  return *format == "npy";
}

/// Numbers and vectors of them, which files hold without element codes.
bool is_numeric(const Dtype& d) {
  return d.kind == Dtype::Kind::scalar || d.kind == Dtype::Kind::vector;
}

void put_progress(std::span<Value> row, std::uint64_t done, std::uint64_t total) {
  row[0] = Value::integer(static_cast<std::int64_t>(done));
  row[1] = Value::integer(static_cast<std::int64_t>(total));
}

/// A file's rows, in blocks.
class Source {
 public:
  Source(const std::filesystem::path& path, std::string name)
      : name_(std::move(name)), file_(open_to_read(path)) {
    std::error_code problem;
    size_ = std::filesystem::file_size(path, problem);
    if (!file_ || problem) failed("the file can't be opened");
  }

  npy::Header npy_header() {
    Buffer start;
    read(start, std::min<std::uint64_t>(npy::preamble, size_));
    data_at_ = in_file(npy::data_offset(start));
    if (data_at_ > size_) failed("the file ends in its header");
    read(start, data_at_ - std::min<std::uint64_t>(data_at_, start.size()));
    auto header = in_file(npy::read_header(start));
    if (header.fortran_order)
      failed("an array in Fortran order is not supported; save it with numpy.ascontiguousarray");
    if (header.row_size() == 0) failed("its rows have no elements");
    if (header.row_size() > 8 * storage::columns::max_element) failed("its rows are too large for a column");
    if (header.rows() > data_size() / header.row_size() || header.rows() * header.row_size() != data_size()) {
      failed(fmt::format("it has {} bytes of data, its header says {} rows of {} bytes", data_size(), header.rows(),
                         header.row_size()));
    }
    skip(0);
    return header;
  }

  std::uint64_t data_size() const { return size_ - data_at_; }
  /// Goes on reading at a place in the data.
  void skip(std::uint64_t bytes) {
    if (::fseeko(file_.get(), static_cast<off_t>(data_at_ + bytes), SEEK_SET) != 0) failed("the file can't be read");
  }
  /// Appends `n` bytes.
  void read(Buffer& out, std::size_t n) {
    if (n > 0 && std::fread(out.extend(n), 1, n, file_.get()) != n) failed("the file can't be read, or became shorter");
  }
  [[noreturn]] void failed(std::string_view why) const {
    throw QueryError(Status::external_resource_failed, fmt::format("Cannot load from URL '{}': {}", name_, why));
  }
  template <class T>
  T in_file(Result<T>&& r) {
    if (!r) failed(r.error().message());
    return std::move(*r);
  }

 private:
  std::string name_;
  InputFile file_;
  std::uint64_t size_ = 0, data_at_ = 0;
};

/// Appends the rows of a file to a column.
class Import final : public ProcedureRows {
 public:
  Import(Source source, npy::Header header, Column column, std::uint64_t from, std::uint64_t total)
      : source_(std::move(source)), header_(std::move(header)), column_(std::move(column)), total_(total) {
    source_.skip(from * header_.row_size());
  }

  bool next(ExecContext& c, Arena&, std::span<Value> row) override {
    if (ended_) return false;
    const std::uint64_t size = header_.row_size();
    std::uint64_t left = std::min<std::uint64_t>(total_ - done_, std::max<std::uint64_t>(1, progress_bytes / size));
    while (left > 0) {
      c.check();
      const std::uint64_t n = std::min<std::uint64_t>(left, std::max<std::uint64_t>(1, block_bytes / size));
      add(n);
      left -= n;
    }
    ended_ = done_ == total_;
    put_progress(row, done_, total_);
    return true;
  }
  bool take_long() const override { return true; }

 private:
  void add(std::uint64_t rows) {
    Buffer block;
    source_.read(block, rows * header_.row_size());
    if (header_.big_endian) npy::swap_bytes(header_.item_size, {block.data(), block.size()});
    Result<void> added;
    if (header_.scalar) {
      datapacker::ArrayView view{.element = *header_.scalar, .shape = {rows}, .data = block};
      if (header_.shape.size() > 1) view.shape.insert(view.shape.end(), header_.shape.begin() + 1, header_.shape.end());
      added = column_.extend_rows(view);
    } else {
      added = column_.extend_packed(block);
    }
    if (!added) throw QueryError(std::move(added).error().in(fmt::format("in the rows from {} on: ", done_)));
    done_ += rows;
  }

  Source source_;
  npy::Header header_;
  Column column_;
  std::uint64_t total_, done_ = 0;
  bool ended_ = false;
};

/// What a raw file of a dtype is made of.
npy::Header raw_header(const ColumnArguments& a, const Dtype& d, const Source& source) {
  if (d.is_varsize()) a.refuse(d.text() + " has no fixed size, so a file can't hold its elements side by side");
  npy::Header h;
  h.shape.push_back(0);
  if (is_numeric(d)) {
    h.scalar = d.scalar;
    h.item_size = datapacker::size_of(d.scalar);
    h.shape.insert(h.shape.end(), d.shape.begin(), d.shape.end());
  } else {
    h.item_size = d.elem_size();
  }
  if (source.data_size() % h.row_size() != 0) {
    source.failed(fmt::format("its {} bytes are not whole elements of {} bytes", source.data_size(), h.row_size()));
  }
  h.shape[0] = source.data_size() / h.row_size();
  return h;
}

/// Bytes go into columns of bytes or text of their size, numbers into columns of numbers.
void check_kind(const ColumnArguments& a, const npy::Header& h, const Dtype& d) {
  const bool fits =
      h.scalar ? is_numeric(d) && !d.is_varsize()
               : (d.kind == Dtype::Kind::bytes || d.kind == Dtype::Kind::string) && d.elem_size() == h.item_size;
  if (fits) return;
  const std::string found =
      h.scalar ? std::string(datapacker::name_of(*h.scalar)) : "bytes:" + std::to_string(h.item_size);
  a.refuse(fmt::format("the file holds {}, the column {}", found, d.text()));
}

/// The column that is there, or a new one.
Column target(ExecContext& c, const ColumnArguments& a, std::optional<std::string> dtype) {
  const std::string_view name = a.text(0, "the column's name");
  storage::Columns columns = columns_of(c);
  if (dtype) or_throw(columns.create(name, *dtype, true));
  Column column = or_throw(columns.open_to_write(name));
  return column;
}

std::unique_ptr<ProcedureRows> import(ExecContext& c, const ColumnArguments& a) {
  const auto options = a.options(2, {"dtype", "format", "from", "count"});
  const std::string file(a.text(1, "the file"));
  Source source(or_throw(folder(c, a).existing(file)), file);
  std::optional<npy::Header> header;
  if (is_npy(a, options)) header = source.npy_header();
  std::optional<std::string> dtype;
  if (const auto wanted = a.word(options, "dtype")) {
    dtype = or_throw(datapacker::parse_dtype(*wanted)).text();
  } else if (header && !columns_of(c).open(a.text(0, "the column's name"))) {
    dtype = source.in_file(npy::dtype_of(*header)).text();
  }
  Column column = target(c, a, dtype);
  if (dtype && column.dtype().text() != *dtype)
    a.refuse(fmt::format("column `{}` is there already, with dtype {}", column.name(), column.dtype().text()));
  if (header)
    check_kind(a, *header, column.dtype());
  else
    header = raw_header(a, column.dtype(), source);
  const std::int64_t from = a.number(options, "from").value_or(0), rows = static_cast<std::int64_t>(header->rows());
  if (from < 0 || from > rows) a.refuse(fmt::format("the file has {} rows, so none can be read from {} on", rows, from));
  const std::int64_t count = a.number(options, "count").value_or(rows - from);
  if (count < 0 || count > rows - from)
    a.refuse(fmt::format("the file has {} rows, not {} from {} on", rows, count, from));
  return std::make_unique<Import>(std::move(source), std::move(*header), std::move(column),
                                  static_cast<std::uint64_t>(from), static_cast<std::uint64_t>(count));
}

/// Writes a range of a column into a file, which is there when the last row comes.
class Export final : public ProcedureRows {
 public:
  Export(Column column, Column::Range range, OutputFile file)
      : column_(std::move(column)), range_(range), file_(std::move(file)), total_(range.size()) {}

  void write_header() {
    Buffer header;
    or_throw(npy::write_header(column_.dtype(), total_, header));
    or_throw(file_.write(header));
  }

  bool next(ExecContext& c, Arena&, std::span<Value> row) override {
    if (ended_) return false;
    for (std::size_t moved = 0; moved < progress_bytes && range_.size() > 0;) {
      c.check();
      const auto run = or_throw(column_.run(range_.from));
      const std::uint64_t n = std::min(run.count, range_.size());
      moved += write(run.data.first(n * run.size), n);
      range_.from += n;
    }
    ended_ = range_.size() == 0;
    if (ended_) or_throw(file_.finish());
    put_progress(row, total_ - range_.size(), total_);
    return true;
  }
  bool take_long() const override { return true; }

 private:
  std::size_t write(Bytes packed, std::uint64_t n) {
    if (column_.dtype().kind == Dtype::Kind::vector) {
      numbers_.clear();
      const std::uint64_t size = or_throw(column_.packer().rows_size(n));
      or_throw(column_.packer().unpack_rows(packed, n, {numbers_.extend(size), size}));
      packed = numbers_;
    }
    or_throw(file_.write(packed));
    return packed.size();
  }

  Column column_;
  Column::Range range_;
  OutputFile file_;
  std::uint64_t total_;
  Buffer numbers_;
  bool ended_ = false;
};

std::unique_ptr<ProcedureRows> export_to(ExecContext& c, const ColumnArguments& a) {
  const auto options = a.options(2, {"format", "overwrite", "from", "to"});
  Column column = or_throw(columns_of(c).open(a.text(0, "the column's name")));
  if (column.packer().is_varsize())
    a.refuse(column.dtype().text() + " has no fixed size, so a file can't hold its elements side by side");
  const auto range = or_throw(column.range(a.number(options, "from").value_or(0), a.number(options, "to")));
  const auto place = or_throw(folder(c, a).to_write(a.text(1, "the file"), a.flag(options, "overwrite")));
  auto rows = std::make_unique<Export>(std::move(column), range, or_throw(OutputFile::create(place)));
  if (is_npy(a, options)) rows->write_header();
  return rows;
}

}  // namespace

void add_column_transfer(ProcedureRegistry& registry) {
  const std::vector<ProcedureArgument> arguments{
      column_name(), {"file", Type::string}, optional_argument("options", Type::map)};
  const std::vector<ProcedureColumn> progress{{"done", Type::integer}, {"total", Type::integer}};
  add_column_procedure(
      registry, "column.import",
      "Appends the elements of a file of the import folder, NumPy's .npy or raw, to a column; yields how far "
      "it is. Options: dtype, format, from, count.",
      ProcedureMode::write, arguments, progress, import);
  add_column_procedure(
      registry, "column.export",
      "Writes a column into a file of the import folder, NumPy's .npy or raw; yields how far it is. Options: "
      "format, overwrite, from, to.",
      ProcedureMode::read, arguments, progress, export_to);
}

}  // namespace packhouse::cypher
