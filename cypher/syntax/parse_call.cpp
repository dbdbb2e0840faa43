#include "cypher/syntax/parser_impl.hpp"

// CALL of procedures and of sub-queries.

namespace packhouse::cypher::syntax {

using namespace ast;

Clause Parser::call_clause(std::uint32_t begin, bool optional) {
  if (at(Kind::lbrace) || at(Kind::lparen)) return made(begin, call_subquery(optional));
  return made(begin, call_procedure(optional));
}

CallProcedure Parser::call_procedure(bool optional) {
  CallProcedure c;
  c.optional = optional;
  if (!at_name()) expected("a procedure name, '{' or '('");
  c.name = dotted_name(dotted_end());
  if (symbol(Kind::lparen)) {
    if (!at(Kind::rparen)) c.arguments = list_of([this] { return expression(); });
    need(Kind::rparen);
  } else {
    c.implicit_arguments = true;
  }
  if (!word(Word::yield)) return c;
  c.has_yield = true;
  c.yield_star = symbol(Kind::star);
  if (!c.yield_star && at(Kind::minus)) {  // YIELD -: nothing (of void procedures, old style)
    advance();
    return c;
  }
  if (!c.yield_star) c.yields = list_of([this] { return yield_item(); });
  if (word(Word::where)) c.where = expression();
  return c;
}

YieldItem Parser::yield_item() {
  const std::string_view column = name("the name of an output column");
  return {column, word(Word::as) ? variable() : Variable{column}};
}

CallSubquery Parser::call_subquery(bool optional) {
  CallSubquery c;
  c.optional = optional;
  c.scoped = symbol(Kind::lparen);
  if (c.scoped) {
    c.import_all = symbol(Kind::star);
    if (!c.import_all && !at(Kind::rparen)) c.imports = list_of([this] { return variable(); });
    need(Kind::rparen);
  }
  need(Kind::lbrace);
  c.query = query();
  need(Kind::rbrace);
  if (at(Word::in)) c.in_transactions = in_transactions();
  return c;
}

/// IN [n CONCURRENT] TRANSACTIONS [OF n ROWS] [ON ERROR CONTINUE | BREAK | FAIL] [REPORT STATUS AS s], any order.
InTransactions* Parser::in_transactions() {
  need(Word::in);
  if (!at_text("TRANSACTIONS")) {
    if (!at_text("CONCURRENT")) (void)expression();  // how many at once is only advice
    need_text("CONCURRENT");
  }
  need_text("TRANSACTIONS");
  auto* t = arena_.make<InTransactions>();
  for (;;) {
    if (text_word("OF")) {
      t->rows = expression();
      if (!text_word("ROWS")) need_text("ROW");
    } else if (word(Word::on)) {
      need_text("ERROR");
      if (text_word("CONTINUE"))
        t->on_error = OnError::continue_;
      else if (text_word("BREAK"))
        t->on_error = OnError::break_;
      else if (text_word("FAIL"))
        t->on_error = OnError::fail;
      else
        expected("'CONTINUE', 'BREAK' or 'FAIL'");
    } else if (at_text("REPORT")) {
      advance();
      need_text("STATUS");
      need(Word::as);
      t->status = variable();
    } else {
      return t;
    }
  }
}

}  // namespace packhouse::cypher::syntax
