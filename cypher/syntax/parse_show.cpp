#include "base/ascii_upper.hpp"
#include "cypher/syntax/literals.hpp"
#include "cypher/syntax/parser_impl.hpp"

// SHOW … [YIELD …] [WHERE …] [RETURN …], and TERMINATE TRANSACTIONS, which has the same tail.

namespace packhouse::cypher::syntax {

using namespace ast;

namespace {

/// What can be shown, as written (one or two words) and as it is called in the tree.
struct Shown {
  std::string_view first, second, what;
};
constexpr Shown table[] = {
    {"INDEX", "", "INDEXES"},
    {"INDEXES", "", "INDEXES"},
    {"CONSTRAINT", "", "CONSTRAINTS"},
    {"CONSTRAINTS", "", "CONSTRAINTS"},
    {"FUNCTION", "", "FUNCTIONS"},
    {"FUNCTIONS", "", "FUNCTIONS"},
    {"PROCEDURE", "", "PROCEDURES"},
    {"PROCEDURES", "", "PROCEDURES"},
    {"TRANSACTION", "", "TRANSACTIONS"},
    {"TRANSACTIONS", "", "TRANSACTIONS"},
    {"SETTING", "", "SETTINGS"},
    {"SETTINGS", "", "SETTINGS"},
    {"DATABASE", "", "DATABASES"},
    {"DATABASES", "", "DATABASES"},
    {"USER", "", "USERS"},
    {"USERS", "", "USERS"},
    {"CURRENT", "USER", "CURRENT USER"},
    {"ROLE", "", "ROLES"},
    {"ROLES", "", "ROLES"},
    {"PRIVILEGE", "", "PRIVILEGES"},
    {"PRIVILEGES", "", "PRIVILEGES"},
    {"ALIAS", "", "ALIASES"},
    {"ALIASES", "", "ALIASES"},
    {"SERVER", "", "SERVERS"},
    {"SERVERS", "", "SERVERS"},
};

}  // namespace

/// Commands on transactions may follow each other: each is done for every row of the one before.
Show* Parser::show() {
  Show* const first = show_command();
  const auto about_transactions = [](const Show& s) { return s.what == "TRANSACTIONS" || s.what == terminate_transactions; };
  for (Show* last = first; at_text("SHOW") || at_text("TERMINATE"); last = last->next) {
    if (last->rest != nullptr || !about_transactions(*last)) break;
    const std::uint32_t begin = now_->begin;
    last->next = show_command();
    if (!last->has_yield || !about_transactions(*last->next)) {
      fail_at(begin, "Only SHOW TRANSACTIONS and TERMINATE TRANSACTIONS can be combined, and each of them needs a YIELD");
    }
  }
  return first;
}

Show* Parser::show_command() {
  auto* s = arena_.make<Show>();
  s->at = now_->begin;
  if (text_word("TERMINATE")) {
    if (!text_word("TRANSACTIONS")) need_text("TRANSACTION");
    s->what = terminate_transactions;
    s->arguments = list_of([this] { return expression(); });
  } else {
    need_text("SHOW");
    show_what(*s);
    show_arguments(*s);
  }
  show_tail(*s);
  return s;
}

/// Words up to the one that says what is shown are the filter: VECTOR, UNIQUE, NODE KEY, BUILT IN, DEFAULT …
void Parser::show_what(Show& s) {
  std::string filter;
  for (int words = 0; words < 5 && at_name(); ++words) {
    for (const Shown& t : table) {
      if (!at_text(t.first) || (!t.second.empty() && !same_word(spelled(peek(1)), t.second))) continue;
      advance();
      if (!t.second.empty()) advance();
      s.what = t.what;
      if (filter == "ALL") filter.clear();
      s.filter = arena_.copy(filter);
      return;
    }
    if (at(Word::yield) || at(Word::where)) break;
    if (!filter.empty()) filter += ' ';
    filter += ascii_upper(spelled(*now_));
    advance();
  }
  expected(
      "'INDEXES', 'CONSTRAINTS', 'FUNCTIONS', 'PROCEDURES', 'DATABASES', 'TRANSACTIONS', 'SETTINGS', 'USERS' or "
      "'CURRENT USER'");
}

/// SHOW DATABASE name, SHOW TRANSACTIONS 'a', $ids, SHOW FUNCTIONS EXECUTABLE BY CURRENT USER …
void Parser::show_arguments(Show& s) {
  if (text_word("EXECUTABLE")) {
    std::string filter(s.filter);
    if (!filter.empty()) filter += ' ';
    filter += "EXECUTABLE";
    if (word(Word::by)) {
      if (text_word("CURRENT")) {
        need_text("USER");
      } else {
        Collected<Expr*> user;
        user.push_back(name_value());
        s.arguments = keep(user);
        filter += " BY";
      }
    }
    s.filter = arena_.copy(filter);
    return;
  }
  if (s.what == "ALIASES" && text_word("FOR")) {
    if (!text_word("DATABASES")) need_text("DATABASE");
    return;
  }
  const bool names = s.what == "DATABASES" || s.what == "TRANSACTIONS" || s.what == "SETTINGS";
  const bool tail = at(Word::yield) || at(Word::where) || at(Word::return_);
  if (!names || tail || !(at_name() || at(Kind::string) || at(Kind::parameter) || at(Kind::lbracket))) return;
  if (s.what == "DATABASES") {
    Collected<Expr*> one;
    one.push_back(name_value());
    s.arguments = keep(one);
    return;
  }
  s.arguments = list_of([this] { return expression(); });
}

void Parser::show_tail(Show& s) {
  if (word(Word::yield)) {
    s.has_yield = true;
    s.yield.at.begin = now_->begin;
    s.yield.star = symbol(Kind::star);
    if (!s.yield.star) {
      s.yield.items = list_of([this] {
        const std::uint32_t begin = now_->begin;
        const Variable v = variable("the name of a column or '*'");
        Expr* e = make(begin, v);
        if (word(Word::as)) return ProjectionItem{e, name("a column name"), true};
        return ProjectionItem{e, v.name};
      });
    }
    projection_tail(s.yield);
    s.yield.at.end = last_end_;
  }
  if (word(Word::where)) s.where = expression();
  if (at(Word::return_)) {
    if (!s.has_yield) expected("'YIELD' or the end of the query (RETURN needs a YIELD before it)");
    advance();
    s.rest = arena_.make<Return>(projection());
  }
}

}  // namespace packhouse::cypher::syntax
