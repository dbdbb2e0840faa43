#pragma once
#include <boost/container/small_vector.hpp>
#include <cstdlib>
#include <span>
#include <string_view>

#include "base/buffer.hpp"
#include "base/error.hpp"
#include "codec/packos/wire.hpp"

namespace packhouse::packos {

struct Options {
  /// Nothing is written that the Go module can't read: what needs tag 2 is an error.
  bool strict = false;
  /// end_map() puts keys into ascending byte order; otherwise they stay as given.
  bool sorted = true;
};

/// From this many items on, a list of integers only or of floats only is packed without headers.
inline constexpr std::size_t packed_list_items = 16;

/// The header words of all open scopes: a vector whose push costs as little as possible, which is what a small field
/// costs. The first `room` words need no memory of their own.
class WordStack {
 public:
  static constexpr std::size_t room = 48;
  WordStack() = default;
  WordStack(const WordStack&) = delete;
  WordStack& operator=(const WordStack&) = delete;
  ~WordStack() {
    if (begin_ != own_) std::free(begin_);
  }

  void push(std::uint64_t v) {
    if (end_ == limit_) [[unlikely]] grow();
    *end_++ = v;
  }
  std::size_t size() const { return static_cast<std::size_t>(end_ - begin_); }
  std::uint64_t& operator[](std::size_t i) { return begin_[i]; }
  std::uint64_t operator[](std::size_t i) const { return begin_[i]; }
  std::uint64_t& back() { return end_[-1]; }
  const std::uint64_t* data() const { return begin_; }
  void truncate(std::size_t n) { end_ = begin_ + n; }

 private:
  void grow();

  std::uint64_t own_[room];
  std::uint64_t *begin_ = own_, *end_ = own_, *limit_ = own_ + room;
};

/// Writes one frame after another to the end of a Buffer: typed adds, nested scopes, canonical bytes
/// (those of the Go module's put writer within its limits, P1; wide frames beyond, P2).
/// Nothing is allocated once the buffer and the side stack have grown to the records' usual size.
///
/// Header blocks are reserved from the announced number of fields; when that was right the payload
/// is never moved. Used by one thread; `out` may be used between frames, not within one.
class FrameWriter {
 public:
  /// A fresh writer allocates nothing of its own for frames of up to as many fields in all open scopes.
  static constexpr std::size_t fields_without_allocation = WordStack::room;

  explicit FrameWriter(Buffer& out, Options options = {}) : out_(out), options_(options) {}

  void begin_frame(std::size_t fields) { open(fields); }
  /// Closes the top-level frame. Error: too large (strict: 8,191 bytes or 4,094 fields).
  Result<void> end_frame() { return close(true); }

  void begin_tuple(std::size_t fields) { begin(Tag::tuple, fields); }
  void begin_map(std::size_t entries) { begin(Tag::map, 2 * entries); }
  /// Closes the innermost tuple or map; an empty one has width 0 (P3).
  Result<void> end() { return close(false); }
  /// Closes a tuple that stands for a list: outside of strict mode an empty one is told apart from null,
  /// and many numbers of one kind are packed as such.
  Result<void> end_list();
  /// Closes a map, its keys sorted when the options say so.
  Result<void> end_map();
  /// Forgets open scopes, after an error.
  void reset() {
    words_.truncate(0);
    outer_.clear();
    depth_ = 0;
  }
  std::size_t depth() const { return depth_; }
  /// Fields written so far in the innermost scope.
  std::size_t fields() const { return words_.size() - scope_.first_word; }
  bool strict() const { return options_.strict; }

