#include "value/builder.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace packhouse {
namespace {

constexpr std::size_t linear_search_up_to = 16;

/// The index of an entry whose key stood earlier, or entries.size().
std::size_t repeated_key(std::span<const MapEntry> entries) {
  if (entries.size() <= linear_search_up_to) {
    for (std::size_t i = 1; i < entries.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (entries[i].key == entries[j].key) return i;
      }
    }
    return entries.size();
  }
  std::unordered_set<std::string_view> seen;
  seen.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!seen.insert(entries[i].key).second) return i;
  }
  return entries.size();
}

}  // namespace

Result<void> ValueBuilder::push(bool map) {
  if (!open_.empty() && open_.back().map && !open_.back().has_key) {
    return fail(Status::request_invalid_format, "a map's value came without its key");
  }
  open_.push_back({static_cast<std::uint32_t>(map ? entries_.size() : items_.size()), map, false, {}});
  return ok;
}

Result<void> ValueBuilder::add_inside(const Value& v) {
  Open& top = open_.back();
  if (!top.map) {
    items_.push_back(v);
    return ok;
  }
  if (!top.has_key) return fail(Status::request_invalid_format, "a map's value came without its key");
  entries_.push_back({top.key, v});
  top.has_key = false;
  return ok;
}

Result<void> ValueBuilder::key(std::string_view k) {
  if (open_.empty() || !open_.back().map || open_.back().has_key) {
    return fail(Status::request_invalid_format, "a map key came where a value was expected");
  }
  open_.back().key = keep(k);
  open_.back().has_key = true;
  return ok;
}

Result<void> ValueBuilder::list_end() {
  if (open_.empty() || open_.back().map) return fail(Status::request_invalid_format, "a list ends that was not begun");
  const std::size_t first = open_.back().first;
  const auto items = arena_.array<Value>(items_.size() - first);
  std::copy(items_.begin() + static_cast<std::ptrdiff_t>(first), items_.end(), items.begin());
  items_.resize(first);
  open_.pop_back();
  return add(Value::list(items));
}

Result<void> ValueBuilder::map_end() {
  if (open_.empty() || !open_.back().map || open_.back().has_key) {
    return fail(Status::request_invalid_format, "a map ends that was not begun, or ends after a key");
  }
  const std::size_t first = open_.back().first;
  auto seen = std::span<const MapEntry>(entries_).subspan(first);
  if (const std::size_t again = repeated_key(seen); again < seen.size()) {
    if (repeats_ == Repeats::refuse) return fail(Status::request_invalid, "duplicate map key `" + std::string(seen[again].key) + "`");
    keep_last(first);
    seen = std::span<const MapEntry>(entries_).subspan(first);
  }
  const auto entries = arena_.array<MapEntry>(seen.size());
  std::ranges::copy(seen, entries.begin());
  entries_.resize(first);
  open_.pop_back();
  return add(Value::map(entries));
}

/// The entries from `first` on, each key once, where it came first and with the value that came last.
void ValueBuilder::keep_last(std::size_t first) {
  std::unordered_map<std::string_view, std::size_t> place;
  std::size_t end = first;
  for (std::size_t i = first; i < entries_.size(); ++i) {
    const auto [known, is_new] = place.try_emplace(entries_[i].key, end);
    entries_[known->second] = entries_[i];
    if (is_new) ++end;
  }
  entries_.resize(end);
}

Result<void> ValueBuilder::structure_begin(std::uint8_t tag, std::uint32_t) {
  return fail(Status::request_invalid, "a structure with tag " + std::to_string(tag) + " is not a value");
}

Result<void> ValueBuilder::structure_end() {
  return fail(Status::request_invalid, "a structure is not a value");
}

Result<void> ValueBuilder::vector(Element e, std::uint32_t dimensions, Bytes little_endian) {
  if (little_endian.size() != dimensions * size_of(e)) {
    return fail(Status::request_invalid, "a vector of " + std::to_string(dimensions) + " elements came with " +
                                             std::to_string(little_endian.size()) + " bytes of data");
  }
  return add(Value::vector(e, dimensions, as_bytes_(keep(as_text(little_endian))).data()));
}

}  // namespace packhouse
