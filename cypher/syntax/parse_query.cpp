#include "cypher/syntax/literals.hpp"
#include "cypher/syntax/parser_impl.hpp"

// Statements: prefixes, UNION, and which clause comes next.

namespace packhouse::cypher::syntax {

using namespace ast;

void Parser::statement() {
  prefixes();
  while (symbol(Kind::semicolon)) {
  }
  if (at(Kind::end)) {
    fail_at(0, "Unexpected end of input: expected CYPHER, EXPLAIN, PROFILE or Query", gql::empty_statement);
  }
  body();
  if (!at(Kind::end) && !at(Kind::semicolon))
    expected("an operator, a clause such as MATCH, WITH or RETURN, or the end of the query");
  while (symbol(Kind::semicolon)) {
  }
  if (!at(Kind::end))
    fail_at(now_->begin, "Expected exactly one statement per query but got: 2", gql::too_many_statements);
}

void Parser::prefixes() {
  for (;;) {
    if (text_word("EXPLAIN")) {
      statement_.explain = ExplainMode::explain;
    } else if (text_word("PROFILE")) {
      statement_.explain = ExplainMode::profile;
    } else if (text_word("CYPHER")) {
      cypher_options();
    } else {
      return;
    }
  }
}

/// CYPHER 5 runtime=slotted planner=cost …: options of another planner don't mean anything here and are passed over.
void Parser::cypher_options() {
  if (at(Kind::decimal) || at(Kind::real)) {
    const std::string_view version = spelled(*now_);
    if (version != "5")
      fail_at(now_->begin, "Invalid input '" + std::string(version) + "': expected Cypher version '5'");
    advance();
  }
  while (at_name() && peek(1).kind == Kind::eq) {
    advance(), advance();
    if (!at_name() && !at(Kind::decimal)) expected("the value of an option");
    advance();
  }
}

void Parser::body() {
  const bool update = schema_or_administration_ahead();
  if (update && at(Word::create)) return create_command();
  if (update && at_text("DROP")) return drop_command();
  if (at_text("SHOW") || at_text("TERMINATE")) {
    statement_.body = show();
    return;
  }
  if (update && administration()) return;
  Query* q = query();
  statement_.body = q;
  if (q->parts.size() == 1 && q->parts[0].clauses.size() == 1) {
    if (auto* call = std::get_if<CallProcedure>(&q->parts[0].clauses[0].node)) call->standalone = true;
  }
}

Query* Parser::query() {
  const Nest nest(queries_);
  if (queries_ > max_queries) fail_at(now_->begin, "Sub-queries are nested too deeply");
  Collected<SingleQuery, 2> parts;
  parts.push_back(single_query());
  bool all = false;
  while (at(Word::union_)) {
    const std::uint32_t begin = now_->begin;
    advance();
    const bool this_all = word(Word::all);
    if (!this_all) (void)word(Word::distinct);
    if (parts.size() > 1 && this_all != all)
      fail_at(begin, "Invalid combination of UNION and UNION ALL", gql::union_mix);
    all = this_all;
    parts.push_back(single_query());
  }
  auto* q = arena_.make<Query>();
  q->parts = keep(parts);
  q->union_all = all;
  return q;
}

SingleQuery Parser::single_query() {
  Collected<Clause, 4> clauses;
  if (at(Word::use)) use_clause();
  if (!at_clause()) expected("a clause such as MATCH, CREATE, WITH, UNWIND, CALL or RETURN");
  while (at_clause()) clauses.push_back(clause());
  return {keep(clauses)};
}

bool Parser::at_clause() const {
  switch (now_->word) {
    case Word::match:
    case Word::optional:
    case Word::unwind:
    case Word::with:
    case Word::return_:
    case Word::create:
    case Word::insert:
    case Word::merge:
    case Word::set:
    case Word::remove:
    case Word::detach:
    case Word::nodetach:
    case Word::delete_:
    case Word::foreach:
    case Word::call:
    case Word::load:
    case Word::finish:
    case Word::use:
    case Word::order:
    case Word::skip:
    case Word::offset:
    case Word::limit: return true;
    default: return false;
  }
}

Clause Parser::clause() {
  const std::uint32_t begin = now_->begin;
  const Word w = now_->word;
  if (w == Word::order || w == Word::skip || w == Word::offset || w == Word::limit)
    return made(begin, order_by_clause());
  advance();
  switch (w) {
    case Word::match: return made(begin, match(false));
    case Word::optional: return optional_clause(begin);
    case Word::unwind: return made(begin, unwind());
    case Word::with: return made(begin, with());
    case Word::return_: return made(begin, Return{projection()});
    case Word::create:
    case Word::insert: return made(begin, Create{paths()});
    case Word::merge: return made(begin, merge());
    case Word::set: return made(begin, Set{set_items()});
    case Word::remove: return made(begin, Remove{list_of([this] { return remove_item(); })});
    case Word::foreach: return made(begin, foreach_clause());
    case Word::call: return call_clause(begin, false);
    case Word::load: return made(begin, load_csv());
    case Word::finish: return made(begin, Finish{});
    case Word::use: fail_at(begin, "USE clause must be the first clause of a (sub-)query.");
    default: return delete_clause(begin);
  }
}

/// USE database. There is one graph a database, so all parts of a statement must name the same.
void Parser::use_clause() {
  const std::uint32_t begin = now_->begin;
  advance();
  if (!at_name()) expected("a database name");
  const std::string_view name = dotted_name(dotted_end());
  if (at(Kind::lparen)) unsupported(begin, "Graphs chosen by a function (USE graph.byName(…))");
  if (!statement_.use.empty() && statement_.use != name) {
    unsupported(begin, "Statements over several databases");
  }
  statement_.use = name;
}

Clause Parser::optional_clause(std::uint32_t begin) {
  if (word(Word::match)) return made(begin, match(true));
  if (word(Word::call)) return call_clause(begin, true);
  expected("'MATCH' or 'CALL'");
}

Clause Parser::delete_clause(std::uint32_t begin) {
  const bool detach = same_word(text_.substr(begin, last_end_ - begin), "DETACH");
  if (!same_word(text_.substr(begin, last_end_ - begin), "DELETE")) need(Word::delete_);
  return made(begin, Delete{detach, list_of([this] { return expression(); })});
}

}  // namespace packhouse::cypher::syntax
