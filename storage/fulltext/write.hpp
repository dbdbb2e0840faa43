#pragma once
#include "storage/fulltext/delta.hpp"
#include "storage/fulltext/document.hpp"
#include "storage/kv/engine.hpp"
#include "storage/overlay_record.hpp"
#include "storage/schema.hpp"

namespace packhouse::storage {

/// Fills a new full-text index from what is stored, a part at a time so that memory stays bounded.
class FulltextBuild {
 public:
  FulltextBuild(const Index& index, kv::Batch& batch) : index_(index), batch_(batch) {}
  /// An entity of the index's label or type number `token`; those that an earlier one brought are left out.
  Result<void> add(std::uint64_t entity, const RecordReader& record, std::size_t token);
  Result<void> finish() { return flush(); }

 private:
  Result<void> flush();
  const Index& index_;
  kv::Batch& batch_;
  Arena documents_{64 * 1024}, scratch_;
  FulltextDelta delta_;
  std::vector<FieldText> texts_;
  DocumentMaker maker_;
  Buffer document_;
};

}  // namespace packhouse::storage
