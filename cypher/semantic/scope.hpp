#pragma once
#include <boost/container/small_vector.hpp>
#include <string_view>

#include "cypher/semantic/types.hpp"
#include "cypher/syntax/ast.hpp"

namespace packhouse::cypher::semantic {

/// A variable that can be used at some place of a statement.
struct Symbol {
  std::string_view name;
  ast::Slot slot = ast::no_slot;
  Static type;
};

/// The variables that can be seen: those of the query itself, which each WITH replaces, and those of the queries and
/// expressions around it, which stay. Inner names hide outer ones, later names earlier ones.
class Scope {
 public:
  explicit Scope(const Scope* outer = nullptr) : outer_(outer) {}

  const Symbol* find(std::string_view name) const {
    for (const Scope* s = this; s != nullptr; s = s->outer_) {
      if (const Symbol* found = s->find_own(name)) return found;
    }
    return nullptr;
  }
  const Symbol* find_own(std::string_view name) const {
    for (std::size_t i = own_.size(); i > 0; --i) {
      if (own_[i - 1].name == name) return &own_[i - 1];
    }
    return nullptr;
  }
  bool owns(ast::Slot slot) const {
    for (const Symbol& s : own_) {
      if (s.slot == slot) return true;
    }
    return false;
  }
  void add(const Symbol& s) { own_.push_back(s); }
  void pop() { own_.pop_back(); }
  const auto& own() const { return own_; }
  const Scope* outer() const { return outer_; }

 private:
  boost::container::small_vector<Symbol, 6> own_;
  const Scope* outer_;
};

}  // namespace packhouse::cypher::semantic
