#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "codec/datapacker/packer.hpp"
#include "storage/cells.hpp"
#include "storage/columns/layout.hpp"

namespace packhouse::storage {

/// What is known of a column without reading its elements.
struct ColumnInfo {
  std::string name;
  datapacker::Dtype dtype;
  std::uint64_t length = 0;  ///< elements
  std::uint64_t bytes = 0;   ///< of the packed elements
};

/// A column: elements of one dtype under indexes from 0, part of a transaction. Get one from Columns; a column to be
/// changed is locked until the commit is durable. Indexes below 0 count from the end. What fails changes nothing but
/// for what the transaction rolls back with the statement.
///
/// Errors: Status::argument_error for indexes out of range (naming index and length), type_error and arithmetic_error
/// for values that the dtype can't hold (naming the element), storage_failed naming the column when a cell is damaged,
/// access_mode for changes through a column that was opened for reading; and those of Cells.
class Column {
 public:
  const std::string& name() const { return name_; }
  const datapacker::Packer& packer() const { return packer_; }
  const datapacker::Dtype& dtype() const { return packer_.dtype(); }
  Result<ColumnInfo> info();
  Result<std::uint64_t> length();

  /// Where `index` is, counted from 0.
  Result<std::uint64_t> position(std::int64_t index);
  /// Where `count` elements begin, counted from 0; all of them must be there. For none it may be the end.
  Result<std::uint64_t> position(std::int64_t index, std::uint64_t count);
  /// The elements from `from` to before `to` (nothing: to the end), counted from 0; `to` may be the length. from >= to
  /// is no elements.
  struct Range {
    std::uint64_t from = 0, to = 0;
    std::uint64_t size() const { return to - from; }
  };
  Result<Range> range(std::int64_t from, std::optional<std::int64_t> to);

  // Values are made in `arena` and need nothing else.
  Result<Value> get(std::int64_t index, Arena& arena);
  /// As many as `out` has room for.
  Result<void> get_many(std::span<const std::int64_t> indices, Arena& arena, std::span<Value> out);
  Result<std::span<const Value>> slice(Range range, Arena& arena);
  /// Appends the packed elements, one after the other; of dtypes of fixed size only.
  Result<void> packed(Range range, Buffer& out);
  /// The elements of one chunk from position `at` (before the length) on: views, good until the column changes.
  Result<columns::Elements> run(std::uint64_t at);
  /// One element of a run as a value.
  Result<Value> value(const columns::Elements& run, std::uint64_t i, Arena& arena) const;

  Result<void> append(const Value& v) { return extend({&v, 1}); }
  Result<void> extend(std::span<const Value> values);
  /// Elements as they are packed, of dtypes of fixed size.
  Result<void> extend_packed(Bytes packed);
  /// One element for each index of the array's first dimension.
  Result<void> extend_rows(const datapacker::ArrayView& rows);
  Result<void> set(std::int64_t index, const Value& v);
  /// Overwrites the elements from `index` on; all of them must be there.
  Result<void> set_many(std::int64_t index, std::span<const Value> values);
  Result<void> set_packed(std::int64_t index, Bytes packed);
  /// Before the element at `index`; the length stands for the end.
  Result<void> insert(std::int64_t index, std::span<const Value> values);
  Result<void> erase(std::int64_t index, std::uint64_t count = 1);

 private:
  friend class Columns;
  using Elements = columns::Elements;
  /// A chunk, and the way to it.
  struct Place {
    std::size_t page_at, chunk_at;  ///< in the root, in the page
    std::uint32_t page, chunk;      ///< their numbers
    std::uint64_t first;            ///< position of the chunk's first element
    std::uint64_t count;
  };
  struct NewChunk {
    std::uint32_t number, count;
  };

  Column(Cells& cells, std::string name, datapacker::Packer packer, std::uint64_t id, bool writable);

  // column.cpp
  Result<columns::Root> root();
  Result<columns::Page> page(const columns::Root& root, std::size_t at);
  Result<Place> locate(std::uint64_t position);
  Result<Place> place(const columns::Root& root, const columns::Page& page, std::size_t page_at,
                      std::uint64_t position) const;
  Result<Elements> run(const Place& place, std::uint64_t at);
  Result<Elements> chunk(const Place& place);
  tl::unexpected<Error> damaged(std::string_view what) const;
  Result<std::uint64_t> counted(std::int64_t index, std::uint64_t length, bool end_too = false) const;

  // column_pack.cpp
  Result<void> writable() const;
  Result<void> check_sizes(const Elements& e) const;
  Result<Elements> check_packed(Bytes packed) const;
  struct Packed;
  Result<void> pack(std::span<const Value> values, Packed& out) const;

  // column_append.cpp
  Result<void> append_elements(Elements e);
  Result<void> append_to(const Place& place, const Elements& e);
  Result<void> append_chunk(const Elements& e);

  // column_change.cpp
  Result<void> overwrite(std::uint64_t position, Elements e);
  Result<void> rewrite(const Place& place, std::uint64_t from, std::uint64_t to, const Elements& e);
  Result<void> put_chunk(std::uint32_t number, const Elements& e);
  Result<void> replace_chunk(const Place& place, std::span<const NewChunk> chunks, std::int64_t more_bytes,
                             std::uint32_t next);
  Result<void> replace_page(const Place& place, std::span<const NewChunk> chunks, std::int64_t more_bytes,
                            std::uint32_t next);

  Cells& cells_;
  std::string name_;
  columns::CellKey key_;
  datapacker::Packer packer_;
  std::uint64_t id_;
  bool writable_;
};

/// The columns of a store as a transaction sees them.
class Columns {
 public:
  explicit Columns(Cells& cells) : cells_(cells) {}

  /// False when there is one already and that is fine (whatever its dtype). Status::argument_error when it is not, for
  /// names that are empty, longer than 400 bytes or not UTF-8, and for dtypes that are none, or whose elements are
  /// larger than columns::max_element.
  Result<bool> create(std::string_view name, std::string_view dtype, bool if_not_exists = false);
  /// False when there is none and that is fine.
  Result<bool> drop(std::string_view name, bool if_exists = false);
  /// Status::argument_error when there is none.
  Result<Column> open(std::string_view name);
  /// The same, locked: to be changed.
  Result<Column> open_to_write(std::string_view name);
  /// All, by the bytes of their names.
  Result<std::vector<ColumnInfo>> list();

 private:
  Result<Column> open(std::string_view name, bool writable);
  Cells& cells_;
};

}  // namespace packhouse::storage
