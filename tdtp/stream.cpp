#include "tdtp/stream.hpp"

#include <optional>

#include "tdtp/file.hpp"
#include "tdtp/tdtql/selector.hpp"
#include "tdtp/xml/writer.hpp"

namespace packhouse::tdtp {

namespace {

Result<void> at_write(Result<void> r) {
  if (r) return ok;
  return tl::make_unexpected(std::move(r).error().in("write error: "));
}

/// Rows of one table on their way to a file.
class Copy {
 public:
  Copy(const StreamSteps& steps, PacketWriter writer, Header header, Schema schema)
      : steps_(&steps), writer_(std::move(writer)), packet_{std::move(header), std::move(schema), {}, "", "", ""} {}

  Result<StreamReport> run(TableReader& reader, tdtql::Selector* selector) {
    Rows rows;
    for (;;) {
      PACKHOUSE_TRY(const bool more, reader.next(rows));
      if (!more) break;
      report_.rows_read += rows.size();
      if (selector == nullptr) {
        for (std::size_t i = 0; i < rows.size(); ++i) packet_.rows.add_row(rows[i]);
      } else {
        PACKHOUSE_CHECK(selector->take(rows, packet_.rows));
      }
      PACKHOUSE_CHECK(write());
    }
    if (selector != nullptr) {
      PACKHOUSE_CHECK(selector->finish());
      for (;;) {
        PACKHOUSE_TRY(const bool more, selector->drain(packet_.rows));
        if (!more) break;
        PACKHOUSE_CHECK(write());
      }
    }
    PACKHOUSE_CHECK(at_write(writer_.close()));
    return std::move(report_);
  }

 private:
  Result<void> write() {
    if (steps_->chain != nullptr) PACKHOUSE_CHECK(steps_->chain->process(packet_, report_.rows_written));
    for (std::size_t i = 0; i < packet_.rows.size(); ++i) PACKHOUSE_CHECK(at_write(writer_.row(packet_.rows[i])));
    report_.rows_written += packet_.rows.size();
    packet_.rows.clear();
    return ok;
  }

  const StreamSteps* steps_;
  PacketWriter writer_;
  Packet packet_;
  StreamReport report_;
};

/// How many rows each part of an export has.
Result<std::vector<std::size_t>> count_parts(RowSource& source, const ExportOptions& options) {
  std::vector<std::size_t> parts{0};
  PartCutter cutter(options.part_bytes);
  Rows rows;
  for (;;) {
    PACKHOUSE_TRY(const bool more, source.next(rows));
    if (!more) return parts;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (cutter.cut_before(rows[i])) parts.push_back(0);
      ++parts.back();
    }
  }
}

/// The parts of an export, one after the other.
class Parts {
 public:
  Parts(const RowSource& source, std::vector<std::size_t> sizes, std::string base, const ExportOptions& options)
      : source_(&source),
        sizes_(std::move(sizes)),
        base_(std::move(base)),
        options_(options),
        headers_(source.header(), sizes_.size()),
        files_(options_.follow_links) {}

  Result<void> take(Rows::Row row) {
    if (written_ == sizes_.size()) return changed();
    for (const auto cell : row) part_.add(part_.keep(cell));
    part_.end_row();
    return part_.size() == sizes_[written_] ? write() : Result<void>{};
  }
  Result<StreamReport> finish() {
    if (sizes_.size() == 1 && sizes_[0] == 0) PACKHOUSE_CHECK(write());
    if (written_ != sizes_.size()) return changed();
    report_.rows_read = report_.rows_written;
    report_.files = files_.paths();
    PACKHOUSE_CHECK(files_.publish());
    return std::move(report_);
  }

