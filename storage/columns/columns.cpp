#include "base/utf8.hpp"
#include "storage/columns/column.hpp"

namespace packhouse::storage {
namespace {

using namespace columns;

tl::unexpected<Error> refuse(std::string_view column, const std::string& why) {
  return fail(Status::argument_error, "column `" + std::string(column) + "`: " + why);
}

Result<void> check_name(std::string_view name) {
  if (name.empty()) return fail(Status::argument_error, "the name of a column can't be empty");
  if (name.size() > max_name) {
    return fail(Status::argument_error, "the name of a column has at most " + std::to_string(max_name) +
                                            " bytes, got " + std::to_string(name.size()));
  }
  if (!utf8::is_valid(name)) return fail(Status::argument_error, "the name of a column is not UTF-8");
  return ok;
}

Result<void> check_dtype(std::string_view column, const datapacker::Dtype& dtype) {
  if (dtype.size && *dtype.size == 0) return refuse(column, dtype.text() + " holds nothing");
  if (dtype.elem_size() > max_element) {
    return refuse(column, "elements of " + dtype.text() + " have " + std::to_string(dtype.elem_size()) +
                              " bytes, a column takes at most " + std::to_string(max_element));
  }
  return ok;
}

}  // namespace

Result<bool> Columns::create(std::string_view name, std::string_view dtype, bool if_not_exists) {
  PACKHOUSE_CHECK(check_name(name));
  auto parsed = datapacker::parse_dtype(dtype);
  if (!parsed) return tl::make_unexpected(std::move(parsed).error().in("column `" + std::string(name) + "`: "));
  PACKHOUSE_CHECK(check_dtype(name, *parsed));
  const CellKey key = root_key(name);
  PACKHOUSE_CHECK(cells_.lock_cell(key));
  PACKHOUSE_TRY(const auto there, cells_.cell(key));
  if (there && if_not_exists) return false;
  if (there) return refuse(name, "exists already");
  PACKHOUSE_TRY(const std::uint64_t id, cells_.fresh_id());
  Buffer root;
  Root::write_header(parsed->text(), id, root);
  PACKHOUSE_CHECK(cells_.put_cell(key, root));
  return true;
}

Result<bool> Columns::drop(std::string_view name, bool if_exists) {
  PACKHOUSE_CHECK(check_name(name));
  const CellKey key = root_key(name);
  PACKHOUSE_CHECK(cells_.lock_cell(key));
  PACKHOUSE_TRY(const auto there, cells_.cell(key));
  if (!there && if_exists) return false;
  if (!there) return refuse(name, "there is no such column");
  const auto root = Root::parse(*there);
  const bool damaged = !root;
  const std::uint64_t id = damaged ? 0 : root->column();
  PACKHOUSE_CHECK(cells_.erase_cell(key));
  if (damaged) return true;  // what it had is not known any more
  // By their keys and not by the directory, so that a damaged column can be dropped.
  for (const auto& [low, high] : all_parts(id)) {
    PACKHOUSE_TRY(const auto parts, cells_.scan_cells(low, high));
    std::vector<std::string> keys;
    for (kv::Entry entry;;) {
      PACKHOUSE_TRY(const bool more, parts->next(entry));
      if (more) keys.emplace_back(as_text(entry.key));
      if (more && keys.size() < 4096) continue;
      for (const std::string& part : keys) PACKHOUSE_CHECK(cells_.erase_cell(as_bytes(part)));
      keys.clear();
      if (!more) break;
    }
  }
  return true;
}

Result<Column> Columns::open(std::string_view name) {
  return open(name, false);
}

Result<Column> Columns::open_to_write(std::string_view name) {
  PACKHOUSE_CHECK(check_name(name));
  PACKHOUSE_CHECK(cells_.lock_cell(root_key(name)));
  return open(name, true);
}

Result<Column> Columns::open(std::string_view name, bool writable) {
  PACKHOUSE_CHECK(check_name(name));
  PACKHOUSE_TRY(const auto cell, cells_.cell(root_key(name)));
  if (!cell) return refuse(name, "there is no such column");
  const auto root = Root::parse(*cell);
  auto packer = root ? datapacker::Packer::make(root->dtype()) : fail(Status::storage_failed, "");
  if (!packer) {
    return fail(Status::storage_failed, "column `" + std::string(name) + "` is damaged: its directory can't be read");
  }
  return Column(cells_, std::string(name), std::move(*packer), root->column(), writable);
}

Result<std::vector<ColumnInfo>> Columns::list() {
  std::vector<ColumnInfo> out;
  const auto [low, high] = all_roots();
  PACKHOUSE_TRY(const auto roots, cells_.scan_cells(low, high));
  for (kv::Entry entry;;) {
    PACKHOUSE_TRY(const bool more, roots->next(entry));
    if (!more) return out;
    const std::string name(name_in(entry.key));
    const auto root = Root::parse(entry.value);
    auto dtype = root ? datapacker::parse_dtype(root->dtype()) : fail(Status::storage_failed, "");
    if (!dtype) return fail(Status::storage_failed, "column `" + name + "` is damaged: its directory can't be read");
    out.push_back({name, std::move(*dtype), root->length(), root->bytes()});
  }
}

}  // namespace packhouse::storage
