#pragma once
#include <vector>

#include "storage/fulltext/delta.hpp"
#include "storage/keys.hpp"
#include "storage/kv/engine.hpp"

// A full-text index in the store: an inverted index, entity ids in blocks by field and term.
//   index, field, term, 0x00, least entity u64   -> a block: number of postings, { entity (less the one before), posting }*
//   index, 0xFF                                  -> { entities, words } a field
// A term's blocks follow each other; each holds the entities from its key's up to the next one's. All numbers in values are
// varints. So a term's postings are one range, and so are terms with one beginning.
namespace packhouse::storage::layout {

/// A block is split when it grows larger; two of them fit on a page of LMDB.
inline constexpr std::size_t max_block = 1400;

/// `term` is what term_key() makes: the field's number and the term.
keys::IndexKey block_key(IndexId index, Bytes term, std::uint64_t least);
/// The least key of a term's blocks, and the least behind them.
keys::IndexKey term_begin(IndexId index, Bytes term);
keys::IndexKey term_end(IndexId index, Bytes term);
/// The least key of terms not less than this one (term_key() form).
keys::IndexKey from_term(IndexId index, Bytes term);
/// The term of a block's key; empty for other keys.
Bytes term_of(Bytes block_key);
keys::SmallKey totals_key(IndexId index);

std::vector<FieldTotals> parse_totals(Bytes stored);

/// Applies changes (by key, then entity) to the stored blocks and totals.
Result<void> write(kv::Batch& batch, IndexId index, const FulltextDelta& delta);

}  // namespace packhouse::storage::layout
