#pragma once
#include <cstdint>

namespace packhouse {

// Ids are distinct types, so that a node's id can't be passed for a relationship's.
// Values are dense, start at 0 and are never reused.
enum class NodeId : std::uint64_t {};
enum class RelId : std::uint64_t {};

// Tokens: names that the store keeps once and refers to by number.
enum class LabelId : std::uint32_t {};
enum class TypeId : std::uint32_t {};  ///< relationship type
enum class KeyId : std::uint32_t {};   ///< property key

enum class IndexId : std::uint32_t {};
enum class ConstraintId : std::uint32_t {};
enum class RecordSchemaId : std::uint32_t {};

constexpr std::uint64_t raw(NodeId id) { return static_cast<std::uint64_t>(id); }
constexpr std::uint64_t raw(RelId id) { return static_cast<std::uint64_t>(id); }
constexpr std::uint32_t raw(LabelId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint32_t raw(TypeId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint32_t raw(KeyId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint32_t raw(IndexId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint32_t raw(ConstraintId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint32_t raw(RecordSchemaId id) { return static_cast<std::uint32_t>(id); }

}  // namespace packhouse
