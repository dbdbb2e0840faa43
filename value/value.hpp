#pragma once
#include <bit>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/arena.hpp"
#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "value/temporal.hpp"

namespace packhouse {

/// What a Value holds. The order of the enumerators means nothing; see value/compare.hpp.
enum class Kind : std::uint8_t {
  null, boolean, integer, real, string, bytes, list, map, node, relationship, path,
  date, local_time, time, local_datetime, datetime, duration, point, vector,
};

/// Element types of typed arrays (vectors). Data is kept little-endian.
enum class Element : std::uint8_t { i8, i16, i32, i64, f32, f64 };
constexpr std::size_t size_of(Element e) {
  constexpr std::uint8_t sizes[] = {1, 2, 4, 8, 4, 8};
  return sizes[static_cast<std::size_t>(e)];
}

struct MapEntry;
struct PathValue;

/// One Cypher value: 16 bytes, trivially copyable. What it points to (text, items, entries …)
/// belongs to somebody else: the arena of a batch or of the query, the message it was decoded
/// from, or a page of the store's snapshot. Whoever keeps a Value longer copies it with
/// `deep_copy` into an arena of its own.
///
/// A node or relationship is only its id: labels, type, ends and properties are read from the
/// transaction when they are needed (storage/graph.hpp).
class Value {
 public:
  constexpr Value() = default;  ///< null
  static Value boolean(bool b) { return Value(Kind::boolean, 0, 0, static_cast<std::uint64_t>(b)); }
  static Value integer(std::int64_t i) { return Value(Kind::integer, 0, 0, static_cast<std::uint64_t>(i)); }
  static Value real(double d) { return Value(Kind::real, 0, 0, std::bit_cast<std::uint64_t>(d)); }
  static Value string(std::string_view s) { return Value(Kind::string, 0, s.size(), s.data()); }
  static Value bytes(Bytes b) { return Value(Kind::bytes, 0, b.size(), b.data()); }
  static Value list(std::span<const Value> items) { return Value(Kind::list, 0, items.size(), items.data()); }
  static Value map(std::span<const MapEntry> entries);
  static Value node(NodeId id) { return Value(Kind::node, 0, 0, raw(id)); }
  static Value relationship(RelId id) { return Value(Kind::relationship, 0, 0, raw(id)); }
  static Value path(const PathValue* p) { return Value(Kind::path, 0, 0, p); }
  static Value date(Date d) { return Value(Kind::date, 0, 0, static_cast<std::uint64_t>(d.days)); }
  static Value local_time(LocalTime t) { return Value(Kind::local_time, 0, 0, static_cast<std::uint64_t>(t.nanos)); }
  static Value time(Time t) {
    return Value(Kind::time, 0, static_cast<std::uint32_t>(t.offset), static_cast<std::uint64_t>(t.nanos));
  }
  static Value local_datetime(LocalDateTime t) {
    return Value(Kind::local_datetime, 0, static_cast<std::uint32_t>(t.nanos), static_cast<std::uint64_t>(t.seconds));
  }
  static Value datetime(DateTime t) {
    return Value(Kind::datetime, t.zone.bits(), static_cast<std::uint32_t>(t.nanos), static_cast<std::uint64_t>(t.seconds));
  }
  static Value duration(const Duration* d) { return Value(Kind::duration, 0, 0, d); }  ///< *d belongs to an arena
  static Value point(const Point* p) { return Value(Kind::point, 0, 0, p); }           ///< *p belongs to an arena
  static Value vector(Element e, std::uint32_t dimensions, const std::byte* little_endian) {
    return Value(Kind::vector, static_cast<std::uint32_t>(e), dimensions, little_endian);
  }

