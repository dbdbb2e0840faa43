#pragma once
#include "cypher/administration.hpp"
#include "cypher/exec/run/statement_run.hpp"

namespace packhouse::cypher {

/// A command on users and roles: evaluates its arguments and has the Administration of the transaction do it.
class AdministrationRun final : public StatementRun {
 public:
  using StatementRun::StatementRun;
  const std::vector<Notification>& notifications() const override { return notifications_; }
  const PlanDescription* plan() const override {
    return prepared_->statement.explain == ast::ExplainMode::none ? nullptr : &description_;
  }
  std::int64_t system_updates() const override { return updates_; }

 private:
  void start() override {}
  State work() override;

  std::vector<Notification> notifications_;  // there are none
  PlanDescription description_{.operator_type = "AdministrationCommand"};
  std::int64_t updates_ = 0;
  bool on_worker_ = false;
};

}  // namespace packhouse::cypher
