#include "storage/fulltext/change.hpp"

#include <algorithm>
#include <cstring>

#include "storage/overlay.hpp"

// From changed records to changed documents.
namespace packhouse::storage {

FulltextDelta::Change read_change(Bytes kept) {
  std::uint32_t before = 0;
  std::memcpy(&before, kept.data(), sizeof before);
  const Bytes documents = kept.subspan(sizeof before);
  return {documents.first(before), documents.subspan(before)};
}

Result<Bytes> Overlay::document_of(std::span<const FieldText> texts, const Index& index) {
  const fulltext::Analyzer* analyzer = fulltext::find_analyzer(index.fulltext.analyzer);
  if (!analyzer) {
    return fail(Status::storage_failed, "the full-text index `" + index.name + "` has an unknown analyzer: " + index.fulltext.analyzer);
  }
  document_maker_.make(texts, *analyzer, scratch_);
  return arena_.copy(scratch_.view());
}

/// Notes how documents in the indexes of old_fulltext_ and new_fulltext_ differ.
Result<void> Overlay::derive_documents(const RecordReader& before, const RecordReader& after) {
  if (old_fulltext_.empty() && new_fulltext_.empty()) return ok;
  const auto unique = [](std::vector<const Index*>& v) {  // several labels of a node may be in one index
    std::ranges::sort(v);
    v.erase(std::ranges::unique(v).begin(), v.end());
  };
  unique(old_fulltext_);
  unique(new_fulltext_);
  const auto one = [&](const Index& index, bool was, bool is) -> Result<void> {
    scratch_arena_.reset();
    old_texts_.clear();
    new_texts_.clear();
    if (was) PACKHOUSE_CHECK(read_texts(before, index, scratch_arena_, old_texts_));
    if (is) PACKHOUSE_CHECK(read_texts(after, index, scratch_arena_, new_texts_));
    if (old_texts_ == new_texts_) return ok;
    PACKHOUSE_TRY(const Bytes old_document, document_of(old_texts_, index));
    PACKHOUSE_TRY(const Bytes new_document, document_of(new_texts_, index));
    const auto size = static_cast<std::uint32_t>(old_document.size());
    const auto kept = arena_.array<std::byte>(sizeof size + old_document.size() + new_document.size());
    std::memcpy(kept.data(), &size, sizeof size);
    std::ranges::copy(old_document, kept.begin() + sizeof size);
    std::ranges::copy(new_document, kept.begin() + sizeof size + size);
    contributions_.push_back({Contribution::Kind::fulltext, 0, raw(index.id), kept});
    return ok;
  };
  for (const Index* index : old_fulltext_) {
    PACKHOUSE_CHECK(one(*index, true, std::ranges::binary_search(new_fulltext_, index)));
  }
  for (const Index* index : new_fulltext_) {
    if (!std::ranges::binary_search(old_fulltext_, index)) PACKHOUSE_CHECK(one(*index, false, true));
  }
  return ok;
}

std::size_t Overlay::fulltext_bytes() const {
  std::size_t n = 0;
  for (const auto& [id, delta] : fulltext_deltas_) n += delta->bytes();
  return n;
}

}  // namespace packhouse::storage
