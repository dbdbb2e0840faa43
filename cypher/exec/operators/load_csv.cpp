#include <fmt/format.h>

#include <map>
#include <memory>
#include <string>

#include "base/import_folder.hpp"
#include "base/input_file.hpp"
#include "codec/csv/parser.hpp"
#include "cypher/exec/multiplier.hpp"
#include "cypher/exec/operators.hpp"

namespace packhouse::cypher {
namespace {

constexpr std::size_t block_size = std::size_t{1} << 16;

/// The rows of a file of the import folder, in blocks.
class CsvFile {
 public:
  CsvFile(ExecContext& context, std::string_view url, char separator) : url_(url), parser_(separator), block_(block_size, '\0') {
    if (context.import_folder == nullptr) failed("there is no import folder");
    const auto path = or_throw(context.import_folder->existing(url));
    file_ = open_to_read(path);
    if (!file_) failed("the file can't be opened");
  }

  /// False at the end.
  bool next_row() {
    for (;;) {
      auto step = parser_.next();
      if (!step) throw QueryError(std::move(step).error().in("Cannot load from URL '" + url_ + "': "));
      if (*step != csv::Parser::Step::more) return *step == csv::Parser::Step::row;
      const std::size_t n = std::fread(block_.data(), 1, block_.size(), file_.get());
      if (n > 0) {
        parser_.feed(std::string_view(block_).substr(0, n));
      } else if (std::ferror(file_.get()) != 0) {
        failed("the file can't be read");
      } else {
        parser_.finish();
      }
    }
  }
  std::span<const csv::Field> fields() const { return parser_.fields(); }

 private:
  [[noreturn]] void failed(std::string_view why) const {
    throw QueryError(Status::external_resource_failed, fmt::format("Cannot load from URL '{}': {}", url_, why));
  }

  std::string url_;
  csv::Parser parser_;
  std::string block_;
  InputFile file_;
};

/// LOAD CSV: a list, or with headers a map, for each row of a file.
class LoadCsv final : public Multiplier {
 public:
  LoadCsv(OperatorPtr input, std::size_t slots, const plan::Slots& kept, ExpressionPtr url, const plan::LoadCsv& step)
      : Multiplier(std::move(input), slots, kept), url_(std::move(url)), slot_(step.slot), headers_(step.headers),
        separator_(step.separator) {}

 protected:
  void start(ExecContext& context, Batch& in, RowIndex row) override {
    const Value url = url_->eval(context, in, row);
    if (!url.is(Kind::string)) {
      throw QueryError(Status::type_error, fmt::format("LOAD CSV needs a URL as a string, but got {}", type_name(url.kind())));
    }
    file_ = std::make_unique<CsvFile>(context, url.as_string(), separator_);
    columns_.clear();
    if (!headers_ || !file_->next_row()) return;
    const auto fields = file_->fields();
    for (std::size_t i = 0; i < fields.size(); ++i) columns_.insert_or_assign(std::string(fields[i].text), i);
  }

  RowIndex fill(ExecContext& context, Batch& out, RowIndex at, RowIndex room) override {
    context.check();
    RowIndex n = 0;
    for (; n < room && file_->next_row(); ++n) {
      out.column(slot_)[at + n] = headers_ ? map(out.arena()) : list(out.arena());
      context.bound(out.arena().footprint());  // one row may have megabytes
    }
    return n;
  }

 private:
  static Value value(const csv::Field& f, Arena& arena) {
    return f.text.empty() && !f.quoted ? Value() : Value::string(arena.copy(f.text));
  }
  Value list(Arena& arena) const {
    const auto fields = file_->fields();
    const auto items = arena.array<Value>(fields.size());
    for (std::size_t i = 0; i < items.size(); ++i) ::new (&items[i]) Value(value(fields[i], arena));
    return Value::list(items);
  }
  /// Fields beyond the headers are dropped, missing ones are null.
  Value map(Arena& arena) const {
    const auto fields = file_->fields();
    const auto entries = arena.array<MapEntry>(columns_.size());
    MapEntry* to = entries.data();
    for (const auto& [name, at] : columns_) {
      ::new (to++) MapEntry{arena.copy(name), at < fields.size() ? value(fields[at], arena) : Value()};
    }
    return Value::map(entries);
  }

  ExpressionPtr url_;
  Slot slot_;
  bool headers_;
  char separator_;
  std::unique_ptr<CsvFile> file_;
  std::map<std::string, std::size_t> columns_;  ///< of a header that comes twice, the last
};

}  // namespace

OperatorPtr make_operator(const plan::LoadCsv& step, const plan::Node& node, Builder& b) {
  return std::make_unique<LoadCsv>(b.input(node), b.slots, node.kept, b.compile(*step.url), step);
}

}  // namespace packhouse::cypher
