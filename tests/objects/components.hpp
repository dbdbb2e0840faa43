#pragma once
#include "objects/registry.hpp"
#include "tests/objects/support.hpp"

// Components as programs would write them, which the tests register beside those that ship.
namespace packhouse::objects::test {

/// A C++ class of its own: fields that become one content each, some as streams.
class Attrs final : public Storable {
 public:
  explicit Attrs(Value map) : fields(map) {}
  ClassId class_id() const override;
  Value fields;
  std::vector<std::pair<std::string, std::shared_ptr<ItemSource>>> streams;
};

/// Takes Attrs apart: every field a content of its own, with `wishes` by field.
class AttrsUnpacker final : public Unpacker {
 public:
  explicit AttrsUnpacker(std::string name = "example.attrs@v1", std::map<std::string, Wishes> wishes = {})
      : name_(std::move(name)), wishes_(std::move(wishes)) {}
  std::string_view name() const override { return name_; }
  Result<UnpackedObject> unpack_object(const Storable& object, const Registry& registry) const override;
  Result<std::unique_ptr<Storable>> repack_object(Repacking& from) const override;

 private:
  std::string name_;
  std::map<std::string, Wishes> wishes_;
};

/// A storage that does one thing wrong, or tells what it was told.
class OddStorage final : public Storage {
 public:
  enum class Oddity : std::uint8_t { full_disk, stops_early, tells_tags };
  OddStorage(std::string name, Oddity oddity) : name_(std::move(name)), oddity_(oddity) {}
  std::string_view name() const override { return name_; }
  Result<std::string> put(storage::Cells&, Bytes data, const Digest& hash, const ContentFacts& facts) const override;
  Result<std::string> put_stream(storage::Cells&, ByteSource& data, const std::function<StreamDigest()>& digest,
                                 const ContentFacts& facts) const override;
  Result<std::unique_ptr<ByteSource>> get(storage::Cells&, const ContentRecord&) const override;
  Result<void> drop(storage::Cells&, const ContentRecord&) const override { return ok; }

 private:
  std::string name_;
  Oddity oddity_;
};

/// Gives `items`, then an error.
class BreakingSource final : public ItemSource {
 public:
  explicit BreakingSource(std::size_t items) : left_(items) {}
  Result<std::optional<Value>> next(Arena&) override {
    if (left_-- > 0) return Value::list({});
    return fail(Status::procedure_call_failed, "source broke");
  }

 private:
  std::size_t left_;
};

/// What ships, and all of the above; `embedded` gets its limits from the caller.
std::unique_ptr<Registry> test_registry(std::string_view default_storage = "packhouse.embedded@v1");

}  // namespace packhouse::objects::test
