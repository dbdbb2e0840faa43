#pragma once
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "base/buffer.hpp"
#include "objects/streams.hpp"

namespace packhouse::objects {

/// Kinds of values, as a set.
class KindSet {
 public:
  constexpr KindSet() = default;
  constexpr KindSet(std::initializer_list<Kind> kinds) {
    for (const Kind k : kinds) bits_ |= bit(k);
  }
  static constexpr KindSet json() { return {Kind::null, Kind::boolean, Kind::integer, Kind::real, Kind::string, Kind::list, Kind::map}; }
  constexpr bool has(Kind k) const { return (bits_ & bit(k)) != 0; }

 private:
  static constexpr std::uint32_t bit(Kind k) { return std::uint32_t{1} << static_cast<std::uint32_t>(k); }
  std::uint32_t bits_ = 0;
};

/// What both kinds of serializers say about themselves. Immutable once made; used from any thread.
class SerializerFacts {
 public:
  virtual ~SerializerFacts() = default;
  virtual std::string_view name() const = 0;                      ///< permanent, with a version: `packhouse.json.value@v1`
  virtual std::string_view content_type() const = 0;              ///< media type of what it writes
  virtual std::string_view content_encoding() const { return {}; }  ///< "utf-8", or nothing
  virtual std::string_view extension() const { return {}; }       ///< of a file that holds it: ".json"
  /// The kinds of values that it is chosen for when nobody names a serializer.
  virtual KindSet chosen_for() const { return {}; }
};

/// Turns one value into bytes and back.
///
/// Errors: type_error when the value does not fit; what `decode` finds wrong is about bytes that match their digest, so it
/// is about who wrote them (request_invalid, argument_error).
class Serializer : public SerializerFacts {
 public:
  /// Appends `v`. `config` is what the unpacker wants of it as JSON text (empty: nothing); the answer is what decode() will
  /// need, kept with the content.
  virtual Result<std::string> encode(const Value& v, std::string_view config, Buffer& out) const = 0;
  /// `data` outlives the value, which may hold views of it.
  virtual Result<Value> decode(Bytes data, std::string_view config, Arena& arena) const = 0;
};

/// Gives the items of a stream as its bytes come in. One stream each.
class ItemDecoder {
 public:
  enum class Step : std::uint8_t {
    item,  ///< `out` has it
    more,  ///< feed() more bytes, or finish()
    end,
  };
  virtual ~ItemDecoder() = default;
  virtual void feed(Bytes piece) = 0;
  void finish() { finished_ = true; }
  /// A stream that ends within an item is an error (request_invalid).
  virtual Result<Step> next(Arena& arena, Value& out) = 0;

 protected:
  bool finished() const { return finished_; }

 private:
  bool finished_ = false;
};

/// Turns a stream of values into one run of bytes, item by item, and back. Between items nothing needs to be remembered but
/// how many there were: a stream can be written over many requests.
class StreamSerializer : public SerializerFacts {
 public:
  virtual Result<void> begin(Buffer&) const { return ok; }
  virtual Result<void> item(const Value& v, std::uint64_t index, Buffer& out) const = 0;
  virtual Result<void> end(std::uint64_t, Buffer&) const { return ok; }
  virtual std::unique_ptr<ItemDecoder> decoder() const = 0;
};

/// Longest item of a stream that is read back, in bytes.
inline constexpr std::size_t longest_item = std::size_t{64} << 20;

}  // namespace packhouse::objects
