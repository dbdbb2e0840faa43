#include "storage/lmdb/engine.hpp"

#include "storage/lmdb/environment.hpp"

namespace packhouse::storage::lmdb {
namespace {

/// The embedded engine: one LMDB environment, all tables in its main database. Thread-safe as kv::Engine says.
class LmdbEngine final : public kv::Engine {
 public:
  explicit LmdbEngine(std::unique_ptr<Environment> environment) : environment_(std::move(environment)) {}

  Result<std::unique_ptr<kv::Snapshot>> snapshot() override { return make_snapshot(*environment_); }
  Result<std::unique_ptr<kv::Batch>> begin_batch() override { return make_batch(*environment_); }
  Result<void> sync() override { return environment_->sync(); }
  std::uint64_t size_bytes() const override { return environment_->size_bytes(); }

 private:
  std::unique_ptr<Environment> environment_;
};

}  // namespace

Result<std::unique_ptr<kv::Engine>> open(const std::filesystem::path& path, const EngineOptions& options) {
  PACKHOUSE_TRY(auto folder, Folder::claim(path));
  auto environment = std::make_unique<Environment>(std::move(folder));
  PACKHOUSE_CHECK(environment->open(options));
  return std::make_unique<LmdbEngine>(std::move(environment));
}

}  // namespace packhouse::storage::lmdb
