#include "tests/cypher/runner/database.hpp"

#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <future>
#include <stdexcept>

#include "cypher/plan/explain.hpp"
#include "storage/memory/engine.hpp"
#include "value/print.hpp"

namespace packhouse::tests {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<storage::Store> in_memory() {
  auto store = storage::Store::open(std::make_unique<storage::memory::Engine>());
  if (!store) throw std::runtime_error(store.error().message());
  return std::move(*store);
}

/// The import folder of all databases of this process: copies of the files of the tests, so that statements may write there.
class ImportFiles {
 public:
  ImportFiles() : path_(fs::temp_directory_path() / ("packhouse_import_" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::copy(PACKHOUSE_SOURCE_DIR "/tests/cypher/files", path_, fs::copy_options::recursive);
    fs::copy(PACKHOUSE_SOURCE_DIR "/tests/tdtp/data/tdtp-files-open", path_ / "tdtp", fs::copy_options::recursive);
  }
  ImportFiles(const ImportFiles&) = delete;
  ImportFiles& operator=(const ImportFiles&) = delete;
  ~ImportFiles() {
    std::error_code ignored;  // what is left is in the system's temporary folder
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

const fs::path& import_files() {
  static const ImportFiles files;
  return files.path();
}

}  // namespace

Result<void> commit(storage::Transaction& tx) {
  std::promise<Result<std::uint64_t>> promise;
  auto done = promise.get_future();
  tx.commit([&](Result<std::uint64_t> r) { promise.set_value(std::move(r)); });
  auto result = done.get();
  if (!result) return tl::make_unexpected(std::move(result).error());
  return ok;
}

Database::Database() : Database(in_memory()) {}

Database::Database(std::unique_ptr<storage::Store> store)
    : store_(std::move(store)), engine_(std::make_unique<cypher::Engine>(*store_)),
      files_(import_files()) {
  cypher::add_test_procedures(engine_->procedures());
}

cypher::RunOptions Database::options() const {
  cypher::RunOptions options;
  options.import_folder = &files_;
  return options;
}

Result<Value> Database::parameter_map(const Literals& parameters, Arena& arena) {
  const auto entries = arena.array<MapEntry>(parameters.size());
  PACKHOUSE_TRY(const auto tx, store_->begin(storage::AccessMode::read));
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    PACKHOUSE_TRY(const auto run, engine_->run(*tx, "RETURN " + parameters[i].second + " AS value", Value()));
    PACKHOUSE_TRY(const auto state, run->advance());
    if (state != cypher::Run::State::rows) return fail(Status::internal, "a parameter without a value");
    const Value v = deep_copy(run->batch().at(run->column_slot(0), run->batch().row(0)), arena);
    ::new (&entries[i]) MapEntry{arena.copy(parameters[i].first), v};
  }
  return Value::map(entries);
}

Result<Outcome> Database::run(std::string_view text, const Literals& parameters) {
  PACKHOUSE_TRY(const auto type, engine_->type_of(text));
  const auto mode = type == cypher::StatementType::read ? storage::AccessMode::read : storage::AccessMode::write;
  PACKHOUSE_TRY(const auto tx, store_->begin(mode));
  PACKHOUSE_TRY(auto outcome, run(*tx, text, parameters));
  PACKHOUSE_CHECK(commit(*tx));
  return outcome;
}

Result<Outcome> Database::run(storage::Transaction& tx, std::string_view text, const Literals& parameters) {
  Arena arena;
  PACKHOUSE_TRY(const Value map, parameter_map(parameters, arena));
  PACKHOUSE_TRY(const auto run, engine_->run(tx, text, map, options()));
  Outcome out;
  out.columns = run->columns();
  slices_ = 0;
  for (;;) {
    ++slices_;
    PACKHOUSE_TRY(const auto state, run->advance());
    if (state == cypher::Run::State::done) break;
    if (state == cypher::Run::State::waiting) {
      std::promise<void> woken;
      run->on_wake([&] { woken.set_value(); });
      woken.get_future().wait();
    }
    if (state != cypher::Run::State::rows) continue;
    auto& batch = run->batch();
    for (cypher::RowIndex i = 0; i < batch.size(); ++i) {
      auto& row = out.rows.emplace_back();
      for (std::size_t c = 0; c < out.columns.size(); ++c) row.push_back(print_result(batch.at(run->column_slot(c), batch.row(i)), tx));
    }
  }
  out.counts = run->counts();
  out.notifications = run->notifications();
  if (const auto* plan = run->plan()) {
    out.plan = std::make_unique<cypher::PlanDescription>(*plan);
    out.plan_table = cypher::plan::plan_table(*plan, run->profiled());
  }
  return out;
}

}  // namespace packhouse::tests
