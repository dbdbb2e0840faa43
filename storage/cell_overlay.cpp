#include "storage/cell_overlay.hpp"

#include <algorithm>

namespace packhouse::storage {

void CellOverlay::begin_statement() {
  ++statement_;
  for (const Undo& undo : undo_) bytes_ -= undo.old ? size_of(*undo.old) : 0;
  undo_.clear();
}

void CellOverlay::rollback_statement() {
  for (auto it = undo_.rbegin(); it != undo_.rend(); ++it) {
    bytes_ -= size_of(it->cell->second);
    if (it->old) {
      it->cell->second = std::move(*it->old);
    } else {
      bytes_ -= it->cell->first.size() + entry_overhead;
      cells_.erase(it->cell);
    }
  }
  undo_.clear();
}

const CellOverlay::Cell* CellOverlay::find(Bytes key) const {
  if (cells_.empty()) return nullptr;
  const auto it = cells_.find(as_text(key));
  return it == cells_.end() ? nullptr : &it->second;
}

CellOverlay::Cell& CellOverlay::changing(Bytes key, bool keep_value) {
  auto at = cells_.lower_bound(as_text(key));
  if (at == cells_.end() || at->first != as_text(key)) {
    at = cells_.emplace_hint(at, std::string(as_text(key)), Cell{});
    bytes_ += key.size() + entry_overhead;
    undo_.push_back({at, std::nullopt});
  } else if (at->second.statement != statement_) {
    undo_.push_back({at, keep_value ? at->second : std::move(at->second)});
    bytes_ += size_of(*undo_.back().old);
    if (!keep_value) at->second.value.reset();
    bytes_ -= keep_value ? 0 : size_of(*undo_.back().old);
  }
  at->second.statement = statement_;
  return at->second;
}

void CellOverlay::put(Bytes key, Bytes value) {
  Cell& cell = changing(key, false);
  bytes_ -= size_of(cell);
  if (cell.value) cell.value->assign(value.begin(), value.end());
  else cell.value.emplace(value.begin(), value.end());
  bytes_ += size_of(cell);
}

void CellOverlay::erase(Bytes key) {
  Cell& cell = changing(key, false);
  bytes_ -= size_of(cell);
  cell.value.reset();
}

void CellOverlay::patch(Bytes key, std::optional<Bytes> base, std::size_t offset, Bytes bytes) {
  const bool known = find(key) != nullptr;
  Cell& cell = changing(key, true);
  bytes_ -= size_of(cell);
  if (!known && base) cell.value.emplace(base->begin(), base->end());
  if (!cell.value) cell.value.emplace();
  auto& value = *cell.value;
  if (value.size() < offset + bytes.size()) value.resize(offset + bytes.size());
  std::ranges::copy(bytes, value.begin() + static_cast<std::ptrdiff_t>(offset));
  bytes_ += size_of(cell);
}

}  // namespace packhouse::storage
