#include "server/tdtp_command.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "tdtp/json/writer.hpp"
#include "tdtp/stream.hpp"
#include "tdtp/stream_diff.hpp"

namespace packhouse::server {

Meter::Meter(const TdtpOptions& options) : watched_(options.progress || ::isatty(2) != 0) {}
Meter::~Meter() {
  if (shown_ >= 0) std::fputs("\r     \r", stderr);
}
bool Meter::operator()(std::uint64_t done, std::uint64_t size) {
  const int percent = size == 0 ? 100 : static_cast<int>(std::min(done, size) * 100 / size);
  if (watched_ && percent != shown_) std::fprintf(stderr, "\r%3d %%", shown_ = percent);
  return true;
}

Result<std::unique_ptr<tdtp::TableReader>> open_table(const std::string& path, const tdtp::Progress& progress,
                                                      bool strict) {
  PACKHOUSE_TRY(auto files, tdtp::files_of(path));
  return tdtp::TableReader::open(std::move(files), {.progress = progress, .strict = strict});
}

tdtp::ExportOptions export_options(const TdtpOptions& o) {
  tdtp::ExportOptions options;
  options.compress = o.compress;
  options.level = o.level;
  options.checksum = !o.no_checksum;
  options.part_bytes = static_cast<std::size_t>(o.part_bytes);
  return options;
}

namespace {

/// Cells of one row, between tabs; tabs, line feeds and backslashes in them as \t, \n, \\.
void print_row(tdtp::Rows::Row row, std::string& out) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) out += '\t';
    for (const char c : row[i]) {
      if (c == '\t' || c == '\n' || c == '\\') out += '\\';
      out += c == '\t' ? 't' : c == '\n' ? 'n' : c;
    }
  }
  out += '\n';
}

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void print_schema(const tdtp::Header& header, const tdtp::Schema& schema) {
  std::printf("table\t%s\ntype\t%s\nmessage\t%s\nwritten\t%s\n", header.table_name.c_str(), header.type.c_str(),
              header.message_id.c_str(), header.timestamp.c_str());
  if (header.total_parts > 0)
    std::printf("part\t%lld of %lld\n", static_cast<long long>(header.part_number),
                static_cast<long long>(header.total_parts));
  for (const tdtp::Field& f : schema.fields)
    std::printf("column\t%s\t%s%s\n", f.name.c_str(), f.type.c_str(), f.key ? "\tkey" : "");
}

Result<void> run_read(const TdtpOptions& o) {
  bool begun = false;
  std::uint64_t rows = 0;
  Meter meter(o);
  PACKHOUSE_CHECK(
      tdtp::read_pieces(o.in, {}, std::ref(meter),
                        [&](const tdtp::Header& header, const tdtp::Schema& schema, tdtp::Rows& piece) -> Result<void> {
                          std::string text;
                          if (!begun && o.info) print_schema(header, schema);
                          if (!begun && !o.info) {
                            std::vector<std::string_view> names;
                            for (const tdtp::Field& f : schema.fields) names.push_back(f.name);
                            print_row(names, text);
                          }
                          begun = true;
                          rows += piece.size();
                          for (std::size_t i = 0; i < piece.size() && !o.info; ++i) print_row(piece[i], text);
                          print(text);
                          return ok;
                        }));
  if (o.info) std::printf("rows\t%llu\n", static_cast<unsigned long long>(rows));
  return ok;
}

/// The settings of the masker that the options describe.
std::string mask_settings(const TdtpOptions& o) {
  std::string fields;
  for (const std::string& f : o.fields) {
    if (!fields.empty()) fields += ',';
    tdtp::json::append_string(f, fields);
    if (!o.pattern.empty()) fields += ':', tdtp::json::append_string(o.pattern, fields);
  }
  std::string out = "[{\"type\":\"field_masker\",\"params\":{\"fields\":";
  out += o.pattern.empty() ? "[" + fields + "]" : "{" + fields + "}";
  out += ",\"visible_chars\":" + std::to_string(o.visible) + ",\"mask_char\":";
  tdtp::json::append_string(o.mask_char, out);
  return out + "}}]";
}

