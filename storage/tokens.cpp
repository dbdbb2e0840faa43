#include "storage/tokens.hpp"

#include <array>
#include <mutex>

#include <boost/unordered/unordered_flat_map.hpp>

namespace packhouse::storage {

struct TokenTable::Chunk {
  std::array<std::string, chunk_size> names;
};

struct TokenTable::Names {
  boost::unordered_flat_map<std::string_view, std::uint32_t> ids;  // views of the chunks
};

TokenTable::TokenTable(keys::TokenKind kind)
    : kind_(kind), chunks_(std::make_unique<std::atomic<Chunk*>[]>(max_tokens / chunk_size)), names_(std::make_unique<Names>()) {}

TokenTable::~TokenTable() {
  for (std::uint32_t i = 0; i * chunk_size < size(); ++i) delete chunks_[i].load();
}

Result<void> TokenTable::load(kv::Snapshot& snapshot) {
  const std::unique_lock lock(mutex_);
  const auto range = keys::tokens(kind_);
  PACKHOUSE_TRY(const auto scan, snapshot.scan(range.low, range.high));
  std::array<kv::Entry, 256> entries;
  while (true) {
    PACKHOUSE_TRY(const std::size_t n, scan->next(entries));
    if (n == 0) break;
    for (std::size_t i = 0; i < n; ++i) {
      const auto [key, value] = entries[i];
      const std::string_view name = as_text(value);
      if (!std::ranges::equal(key, keys::token(kind_, size()).view()) || size() == max_tokens || names_->ids.contains(name)) {
        return fail(Status::storage_failed, "the table of names is damaged at number " + std::to_string(size()));
      }
      append(name);
    }
  }
  persisted_.store(size(), std::memory_order_release);
  return ok;
}

std::optional<std::uint32_t> TokenTable::find(std::string_view name) const {
  const std::shared_lock lock(mutex_);
  const auto at = names_->ids.find(name);
  return at == names_->ids.end() ? std::nullopt : std::optional(at->second);
}

Result<std::uint32_t> TokenTable::find_or_create(std::string_view name) {
  if (const auto id = find(name)) return *id;
  if (name.empty()) return fail(Status::argument_error, "a label, relationship type or property name can't be empty");
  if (name.size() > max_name) {
    return fail(Status::argument_error, "a name has " + std::to_string(name.size()) + " bytes; " + std::to_string(max_name) + " is the most");
  }
  const std::unique_lock lock(mutex_);
  if (const auto at = names_->ids.find(name); at != names_->ids.end()) return at->second;
  if (size() == max_tokens) {
    return fail(Status::storage_failed, "the store has " + std::to_string(max_tokens) + " names of this kind, which is the most");
  }
  return append(name);
}

std::uint32_t TokenTable::append(std::string_view name) {
  const std::uint32_t id = size_.load(std::memory_order_relaxed);
  std::atomic<Chunk*>& chunk = chunks_[id / chunk_size];
  if (id % chunk_size == 0) chunk.store(new Chunk, std::memory_order_release);
  std::string& kept = chunk.load(std::memory_order_relaxed)->names[id % chunk_size];
  kept = name;
  names_->ids.emplace(kept, id);
  size_.store(id + 1, std::memory_order_release);
  return id;
}

std::string_view TokenTable::name(std::uint32_t id) const {
  return chunks_[id / chunk_size].load(std::memory_order_acquire)->names[id % chunk_size];
}

std::vector<TokenTable::Token> TokenTable::unpersisted() const {
  std::vector<Token> tokens;
  const std::uint32_t end = size();
  for (std::uint32_t id = persisted_.load(std::memory_order_acquire); id < end; ++id) tokens.push_back({id, name(id)});
  return tokens;
}

Result<std::uint32_t> TokenTable::write(kv::Batch& batch) const {
  std::uint32_t end = persisted_.load(std::memory_order_acquire);
  for (const auto& [id, name] : unpersisted()) {
    PACKHOUSE_CHECK(batch.put(keys::token(kind_, id), as_bytes(name)));
    end = id + 1;
  }
  return end;
}

void TokenTable::mark_persisted(std::uint32_t size) {
  std::uint32_t now = persisted_.load();
  while (now < size && !persisted_.compare_exchange_weak(now, size)) {
  }
}

}  // namespace packhouse::storage
