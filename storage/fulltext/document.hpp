#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/buffer.hpp"
#include "fulltext/analyzer.hpp"
#include "storage/fulltext/varint.hpp"
#include "storage/overlay_record.hpp"
#include "storage/schema.hpp"

// What a full-text index keeps of an entity: its "document", terms in order, each with its posting:
//   { key length, key, posting length, posting }*      key: field number u8, term
// The posting: how often the term is in the field, number of words of the field, then positions, each less the one before.
// A field with text has a posting of its own under the empty term, with a frequency of 0: by it fields and entities are found.
namespace packhouse::storage {

/// Of a term that is more often in one field, later positions are not kept: phrases do not find them.
inline constexpr std::uint32_t max_positions = 4096;
/// Longer terms are cut and get a digest instead of their end.
inline constexpr std::size_t max_term = 480;

/// One text of an entity's field.
struct FieldText {
  std::uint8_t field;
  std::string_view text;
  bool operator==(const FieldText&) const = default;
};

/// The texts of the index's properties, STRING and LIST<STRING>; memory of others than the record is in `arena`.
Result<void> read_texts(const RecordReader& record, const Index& index, Arena& arena, std::vector<FieldText>& out);

/// Appends a term as the index keeps it: without zero bytes, and at most max_term bytes long.
void append_stored_term(std::string_view term, std::string& out);
/// The key of a term, in the index and in documents.
std::string term_key(std::uint8_t field, std::string_view term);

/// Makes documents; keep one, for its memory.
class DocumentMaker {
 public:
  /// Overwrites `out`; texts of one field follow each other. Empty when there are no texts.
  void make(std::span<const FieldText> texts, const fulltext::Analyzer& analyzer, Buffer& out);

 private:
  struct Word {
    std::uint32_t at, size;  // in terms_
    std::uint32_t position;
  };
  void put_field(std::uint8_t field, Buffer& out);
  std::string_view term(const Word& w) const { return {terms_.data() + w.at, w.size}; }

  std::string terms_;
  std::vector<Word> words_;
  Buffer posting_;
};

/// Walks over a document's terms.
class DocumentReader {
 public:
  explicit DocumentReader(Bytes document) : reader_(document) { next(); }
  bool at_end() const { return end_; }
  Bytes key() const { return key_; }
  Bytes posting() const { return posting_; }
  void next() {
    end_ = reader_.empty();
    if (end_) return;
    key_ = reader_.take(static_cast<std::size_t>(reader_.next()));
    posting_ = reader_.take(static_cast<std::size_t>(reader_.next()));
  }

 private:
  VarintReader reader_;
  Bytes key_, posting_;
  bool end_ = false;
};

}  // namespace packhouse::storage
