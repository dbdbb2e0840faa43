#include "storage/node_cache/node_cache.hpp"

#include <bit>
#include <cstring>

#include "codec/packos/record.hpp"
#include "storage/keys.hpp"

namespace packhouse::storage {
namespace {

/// A Value as two words. Kinds that no property has say why there is no value.
constexpr std::size_t words_per_value = sizeof(Value) / sizeof(std::uint64_t);
using Words = std::array<std::uint64_t, nodes_per_chunk * words_per_value>;
using ValueChunk = ChunkCopy<std::tuple_size_v<Words>>;
const Value ask_record = Value::path(nullptr);
const Value no_node = Value::relationship(RelId{0});

constexpr std::uint32_t worth_filling = 2 * nodes_per_chunk;  // reads of a chunk after which copying it pays
constexpr std::size_t longest_text = 64, most_texts = 4096;  // of a property
constexpr std::uint64_t in_use = 64;  // what was asked for among so many last questions is not forgotten for something else

NodeId first_of(std::uint64_t chunk) { return NodeId{chunk * nodes_per_chunk}; }

}  // namespace

class NodeCache::Column {
 public:
  explicit Column(KeyId id) : key(id) {}
  std::size_t bytes() const { return sizeof(*this) + slots.bytes() + chunks.load(std::memory_order_relaxed) * sizeof(ValueChunk); }

  struct Slot {
    std::atomic<ValueChunk*> chunk{nullptr};
    std::atomic<std::uint32_t> misses{0}, worth{worth_filling};
    Slot() = default;
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() { delete chunk.load(std::memory_order_relaxed); }
  };
  const KeyId key;
  std::uint64_t used = 0;  // under the cache's mutex
  ChunkTable<Slot> slots;
  std::atomic<std::size_t> chunks{0}, texts{0};
};

class NodeCache::Members {
 public:
  explicit Members(LabelId id) : label(id) {}
  std::size_t bytes() const { return sizeof(*this) + slots.bytes(); }

