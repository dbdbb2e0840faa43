#pragma once
#include <cstdint>
#include <string_view>

namespace packhouse::cypher::syntax {

enum class Kind : std::uint8_t {
  end,
  word,
  quoted_name,
  decimal,
  hex,
  octal,
  real,
  string,
  parameter,
  bad,
  lparen,
  rparen,
  lbracket,
  rbracket,
  lbrace,
  rbrace,
  comma,
  dot,
  dots,
  colon,
  colons,
  semicolon,
  eq,
  ne,
  bang_eq,
  lt,
  le,
  gt,
  ge,
  matches,
  plus,
  plus_eq,
  minus,
  star,
  slash,
  percent,
  caret,
  bar,
  bars,
  amp,
  bang,
  dollar,
  count_,
};

/// Words that the grammar looks for again and again; all of them may still be names. Words of schema and
/// administration commands are compared as text.
enum class Word : std::uint8_t {
  none,
  all,
  all_shortest_paths,
  and_,
  any,
  as,
  asc,
  ascending,
  by,
  call,
  case_,
  collect,
  contains,
  count,
  create,
  delete_,
  desc,
  descending,
  detach,
  distinct,
  else_,
  end,
  ends,
  exists,
  false_,
  finish,
  foreach,
  from,
  in,
  inf,
  infinity,
  insert,
  is,
  limit,
  load,
  match,
  merge,
  nan,
  nodetach,
  none_,
  normalize,
  not_,
  null,
  offset,
  on,
  optional,
  or_,
  order,
  reduce,
  remove,
  return_,
  set,
  shortest_path,
  single,
  skip,
  starts,
  then,
  trim,
  true_,
  union_,
  unwind,
  use,
  using_,
  when,
  where,
  with,
  xor_,
  yield,
  count_,
};

/// Why a token is Kind::bad.
enum class Flaw : std::uint8_t {
  character,
  open_string,
  open_name,
  open_comment,
  number,
  empty_name,
  too_long,
};

struct Token {
  std::uint32_t begin = 0, end = 0;  ///< bytes; quotes and the `$` are inside
  Kind kind = Kind::end;
  Word word = Word::none;       ///< Kind::word only
  Flaw flaw = Flaw::character;  ///< Kind::bad only
};

/// The Word for a text in any case, or Word::none.
Word find_word(std::string_view text);

/// True if `text` is `upper` in any case of ASCII letters.
bool same_word(std::string_view text, std::string_view upper);

/// "'('" or "WHERE": how a token kind is called in messages.
std::string_view name_of(Kind k);
std::string_view name_of(Word w);

}  // namespace packhouse::cypher::syntax
