#include "codec/datapacker/schema/uri.hpp"

#include <vector>

#include "base/ascii.hpp"

namespace packhouse::datapacker::schema {
namespace {

/// Views of the parts of a URI; `scheme` with its colon, `authority` with its slashes, `query` with its mark.
struct Parts {
  std::string_view scheme, authority, path, query;
};

bool is_scheme_character(char c, bool first) {
  return is_ascii_letter(c) || (!first && (is_digit(c) || c == '+' || c == '-' || c == '.'));
}

Parts take_apart(std::string_view s) {
  Parts p;
  std::size_t i = 0;
  while (i < s.size() && is_scheme_character(s[i], i == 0)) ++i;
  if (i > 0 && i < s.size() && s[i] == ':') {
    p.scheme = s.substr(0, i + 1);
    s.remove_prefix(i + 1);
  }
  if (s.starts_with("//")) {
    const std::size_t end = std::min(s.find_first_of("/?", 2), s.size());
    p.authority = s.substr(0, end);
    s.remove_prefix(end);
  }
  const std::size_t mark = std::min(s.find('?'), s.size());
  p.path = s.substr(0, mark);
  p.query = s.substr(mark);
  return p;
}

std::string without_dots(std::string_view path) {
  std::vector<std::string_view> kept;
  const bool rooted = path.starts_with('/');
  if (rooted) path.remove_prefix(1);
  for (bool more = true; more;) {
    const std::size_t slash = path.find('/');
    more = slash != std::string_view::npos;
    const std::string_view segment = path.substr(0, slash);
    if (more) path.remove_prefix(slash + 1);
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (segment != ".") {
      kept.push_back(segment);
      continue;
    }
    if (!more) kept.push_back("");  // "a/." is the folder "a/"
  }
  std::string out = rooted ? "/" : "";
  for (std::size_t i = 0; i < kept.size(); ++i) out.append(i == 0 ? "" : "/").append(kept[i]);
  return out;
}

}  // namespace

std::string resolve(std::string_view base, std::string_view reference) {
  base = base.substr(0, base.find('#'));
  const std::size_t hash = std::min(reference.find('#'), reference.size());
  const std::string fragment(reference.substr(hash));
  reference = reference.substr(0, hash);
  if (reference.empty()) return std::string(base) + fragment;
  const Parts r = take_apart(reference), b = take_apart(base);
  if (!r.scheme.empty()) return std::string(reference) + fragment;
  std::string out(b.scheme);
  if (!r.authority.empty()) return out + std::string(reference) + fragment;
  out += b.authority;
  if (r.path.empty()) return out + std::string(b.path) + std::string(r.query.empty() ? b.query : r.query) + fragment;
  std::string path(r.path);
  if (!path.starts_with('/')) {
    const std::size_t folder = b.path.rfind('/');
    path = (folder == std::string_view::npos ? (b.authority.empty() ? "" : "/")
                                             : std::string(b.path.substr(0, folder + 1))) +
           path;
  }
  return out + without_dots(path) + std::string(r.query) + fragment;
}

SplitUri split_uri(std::string_view uri) {
  const std::size_t hash = std::min(uri.find('#'), uri.size());
  SplitUri out{std::string(uri.substr(0, hash)), ""};
  for (std::size_t i = hash + 1; i < uri.size(); ++i) {
    if (uri[i] == '%' && i + 2 < uri.size() && hex_value(uri[i + 1]) >= 0 && hex_value(uri[i + 2]) >= 0) {
      out.fragment.push_back(static_cast<char>(hex_value(uri[i + 1]) * 16 + hex_value(uri[i + 2])));
      i += 2;
    } else {
      out.fragment.push_back(uri[i]);
    }
  }
  return out;
}

}  // namespace packhouse::datapacker::schema
