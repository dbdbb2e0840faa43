#pragma once
#include <memory>
#include <span>
#include <vector>

#include "cypher/exec/batch.hpp"
#include "cypher/exec/context.hpp"

namespace packhouse::cypher {

/// True when the value points to nothing.
inline bool is_flat(const Value& v) {
  switch (v.kind()) {
    case Kind::string:
    case Kind::bytes:
    case Kind::list:
    case Kind::map:
    case Kind::path:
    case Kind::duration:
    case Kind::point:
    case Kind::vector: return false;
    default: return true;
  }
}

/// A copy that may be kept with `arena`.
inline Value keep_value(const Value& v, Arena& arena) { return is_flat(v) ? v : deep_copy(v, arena); }

/// Rows of a fixed width that an operator keeps (Sort, Eager, groups), with all they point to, accounted to the query.
class RowStore {
 public:
  explicit RowStore(std::size_t width) : width_(width) {}
  ~RowStore() = default;
  RowStore(const RowStore&) = delete;
  RowStore& operator=(const RowStore&) = delete;

  std::size_t size() const { return size_; }
  std::size_t width() const { return width_; }
  Value* row(std::size_t i) { return chunks_[i / chunk_rows].get() + (i % chunk_rows) * width_; }

  /// Room for one more row; the caller fills it, keeping through arena() what it points to.
  Value* add();
  /// Takes the last row away again (its arena memory stays).
  void pop() { --size_; }
  Arena& arena() { return arena_; }

  /// Appends all selected rows' values of `slots`.
  void append(Batch& batch, const std::vector<Slot>& slots);

  /// Tells the query how much is held by now; throws when it is too much. Call once a batch.
  void account(ExecContext& context);
  /// Forgets everything.
  void clear(ExecContext& context);

 private:
  static constexpr std::size_t chunk_rows = 256;

  std::size_t width_, size_ = 0, accounted_ = 0;
  std::vector<std::unique_ptr<Value[]>> chunks_;
  Arena arena_{1024};
};

}  // namespace packhouse::cypher
