#include "storage/fulltext/posting_list.hpp"

#include <algorithm>
#include <array>

#include "storage/fulltext/document.hpp"
#include "storage/fulltext/layout.hpp"

namespace packhouse::storage {

PostingList::Posting PostingList::Posting::read(VarintReader& from) {
  Posting out;
  out.frequency = from.next32();
  out.words = from.next32();
  out.positions = from;
  return out;
}

Result<PostingList> PostingList::open(const FulltextView& view, Bytes term) {
  PostingList out;
  out.watch_ = &view.watch;
  PACKHOUSE_TRY(const auto scan, view.snapshot.scan(layout::term_begin(view.index.id, term), layout::term_end(view.index.id, term)));
  std::array<kv::Entry, 32> entries;
  for (;;) {
    PACKHOUSE_TRY(const std::size_t n, scan->next(entries));
    for (const kv::Entry& e : std::span(entries).first(n)) {
      out.blocks_.push_back({keys::last_id(e.key), e.value});
      out.size_ += VarintReader(e.value).next();
    }
    if (n < entries.size() || !view.watch.go_on()) break;
  }
  view.watch.keep(out.blocks_.capacity() * sizeof(Block));
  if (view.own) {
    out.own_ = view.own->term(term);
    for (const auto& change : out.own_) {
      using enum FulltextDelta::TermChange::Kind;
      if (change.kind == added) ++out.size_;
      if (change.kind == removed && out.size_ > 0) --out.size_;
    }
  }
  out.open_block(0);
  out.next_stored();
  return out;
}

void PostingList::open_block(std::size_t i) {
  block_ = i;
  left_ = 0;
  stored_entity_ = 0;
  if (i >= blocks_.size() || !watch_->go_on()) return;
  reader_ = VarintReader(blocks_[i].bytes);
  left_ = reader_.next();
}

/// Reads on; stored_entity_ becomes no_entity at the end.
void PostingList::next_stored() {
  while (left_ == 0) {
    if (block_ + 1 >= blocks_.size() || !watch_->go_on()) {
      stored_entity_ = no_entity;
      return;
    }
    open_block(block_ + 1);
  }
  --left_;
  stored_entity_ += reader_.next();
  stored_ = Posting::read(reader_);
  reader_.skip(std::min(stored_.frequency, max_positions));
  if (reader_.good()) [[likely]] return;
  watch_->damaged();
  left_ = 0;
  block_ = blocks_.size();
  stored_entity_ = no_entity;
}

/// The lesser of what is stored and what is our own; ours hides what is stored of the same entity.
std::uint64_t PostingList::settle() {
  while (own_at_ < own_.size() && own_[own_at_].entity <= stored_entity_) {
    const auto& change = own_[own_at_++];
    if (change.entity == stored_entity_) next_stored();
    if (change.kind == FulltextDelta::TermChange::Kind::removed) continue;
    VarintReader reader(change.posting);
    current_ = Posting::read(reader);
    at_own_ = true;
    return entity_ = change.entity;
  }
  current_ = stored_;
  at_own_ = false;
  return entity_ = stored_entity_;
}

std::uint64_t PostingList::next() {
  if (!at_own_ && stored_entity_ != no_entity) next_stored();
  return settle();
}

std::uint64_t PostingList::advance(std::uint64_t target) {
  if (stored_entity_ < target) {
    if (block_ + 1 < blocks_.size() && blocks_[block_ + 1].least <= target) {
      const auto rest = std::span(blocks_).subspan(block_ + 1);
      const auto beyond = std::ranges::upper_bound(rest, target, {}, &Block::least);
      open_block(static_cast<std::size_t>(block_ + 1) + static_cast<std::size_t>(beyond - rest.begin()) - 1);
      next_stored();
    }
    while (stored_entity_ < target) next_stored();
  }
  const auto rest = own_.subspan(own_at_);
  own_at_ += static_cast<std::size_t>(
      std::ranges::lower_bound(rest, target, {}, &FulltextDelta::TermChange::entity) - rest.begin());
  return settle();
}

void PostingList::positions(std::vector<std::uint32_t>& out) const {
  out.clear();
  VarintReader reader = current_.positions;
  std::uint32_t position = 0;
  for (std::uint32_t i = 0; i < std::min(current_.frequency, max_positions); ++i) out.push_back(position += reader.next32());
}

}  // namespace packhouse::storage
