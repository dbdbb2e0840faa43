#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cypher/exec/build.hpp"

namespace packhouse::cypher {

/// Throws a TypeError unless the value may be stored as a property (null may: it removes).
void check_storable(const Value& v);

/// The ids of property keys by name, created on first use and remembered for the run.
class KeyIds {
 public:
  KeyId get(ExecContext& context, std::string_view name);

 private:
  std::vector<std::pair<std::string, KeyId>> known_;
};

using PropertyList = std::vector<std::pair<KeyId, Value>>;

/// What CREATE and MERGE write into a new entity: a map literal, whose values are computed a column at a time, or any
/// expression that gives a map.
class PropertyWriter {
 public:
  PropertyWriter(const ast::Expr* properties, Builder& b);

  /// Computes the values of all selected rows; then list() is asked for each.
  void evaluate(ExecContext& context, Batch& batch);
  /// Computes those of one row only.
  void evaluate(ExecContext& context, Batch& batch, RowIndex row);
  /// Properties of a row, nulls left out. Checked to be storable.
  const PropertyList& list(ExecContext& context, RowIndex physical);
  /// MERGE: the key of the first property that is null, or nothing.
  std::optional<std::string_view> null_key(RowIndex physical) const;

 private:
  struct Item {
    std::string_view key;
    ExpressionPtr value;
    std::optional<KeyId> id;
    std::vector<Value> values;
  };
  std::vector<Item> items_;
  ExpressionPtr map_;
  std::vector<Value> maps_;
  KeyIds keys_;
  PropertyList list_;
};

/// Labels or a type as CREATE, MERGE, SET and REMOVE name them: names, and computed names.
class NameWriter {
 public:
  NameWriter(const ast::LabelExpr* names, Builder& b) { add(names, b); }
  NameWriter(ast::Seq<ast::LabelExpr*> names, Builder& b) {
    for (const ast::LabelExpr* e : names) add(e, b);
  }
  /// Labels of a row; created when unknown.
  const std::vector<LabelId>& labels(ExecContext& context, Batch& batch, RowIndex row);
  /// The one type of a row; created when unknown.
  TypeId type(ExecContext& context, Batch& batch, RowIndex row);

 private:
  struct Part {
    std::string_view name;
    ExpressionPtr computed;
  };
  void add(const ast::LabelExpr* e, Builder& b);
  template <class F>
  void for_each_name(ExecContext& context, Batch& batch, RowIndex row, F&& f);

  std::vector<Part> parts_;
  bool fixed_ = true;  // no computed names: what was found once holds for all rows
  std::vector<LabelId> labels_;
  std::optional<TypeId> type_;
};

}  // namespace packhouse::cypher
