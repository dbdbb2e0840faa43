#include "storage/fulltext/layout.hpp"

#include <algorithm>

#include "storage/fulltext/document.hpp"

namespace packhouse::storage::layout {

using keys::IndexKey;

IndexKey from_term(IndexId index, Bytes term) {
  IndexKey key(keys::Table::fulltext_index);
  key.put(raw(index)).append(term);
  return key;
}

IndexKey term_begin(IndexId index, Bytes term) {
  IndexKey key = from_term(index, term);
  key.put(std::uint8_t{0});
  return key;
}

IndexKey term_end(IndexId index, Bytes term) {
  IndexKey key = from_term(index, term);
  key.put(std::uint8_t{1});  // terms have no zero bytes, so this is beyond all blocks and not beyond the next term
  return key;
}

IndexKey block_key(IndexId index, Bytes term, std::uint64_t least) {
  IndexKey key = term_begin(index, term);
  key.put(least);
  return key;
}

Bytes term_of(Bytes block_key) {
  constexpr std::size_t head = 1 + 4, tail = 1 + 8;
  return block_key.size() <= head + tail ? Bytes() : block_key.subspan(head, block_key.size() - head - tail);
}

keys::SmallKey totals_key(IndexId index) {
  return keys::SmallKey(keys::Table::fulltext_index).put(raw(index)).put(std::uint8_t{0xFF});
}

std::vector<FieldTotals> parse_totals(Bytes stored) {
  std::vector<FieldTotals> out;
  for (VarintReader reader(stored); !reader.empty();) {
    const auto entities = static_cast<std::int64_t>(reader.next());
    out.push_back({entities, static_cast<std::int64_t>(reader.next())});
  }
  return out;
}

namespace {

using TermChange = FulltextDelta::TermChange;

/// A posting with its entity on the way from one block to others.
struct Item {
  std::uint64_t entity;
  Bytes posting;
};

Result<void> parse_block(Bytes block, std::vector<Item>& out) {
  out.clear();
  VarintReader reader(block);
  std::uint64_t entity = 0;
  for (std::uint64_t left = reader.next(); left > 0 && reader.good(); --left) {
    entity += reader.next();
    const std::byte* const begin = reader.at();
    const std::uint64_t frequency = reader.next();
    (void)reader.next();
    reader.skip(std::min<std::uint64_t>(frequency, max_positions));
    out.push_back({entity, Bytes(begin, static_cast<std::size_t>(reader.at() - begin))});
  }
  if (reader.good() && reader.empty()) return ok;
  return fail(Status::storage_failed, "a block of a full-text index is damaged");
}

/// Changes one term's blocks; keep one, for its memory.
class TermWriter {
 public:
  TermWriter(kv::Batch& batch, IndexId index) : batch_(batch), index_(index) {}

  Result<void> apply(std::span<const TermChange> changes) {
    term_ = changes.front().key;
    while (!changes.empty()) {
      PACKHOUSE_CHECK(open(changes.front().entity));
      std::size_t n = 1;
      while (n < changes.size() && changes[n].entity < end_) ++n;
      merge(changes.first(n));
      PACKHOUSE_CHECK(put());
      changes = changes.subspan(n);
    }
    return ok;
  }

 private:
  /// The block that an entity belongs to; nothing is stored under its key when it is a new one.
  Result<void> open(std::uint64_t entity) {
    const IndexKey begin = term_begin(index_, term_), end = term_end(index_, term_);
    const auto least = [&](Bytes key) { return keys::last_id(key.last(8)); };
    items_.clear();
    old_.clear();
    least_ = 0;
    end_ = ~std::uint64_t{0};
    stored_ = false;
    const auto use = [&](const kv::Entry& e) -> Result<void> {
      stored_ = true;
      least_ = least(e.key);
      old_.append(e.value);  // the view ends with the next change
      return parse_block(old_, items_);
    };
    PACKHOUSE_TRY(const auto last, batch_.last(begin, end));  // where most go
    if (!last) return ok;
    if (least(last->key) <= entity) return use(*last);
    {
      PACKHOUSE_TRY(const auto next, batch_.first(block_key(index_, term_, entity + 1), end));
      if (next) end_ = least(next->key);
    }
    PACKHOUSE_TRY(const auto block, batch_.last(begin, block_key(index_, term_, entity + 1)));
    return block ? use(*block) : Result<void>();
  }

