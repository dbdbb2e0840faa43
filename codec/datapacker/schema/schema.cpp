#include "codec/datapacker/schema/schema.hpp"

#include <list>
#include <mutex>
#include <unordered_map>

#include "codec/datapacker/schema/compiler.hpp"
#include "codec/datapacker/schema/pattern.hpp"
#include "codec/datapacker/structured.hpp"
#include "packstream/keys.hpp"

namespace packhouse::datapacker {

/// What the checks refer to, and the nodes.
struct JsonSchema::Parts {
  Arena arena;
  Value schema;
  std::deque<schema::Node> nodes;
  const schema::Node* root = nullptr;
  std::size_t patterns = 0;
};

namespace {

/// Compiled schemas by a digest of their canonical text; the text itself is compared too, so that no two schemas
/// can be taken for each other. The least recently used goes first.
class Cache {
 public:
  std::shared_ptr<const JsonSchema> find(std::uint64_t digest, const std::string& text) {
    const std::lock_guard lock(mutex_);
    const auto found = by_digest_.find(digest);
    if (found == by_digest_.end() || found->second->text != text) return nullptr;
    order_.splice(order_.begin(), order_, found->second);
    return found->second->compiled;
  }

  void add(std::uint64_t digest, std::string text, std::size_t patterns, std::shared_ptr<const JsonSchema> compiled) {
    const std::size_t size = text.size() + patterns * static_cast<std::size_t>(schema::most_pattern_bytes);
    const std::lock_guard lock(mutex_);
    bytes_ += size;
    order_.push_front({digest, std::move(text), size, std::move(compiled)});
    if (const auto [known, is_new] = by_digest_.try_emplace(digest, order_.begin()); !is_new) {
      drop(known->second);
      by_digest_[digest] = order_.begin();
    }
    while (order_.size() > most_entries || (bytes_ > most_bytes && order_.size() > 1)) {
      by_digest_.erase(order_.back().digest);
      drop(std::prev(order_.end()));
    }
  }

 private:
  static constexpr std::size_t most_entries = 256, most_bytes = 256U << 20;
  struct Entry {
    std::uint64_t digest;
    std::string text;
    std::size_t size;  ///< with all that its patterns may come to
    std::shared_ptr<const JsonSchema> compiled;
  };
  void drop(std::list<Entry>::iterator entry) {
    bytes_ -= entry->size;
    order_.erase(entry);
  }

  std::mutex mutex_;
  std::list<Entry> order_;  // the most recently used first
  std::unordered_map<std::uint64_t, std::list<Entry>::iterator> by_digest_;
  std::size_t bytes_ = 0;
};

/// The same bytes for equal schemas; what is not JSON is refused.
Result<void> canonical(const Value& schema, Buffer& out) {
  auto done = write_structured(Dtype::Kind::msgpack, schema, KeyOrder::sorted, out);
  if (!done) return tl::make_unexpected(std::move(done).error().in("Schema compilation failed: "));
  return done;
}

Cache& cache() {
  static Cache cache;
  return cache;
}

}  // namespace

JsonSchema::JsonSchema(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
JsonSchema::~JsonSchema() = default;

Result<std::shared_ptr<const JsonSchema>> JsonSchema::compile(const Value& schema) {
  Buffer text;
  PACKHOUSE_CHECK(canonical(schema, text));
  auto parts = std::make_unique<Parts>();
  parts->schema = deep_copy(schema, parts->arena);
  schema::Compiler compiler(parts->schema, parts->nodes);
  PACKHOUSE_TRY(parts->root, compiler.compile());
  parts->patterns = compiler.pattern_count();
  return std::make_shared<const JsonSchema>(std::move(parts));
}

Result<std::shared_ptr<const JsonSchema>> JsonSchema::cached(const Value& schema) {
  Buffer canonical_text;
  PACKHOUSE_CHECK(canonical(schema, canonical_text));
  std::string text(as_text(canonical_text));
  const std::uint64_t digest = packstream::key_hash(text);
  if (auto known = cache().find(digest, text)) return known;
  PACKHOUSE_TRY(std::shared_ptr<const JsonSchema> compiled, compile(schema));
  cache().add(digest, std::move(text), compiled->parts_->patterns, compiled);
  return compiled;
}

std::vector<SchemaFault> JsonSchema::faults(const Value& v) const {
  std::vector<SchemaFault> faults;
  schema::Run run(&faults);
  parts_->root->check(v, run);
  return faults;
}

Result<void> JsonSchema::validate(const Value& v) const {
  const auto found = faults(v);
  if (found.empty()) return {};
  std::string message = "Validation errors: ";
  for (const SchemaFault& f : found) {
    message += (&f == &found.front() ? "" : ", ") + f.what + (f.path.empty() ? "" : " (at " + f.path + ")");
  }
  return fail(Status::argument_error, message);
}

}  // namespace packhouse::datapacker
