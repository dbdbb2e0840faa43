#include "cypher/procedures/tdtp/files.hpp"

#include <algorithm>

#include "base/import_folder.hpp"
#include "cypher/error.hpp"

namespace packhouse::cypher {
namespace {

const ImportFolder& folder(ExecContext& c) {
  if (c.import_folder == nullptr) throw QueryError(Status::external_resource_failed, "There is no import folder");
  return *c.import_folder;
}

[[noreturn]] void failed(const std::string& what, Error e) {
  const bool about_file = e.status() == Status::argument_error || e.status() == Status::syntax_error;
  if (!about_file) throw QueryError(std::move(e));
  throw QueryError(Status::external_resource_failed, what + e.message());
}

std::size_t sort_memory(const ExecContext& c) {
  return std::min(std::size_t{64} << 20, c.memory_limit / 4);
}

}  // namespace

void cannot_read(std::string_view file, Error e) {
  failed("Cannot load from '" + std::string(file) + "': ", std::move(e));
}
void cannot_write(std::string_view file, Error e) {
  failed("Cannot write to '" + std::string(file) + "': ", std::move(e));
}

std::vector<std::string> tdtp_files(ExecContext& c, std::string_view file) {
  const auto place = or_throw(folder(c).place(file));
  auto files = tdtp::files_of(place.string());
  if (!files) cannot_read(file, std::move(files).error());
  if (files->size() == 1 && files->front() == place.string()) return {or_throw(folder(c).existing(file)).string()};
  for (const std::string& part : *files) {
    if (!folder(c).contains(part)) {
      cannot_read(file, Error(Status::external_resource_failed, "a part lies outside the import folder: " + part));
    }
  }
  return std::move(*files);
}

std::unique_ptr<tdtp::TableReader> open_tdtp(ExecContext& c, std::string_view file) {
  auto reader = tdtp::TableReader::open(tdtp_files(c, file), {.strict = true});
  if (!reader) cannot_read(file, std::move(reader).error());
  if (auto sound = (*reader)->schema().check(); !sound) cannot_read(file, std::move(sound).error());
  return std::move(*reader);
}

std::string tdtp_place(ExecContext& c, std::string_view file) {
  return or_throw(folder(c).place(file)).string();
}
std::string tdtp_target(ExecContext& c, std::string_view file) {
  return or_throw(folder(c).to_write(file, true)).string();
}

QueriedTable::QueriedTable(ExecContext& c, std::string_view file, const tdtp::tdtql::Query& query)
    : file_(file),
      reader_(open_tdtp(c, file)),
      selector_(or_throw(tdtp::tdtql::Selector::create(query, reader_->schema(), sort_memory(c)))) {}

bool QueriedTable::more(ExecContext& c) {
  at_ = 0;
  chosen_.clear();
  while (!read_all_) {
    c.check();
    auto more = reader_->next(rows_);
    if (!more) cannot_read(file_, std::move(more).error());
    if (!*more) {
      read_all_ = true;
      or_throw(selector_->finish());
      break;
    }
    or_throw(selector_->take(rows_, chosen_));
    if (!chosen_.empty()) return true;
  }
  return or_throw(selector_->drain(chosen_));
}

std::optional<tdtp::Rows::Row> QueriedTable::next(ExecContext& c) {
  if (at_ == chosen_.size() && !more(c)) return std::nullopt;
  return chosen_[at_++];
}

}  // namespace packhouse::cypher
