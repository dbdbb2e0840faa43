#include "objects/manifest.hpp"

#include <algorithm>
#include <array>

#include "codec/packos/codec.hpp"

namespace packhouse::objects {
namespace {

constexpr std::int64_t format_version = 1;

tl::unexpected<Error> damaged(std::string_view what) {
  return fail(Status::storage_failed, "the record of an object is damaged: " + std::string(what));
}

Value string(std::string_view s) { return Value::string(s); }

/// The items of a stored list, taken one after the other; the first that does not fit is remembered.
class Items {
 public:
  explicit Items(const Value& v) : items_(v.is(Kind::list) ? v.as_list() : std::span<const Value>()), good_(v.is(Kind::list)) {}
  bool good() const { return good_ && at_ == items_.size(); }

  Value any(Kind kind) {
    if (at_ >= items_.size() || !items_[at_].is(kind)) {
      good_ = false;
      return Value();
    }
    return items_[at_++];
  }
  std::string text() {
    const Value v = any(Kind::string);
    return v.is(Kind::string) ? std::string(v.as_string()) : std::string();
  }
  std::int64_t integer() {
    const Value v = any(Kind::integer);
    return v.is(Kind::integer) ? v.as_integer() : 0;
  }
  template <std::size_t N>
  std::array<std::byte, N> bytes() {
    std::array<std::byte, N> out{};
    const Value v = any(Kind::bytes);
    if (v.is(Kind::bytes) && v.as_bytes().size() == N) {
      std::ranges::copy(v.as_bytes(), out.begin());
    } else {
      good_ = false;
    }
    return out;
  }

 private:
  std::span<const Value> items_;
  std::size_t at_ = 0;
  bool good_;
};

Value to_value(const ContentRecord& c, Arena& arena) {
  const auto items = arena.array<Value>(11);
  const std::array<Value, 11> all{string(c.key), string(c.content_type), string(c.content_encoding), string(c.hash_algorithm),
                                  Value::bytes(c.hash.view()), Value::integer(static_cast<std::int64_t>(c.size)),
                                  string(c.serializer), string(c.serializer_config),
                                  Value::integer(static_cast<std::int64_t>(c.serializer_type)), string(c.storage),
                                  string(c.storage_config)};
  std::ranges::copy(all, items.begin());
  return Value::list(items);
}

Result<ContentRecord> content_from_value(const Value& v) {
  Items in(v);
  ContentRecord c;
  c.key = in.text();
  c.content_type = in.text();
  c.content_encoding = in.text();
  c.hash_algorithm = in.text();
  c.hash.bytes = in.bytes<32>();
  const std::int64_t size = in.integer();
  c.size = static_cast<std::uint64_t>(size);
  c.serializer = in.text();
  c.serializer_config = in.text();
  const std::int64_t type = in.integer();
  c.serializer_type = static_cast<SerializerType>(type);
  c.storage = in.text();
  c.storage_config = in.text();
  if (!in.good() || size < 0 || (type != 1 && type != 2)) return damaged("one of its contents");
  return c;
}

}  // namespace

const ContentRecord* ManifestRecord::find(std::string_view key) const {
  const auto it = std::ranges::find(contents, key, &ContentRecord::key);
  return it == contents.end() ? nullptr : &*it;
}

Result<void> encode(const ManifestRecord& m, Buffer& out) {
  Arena arena;
  const auto tags = arena.array<MapEntry>(m.tags.size());
  for (std::size_t i = 0; i < tags.size(); ++i) ::new (&tags[i]) MapEntry{m.tags[i].first, string(m.tags[i].second)};
  const auto contents = arena.array<Value>(m.contents.size());
  for (std::size_t i = 0; i < contents.size(); ++i) ::new (&contents[i]) Value(to_value(m.contents[i], arena));
  const std::array<Value, 7> all{Value::integer(format_version), Value::bytes(m.class_id.view()), string(m.unpacker),
                                 Value::integer(m.created.seconds), Value::integer(m.created.nanos), Value::map(tags),
                                 Value::list(contents)};
  return packos::encode(Value::list(all), out);
}

Result<ManifestRecord> decode_manifest(const ObjectId& id, Bytes bytes) {
  Arena arena;
  PACKHOUSE_TRY(const Value all, packos::decode(bytes, arena));
  Items in(all);
  if (in.integer() != format_version) return damaged("it has a format that this version does not know");
  ManifestRecord m;
  m.id = id;
  m.class_id.bytes = in.bytes<16>();
  m.unpacker = in.text();
  m.created.seconds = in.integer();
  m.created.nanos = static_cast<std::int32_t>(in.integer());
  const Value tags = in.any(Kind::map), contents = in.any(Kind::list);
  if (!in.good()) return damaged("its fields");
  for (const auto& [key, value] : tags.as_map()) {
    if (!value.is(Kind::string)) return damaged("its tags");
    m.tags.emplace_back(key, value.as_string());
  }
  for (const Value& c : contents.as_list()) {
    PACKHOUSE_TRY(ContentRecord record, content_from_value(c));
    m.contents.push_back(std::move(record));
  }
  return m;
}

}  // namespace packhouse::objects
