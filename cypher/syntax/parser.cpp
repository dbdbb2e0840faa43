#include "cypher/syntax/parser.hpp"

#include "base/utf8.hpp"
#include "cypher/syntax/lexer.hpp"
#include "cypher/syntax/literals.hpp"
#include "cypher/syntax/parser_impl.hpp"

namespace packhouse::cypher {
namespace {

/// Tokens of the last statement of this thread: keeping the memory saves allocations. Huge ones are given back.
constexpr std::size_t kept_tokens = 1U << 16U;

std::vector<syntax::Token>& token_buffer() {
  thread_local std::vector<syntax::Token> tokens;
  return tokens;
}

}  // namespace

namespace syntax {

std::string_view Parser::name(std::string_view what) {
  if (!at_name()) [[unlikely]]
    expected(what);
  const Token& t = *now_;
  advance();
  return t.kind == Kind::word ? spelled(t) : read_name(text_, t, arena_);
}

void Parser::expected(std::string_view what) {
  const Token& t = *now_;
  if (t.kind == Kind::bad) {
    switch (t.flaw) {
      case Flaw::open_string:
        fail_at(t.begin, "Failed to parse string literal. The query must contain an even number of non-escaped quotes");
      case Flaw::open_name: fail_at(t.begin, "Invalid input: the name in backticks is not closed");
      case Flaw::open_comment: fail_at(t.begin, "Invalid input '/*': the comment is not closed, expected '*/'");
      case Flaw::number:
        fail_at(t.begin, "Invalid input '" + std::string(spelled(t)) + "': not a valid number", gql::invalid_number);
      default: break;
    }
  }
  // A long string or name is enough of it to be found.
  std::string found(utf8::substr(spelled(t), 0, 60));
  fail_at(t.begin, "Invalid input '" + found + "': expected " + std::string(what));
}

void Parser::expected_word(std::string_view word) {
  expected("'" + std::string(word) + "'");
}

void Parser::fail_at(std::uint32_t offset, std::string what, std::string_view cause) {
  syntax_error(text_, offset, std::move(what), cause);
}

void Parser::unsupported(std::uint32_t offset, std::string what) {
  throw QueryError(
      located(Status::not_implemented, text_, offset, std::move(what) + " are not supported yet", "42N17"));
}

}  // namespace syntax

Result<ast::Statement> parse(std::string_view text) try {
  if (text.size() >= (std::size_t{1} << 31U)) return fail(Status::syntax_error, "The query text is longer than 2 GiB");
  if (!utf8::is_valid(text)) return fail(Status::syntax_error, "The query text is not valid UTF-8");
  ast::Statement statement;
  statement.text = statement.arena.copy(text);
  auto& tokens = token_buffer();
  syntax::split(statement.text, tokens);
  syntax::Parser(statement, tokens).statement();
  if (tokens.capacity() > kept_tokens) std::vector<syntax::Token>().swap(tokens);
  return statement;
} catch (QueryError& e) {
  return tl::make_unexpected(std::move(e.error));
}

}  // namespace packhouse::cypher