Result<void> copy(const TdtpOptions& o, const tdtp::StreamSteps& steps) {
  tdtp::StreamReport report;
  {
    Meter meter(o);
    PACKHOUSE_TRY(report, tdtp::copy_file(o.in, o.out, steps, {}, std::ref(meter)));
  }
  std::printf("%llu of %llu rows\n", static_cast<unsigned long long>(report.rows_written),
              static_cast<unsigned long long>(report.rows_read));
  return ok;
}

Result<void> run_mask(const TdtpOptions& o) {
  PACKHOUSE_TRY(const auto chain, tdtp::Chain::parse(mask_settings(o)));
  return copy(o, {o.where, &chain});
}

/// The lines of one difference.
void print_entry(const tdtp::StreamDiff::Entry& e, const tdtp::Schema& schema, std::string& out) {
  using Change = tdtp::StreamDiff::Change;
  if (e.change != Change::modified) {
    out += e.change == Change::removed ? "- " : "+ ";
    print_row(e.change == Change::removed ? e.before : e.after, out);
    return;
  }
  for (const std::size_t c : e.columns) {
    out += "~ " + e.key + '\t' + (c < schema.fields.size() ? schema.fields[c].name : std::string()) + '\t';
    const std::string_view cells[] = {e.before[c], e.after[c]};
    print_row(cells, out);
  }
}

Result<void> run_diff(const TdtpOptions& o) {
  std::unique_ptr<tdtp::StreamDiff> diff;
  tdtp::Schema schema;
  {
    Meter meter(o);
    const auto half = [&meter](std::uint64_t which) {
      return [&meter, which](std::uint64_t done, std::uint64_t size) { return meter(which * size + done, 2 * size); };
    };
    PACKHOUSE_TRY(const auto before, open_table(o.in, half(0)));
    PACKHOUSE_TRY(const auto after, open_table(o.second, half(1)));
    schema = before->schema();
    PACKHOUSE_TRY(diff, tdtp::StreamDiff::open(*before, *after, {.ignore_case = o.ignore_case, .keys = o.keys}));
  }
  std::string out;
  for (tdtp::StreamDiff::Entry entry;;) {
    PACKHOUSE_TRY(const bool more, diff->next(entry));
    if (!more) break;
    print_entry(entry, schema, out);
    if (out.size() < (std::size_t{64} << 10)) continue;
    print(out);
    out.clear();
  }
  print(out);
  const auto& n = diff->counts();
  std::printf("%llu added, %llu removed, %llu modified, %llu unchanged\n", static_cast<unsigned long long>(n.added),
              static_cast<unsigned long long>(n.removed), static_cast<unsigned long long>(n.modified),
              static_cast<unsigned long long>(n.unchanged));
  return ok;
}

Result<void> run_export(const TdtpOptions& o) {
  if (!o.label.empty()) return run_tdtp_label_export(o);
  if (o.out.empty()) return fail(Status::argument_error, "two files are needed, or one and --label");
  tdtp::StreamReport report;
  {
    Meter meter(o);
    PACKHOUSE_TRY(report, tdtp::export_file(o.in, o.out, export_options(o), {}, std::ref(meter)));
    PACKHOUSE_CHECK(tdtp::remove_former(o.out, report.files.size(), o.in));
  }
  for (const std::string& file : report.files) std::printf("%s\n", file.c_str());
  return ok;
}

}  // namespace