  Kind kind() const { return kind_; }
  bool is(Kind k) const { return kind_ == k; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_true() const { return kind_ == Kind::boolean && bits_ != 0; }
  bool is_number() const { return kind_ == Kind::integer || kind_ == Kind::real; }

  // Each of these asks for the right kind() first; nothing is converted.
  bool as_boolean() const { return bits_ != 0; }
  std::int64_t as_integer() const { return static_cast<std::int64_t>(bits_); }
  double as_real() const { return std::bit_cast<double>(bits_); }
  std::string_view as_string() const { return {static_cast<const char*>(pointer()), size_}; }
  Bytes as_bytes() const { return {static_cast<const std::byte*>(pointer()), size_}; }
  std::span<const Value> as_list() const { return {static_cast<const Value*>(pointer()), size_}; }
  std::span<const MapEntry> as_map() const;
  NodeId as_node() const { return NodeId{bits_}; }
  RelId as_relationship() const { return RelId{bits_}; }
  const PathValue& as_path() const { return *static_cast<const PathValue*>(pointer()); }
  Date as_date() const { return {static_cast<std::int64_t>(bits_)}; }
  LocalTime as_local_time() const { return {static_cast<std::int64_t>(bits_)}; }
  Time as_time() const { return {static_cast<std::int64_t>(bits_), static_cast<std::int32_t>(size_)}; }
  LocalDateTime as_local_datetime() const { return {static_cast<std::int64_t>(bits_), static_cast<std::int32_t>(size_)}; }
  DateTime as_datetime() const {
    return {static_cast<std::int64_t>(bits_), static_cast<std::int32_t>(size_), Zone::from_bits(extra_)};
  }
  const Duration& as_duration() const { return *static_cast<const Duration*>(pointer()); }
  const Point& as_point() const { return *static_cast<const Point*>(pointer()); }
  Element vector_element() const { return static_cast<Element>(extra_); }
  std::uint32_t vector_dimensions() const { return size_; }
  Bytes vector_data() const {
    return {static_cast<const std::byte*>(pointer()), size_ * size_of(vector_element())};
  }

  /// Number as double; asks for is_number() first.
  double number() const { return kind_ == Kind::integer ? static_cast<double>(as_integer()) : as_real(); }

 private:
  Value(Kind k, std::uint32_t extra, std::size_t size, std::uint64_t bits)
      : kind_(k), extra_(extra & 0xFFFFFF), size_(static_cast<std::uint32_t>(size)), bits_(bits) {}
  Value(Kind k, std::uint32_t extra, std::size_t size, const void* p)
      : Value(k, extra, size, std::bit_cast<std::uint64_t>(p)) {}
  const void* pointer() const { return std::bit_cast<const void*>(bits_); }

  Kind kind_ = Kind::null;
  std::uint32_t extra_ : 24 = 0;
  std::uint32_t size_ = 0;
  std::uint64_t bits_ = 0;
};
static_assert(sizeof(Value) == 16 && std::is_trivially_copyable_v<Value> && sizeof(void*) == 8);

/// Keys are unique within a map; entries keep the order in which they were made.
struct MapEntry {
  std::string_view key;
  Value value;
};

/// A walk: nodes[0], rels[0], nodes[1], … ; nodes.size() == rels.size() + 1. A relationship's
/// direction within the path follows from its own ends.
struct PathValue {
  std::span<const NodeId> nodes;
  std::span<const RelId> rels;
};

inline Value Value::map(std::span<const MapEntry> entries) { return Value(Kind::map, 0, entries.size(), entries.data()); }
inline std::span<const MapEntry> Value::as_map() const { return {static_cast<const MapEntry*>(pointer()), size_}; }

/// The value under `key`, or null if the map has no such key (found tells which).
const Value* find(std::span<const MapEntry> map, std::string_view key);

/// A copy that needs nothing but `arena`.
Value deep_copy(const Value& v, Arena& arena);

/// "INTEGER", "LIST", "ZONED DATETIME" …: for error messages and valueType().
std::string_view type_name(Kind k);

template <class... F>
struct overloaded : F... {
  using F::operator()...;
};
template <class... F>
overloaded(F...) -> overloaded<F...>;

}  // namespace packhouse
