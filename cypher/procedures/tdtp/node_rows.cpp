#include "cypher/procedures/tdtp/node_rows.hpp"

#include <algorithm>

#include "cypher/exec/expressions/entity.hpp"

namespace packhouse::cypher {

ValueRows::ValueRows(tdtp::Header header, tdtp::Schema schema, bool xml)
    : header_(std::move(header)), schema_(std::move(schema)), xml_(xml) {
  for (std::size_t i = 0; i < schema_.fields.size(); ++i) columns_.emplace_back(schema_, i);
}

Result<void> ValueRows::cell(const Value& v, tdtp::Rows& rows) {
  const auto at = [&] { return "row " + std::to_string(row_ + 1) + ", "; };
  text_.clear();
  if (auto r = append_cell(columns_[column_], v, text_); !r) return tl::make_unexpected(std::move(r).error().in(at()));
  if (xml_ && !fits_xml(text_)) {
    return fail(Status::argument_error,
                at() + "field '" + columns_[column_].name +
                    "': the text has a control character that XML has no way to write; with compress: true it can "
                    "be written");
  }
  rows.add(rows.keep(text_));
  ++column_;
  return ok;
}

Result<void> ValueRows::cells(ExecContext& context, const Value& v, tdtp::Rows& rows, Arena& scratch) {
  const Value map = properties_of(context, v, scratch);
  for (const tdtp::Field& f : schema_.fields) {
    const Value* found = map.is(Kind::map) ? find(map.as_map(), f.name) : nullptr;
    PACKHOUSE_CHECK(cell(found ? *found : Value(), rows));
  }
  return ok;
}

void ValueRows::end_row(tdtp::Rows& rows) {
  rows.end_row();
  column_ = 0;
  ++row_;
}

NodeRows::NodeRows(ExecContext& context, LabelId label, tdtp::Header header, tdtp::Schema schema, bool xml)
    : ValueRows(std::move(header), std::move(schema), xml),
      context_(context),
      cursor_(or_throw(context.tx.scan_label(label))) {
  for (const tdtp::Field& f : this->schema().fields) keys_.push_back(context.store.find_key(f.name));
}

Result<bool> NodeRows::next(tdtp::Rows& rows) {
  rows.clear();
  context_.check();
  PACKHOUSE_TRY(const std::size_t n, cursor_->next(ids_));
  for (std::size_t i = 0; i < n; ++i) {
    scratch_.reset();
    const auto view = node_view(context_, ids_[i]);
    for (const auto key : keys_) {
      Value v;
      if (key) {
        PACKHOUSE_TRY(v, view.property(*key, scratch_));
      }
      PACKHOUSE_CHECK(cell(v, rows));
    }
    end_row(rows);
  }
  context_.db_hits += n;
  return n > 0;
}

QueryRows::QueryRows(ExecContext& context, std::unique_ptr<NestedQuery> query, tdtp::Header header, QueryColumns columns,
                     bool xml)
    : ValueRows(std::move(header), std::move(columns.schema), xml),
      context_(context),
      query_(std::move(query)),
      of_one_(columns.of_one) {
  const auto& names = query_->columns();
  for (std::size_t i = 0; i < schema().fields.size() && !of_one_; ++i) {
    const auto at = std::ranges::find(names, schema().fields[i].name);
    columns_.push_back(static_cast<std::size_t>(at - names.begin()));
  }
}

Result<bool> QueryRows::next(tdtp::Rows& rows) {
  rows.clear();
  auto state = NestedQuery::State::paused;
  while (state == NestedQuery::State::paused) state = query_->advance();
  if (state == NestedQuery::State::done) return false;
  for (RowIndex i = 0; i < query_->rows(); ++i) {
    scratch_.reset();
    if (of_one_) PACKHOUSE_CHECK(cells(context_, query_->value(0, i), rows, scratch_));
    for (const std::size_t column : columns_) PACKHOUSE_CHECK(cell(query_->value(column, i), rows));
    end_row(rows);
  }
  return true;
}

ListRows::ListRows(ExecContext& context, std::span<const Value> items, tdtp::Header header, tdtp::Schema schema,
                   bool xml)
    : ValueRows(std::move(header), std::move(schema), xml), context_(context), items_(items) {}

Result<bool> ListRows::next(tdtp::Rows& rows) {
  rows.clear();
  context_.check();
  const auto& fields = schema().fields;
  for (std::size_t n = 0; n < 256 && at_ < items_.size(); ++n, ++at_) {
    scratch_.reset();
    const Value& item = items_[at_];
    if (item.is(Kind::list)) {
      if (item.as_list().size() != fields.size()) {
        return fail(Status::argument_error, "row " + std::to_string(at_ + 1) + " has " +
                                                std::to_string(item.as_list().size()) + " values, but the table has " +
                                                std::to_string(fields.size()) + " columns");
      }
      for (const Value& v : item.as_list()) PACKHOUSE_CHECK(cell(v, rows));
    } else {
      PACKHOUSE_CHECK(cells(context_, item, rows, scratch_));
    }
    end_row(rows);
  }
  return !rows.empty();
}

}  // namespace packhouse::cypher
