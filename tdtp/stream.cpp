#include "tdtp/stream.hpp"

#include <optional>

#include "tdtp/tdtql/condition.hpp"
#include "tdtp/xml/reader.hpp"
#include "tdtp/xml/writer.hpp"

namespace packhouse::tdtp {

namespace {

/// Rows of one file on their way to another.
class Copy {
 public:
  Copy(const StreamSteps& steps, std::optional<tdtql::Query> query, std::string out)
      : steps_(&steps), query_(std::move(query)), out_(std::move(out)) {}

  Result<void> piece(const Header& header, const Schema& schema, Rows& rows) {
    PACKHOUSE_CHECK(open(header, schema));
    Packet chosen{header, schema, {}, "", "", ""};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      PACKHOUSE_TRY(const bool yes, wanted(rows[i]));
      if (yes) chosen.rows.add_row(rows[i]);
    }
    if (steps_->chain != nullptr) PACKHOUSE_CHECK(steps_->chain->process(chosen, report_.rows_written));
    for (std::size_t i = 0; i < chosen.rows.size(); ++i) PACKHOUSE_CHECK(at_write(writer_->row(chosen.rows[i])));
    report_.rows_read += rows.size();
    report_.rows_written += chosen.rows.size();
    return ok;
  }

  Result<StreamReport> finish() {
    PACKHOUSE_CHECK(at_write(writer_->close()));
    report_.files.push_back(out_);
    return std::move(report_);
  }

 private:
  static Result<void> at_write(Result<void> r) {
    if (r) return ok;
    return tl::make_unexpected(std::move(r).error().in("write error: "));
  }

  Result<void> open(const Header& header, const Schema& schema) {
    if (writer_) return ok;
    if (query_) {
      PACKHOUSE_CHECK(schema.check());
      PACKHOUSE_TRY(auto condition, tdtql::Condition::compile(query_->where, schema));
      condition_.emplace(std::move(condition));
      skip_ = query_->offset.value_or(0);
    }
    Header kept = header;
    kept.records_in_part = 0;  // not known yet
    auto writer = PacketWriter::create(out_, kept, schema);
    if (!writer) return at_write(tl::make_unexpected(std::move(writer).error()));
    writer_.emplace(std::move(*writer));
    return ok;
  }

  Result<bool> wanted(Rows::Row row) {
    if (!condition_) return true;
    auto yes = condition_->matches(row);
    if (!yes) return tl::make_unexpected(std::move(yes).error().in("filter error: "));
    if (!*yes) return false;
    if (skip_ > 0) return --skip_, false;
    if (query_->limit && taken_ >= *query_->limit) return false;
    ++taken_;
    return true;
  }

  const StreamSteps* steps_;
  std::optional<tdtql::Query> query_;
  std::string out_;
  std::optional<tdtql::Condition> condition_;
  std::optional<PacketWriter> writer_;
  std::int64_t skip_ = 0, taken_ = 0;
  StreamReport report_;
};

/// How many rows each part of an export has.
Result<std::vector<std::size_t>> count_parts(const std::string& in, const ExportOptions& options, const Limits& limits,
                                             const Progress& progress) {
  std::vector<std::size_t> parts{0};
  PartCutter cutter(options.part_bytes);
  PACKHOUSE_CHECK(read_pieces(in, limits, progress, [&](const Header&, const Schema&, Rows& rows) -> Result<void> {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (cutter.cut_before(rows[i])) parts.push_back(0);
      ++parts.back();
    }
    return ok;
  }));
  return parts;
}

}  // namespace

Result<void> read_pieces(const std::string& in, const Limits& limits, const Progress& progress,
                         const std::function<Result<void>(const Header&, const Schema&, Rows&)>& each) {
  PACKHOUSE_TRY(const auto reader, PacketReader::open(in, limits));
  Rows rows;
  for (bool begun = false;;) {
    rows.clear();
    PACKHOUSE_TRY(const bool more, reader->next(rows));
    begun = begun || !rows.empty();
    const Header& header = reader->header();
    if (begun && (header.message_id.empty() || reader->schema().fields.empty())) {
      return fail(Status::argument_error,
                  "parse error: header and schema must stand before the rows of a file that is read in pieces");
    }
    if (begun || !more) PACKHOUSE_CHECK(each(header, reader->schema(), rows));
    if (progress && !progress(reader->position(), reader->size())) return fail(Status::terminated, "stopped");
    if (!more) return ok;
  }
}

Result<StreamReport> copy_file(const std::string& in, const std::string& out, const StreamSteps& steps,
                               const Limits& limits, const Progress& progress) {
  std::optional<tdtql::Query> query;
  if (!steps.where.empty()) {
    auto parsed = tdtql::parse(steps.where, limits.depth);
    if (!parsed) return tl::make_unexpected(std::move(parsed).error().in("invalid WHERE clause: "));
    if (!parsed->order.empty()) return fail(Status::argument_error, "ORDER BY needs all rows of a file at once");
    query = std::move(*parsed);
  }
  Copy copy(steps, std::move(query), out);
  PACKHOUSE_CHECK(read_pieces(in, limits, progress,
                              [&](const Header& h, const Schema& s, Rows& rows) { return copy.piece(h, s, rows); }));
  return copy.finish();
}

Result<StreamReport> export_file(const std::string& in, const std::string& base, const ExportOptions& options,
                                 const Limits& limits, const Progress& progress) {
  PACKHOUSE_TRY(const auto parts, count_parts(in, options, limits, progress));
  StreamReport report;
  std::optional<PartHeaders> headers;
  Rows part;
  const auto write = [&](const Header& header, const Schema& schema) -> Result<void> {
    if (!headers) headers.emplace(header, parts.size());
    const std::size_t number = report.files.size() + 1;
    const std::string path = part_path(base, number, parts.size());
    PACKHOUSE_CHECK(write_part(path, headers->of(number, part.size()), schema, part, 0, part.size(), options));
    report.files.push_back(path);
    report.rows_written += part.size();
    part.clear();
    return ok;
  };
  auto done =
      read_pieces(in, limits, progress, [&](const Header& header, const Schema& schema, Rows& rows) -> Result<void> {
        for (std::size_t i = 0; i < rows.size(); ++i) {
          for (const auto cell : rows[i]) part.add(part.keep(cell));
          part.end_row();
          ++report.rows_read;
          if (report.files.size() < parts.size() && part.size() == parts[report.files.size()])
            PACKHOUSE_CHECK(write(header, schema));
        }
        if (rows.empty() && parts.size() == 1 && parts[0] == 0 && report.files.empty()) return write(header, schema);
        return ok;
      });
  if (done && (report.files.size() != parts.size() || !part.empty()))
    done = fail(Status::argument_error, "the file " + in + " changed while it was read");
  if (!done) {
    remove_files(report.files);
    return tl::make_unexpected(std::move(done).error());
  }
  return report;
}

}  // namespace packhouse::tdtp