CLI::App& add_tdtp(CLI::App& app, TdtpOptions& o) {
  CLI::App& tdtp = *app.add_subcommand("tdtp", "tables in .tdtp.xml files");
  tdtp.require_subcommand(1);
  const auto command = [&](const char* name, const char* what) -> CLI::App& {
    CLI::App& c = *tdtp.add_subcommand(name, what);
    c.add_option("file", o.in, "the file to read")->required();
    c.add_flag("--progress", o.progress, "show percent on standard error, even if that is no terminal");
    return c;
  };
  CLI::App& read = command("read", "print the rows, cells between tabs");
  read.add_flag("--info", o.info, "print table, columns and number of rows instead");
  CLI::App& filter = command("filter", "copy the rows that a condition lets through");
  filter.add_option("where", o.where, "the condition, for instance \"Balance > 1000 AND City LIKE 'O%'\"")->required();
  filter.add_option("out", o.out, "the file to write")->required();
  CLI::App& mask = command("mask", "copy the table with some columns masked");
  mask.add_option("out", o.out, "the file to write")->required();
  mask.add_option("--fields", o.fields, "names of the columns, between commas")->required()->delimiter(',');
  mask.add_option("--pattern", o.pattern, "partial, middle, stars or first2_last2");
  mask.add_option("--visible", o.visible, "without a pattern: characters at the right that stay")
      ->check(CLI::NonNegativeNumber);
  mask.add_option("--char", o.mask_char, "without a pattern: what stands for the others");
  mask.add_option("--where", o.where, "only the rows that this condition lets through");
  CLI::App& diff = command("diff", "compare two tables by their key columns");
  diff.add_option("new", o.second, "the newer file")->required();
  diff.add_option("--keys", o.keys, "names of the key columns, between commas (default: those of the first file)")
      ->delimiter(',');
  diff.add_flag("--ignore-case", o.ignore_case, "take a and A for the same");
  CLI::App& parts = command("export", "write the table in parts, or with --label nodes of a store that no server has open");
  parts.get_option("file")->description("the file to read; with --label the file to write");
  parts.add_option("base", o.out, "the file to write: Users.tdtp.xml becomes Users_part_1_of_3.tdtp.xml and so on");
  parts.add_option("--label", o.label, "the label of the nodes")->excludes("base");
  parts.add_option("--data", o.data, "folder of the store")->capture_default_str();
  parts.add_option("--fields", o.fields, "with --label: names of the properties, between commas (default: all)")
      ->delimiter(',');
  parts.add_option("--keys", o.keys, "with --label: names of the key columns (default: those of a constraint)")
      ->delimiter(',');
  parts.add_flag("--compress", o.compress, "compress the rows");
  parts.add_option("--level", o.level, "1 to 22")->check(CLI::Range(1, 22));
  parts.add_flag("--no-checksum", o.no_checksum, "compressed rows without a checksum");
  parts.add_option("--part-bytes", o.part_bytes, "the size of a part, roughly")
      ->check(CLI::Range(std::int64_t{1}, static_cast<std::int64_t>(tdtp::Limits{}.decompressed_bytes)));
  CLI::App& import = command("import", "put the rows into nodes of a store that no server has open, by key");
  import.add_option("--label", o.label, "the label of the nodes (default: the name of the table)");
  import.add_option("--data", o.data, "folder of the store; made when missing")->capture_default_str();
  import.add_option("--keys", o.keys, "names of the key columns, between commas (default: those of the file)")
      ->delimiter(',');
  import.add_option("--where", o.where, "only the rows that this condition lets through");
  import.add_option("--batch", o.batch, "rows of a transaction; 0: all in one, so that a failure leaves nothing")
      ->check(CLI::NonNegativeNumber);
  import.add_option("--memory-mb", o.memory_mb, "what one transaction may hold, in MiB")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  return tdtp;
}

int run_tdtp(const CLI::App& tdtp, const TdtpOptions& o) {
  const std::string name = tdtp.get_subcommands().at(0)->get_name();
  const Result<void> r = name == "read"     ? run_read(o)
                         : name == "filter" ? copy(o, {o.where, nullptr})
                         : name == "mask"   ? run_mask(o)
                         : name == "diff"   ? run_diff(o)
                         : name == "import" ? run_tdtp_import(o)
                                            : run_export(o);
  if (r) return 0;
  std::fflush(stdout);
  std::fprintf(stderr, "packhouse: %s\n", r.error().message().c_str());
  return 1;
}

}  // namespace packhouse::server
