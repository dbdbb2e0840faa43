#include "storage/fulltext/document.hpp"

#include <algorithm>

#include "base/sha256.hpp"

namespace packhouse::storage {

Result<void> read_texts(const RecordReader& record, const Index& index, Arena& arena, std::vector<FieldText>& out) {
  out.clear();
  for (std::size_t i = 0; i < index.keys.size(); ++i) {
    PACKHOUSE_TRY(const Value value, record.property(index.keys[i], arena));
    const auto field = static_cast<std::uint8_t>(i);
    if (value.is(Kind::string)) out.push_back({field, value.as_string()});
    if (!value.is(Kind::list)) continue;
    const auto items = value.as_list();
    if (!std::ranges::all_of(items, [](const Value& v) { return v.is(Kind::string); })) continue;
    for (const Value& item : items) out.push_back({field, item.as_string()});
  }
  return ok;
}

void append_stored_term(std::string_view term, std::string& out) {
  const std::size_t begin = out.size();
  if (term.size() <= max_term) {
    out += term;
  } else {
    std::size_t cut = max_term - 32;
    while (cut > 0 && (static_cast<unsigned char>(term[cut]) & 0xC0) == 0x80) --cut;  // not inside a character
    out += term.substr(0, cut);
    out += Sha256::of(as_bytes(term)).hex().substr(0, 32);
  }
  // A zero byte ends terms in the index's keys.
  std::replace(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), '\0', '\x01');
}

std::string term_key(std::uint8_t field, std::string_view term) {
  std::string out(1, static_cast<char>(field));
  append_stored_term(term, out);
  return out;
}

void DocumentMaker::make(std::span<const FieldText> texts, const fulltext::Analyzer& analyzer, Buffer& out) {
  out.clear();
  for (std::size_t i = 0; i < texts.size();) {
    terms_.clear();
    words_.clear();
    const std::uint8_t field = texts[i].field;
    std::uint32_t position = 0;
    for (; i < texts.size() && texts[i].field == field; ++i) {
      position = analyzer.analyze(texts[i].text, position, [&](std::string_view word, std::uint32_t at) {
        if (word.empty()) return;
        const auto begin = static_cast<std::uint32_t>(terms_.size());
        append_stored_term(word, terms_);
        words_.push_back({begin, static_cast<std::uint32_t>(terms_.size()) - begin, at});
      });
    }
    put_field(field, out);
  }
}

void DocumentMaker::put_field(std::uint8_t field, Buffer& out) {
  const auto put = [&](std::string_view word) {
    put_varint(out, word.size() + 1);
    out.put(field);
    out.append(as_bytes(word));
    put_varint(out, posting_.size());
    out.append(posting_);
  };
  posting_.clear();
  put_varint(posting_, 0);
  put_varint(posting_, words_.size());
  put({});
  std::ranges::sort(words_, [this](const Word& a, const Word& b) {
    const int c = term(a).compare(term(b));
    return c != 0 ? c < 0 : a.position < b.position;
  });
  for (std::size_t i = 0; i < words_.size();) {
    const std::string_view word = term(words_[i]);
    std::size_t end = i + 1;
    while (end < words_.size() && term(words_[end]) == word) ++end;
    posting_.clear();
    put_varint(posting_, end - i);
    put_varint(posting_, words_.size());
    std::uint32_t before = 0;
    for (std::size_t k = i; k < std::min(end, i + max_positions); ++k) {
      put_varint(posting_, words_[k].position - before);
      before = words_[k].position;
    }
    put(word);
    i = end;
  }
}

}  // namespace packhouse::storage
