#include <cstdio>
#include <cstdlib>

#include "objects/registry.hpp"
#include "objects/serializers/shipped.hpp"
#include "objects/storages/embedded.hpp"
#include "objects/storages/record.hpp"
#include "objects/unpackers/map.hpp"
#include "objects/unpackers/single.hpp"

namespace packhouse::objects {
namespace {

/// What ships is consistent, or this build is broken: names that collide would be found by any start.
void must(const Result<void>& r) {
  if (r) return;
  std::fprintf(stderr, "packhouse: %s\n", r.error().message().c_str());
  std::abort();
}

template <class... P>
void add_all(Registry& registry, P... components) {
  (must(registry.add(std::move(components))), ...);
}

}  // namespace

std::unique_ptr<Registry> built_in_registry() {
  auto r = std::make_unique<Registry>();
  add_all(*r, json_serializer(), msgpack_serializer(), cbor_serializer(), packstream_serializer(), packos_serializer(),
          datapacker_serializer(), npy_serializer(), bytes_serializer(), text_serializer(), csv_serializer(), datetime_serializer());
  add_all(*r, json_stream_serializer(), msgpack_stream_serializer(), bytes_stream_serializer(), text_stream_serializer(),
          records_serializer(), csv_stream_serializer());
  must(r->add(std::shared_ptr<const Storage>(std::make_shared<RecordStorage>())));
  must(r->add(std::shared_ptr<const Storage>(std::make_shared<EmbeddedStorage>())));
  must(r->set_default_storage("packhouse.embedded@v1"));
  must(r->add(std::shared_ptr<const Unpacker>(std::make_shared<MapUnpacker>())));
  must(r->add(std::shared_ptr<const Unpacker>(std::make_shared<ValueUnpacker>())));
  must(r->add(std::shared_ptr<const Unpacker>(std::make_shared<StreamUnpacker>())));
  const auto add_class = [&](std::string_view id, std::string name) {
    const auto parsed = parse_class_id(id);
    must(parsed ? Result<void>() : tl::make_unexpected(parsed.error()));
    must(r->add(StorableClass{parsed->id, name, name + "@v1"}));
  };
  add_class("5a044e9f", "packhouse.value");
  add_class("31198cfb", "packhouse.stream");
  add_class("7d0b6a2e", "packhouse.map");
  return r;
}

}  // namespace packhouse::objects