  struct Slot {
    ChunkCopy<std::tuple_size_v<Bits>> copy;
    std::atomic<std::uint32_t> misses{0};
  };
  const LabelId label;
  std::uint64_t used = 0;
  ChunkTable<Slot> slots;
};

NodeCache::NodeCache(std::size_t budget) : budget_(budget) {}
NodeCache::~NodeCache() = default;

void NodeCache::note(std::uint64_t sequence, std::span<OverlayNode* const> nodes) {
  std::uint64_t last = ~std::uint64_t{0};
  for (const OverlayNode* node : nodes) {
    const std::uint64_t chunk = chunk_of(node->id);
    if (chunk != last) changes_.note(sequence, chunk);
    last = chunk;
  }
}

template <class Id, class Part>
std::shared_ptr<Part> NodeCache::part(Parts<Id, Part>& parts, Id id) {
  if (budget_ == 0) return nullptr;
  const std::lock_guard lock(mutex_);
  ++clock_;
  auto found = parts.find(id);
  if (found == parts.end()) {
    if (!make_room(sizeof(Part), 0, nullptr)) return nullptr;
    found = parts.emplace(id, std::make_shared<Part>(id)).first;
  }
  found->second->used = clock_;
  return found->second;
}

/// Null when there is no room for it.
template <class Part>
typename Part::Slot* NodeCache::slot(Part& part, std::uint64_t chunk) {
  if (auto* there = part.slots.find(chunk)) return there;
  const std::lock_guard lock(mutex_);
  if (!make_room(decltype(part.slots)::step_bytes, part.bytes(), &part)) return nullptr;
  return part.slots.touch(chunk);
}

std::shared_ptr<NodeCache::Column> NodeCache::column(KeyId key) { return part(columns_, key); }
std::shared_ptr<NodeCache::Members> NodeCache::members(LabelId label) { return part(members_, label); }

std::size_t NodeCache::held() const {
  std::size_t sum = text_bytes_.load(std::memory_order_relaxed);
  for (const auto& [id, part] : columns_) sum += part->bytes();
  for (const auto& [id, part] : members_) sum += part->bytes();
  return sum;
}

std::size_t NodeCache::bytes() const {
  const std::lock_guard lock(mutex_);
  return held();
}

/// The one that was not used for longest, if it is out of use.
template <class Id, class Part>
bool NodeCache::forget_oldest(Parts<Id, Part>& parts, const void* keep) {
  auto oldest = parts.end();
  for (auto at = parts.begin(); at != parts.end(); ++at) {
    if (at->second.get() == keep || at->second->used + in_use >= clock_) continue;
    if (oldest == parts.end() || at->second->used < oldest->second->used) oldest = at;
  }
  if (oldest == parts.end()) return false;
  parts.erase(oldest);
  return true;
}

/// Makes room for `bytes` more by forgetting what is out of use; never `keep`, which has `kept`. False when that is too
/// little: what is in use stays, or two that don't fit side by side would push out each other for ever. Under the mutex.
bool NodeCache::make_room(std::size_t bytes, std::size_t kept, const void* keep) {
  if (kept + bytes > budget_) return false;
  while (held() + bytes > budget_) {
    if (!forget_oldest(columns_, keep) && !forget_oldest(members_, keep)) return false;
  }
  return true;
}

// ---- properties ----------------------------------------------------------------------------------------------------

void NodeCache::read(Column& column, kv::Snapshot& snapshot, std::span<const NodeId> ids, std::span<Value> out,
                     std::vector<std::size_t>& ask, std::vector<std::size_t>& missing) {
  const std::uint64_t sequence = snapshot.sequence();
  for (std::size_t from = 0, to; from < ids.size(); from = to) {
    const std::uint64_t chunk = chunk_of(ids[from]);
    for (to = from + 1; to < ids.size() && chunk_of(ids[to]) == chunk; ++to) {}
    Column::Slot* slot = this->slot(column, chunk);
    const auto copy = [&] {
      const ValueChunk* values = slot ? slot->chunk.load(std::memory_order_acquire) : nullptr;
      return values && values->read(chunk, sequence, changes_, [&](auto word) {
        for (std::size_t i = from; i < to; ++i) {
          const std::size_t at = place_of(ids[i]) * words_per_value;
          out[i] = std::bit_cast<Value>(std::array<std::uint64_t, words_per_value>{word(at), word(at + 1)});
        }
      });
    };
    bool here = copy();
    if (!here && slot) {
      const auto n = static_cast<std::uint32_t>(to - from);
      if (slot->misses.fetch_add(n, std::memory_order_relaxed) + n >= slot->worth.load(std::memory_order_relaxed)) here = fill(column, snapshot, chunk) && copy();
    }
    for (std::size_t i = from; i < to; ++i) {
      if (!here || out[i].is(Kind::path)) [[unlikely]] ask.push_back(i);
      else if (out[i].is(Kind::relationship)) [[unlikely]] missing.push_back(i);
    }
  }
}

/// Copies a chunk from the records. False when there is no room, when hardly any value can be copied, or when a record
/// can't be read: who asks it will say why.
bool NodeCache::fill(Column& column, kv::Snapshot& snapshot, std::uint64_t chunk) {
  Column::Slot* slot = column.slots.find(chunk);
  slot->misses.store(0, std::memory_order_relaxed);
  const auto scan = snapshot.scan(keys::node(first_of(chunk)), keys::node(first_of(chunk + 1)));
  if (!scan) return false;
  auto words = std::make_unique<Words>();
  const auto put = [&](std::size_t place, const Value& value) { std::memcpy(&(*words)[place * words_per_value], &value, sizeof value); };
  for (std::size_t i = 0; i < nodes_per_chunk; ++i) put(i, no_node);
  std::size_t nodes = 0, useful = 0;
  Arena scratch;
  std::array<kv::Entry, 64> entries;
  for (;;) {
    const auto got = (*scan)->next(entries);
    if (!got) return false;
    if (*got == 0) break;
    for (const kv::Entry& entry : std::span(entries).first(*got)) {
      packos::RecordView record;
      if (!packos::RecordView::try_open(entry.value, record) || !record.is_node()) return false;
      const auto value = record.property(column.key, scratch);
      if (!value) return false;
      const Value copy = copied(column, *value);
      put(keys::last_id(entry.key) % nodes_per_chunk, copy);
      ++nodes;
      useful += std::size_t{!copy.is(Kind::path)};
    }
    scratch.reset();
  }
  ValueChunk* values = slot->chunk.load(std::memory_order_acquire);
  if (!values) {
    {
      const std::lock_guard lock(mutex_);
      if (useful * 4 < nodes || !make_room(sizeof(ValueChunk), column.bytes(), &column)) {
        slot->worth.store(64 * worth_filling, std::memory_order_relaxed);  // not so soon again
        return false;
      }
    }
    auto made = std::make_unique<ValueChunk>();
    if (slot->chunk.compare_exchange_strong(values, made.get(), std::memory_order_acq_rel)) {
      values = made.release();
      column.chunks.fetch_add(1, std::memory_order_relaxed);
    }
  }
  values->write(snapshot.sequence(), *words);
  return true;
}

/// The value if it needs nothing of the snapshot, else what says that the record must be asked.
Value NodeCache::copied(Column& column, const Value& value) {
  switch (value.kind()) {
    case Kind::null:
    case Kind::boolean:
    case Kind::integer:
    case Kind::real:
    case Kind::date:
    case Kind::local_time:
    case Kind::time:
    case Kind::local_datetime:
    case Kind::datetime: return value;
    case Kind::string: {
      const auto text = kept_text(column, value.as_string());
      return text ? Value::string(*text) : ask_record;
    }
    default: return ask_record;
  }
}

std::optional<std::string_view> NodeCache::kept_text(Column& column, std::string_view text) {
  if (text.size() > longest_text) return std::nullopt;
  const std::lock_guard lock(text_mutex_);
  if (const auto found = texts_.find(text); found != texts_.end()) return *found;
  const std::size_t needed = text.size() + 3 * sizeof(std::string_view);
  if (text_bytes_ + needed > budget_ / 8 || column.texts >= most_texts) return std::nullopt;
  text_bytes_ += needed;
  ++column.texts;
  return *texts_.insert(text_.copy(text)).first;
}

// ---- labels --------------------------------------------------------------------------------------------------------

Result<void> NodeCache::read(Members& members, kv::Snapshot& snapshot, std::uint64_t chunk, Bits& bits) {
  Members::Slot* slot = this->slot(members, chunk);
  const auto take = [&](auto word) {
    for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = word(i);
  };
  if (slot && slot->copy.read(chunk, snapshot.sequence(), changes_, take)) return ok;
  bits = {};
  const auto key = [&](std::uint64_t c) {
    return members.label == every_label ? keys::node(first_of(c)) : keys::label_entry(members.label, first_of(c));
  };
  PACKHOUSE_TRY(const auto scan, snapshot.scan(key(chunk), key(chunk + 1)));
  std::array<kv::Entry, 128> entries;
  for (;;) {
    PACKHOUSE_TRY(const std::size_t got, scan->next(entries));
    if (got == 0) break;
    for (const kv::Entry& entry : std::span(entries).first(got)) {
      const std::size_t place = keys::last_id(entry.key) % nodes_per_chunk;
      bits[place / 64] |= std::uint64_t{1} << place % 64;
    }
  }
  if (slot) slot->copy.write(snapshot.sequence(), bits);
  return ok;
}

Result<void> NodeCache::read(Members& members, kv::Snapshot& snapshot, std::span<const NodeId> ids, std::span<std::uint8_t> has,
                             std::vector<std::size_t>& ask) {
  const std::uint64_t sequence = snapshot.sequence();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::uint64_t chunk = chunk_of(ids[i]);
    const std::size_t place = place_of(ids[i]);
    Members::Slot* slot = this->slot(members, chunk);
    const auto take = [&](auto word) { has[i] = word(place / 64) >> place % 64 & 1; };
    if (slot && slot->copy.read(chunk, sequence, changes_, take)) continue;
    if (slot && slot->misses.fetch_add(1, std::memory_order_relaxed) >= nodes_per_chunk / 2) {
      slot->misses.store(0, std::memory_order_relaxed);
      Bits bits;
      PACKHOUSE_CHECK(read(members, snapshot, chunk, bits));
      has[i] = bits[place / 64] >> place % 64 & 1;
    } else {
      ask.push_back(i);
    }
  }
  return ok;
}

Result<std::size_t> CachedLabelScan::next(std::span<std::uint64_t> out) {
  std::size_t n = 0;
  while (n < out.size()) {
    if (word_ == bits_.size()) {
      if (chunk_ == end_) break;
      PACKHOUSE_CHECK(cache_.read(*members_, snapshot_, chunk_++, bits_));
      word_ = 0;
    }
    std::uint64_t& word = bits_[word_];
    const std::uint64_t base = (chunk_ - 1) * nodes_per_chunk + word_ * 64;
    for (; word != 0 && n < out.size(); word &= word - 1) out[n++] = base + static_cast<std::uint64_t>(std::countr_zero(word));
    if (word == 0) ++word_;
  }
  return n;
}

}  // namespace packhouse::storage
