#include "storage/fulltext/write.hpp"

#include "storage/fulltext/layout.hpp"

namespace packhouse::storage {
namespace {
constexpr std::size_t most_bytes = std::size_t{8} << 20;  // of documents; what is derived from them is about ten times as much
}

Result<void> FulltextBuild::add(std::uint64_t entity, const RecordReader& record, std::size_t token) {
  if (token > 0) {
    if (record.has_label(LabelId{index_.token})) return ok;
    for (std::size_t i = 0; i + 1 < token; ++i) {
      if (record.has_label(LabelId{index_.more_tokens[i]})) return ok;
    }
  }
  scratch_.reset();
  PACKHOUSE_CHECK(read_texts(record, index_, scratch_, texts_));
  if (texts_.empty()) return ok;
  const fulltext::Analyzer* analyzer = fulltext::find_analyzer(index_.fulltext.analyzer);
  if (!analyzer) return fail(Status::argument_error, "No such full-text analyzer: '" + index_.fulltext.analyzer + "'.");
  maker_.make(texts_, *analyzer, document_);
  delta_.set(entity, {{}, documents_.copy(document_.view())});
  return documents_.footprint() > most_bytes ? flush() : ok;
}

Result<void> FulltextBuild::flush() {
  PACKHOUSE_CHECK(layout::write(batch_, index_.id, delta_));
  delta_ = {};
  documents_ = Arena(64 * 1024);
  return ok;
}

}  // namespace packhouse::storage
