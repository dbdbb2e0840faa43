#pragma once
#include "cypher/exec/run/statement_run.hpp"

namespace packhouse::cypher {

/// CREATE and DROP of indexes and constraints.
class SchemaRun final : public StatementRun {
 public:
  using StatementRun::StatementRun;
  const std::vector<Notification>& notifications() const override { return notifications_; }
  const PlanDescription* plan() const override;

 private:
  void start() override { notifications_.clear(); }
  State work() override;
  void create(const ast::CreateIndex& command);
  void create(const ast::CreateConstraint& command);
  void drop(const ast::DropIndex& command);
  void drop(const ast::DropConstraint& command);
  std::string name_of(const ast::NameOrParameter& name);
  /// OPTIONS as a map, empty when there are none.
  Value options_of(const ast::Expr* options);
  std::string command() const;

  std::vector<Notification> notifications_;
  PlanDescription description_;
};

}  // namespace packhouse::cypher
