#include "codec/json/reader.hpp"

#include "base/arena.hpp"
#include "codec/json/scanner.hpp"
#include "codec/json/typed.hpp"
#include "packstream/keys.hpp"
#include "value/builder.hpp"

namespace packhouse::codec::json {
namespace {

/// One reading of one text: recursive descent, bounded by the depth limit.
class Reader {
 public:
  Reader(std::string_view text, AnySink& out, const ReadOptions& options)
      : in_(text), out_(out), options_(options), depth_left_(options.max_depth) {}

  Result<void> whole() {
    PACKHOUSE_CHECK(value());
    in_.skip_space();
    if (!in_.at_end()) return in_.refuse("bytes after the end of the value");
    return {};
  }

 private:
  Result<void> value() {
    in_.skip_space();
    switch (in_.peek()) {
      case 'n': PACKHOUSE_CHECK(in_.expect_word("null")); return out_.null();
      case 't': PACKHOUSE_CHECK(in_.expect_word("true")); return out_.boolean(true);
      case 'f': PACKHOUSE_CHECK(in_.expect_word("false")); return out_.boolean(false);
      case '"': {
        PACKHOUSE_TRY(const std::string_view s, in_.string(scratch_));
        return out_.string(s);
      }
      case '[': return list();
      case '{': return object(options_.typed);
      default: break;
    }
    PACKHOUSE_TRY(const Number n, in_.number());
    return n.is_integer ? out_.integer(n.integer) : out_.real(n.real);
  }

  Result<void> enter() {
    if (depth_left_ == 0) return in_.refuse("value is nested too deeply");
    --depth_left_;
    return {};
  }

  Result<void> list() {
    PACKHOUSE_CHECK(enter());
    PACKHOUSE_CHECK(in_.expect('['));
    PACKHOUSE_CHECK(out_.list_begin(unknown_size));
    in_.skip_space();
    if (!in_.accept(']')) {
      do {
        PACKHOUSE_CHECK(value());
        in_.skip_space();
      } while (in_.accept(','));
      PACKHOUSE_CHECK(in_.expect(']'));
    }
    ++depth_left_;
    return out_.list_end();
  }

  /// Key and colon; the key lives as long as the reader.
  Result<std::string_view> key() {
    in_.skip_space();
    PACKHOUSE_TRY(std::string_view k, in_.string(scratch_));
    if (k.data() == scratch_.data()) k = names_.copy(k);
    in_.skip_space();
    PACKHOUSE_CHECK(in_.expect(':'));
    return k;
  }

  /// A map, or with `typed` what an object that begins with "$type" stands for.
  Result<void> object(bool typed) {
    PACKHOUSE_CHECK(enter());
    PACKHOUSE_CHECK(in_.expect('{'));
    in_.skip_space();
    if (in_.accept('}')) {
      PACKHOUSE_CHECK(out_.map_begin(0));
    } else {
      const std::size_t at = in_.position();
      PACKHOUSE_TRY(const std::string_view first, key());
      if (typed && first == "$type") {
        PACKHOUSE_CHECK(typed_value());
        ++depth_left_;
        return {};
      }
      PACKHOUSE_CHECK(out_.map_begin(unknown_size));
      PACKHOUSE_CHECK(entries(first, at));
    }
    ++depth_left_;
    return out_.map_end();
  }

  Result<void> entries(std::string_view k, std::size_t at) {
    const std::size_t mark = keys_.mark();
    for (;;) {
      if (!keys_.add(mark, k)) return in_.refuse("duplicate key", at);
      PACKHOUSE_CHECK(out_.key(k));
      PACKHOUSE_CHECK(value());
      in_.skip_space();
      if (!in_.accept(',')) break;
      in_.skip_space();
      at = in_.position();
      PACKHOUSE_TRY(k, key());
    }
    if (!keys_.close(mark)) return in_.refuse("duplicate key in the object that ends here");
    return in_.expect('}');
  }

  /// After `{"$type":`.
  Result<void> typed_value() {
    in_.skip_space();
    PACKHOUSE_TRY(const std::string_view text, in_.string(scratch_));
    const std::string type(text);
    in_.skip_space();
    PACKHOUSE_CHECK(in_.expect(','));
    PACKHOUSE_TRY(const std::string_view k, key());
    if (k != "_value") return in_.refuse("expected the key \"_value\" after \"$type\"");
    in_.skip_space();
    if (type == "Map" && in_.peek() == '{') {
      PACKHOUSE_CHECK(object(false));
    } else if (type == "Vector") {
      PACKHOUSE_CHECK(vector());
    } else if (is_plain_type(type)) {
      PACKHOUSE_CHECK(value());
    } else {
      const std::size_t at = in_.position();
      PACKHOUSE_TRY(const std::string_view v, in_.string(scratch_));
      if (auto r = deliver_typed(type, v, out_); !r) {
        return tl::make_unexpected(std::move(r).error().in("JSON at byte " + std::to_string(at) + ": "));
      }
    }
    in_.skip_space();
    return in_.expect('}');
  }

  /// {"coordinatesType": "INT8", "coordinates": ["1", "2"]}
  Result<void> vector() {
    PACKHOUSE_CHECK(in_.expect('{'));
    PACKHOUSE_TRY(std::string_view k, key());
    if (k != "coordinatesType") return in_.refuse("expected the key \"coordinatesType\" of a vector");
    in_.skip_space();
    PACKHOUSE_TRY(const std::string_view type, in_.string(scratch_));
    PACKHOUSE_TRY(const Element e, element_from_name(type));
    in_.skip_space();
    PACKHOUSE_CHECK(in_.expect(','));
    PACKHOUSE_TRY(k, key());
    if (k != "coordinates") return in_.refuse("expected the key \"coordinates\" of a vector");
    in_.skip_space();
    PACKHOUSE_CHECK(in_.expect('['));
    in_.skip_space();
    std::string data;
    if (!in_.accept(']')) {
      do {
        in_.skip_space();
        PACKHOUSE_TRY(const std::string_view c, in_.string(scratch_));
        PACKHOUSE_CHECK(append_coordinate(e, c, data));
        in_.skip_space();
      } while (in_.accept(','));
      PACKHOUSE_CHECK(in_.expect(']'));
    }
    in_.skip_space();
    PACKHOUSE_CHECK(in_.expect('}'));
    return out_.vector(e, static_cast<std::uint32_t>(data.size() / size_of(e)), as_bytes(data));
  }

  Scanner in_;
  AnySink& out_;
  const ReadOptions& options_;
  std::uint32_t depth_left_;
  std::string scratch_;
  Arena names_;
  packstream::OpenKeys keys_;
};

}  // namespace

Result<void> read_any(Bytes in, AnySink& out, const ReadOptions& options) {
  return Reader(as_text(in), out, options).whole();
}

Result<Value> read_value(Bytes in, Arena& arena, const ReadOptions& options) {
  ValueBuilder builder(arena);
  PACKHOUSE_CHECK(read(in, builder, options));
  return builder.take();
}

}  // namespace packhouse::codec::json
