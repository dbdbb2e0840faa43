#include "codec/packos/record.hpp"

#include <fmt/format.h>

#include "codec/packos/pool.hpp"
#include "codec/packos/put_value.hpp"

namespace packhouse::packos {
namespace {

/// `ids` is ascending, so the last one decides the width.
template <class Id, class Get>
void put_ids(FrameWriter& out, std::span<const Id> ids, Get get) {
  if (ids.empty() || get(ids.back()) <= 0xFFFF) {
    std::byte* at = out.string_room(2 * ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) store(at + 2 * i, static_cast<std::uint16_t>(get(ids[i])));
    return;
  }
  std::byte* at = out.extended(Extension::numbers, 1 + 4 * ids.size());
  store(at, ElementCode::u32);
  for (std::size_t i = 0; i < ids.size(); ++i) store(at + 1 + 4 * i, static_cast<std::uint32_t>(get(ids[i])));
}

Result<void> put_properties(FrameWriter& out, std::span<const Property> properties) {
  put_ids(out, properties, [](const Property& p) { return raw(p.key); });
  for (const Property& p : properties) PACKHOUSE_CHECK(put_value(out, p.value));
  return out.end_frame();
}

/// A writer for one frame at the end of `out`. Its side stack has room for a small record; for a large one a pooled
/// writer is taken, which has grown before, and its bytes are copied.
template <class Put>
Result<void> with_writer(Buffer& out, std::size_t fields, Put put) {
  if (fields <= FrameWriter::fields_without_allocation) {
    FrameWriter writer(out);
    writer.begin_frame(fields);
    return put(writer);
  }
  PooledFrame frame;
  frame->begin_frame(fields);
  auto done = put(*frame);
  out.append(frame.bytes());
  return done;
}

template <class T>
bool take_id(const FrameView& frame, std::size_t i, T& out) {
  Field f;
  if (!frame.get(i, f) || f.tag != Tag::integer || !is_integer_width(f.bytes.size())) return false;
  const auto v = load_integer(f.bytes.data(), f.bytes.size());
  if constexpr (sizeof(T) < sizeof v) {  // ids of 64 bits use all of them: those of virtual nodes are negative here
    if (v < 0 || static_cast<std::uint64_t>(v) > std::numeric_limits<std::underlying_type_t<T>>::max()) return false;
  }
  out = static_cast<T>(v);
  return true;
}

}  // namespace

std::size_t IdArray::find(std::uint32_t id) const {
  if (size_ <= 8) {
    for (std::size_t i = 0; i < size_; ++i) {
      if ((*this)[i] == id) return i;
    }
    return size_;
  }
  std::size_t low = 0, n = size_;
  while (n > 1) {
    const std::size_t half = n / 2;
    low += (*this)[low + half] <= id ? half : 0;
    n -= half;
  }
  return (*this)[low] == id ? low : size_;
}

bool IdArray::bind(const Field& f) {
  if (f.tag == Tag::string) [[likely]] {
    at_ = f.bytes.data();
    size_ = static_cast<std::uint32_t>(f.bytes.size() / 2);
    return f.bytes.size() % 2 == 0;
  }
  if (f.tag != Tag::extended || f.bytes.size() < 2 || load<Extension>(f.bytes.data()) != Extension::numbers ||
      load<ElementCode>(f.bytes.data() + 1) != ElementCode::u32) {
    return false;
  }
  at_ = f.bytes.data() + 2;
  size_ = static_cast<std::uint32_t>((f.bytes.size() - 2) / 4);
  wide_ = true;
  return (f.bytes.size() - 2) % 4 == 0;
}

bool RecordView::bind_relationship(const Field&) {
  first_value_ = 4;
  return take_id(frame_, 0, type_) && take_id(frame_, 1, start_) && take_id(frame_, 2, end_);
}

bool RecordView::bind(Bytes record) {
  if (!FrameView::try_open(record, frame_)) return false;
  Field first, keys;
  if (!frame_.get(0, first)) return false;
  if (first.tag == Tag::integer ? !bind_relationship(first) : !labels_.bind(first)) return false;
  return frame_.get(first_value_ - 1, keys) && keys_.bind(keys) && frame_.size() == first_value_ + keys_.size();
}

Error RecordView::refuse(Bytes record) {
  const auto frame = FrameView::open(record);
  if (!frame) return Error(frame.error()).in("not a stored record: ");
  const auto wrong = [](std::string what) { return Error(Status::storage_failed, "not a stored record: " + what); };
  const auto first = frame->field(0);
  if (!first) return Error(first.error()).in("not a stored record: ");
  RecordView v;
  v.frame_ = *frame;
  if (first->tag == Tag::integer) {
    if (!v.bind_relationship(*first)) return wrong("the type, start or end of the relationship is missing or not an id");
  } else if (!v.labels_.bind(*first)) {
    return wrong(fmt::format("expected labels or a relationship type first, found {} of {} bytes", name(first->tag), first->bytes.size()));
  }
  const auto keys = frame->field(v.first_value_ - 1);
  if (!keys) return Error(keys.error()).in("not a stored record: property keys: ");
  if (!v.keys_.bind(*keys)) {
    return wrong(fmt::format("expected property keys, found {} of {} bytes", name(keys->tag), keys->bytes.size()));
  }
  return wrong(fmt::format("{} property keys, {} values", v.keys_.size(), frame->size() - v.first_value_));
}

Error RecordView::refuse_property(std::size_t i) const {
  const auto field = frame_.field(first_value_ + i);
  const auto context = i < keys_.size() ? fmt::format("property key {} of a stored record: ", keys_[i]) : std::string("a stored record: ");
  if (field) return {Status::internal, context + "is readable after all"};
  return Error(field.error()).in(context);
}

Result<void> encode_node(Buffer& out, std::span<const LabelId> sorted_labels, std::span<const Property> sorted_by_key) {
  return with_writer(out, 2 + sorted_by_key.size(), [&](FrameWriter& writer) {
    put_ids(writer, sorted_labels, [](LabelId l) { return raw(l); });
    return put_properties(writer, sorted_by_key);
  });
}

Result<void> encode_relationship(Buffer& out, TypeId type, NodeId start, NodeId end, std::span<const Property> sorted_by_key) {
  return with_writer(out, 4 + sorted_by_key.size(), [&](FrameWriter& writer) {
    writer.integer(raw(type));
    writer.integer(static_cast<std::int64_t>(raw(start)));
    writer.integer(static_cast<std::int64_t>(raw(end)));
    return put_properties(writer, sorted_by_key);
  });
}

}  // namespace packhouse::packos
