#include "objects/registry.hpp"

#include <algorithm>

namespace packhouse::objects {
namespace {

template <class C>
Result<const C*> choose(const std::vector<const C*>& serializers, const Value& v, std::string_view what) {
  const auto it = std::find_if(serializers.rbegin(), serializers.rend(), [&](const C* s) { return s->chosen_for().has(v.kind()); });
  if (it != serializers.rend()) return *it;
  return fail(Status::type_error, "No " + std::string(what) + " found for " + std::string(type_name(v.kind())));
}

}  // namespace

const LoadedContent* Repacking::find(std::string_view name) const {
  const auto it = std::ranges::find_if(contents, [&](const LoadedContent& c) { return c.record->key == name; });
  return it == contents.end() ? nullptr : &*it;
}

template <class C>
Result<void> Registry::add_to(Table<C>& table, std::string_view what, std::shared_ptr<const C> component) {
  PACKHOUSE_CHECK(check_component_name(what, component->name()));
  const C* plain = component.get();
  if (!table.by_name.emplace(std::string(plain->name()), std::move(component)).second) {
    return fail(Status::argument_error, "There is already a " + std::string(what) + " named '" + std::string(plain->name()) + "'");
  }
  table.in_order.push_back(plain);
  return ok;
}

template <class C>
Result<const C*> Registry::find_in(const Table<C>& table, std::string_view what, std::string_view name) {
  const auto it = table.by_name.find(name);
  if (it != table.by_name.end()) return it->second.get();
  return fail(Status::procedure_call_failed, "No " + std::string(what) + " named '" + std::string(name) + "' is registered");
}

Result<void> Registry::add(std::shared_ptr<const Unpacker> u) { return add_to(unpackers_, "unpacker", std::move(u)); }
Result<void> Registry::add(std::shared_ptr<const Serializer> s) { return add_to(serializers_, "serializer", std::move(s)); }
Result<void> Registry::add(std::shared_ptr<const StreamSerializer> s) {
  return add_to(stream_serializers_, "stream serializer", std::move(s));
}
Result<void> Registry::add(std::shared_ptr<const Storage> s) { return add_to(storages_, "storage", std::move(s)); }

Result<void> Registry::add(StorableClass c) {
  if (find_class(c.id) != nullptr) return fail(Status::argument_error, "There is already a class with the id " + text(c.id));
  if (find_class(c.name) != nullptr) return fail(Status::argument_error, "There is already a class named '" + c.name + "'");
  PACKHOUSE_CHECK(unpacker(c.unpacker));
  classes_.push_back(std::move(c));
  return ok;
}

Result<void> Registry::set_default_storage(std::string_view name) {
  PACKHOUSE_TRY(default_storage_, storage(name));
  return ok;
}

const Unpacker* Registry::find_unpacker(std::string_view name) const {
  const auto it = unpackers_.by_name.find(name);
  return it == unpackers_.by_name.end() ? nullptr : it->second.get();
}

const StorableClass* Registry::find_class(const ClassId& id) const {
  const auto it = std::ranges::find(classes_, id, &StorableClass::id);
  return it == classes_.end() ? nullptr : &*it;
}

const StorableClass* Registry::find_class(std::string_view name) const {
  const auto it = std::ranges::find(classes_, name, &StorableClass::name);
  return it == classes_.end() ? nullptr : &*it;
}

Result<const Unpacker*> Registry::unpacker(std::string_view name) const { return find_in(unpackers_, "unpacker", name); }
Result<const Serializer*> Registry::serializer(std::string_view name) const { return find_in(serializers_, "serializer", name); }
Result<const StreamSerializer*> Registry::stream_serializer(std::string_view name) const {
  return find_in(stream_serializers_, "stream serializer", name);
}
Result<const Storage*> Registry::storage(std::string_view name) const { return find_in(storages_, "storage", name); }

Result<const Serializer*> Registry::serializer_for(const Value& v) const {
  return choose(serializers_.in_order, v, "serializer");
}
Result<const StreamSerializer*> Registry::stream_serializer_for(const Value& first) const {
  return choose(stream_serializers_.in_order, first, "stream serializer");
}

Result<const Storage*> Registry::default_storage() const {
  if (default_storage_ != nullptr) return default_storage_;
  return fail(Status::argument_error, "No default storage is set for this registry");
}

std::vector<const Unpacker*> Registry::unpackers() const {
  std::vector<const Unpacker*> out;
  for (const auto& [name, u] : unpackers_.by_name) out.push_back(u.get());
  return out;
}

std::vector<const Storage*> Registry::storages() const {
  std::vector<const Storage*> out;
  for (const auto& [name, s] : storages_.by_name) out.push_back(s.get());
  return out;
}

}  // namespace packhouse::objects
