#pragma once
#include <functional>
#include <memory>
#include <span>
#include <utility>

#include "cypher/procedures/registry.hpp"

namespace packhouse::cypher {

/// Work that may wait for the disk or take long: it begins on a thread of the worker pool (ProcedureRows::paused).
class LaterRows final : public ProcedureRows {
 public:
  using Work = std::function<std::unique_ptr<ProcedureRows>(ExecContext&)>;
  explicit LaterRows(Work work) : work_(std::move(work)) {}
  bool next(ExecContext& c, Arena& arena, std::span<Value> row) override {
    if (!std::exchange(begun_, true)) return false;
    if (!rows_) rows_ = work_(c);
    return rows_->next(c, arena, row);
  }
  bool paused() const override { return !rows_ || rows_->paused(); }
  bool take_long() const override { return rows_ && rows_->take_long(); }

 private:
  Work work_;
  bool begun_ = false;
  std::unique_ptr<ProcedureRows> rows_;
};

/// Procedure::open for a procedure that is opened only then. Its arguments are the caller's, and stay as long as the rows.
inline auto later(std::unique_ptr<ProcedureRows> (*open)(ExecContext&, std::span<const Value>)) {
  return [open](ExecContext&, std::span<const Value> arguments) -> std::unique_ptr<ProcedureRows> {
    return std::make_unique<LaterRows>([open, arguments](ExecContext& c) { return open(c, arguments); });
  };
}

}  // namespace packhouse::cypher