  void merge(std::span<const TermChange> changes) {
    merged_.clear();
    appended_ = items_.empty() || changes.front().entity > items_.back().entity;
    auto item = items_.begin();
    for (const TermChange& c : changes) {
      while (item != items_.end() && item->entity < c.entity) merged_.push_back(*item++);
      if (item != items_.end() && item->entity == c.entity) ++item;
      if (c.kind != TermChange::Kind::removed) merged_.push_back({c.entity, c.posting});
    }
    merged_.insert(merged_.end(), item, items_.end());
  }

  /// Writes merged_, in several blocks when it has become too large: full ones when entities were appended, else halves.
  Result<void> put() {
    if (merged_.empty()) return stored_ ? batch_.erase(block_key(index_, term_, least_)) : ok;
    std::size_t total = 0;
    for (const Item& item : merged_) total += item.posting.size() + 4;
    std::size_t most = max_block;
    if (total > max_block && !appended_) most = total / (total / max_block + 1) + 1;
    bool first = true;
    for (std::size_t i = 0; i < merged_.size(); first = false) {
      std::size_t end = i, size = 0;
      while (end < merged_.size() && (end == i || size + merged_[end].posting.size() + 4 <= most)) {
        size += merged_[end++].posting.size() + 4;
      }
      encode(std::span(merged_).subspan(i, end - i));
      PACKHOUSE_CHECK(batch_.put(block_key(index_, term_, first ? least_ : merged_[i].entity), block_));
      i = end;
    }
    return ok;
  }

  void encode(std::span<const Item> items) {
    block_.clear();
    put_varint(block_, items.size());
    std::uint64_t before = 0;
    for (const Item& item : items) {
      put_varint(block_, item.entity - before);
      block_.append(item.posting);
      before = item.entity;
    }
  }

  kv::Batch& batch_;
  const IndexId index_;
  Bytes term_;
  std::uint64_t least_ = 0, end_ = 0;  // the block's entities
  bool stored_ = false, appended_ = false;
  std::vector<Item> items_, merged_;
  Buffer old_, block_;
};

Result<void> write_totals(kv::Batch& batch, IndexId index, std::span<const FieldTotals> change) {
  const auto zero = [](const FieldTotals& t) { return t.entities == 0 && t.words == 0; };
  if (std::ranges::all_of(change, zero)) return ok;
  const auto key = totals_key(index);
  PACKHOUSE_TRY(const auto stored, batch.get(key));
  auto totals = parse_totals(stored.value_or(Bytes()));
  if (totals.size() < change.size()) totals.resize(change.size());
  Buffer out;
  for (std::size_t i = 0; i < totals.size(); ++i) {
    const auto sum = [](std::int64_t a, std::int64_t b) { return static_cast<std::uint64_t>(std::max<std::int64_t>(a + b, 0)); };
    const FieldTotals by = i < change.size() ? change[i] : FieldTotals();
    put_varint(out, sum(totals[i].entities, by.entities));
    put_varint(out, sum(totals[i].words, by.words));
  }
  return batch.put(key, out);
}

}  // namespace

Result<void> write(kv::Batch& batch, IndexId index, const FulltextDelta& delta) {
  TermWriter writer(batch, index);
  const auto terms = delta.terms();
  for (std::size_t i = 0; i < terms.size();) {
    std::size_t end = i + 1;
    while (end < terms.size() && as_text(terms[end].key) == as_text(terms[i].key)) ++end;
    PACKHOUSE_CHECK(writer.apply(terms.subspan(i, end - i)));
    i = end;
  }
  return write_totals(batch, index, delta.totals());
}

}  // namespace packhouse::storage::layout
