#include <fmt/format.h>

#include "storage/cursors.hpp"
#include "value/compare.hpp"

namespace packhouse::storage {

IndexFilter::IndexFilter(kv::Snapshot& snapshot, const Index& index, const IndexRange& range)
    : snapshot_(snapshot), entity_(index.entity), keys_(index.keys), range_(range) {
  for (Value& v : range_.prefix) v = deep_copy(v, arena_);
  if (range_.low) range_.low = deep_copy(*range_.low, arena_);
  if (range_.high) range_.high = deep_copy(*range_.high, arena_);
}

Result<bool> IndexFilter::matches(std::uint64_t id) {
  const bool node = entity_ == EntityType::node;
  PACKHOUSE_TRY(const auto record, snapshot_.get(node ? keys::node(NodeId{id}) : keys::relationship(RelId{id})));
  const char* what = node ? "node" : "relationship";
  if (!record) return fail(Status::storage_failed, fmt::format("an index names {} {}, which is not there", what, id));
  if (auto view = packos::RecordView::open(*record); !view) {
    return tl::make_unexpected(std::move(view).error().in(fmt::format("{} {}: ", what, id)));
  }
  return matches(RecordReader(*record, nullptr));
}

Result<bool> IndexFilter::matches(const RecordReader& record) {
  scratch_.reset();
  std::size_t column = 0;
  for (const Value& wanted : range_.prefix) {
    PACKHOUSE_TRY(const Value value, record.property(keys_[column++], scratch_));
    if (equals(value, wanted) != Ternary::true_) return false;
  }
  if (column == keys_.size()) return true;
  PACKHOUSE_TRY(const Value value, record.property(keys_[column], scratch_));
  return on_column(value);
}

bool IndexFilter::on_column(const Value& value) const {
  if (range_.starts_with) return value.is(Kind::string) && value.as_string().starts_with(*range_.starts_with);
  if (range_.low) {
    const Comparison c = compare(value, *range_.low);
    if (c != Comparison::greater && !(c == Comparison::equal && range_.low_inclusive)) return false;
  }
  if (range_.high) {
    const Comparison c = compare(value, *range_.high);
    if (c != Comparison::less && !(c == Comparison::equal && range_.high_inclusive)) return false;
  }
  return true;
}

}  // namespace packhouse::storage
