#include "value/print.hpp"

#include "base/ascii.hpp"
#include "value/temporal/api.hpp"

namespace packhouse {
namespace {

constexpr int deepest = 50;

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  out.push_back('\'');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '\'': out.append("\\'"); break;
      case '\\': out.append("\\\\"); break;
      case '\n': out.append("\\n"); break;
      case '\r': out.append("\\r"); break;
      case '\t': out.append("\\t"); break;
      default:
        if (byte < 0x20 || byte == 0x7F) {
          out.append("\\u00").push_back(digits[byte >> 4]);
          out.push_back(digits[byte & 15]);
        } else {
          out.push_back(c);
        }
    }
  }
  out.push_back('\'');
}

void append_key(std::string& out, std::string_view key) {
  const auto letter = [](char c) { return is_ascii_letter(c) || c == '_'; };
  bool plain = !key.empty() && letter(key.front());
  for (const char c : key) plain = plain && (letter(c) || is_digit(c));
  if (plain) {
    out.append(key);
    return;
  }
  out.push_back('`');
  for (const char c : key) out.append(c == '`' ? 2U : 1U, c);
  out.push_back('`');
}

/// Cuts at a code point's edge.
std::string_view cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

/// Writes into one string and stops adding items once it is full.
class Printer {
 public:
  Printer(std::string& out, std::size_t limit) : out_(out), limit_(limit) {}

  void print(const Value& v, int depth) {
    switch (v.kind()) {
      case Kind::null: out_.append("null"); break;
      case Kind::boolean: out_.append(v.as_boolean() ? "true" : "false"); break;
      case Kind::integer: out_.append(std::to_string(v.as_integer())); break;
      case Kind::real: out_.append(real_to_text(v.as_real())); break;
      case Kind::string: text(v.as_string()); break;
      case Kind::bytes: out_.append("<").append(std::to_string(v.as_bytes().size())).append(" bytes>"); break;
      case Kind::list: list(v.as_list(), depth); break;
      case Kind::map: map(v.as_map(), depth); break;
      case Kind::node: out_.append("(#").append(std::to_string(raw(v.as_node()))).append(")"); break;
      case Kind::relationship: out_.append("[#").append(std::to_string(raw(v.as_relationship()))).append("]"); break;
      case Kind::path:
        out_.append("<path of ").append(std::to_string(v.as_path().rels.size())).append(" relationships>");
        break;
      case Kind::point: out_.append(temporal_to_text(v)); break;
      case Kind::vector:
        out_.append("<vector of ").append(std::to_string(v.vector_dimensions())).append(" elements>");
        break;
      case Kind::date: call("date", v); break;
      case Kind::local_time: call("localtime", v); break;
      case Kind::time: call("time", v); break;
      case Kind::local_datetime: call("localdatetime", v); break;
      case Kind::datetime: call("datetime", v); break;
      case Kind::duration: call("duration", v); break;
    }
  }

 private:
  bool full() const { return out_.size() >= limit_; }

  void text(std::string_view s) {
    const std::string_view shown = cut(s, full() ? 0 : limit_ - out_.size());
    append_quoted(out_, shown);
    if (shown.size() < s.size()) out_.append("…");
  }

  void call(std::string_view function, const Value& v) {
    out_.append(function).append("('").append(temporal_to_text(v, true)).append("')");
  }

  /// "…" stands for the items that don't fit any more.
  bool next(bool first, int depth) {
    if (!first) out_.append(", ");
    if (!full() && depth < deepest) return true;
    out_.append("…");
    return false;
  }

  void list(std::span<const Value> items, int depth) {
    out_.push_back('[');
    bool first = true;
    for (const Value& item : items) {
      if (!next(first, depth)) break;
      first = false;
      print(item, depth + 1);
    }
    out_.push_back(']');
  }

  void map(std::span<const MapEntry> entries, int depth) {
    out_.push_back('{');
    bool first = true;
    for (const auto& [key, item] : entries) {
      if (!next(first, depth)) break;
      first = false;
      append_key(out_, key);
      out_.append(": ");
      print(item, depth + 1);
    }
    out_.push_back('}');
  }

  std::string& out_;
  std::size_t limit_;
};

}  // namespace

std::string print(const Value& v, std::size_t limit) {
  std::string out;
  Printer(out, limit).print(v, 0);
  return out;
}

std::string quote(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

}  // namespace packhouse
