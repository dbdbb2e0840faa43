#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "cypher/exec/expressions/entity.hpp"
#include "cypher/exec/expressions/factories.hpp"

namespace packhouse::cypher {
namespace {

/// object.key. For a column of nodes the records are fetched in one call.
class Member final : public Expression {
 public:
  Member(ExpressionPtr object, std::string_view key) : object_(std::move(object)), key_(key) {}

  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    return member(c, object_->eval(c, b, r), key_, b.arena());
  }

  void eval_all(ExecContext& c, Batch& b, Value* out) const override {
    object_->eval_all(c, b, out);
    const RowIndex n = b.size();
    ids_.clear();
    for (RowIndex i = 0; i < n; ++i) {
      const Value& v = out[b.row(i)];
      if (!v.is(Kind::node)) break;
      ids_.push_back(v.as_node());
    }
    const auto key = key_.id(c);
    if (ids_.size() != n || !key) {
      for (RowIndex i = 0; i < n; ++i) out[b.row(i)] = member(c, out[b.row(i)], key_, b.arena());
      return;
    }
    const bool in_place = n == b.rows();  // every row is selected, so the i-th is row i
    if (!in_place) values_.resize(n);
    const std::span<Value> values = in_place ? std::span(out, n) : std::span(values_);
    missing_.clear();
    or_throw(c.tx.node_properties(ids_, *key, b.arena(), values, missing_));
    c.db_hits += n;
    // A missing node takes the slow way, which says what became of it.
    for (const std::size_t i : missing_) values[i] = member(c, Value::node(ids_[i]), key_, b.arena());
    if (in_place) return;
    for (RowIndex i = 0; i < n; ++i) out[b.row(i)] = values[i];
  }

 private:
  ExpressionPtr object_;
  KeyName key_;
  mutable std::vector<NodeId> ids_;
  mutable std::vector<Value> values_;
  mutable std::vector<std::size_t> missing_;
};

std::optional<std::size_t> list_position(std::int64_t at, std::size_t size) {
  const auto n = static_cast<std::int64_t>(size);
  if (at < 0) at += n;
  if (at < 0 || at >= n) return std::nullopt;
  return static_cast<std::size_t>(at);
}

/// list[i], map[key], entity[key].
class Subscript final : public Expression {
 public:
  Subscript(ExpressionPtr object, ExpressionPtr at) : object_(std::move(object)), at_(std::move(at)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    const Value object = object_->eval(c, b, r), at = at_->eval(c, b, r);
    if (object.is_null() || at.is_null()) return Value();
    if (object.is(Kind::list)) {
      if (!at.is(Kind::integer)) {
        throw QueryError(Status::type_error, "Cannot access a list with a " + std::string(type_name(at.kind())) +
                                                 "; expected an Integer");
      }
      const auto items = object.as_list();
      const auto position = list_position(at.as_integer(), items.size());
      return position ? items[*position] : Value();
    }
    if (at.is(Kind::string)) return member(c, object, KeyName(at.as_string()), b.arena());
    const bool has_keys = object.is(Kind::map) || object.is(Kind::node) || object.is(Kind::relationship);
    throw QueryError(Status::type_error, has_keys ? "Cannot access a " + std::string(type_name(object.kind())) + " with a " +
                                                        std::string(type_name(at.kind())) + "; expected a String key"
                                                  : "Type mismatch: expected a list or a map but was " +
                                                        std::string(type_name(object.kind())));
  }

 private:
  ExpressionPtr object_, at_;
};

/// list[from..to]; negative bounds count from the end, bounds outside are cut.
class SliceOf final : public Expression {
 public:
  SliceOf(ExpressionPtr object, ExpressionPtr from, ExpressionPtr to)
      : object_(std::move(object)), from_(std::move(from)), to_(std::move(to)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    const Value object = object_->eval(c, b, r);
    const Value from = from_ ? from_->eval(c, b, r) : Value::integer(0);
    const Value to = to_ ? to_->eval(c, b, r) : Value();
    if (object.is_null() || from.is_null() || (to_ && to.is_null())) return Value();
    if (!object.is(Kind::list)) {
      throw QueryError(Status::type_error, "Type mismatch: expected a list but was " + std::string(type_name(object.kind())));
    }
    const auto items = object.as_list();
    const std::size_t begin = bound(from, items.size());
    const std::size_t end = to_ ? bound(to, items.size()) : items.size();
    return Value::list(begin < end ? items.subspan(begin, end - begin) : items.first(0));
  }

 private:
  static std::size_t bound(const Value& v, std::size_t size) {
    if (!v.is(Kind::integer)) {
      throw QueryError(Status::type_error, "Type mismatch: expected Integer but was " + std::string(type_name(v.kind())));
    }
    const auto n = static_cast<std::int64_t>(size);
    const std::int64_t i = v.as_integer();
    return static_cast<std::size_t>(std::clamp<std::int64_t>(i < 0 ? std::max(i, -n) + n : i, 0, n));
  }

  ExpressionPtr object_, from_, to_;
};

}  // namespace

ExpressionPtr make_property(const ast::Property& e, ExecContext& context) {
  return std::make_unique<Member>(compile(*e.object, context), e.key);
}

ExpressionPtr make_index(const ast::Index& e, ExecContext& context) {
  return std::make_unique<Subscript>(compile(*e.object, context), compile(*e.at, context));
}

ExpressionPtr make_slice(const ast::Slice& e, ExecContext& context) {
  return std::make_unique<SliceOf>(compile(*e.object, context), e.from ? compile(*e.from, context) : nullptr,
                                   e.to ? compile(*e.to, context) : nullptr);
}

}  // namespace packhouse::cypher
