#include "storage/store.hpp"

#include "storage/committer.hpp"
#include "storage/lmdb/engine.hpp"
#include "storage/store_core.hpp"
#include "storage/store_meta.hpp"
#include "storage/transaction.hpp"

namespace packhouse::storage {
namespace {

template <class Id>
std::optional<Id> typed(std::optional<std::uint32_t> id) {
  return id ? std::optional(Id{*id}) : std::nullopt;
}
template <class Id>
Result<Id> typed(Result<std::uint32_t> id) {
  return std::move(id).map([](std::uint32_t i) { return Id{i}; });
}

/// The Store there is. Thread-safe: all state is in the core's parts, which guard themselves.
class StoreImpl final : public Store {
 public:
  StoreImpl(std::unique_ptr<kv::Engine> engine, const StoreOptions& options) : core_(std::move(engine), options), committer_(core_) {}
  ~StoreImpl() override { close(); }

  Result<void> start() {
    PACKHOUSE_CHECK(meta::load(core_));
    core_.vectors.adopt(core_.catalogs.latest().schema());
    return committer_.start();
  }

  Result<std::unique_ptr<Transaction>> begin(AccessMode mode) override {
    auto transaction = std::make_unique<TransactionImpl>(*this, core_, committer_, mode);
    PACKHOUSE_CHECK(transaction->start());
    return transaction;
  }

  std::string_view uuid() const override { return core_.uuid; }
  std::uint64_t last_sequence() const override { return core_.last_sequence; }
  /// Each part only grows, so their sum never repeats.
  std::uint64_t catalog_version() const override {
    return core_.schema_version + core_.labels.size() + core_.types.size() + core_.property_keys.size();
  }

  std::optional<LabelId> find_label(std::string_view name) const override { return typed<LabelId>(core_.labels.find(name)); }
  std::optional<TypeId> find_type(std::string_view name) const override { return typed<TypeId>(core_.types.find(name)); }
  std::optional<KeyId> find_key(std::string_view name) const override { return typed<KeyId>(core_.property_keys.find(name)); }
  Result<LabelId> label(std::string_view name) override { return typed<LabelId>(core_.labels.find_or_create(name)); }
  Result<TypeId> type(std::string_view name) override { return typed<TypeId>(core_.types.find_or_create(name)); }
  Result<KeyId> key(std::string_view name) override { return typed<KeyId>(core_.property_keys.find_or_create(name)); }
  std::string_view name(LabelId id) const override { return core_.labels.name(raw(id)); }
  std::string_view name(TypeId id) const override { return core_.types.name(raw(id)); }
  std::string_view name(KeyId id) const override { return core_.property_keys.name(raw(id)); }
  std::size_t label_count() const override { return core_.labels.size(); }
  std::size_t type_count() const override { return core_.types.size(); }
  std::size_t key_count() const override { return core_.property_keys.size(); }

  StoreStatistics statistics() const override {
    return {core_.commits, core_.conflicts, core_.locks.deadlocks(), core_.engine->size_bytes(), core_.active_transactions,
            core_.snapshots.oldest_age(), core_.node_cache.bytes()};
  }
  std::optional<VectorIndexStatistics> vector_statistics(IndexId id) const override {
    const auto index = core_.vectors.find(id);
    return index ? std::optional(index->statistics()) : std::nullopt;
  }
  void settle_vector_indexes() override { core_.vectors.settle(); }
  void close() override {
    committer_.close();
    core_.vectors.close();
  }

 private:
  StoreCore core_;
  Committer committer_;
};

}  // namespace

Result<std::unique_ptr<Store>> Store::open(std::unique_ptr<kv::Engine> engine, const StoreOptions& options) {
  auto store = std::make_unique<StoreImpl>(std::move(engine), options);
  PACKHOUSE_CHECK(store->start());
  return store;
}

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& folder, const StoreOptions& options) {
  lmdb::EngineOptions engine_options;
  engine_options.map_size = options.map_size;
  PACKHOUSE_TRY(auto engine, lmdb::open(folder, engine_options));
  return open(std::move(engine), options);
}

}  // namespace packhouse::storage