  void null() { mark(Tag::tuple); }
  void null(Tag typed) { mark(typed); }  ///< a nil nullable of that type
  void boolean(bool v) { scalar(Tag::boolean, static_cast<std::uint8_t>(v)); }
  template <class T>
    requires std::is_integral_v<T>
  void fixed(T v) {
    scalar(Tag::integer, v);
  }
  void float32(float v) { scalar(Tag::floating, v); }
  void float64(double v) { scalar(Tag::floating, v); }
  void string(std::string_view v) {
    mark(Tag::string);
    out_.append(as_bytes(v));
  }
  /// A string field of `size` bytes that the caller fills.
  std::byte* string_room(std::size_t size) {
    mark(Tag::string);
    return out_.extend(size);
  }
  /// Bytes as the Go module writes them; a reader can't tell them from a string.
  void plain_bytes(Bytes v) {
    mark(Tag::string);
    out_.append(v);
  }
  /// The smallest signed width.
  void integer(std::int64_t v) {
    mark(Tag::integer);
    put_integer(v);
  }
  void compressed_unsigned(std::uint64_t v) {
    mark(Tag::integer);
    const std::size_t width = unsigned_width(v);
    std::memcpy(out_.extend(width), &v, width);
  }
  /// The Go module's AddNumeric: integral values as the smallest integer, others as float64.
  void numeric(double v);
  /// AddNumericString: decimal, hexadecimal with a p exponent, inf, nan. Error: Status::argument_error.
  Result<void> numeric_text(std::string_view text);
  /// Bit flags: flag i in byte i / 8, bit i % 8.
  void flags(std::span<const bool> v);

  /// Starts an extended field of `size` bytes after the kind byte; the caller fills them.
  std::byte* extended(Extension kind, std::size_t size) {
    mark(Tag::extended);
    std::byte* at = out_.extend(size + 1);
    store(at, kind);
    return at + 1;
  }
  /// Starts an extended date: the kind byte, then the smallest width of `v`.
  void extended_integer(Extension kind, std::int64_t v) {
    extended(kind, 0);
    put_integer(v);
  }
  /// An unsigned integer that readers can tell from a signed one (extended).
  void told_unsigned(std::uint64_t v) {
    const std::size_t width = unsigned_width(v);
    std::memcpy(extended(Extension::unsigned_integer, width), &v, width);
  }
  /// A list of numbers of one element type, as it lies in memory (extended; `elements` is little-endian).
  void numbers(ElementCode code, Bytes elements) {
    std::byte* at = extended(Extension::numbers, 1 + elements.size());
    store(at, code);
    if (!elements.empty()) std::memcpy(at + 1, elements.data(), elements.size());
  }
  /// A field that is complete already, as another frame holds it.
  void raw(Tag tag, Bytes bytes) {
    mark(tag);
    out_.append(bytes);
  }

 private:
  struct Scope {
    std::size_t at;          // where its header block is reserved in out_
    std::size_t payload;     // where its payload starts
    std::size_t first_word;  // in words_
    Tag tag;
  };

  void open(std::size_t fields, Tag tag = Tag::end) {
    // Room is reserved for what a narrow header can hold; a lying count costs no memory.
    const std::size_t header = 2 * ((fields > max_narrow_fields ? 0 : fields) + 1);
    const std::size_t at = out_.size();
    out_.extend(header);
    if (depth_++ > 0) outer_.push_back(scope_);
    scope_.at = at;
    scope_.payload = at + header;
    scope_.first_word = words_.size();
    scope_.tag = tag;
  }
  Scope pop() {
    const Scope s = scope_;
    if (--depth_ > 0) {
      scope_ = outer_.back();
      outer_.pop_back();
    }
    return s;
  }
  void begin(Tag tag, std::size_t fields) {
    mark(tag);
    open(fields, tag);
  }
  void mark(Tag tag) {
    words_.push((out_.size() - scope_.payload) << 3 | static_cast<std::uint64_t>(tag));
  }
  template <class T>
  void scalar(Tag tag, T v) {
    mark(tag);
    store(out_.extend(sizeof v), v);
  }
  void put_integer(std::int64_t v) {
    const std::size_t width = integer_width(v);
    std::memcpy(out_.extend(width), &v, width);
  }
  Result<void> close(bool top);
  bool pack_numbers();
  void sort_map();
  std::size_t width_of(std::size_t word) const;
  Result<void> close_wide(const Scope& s, std::size_t n, bool top);
  void move_payload(const Scope& s, std::size_t header);

  Buffer& out_;
  Options options_;
  WordStack words_;  // start << 3 | tag
  Scope scope_{};    // the innermost, when depth_ > 0
  std::size_t depth_ = 0;
  boost::container::small_vector<Scope, 8> outer_;  // those around it
  Buffer scratch_;   // what is being rearranged
};

}  // namespace packhouse::packos