 private:
  static tl::unexpected<Error> changed() { return fail(Status::argument_error, "the table changed while it was read"); }
  Result<void> write() {
    const std::size_t number = written_ + 1;
    auto path = files_.add(part_path(base_, number, sizes_.size()));
    if (!path) return tl::make_unexpected(std::move(path).error().in("write part " + std::to_string(number) + ": "));
    PACKHOUSE_CHECK(
        write_part(*path, headers_.of(number, part_.size()), source_->schema(), part_, 0, part_.size(), options_));
    report_.rows_written += part_.size();
    part_.clear();
    ++written_;
    return ok;
  }

  const RowSource* source_;
  std::vector<std::size_t> sizes_;
  std::string base_;
  ExportOptions options_;
  PartHeaders headers_;
  FileSet files_;
  Rows part_;
  std::size_t written_ = 0;
  StreamReport report_;
};

Result<std::unique_ptr<TableReader>> open_table(const std::string& in, const Limits& limits, const Progress& progress) {
  PACKHOUSE_TRY(auto files, files_of(in));
  return TableReader::open(std::move(files), {.limits = limits, .progress = progress});
}

}  // namespace

Result<void> read_pieces(const std::string& in, const Limits& limits, const Progress& progress,
                         const std::function<Result<void>(const Header&, const Schema&, Rows&)>& each) {
  PACKHOUSE_TRY(const auto reader, open_table(in, limits, progress));
  Rows rows;
  for (bool begun = false;; begun = true) {
    PACKHOUSE_TRY(const bool more, reader->next(rows));
    if (more || !begun) PACKHOUSE_CHECK(each(reader->header(), reader->schema(), rows));
    if (!more) return ok;
  }
}

Result<StreamReport> copy_file(const std::string& in, const std::string& out, const StreamSteps& steps,
                               const Limits& limits, const Progress& progress) {
  PACKHOUSE_TRY(const auto reader, open_table(in, limits, progress));
  std::unique_ptr<tdtql::Selector> selector;
  if (!steps.where.empty()) {
    PACKHOUSE_TRY(selector, tdtql::Selector::parse(steps.where, reader->schema(), limits));
  }
  Header header = reader->header();
  header.records_in_part = 0;  // not known yet
  if (reader->parts() > 1) header.part_number = header.total_parts = 0;
  FileSet files;
  auto path = files.add(out);
  if (!path) return tl::make_unexpected(std::move(path).error().in("write error: "));
  auto writer = PacketWriter::create(*path, header, reader->schema());
  if (!writer) return tl::make_unexpected(std::move(writer).error().in("write error: "));
  PACKHOUSE_TRY(StreamReport report,
                Copy(steps, std::move(*writer), std::move(header), reader->schema()).run(*reader, selector.get()));
  report.files = files.paths();
  PACKHOUSE_CHECK(at_write(files.publish()));
  return report;
}

Result<StreamReport> export_rows(const std::function<Result<std::unique_ptr<RowSource>>()>& open,
                                 const std::string& base, const ExportOptions& options) {
  PACKHOUSE_TRY(auto first, open());
  PACKHOUSE_TRY(auto sizes, count_parts(*first, options));
  first.reset();
  PACKHOUSE_TRY(const auto source, open());
  Parts parts(*source, std::move(sizes), base, options);
  Rows rows;
  for (;;) {
    PACKHOUSE_TRY(const bool more, source->next(rows));
    if (!more) return parts.finish();
    for (std::size_t i = 0; i < rows.size(); ++i) PACKHOUSE_CHECK(parts.take(rows[i]));
  }
}

Result<StreamReport> export_file(const std::string& in, const std::string& base, const ExportOptions& options,
                                 const Limits& limits, const Progress& progress) {
  std::uint64_t pass = 0;
  const auto open = [&]() -> Result<std::unique_ptr<RowSource>> {
    if (!progress) return open_table(in, limits, {});
    return open_table(in, limits, [&progress, before = pass++](std::uint64_t done, std::uint64_t size) {
      return progress(before * size + done, 2 * size);
    });
  };
  return export_rows(open, base, options);
}

}  // namespace packhouse::tdtp
