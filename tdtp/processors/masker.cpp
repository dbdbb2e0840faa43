#include "tdtp/processors/masker.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.hpp"
#include "tdtp/number.hpp"
#include "tdtp/text.hpp"

namespace packhouse::tdtp {

namespace {

bool is_digit(char32_t c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// j***@example.com; j***n for anything that is no address.
std::string mask_partial(std::string_view value) {
  std::size_t first = 0;
  decode_lossy(value, first);
  if (is_email(value)) return std::string(value.substr(0, first)) + "***" + std::string(value.substr(value.find('@')));
  const std::u32string text = to_code_points(value);
  if (text.size() <= 2) return "***";
  return from_code_points(text.substr(0, 1)) + "***" + from_code_points(text.substr(text.size() - 1));
}

/// The digits in the middle become X, up to four at each end stay; a value with up to four digits becomes X as a whole.
std::string mask_middle(std::string_view value) {
  std::u32string text = to_code_points(value);
  const auto n = static_cast<std::size_t>(std::ranges::count_if(text, is_digit));
  if (n <= 4) return std::string(text.size(), 'X');
  std::size_t keep = n < 8 ? n / 2 : 4;
  if (keep * 2 >= n) --keep;  // 6 and 8 digits: two in the middle go (decision T4)
  std::size_t seen = 0;
  for (char32_t& c : text) {
    if (!is_digit(c)) continue;
    ++seen;
    if (seen > keep && seen <= n - keep) c = 'X';
  }
  return from_code_points(text);
}

std::string mask_stars(std::string_view value) {
  std::string out;
  for (std::size_t at = 0; at < value.size();) {
    const char32_t c = decode_lossy(value, at);
    const bool kept = c < 0x80 && std::string_view(" -()./").find(static_cast<char>(c)) != std::string_view::npos;
    out += kept ? static_cast<char>(c) : '*';
  }
  return out;
}

/// Two characters at each end stay; spaces stay where they are.
std::string mask_first2_last2(std::string_view value) {
  const std::u32string text = to_code_points(value);
  std::u32string masked;
  std::ranges::copy_if(text, std::back_inserter(masked), [](char32_t c) { return c != ' '; });
  if (masked.size() <= 4) return std::string(text.size(), '*');
  std::fill(masked.begin() + 2, masked.end() - 2, U'*');
  std::u32string out;
  std::size_t next = 0;
  for (const char32_t c : text) out += c == ' ' ? c : masked[next++];
  return from_code_points(out);
}

using Mask = std::string (*)(std::string_view);
constexpr std::array<std::pair<std::string_view, Mask>, 4> patterns{
    {{"partial", mask_partial}, {"middle", mask_middle}, {"stars", mask_stars}, {"first2_last2", mask_first2_last2}}};

Mask find_pattern(const json::Node& node) {
  if (!node.is(json::Node::Kind::string)) return nullptr;
  for (const auto& [name, mask] : patterns) {
    if (name == node.text) return mask;
  }
  return nullptr;
}

/// Masks the cells of some columns.
class Masker : public Processor {
 public:
  static constexpr Mask by_list = nullptr;  // mask_char and visible_chars say how
  std::vector<std::pair<std::string, Mask>> fields;
  char32_t mask_char = '*';
  std::size_t visible = 0;

  std::string_view name() const override { return "field_masker"; }

  Result<void> process(Packet& packet, std::uint64_t) const override {
    std::vector<std::pair<std::size_t, Mask>> columns;
    for (const auto& [field, mask] : fields) {
      PACKHOUSE_TRY(const std::size_t column, processed_column(packet.schema, field));
      columns.emplace_back(column, mask);
    }
    Rows& rows = packet.rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto row = rows.edit(i);
      for (const auto& [column, mask] : columns) {
        if (column >= row.size() || row[column].empty()) continue;
        row[column] =
            rows.keep(mask == by_list ? mask_all_but_last(row[column], mask_char, visible) : mask(row[column]));
      }
    }
    return ok;
  }
};

tl::unexpected<Error> missing_fields() {
  return fail(Status::argument_error, "missing or invalid 'fields' parameter");
}

Result<void> read_list(const json::Node& config, const json::Node& fields, Masker& masker) {
  for (const json::Node& field : fields.elements) {
    if (!field.is(json::Node::Kind::string)) return missing_fields();
    masker.fields.emplace_back(field.text, Masker::by_list);
  }
  if (const auto* c = config.find("mask_char"); c != nullptr && !c->is(json::Node::Kind::null)) {
    if (!c->is(json::Node::Kind::string))
      return fail(Status::argument_error, "'mask_char' must be a text, not " + c->shown());
    std::size_t at = 0;
    if (!c->text.empty()) masker.mask_char = decode_lossy(c->text, at);
  }
  if (const auto* v = config.find("visible_chars"); v != nullptr && !v->is(json::Node::Kind::null)) {
    std::int64_t n = 0;
    if (!v->is(json::Node::Kind::number) || parse_int(v->text, n) != Parsed::good || n < 0) {
      return fail(Status::argument_error, "'visible_chars' must be a number from 0 on, not " + v->shown());
    }
    masker.visible = static_cast<std::size_t>(n);
  }
  return ok;
}

}  // namespace

bool is_email(std::string_view s) {
  const std::size_t at = s.find('@');
  if (at == 0 || at == std::string_view::npos) return false;
  const auto is_plain = [](char c) {
    return is_letter(c) || is_digit(static_cast<unsigned char>(c)) || c == '.' || c == '-';
  };
  const std::string_view local = s.substr(0, at), host = s.substr(at + 1);
  if (!std::ranges::all_of(local, [&](char c) { return is_plain(c) || c == '_' || c == '%' || c == '+'; }))
    return false;
  if (!std::ranges::all_of(host, is_plain)) return false;
  const std::size_t dot = host.rfind('.');
  if (dot == 0 || dot == std::string_view::npos) return false;
  const std::string_view top = host.substr(dot + 1);
  return top.size() >= 2 && std::ranges::all_of(top, is_letter);
}

std::string mask_all_but_last(std::string_view value, char32_t mask, std::size_t visible) {
  const std::size_t n = count_code_points(value);
  if (visible >= n) return std::string(value);
  std::string one, out;
  utf8::encode(mask, one);
  out.reserve((n - visible) * one.size() + value.size());
  std::size_t at = 0;
  for (std::size_t i = 0; i < n - visible; ++i) {
    decode_lossy(value, at);
    out += one;
  }
  while (at < value.size()) utf8::encode(decode_lossy(value, at), out);
  return out;
}

Result<std::unique_ptr<Processor>> make_masker(const json::Node& config) {
  auto masker = std::make_unique<Masker>();
  const json::Node* fields = config.find("fields");
  if (fields != nullptr && fields->is(json::Node::Kind::array)) {
    PACKHOUSE_CHECK(read_list(config, *fields, *masker));
    return std::unique_ptr<Processor>(std::move(masker));
  }
  if (fields == nullptr || !fields->is(json::Node::Kind::object)) return missing_fields();
  for (const auto& [field, pattern] : fields->members) {
    const Mask mask = find_pattern(pattern);
    if (mask == nullptr)
      return fail(Status::argument_error, "invalid mask pattern '" + pattern.shown() + "' for field '" + field + "'");
    masker->fields.emplace_back(field, mask);
  }
  return std::unique_ptr<Processor>(std::move(masker));
}

}  // namespace packhouse::tdtp
