#include "cypher/syntax/literals.hpp"
#include "cypher/syntax/parser_impl.hpp"

// CREATE and DROP of indexes and constraints.

namespace packhouse::cypher::syntax {

using namespace ast;

/// Could a command begin here? CREATE (a) and CREATE p = (a)-->(b) are clauses.
bool Parser::schema_or_administration_ahead() const {
  if (!at(Word::create)) return now_->kind == Kind::word && !at_clause();
  const Token& t = peek(1);
  return is_name(t) && peek(2).kind != Kind::eq && peek(2).kind != Kind::lparen;
}

void Parser::create_command() {
  const std::uint32_t begin = now_->begin;
  const bool replace = same_word(spelled(peek(1)), "OR");
  if (!replace) {
    advance();
    using Type = CreateIndex::Type;
    static constexpr struct {
      std::string_view word;
      Type type;
    } types[] = {{"RANGE", Type::range},       {"TEXT", Type::text},     {"POINT", Type::point},
                 {"FULLTEXT", Type::fulltext}, {"VECTOR", Type::vector}, {"LOOKUP", Type::lookup}};
    if (at_text("BTREE"))
      fail_at(now_->begin, "Index type BTREE is no longer supported: use a RANGE, TEXT or POINT index");
    for (const auto& [w, type] : types) {
      if (!text_word(w)) continue;
      need_text("INDEX");
      statement_.body = create_index(type);
      return;
    }
    if (text_word("INDEX")) {
      statement_.body = create_index(Type::range);
      return;
    }
    if (text_word("CONSTRAINT")) {
      statement_.body = create_constraint();
      return;
    }
    --now_;
  }
  if (!administration()) {
    advance();
    if (begin == now_->begin) advance();
    expected("a graph pattern such as (n)-->(m), 'INDEX', 'CONSTRAINT', 'DATABASE' or 'USER'");
  }
}

void Parser::drop_command() {
  const Token* start = now_;
  advance();
  const bool index = at_text("INDEX");
  if (!index && !at_text("CONSTRAINT")) {
    now_ = start;
    if (!administration()) advance(), expected("'INDEX', 'CONSTRAINT', 'DATABASE' or 'USER'");
    return;
  }
  advance();
  if (at(Word::on) && (peek(1).kind == Kind::colon || peek(1).kind == Kind::lparen)) {
    fail_at(now_->begin, index ? "Indexes are dropped by name: expected DROP INDEX name [IF EXISTS]"
                               : "Constraints are dropped by name: expected DROP CONSTRAINT name [IF EXISTS]");
  }
  const NameOrParameter n = schema_name();
  if (n.name.empty() && n.parameter == nullptr) expected("the name of what to drop, or a parameter");
  const bool lenient = if_exists();
  if (index)
    statement_.body = arena_.make<DropIndex>(n, lenient);
  else
    statement_.body = arena_.make<DropConstraint>(n, lenient);
}

/// Empty when the name is left out.
NameOrParameter Parser::schema_name() {
  if (at(Kind::parameter)) {
    const Token& t = *now_;
    advance();
    return {{}, make(t.begin, Parameter{read_name(text_, t, arena_)})};
  }
  if (!at_name()) return {};
  if (at_text("IF") && peek(1).kind == Kind::word &&
      (peek(1).word == Word::not_ || same_word(spelled(peek(1)), "EXISTS")))
    return {};
  if (at_text("FOR") && peek(1).kind == Kind::lparen) return {};
  return {name("a name"), nullptr};
}

bool Parser::if_not_exists() {
  if (!text_word("IF")) return false;
  need(Word::not_);
  need(Word::exists);
  return true;
}

bool Parser::if_exists() {
  if (!text_word("IF")) return false;
  need(Word::exists);
  return true;
}

/// (n:Label), (n:A|B), ()-[r:TYPE]-(): gives the variable.
std::string_view Parser::schema_entity(bool& relationship, Seq<std::string_view>& labels, bool needs_label) {
  const auto labelled = [&](std::string_view what) {
    const std::string_view v = name("a variable");
    Collected<std::string_view> all;
    if (needs_label || at(Kind::colon)) {
      need(Kind::colon);
      do {
        all.push_back(name(what));
      } while (symbol(Kind::bar));
    }
    labels = keep(all);
    return v;
  };
  need(Kind::lparen);
  relationship = at(Kind::rparen);
  if (!relationship) {
    const auto v = labelled("a label");
    need(Kind::rparen);
    return v;
  }
  need(Kind::rparen);
  (void)symbol(Kind::lt);
  need(Kind::minus);
  need(Kind::lbracket);
  const auto v = labelled("a relationship type");
  need(Kind::rbracket);
  need(Kind::minus);
  (void)symbol(Kind::gt);
  need(Kind::lparen);
  need(Kind::rparen);
  return v;
}

std::string_view Parser::key_of(std::string_view variable) {
  const std::uint32_t begin = now_->begin;
  const std::string_view v = name("a property such as n.name");
  if (v != variable) fail_at(begin, "Variable `" + std::string(v) + "` not defined", gql::undefined_variable);
  need(Kind::dot);
  return name("a property name");
}

Expr* Parser::options() {
  if (!text_word("OPTIONS")) return nullptr;
  if (!at(Kind::lbrace) && !at(Kind::parameter)) expected("a map of options or a parameter");
  dotted_keys_ = true;
  Expr* const map = pattern_properties();
  dotted_keys_ = false;
  return map;
}

CreateIndex* Parser::create_index(CreateIndex::Type type) {
  auto* i = arena_.make<CreateIndex>(type);
  if (at(Word::on) && peek(1).kind == Kind::colon) {
    fail_at(now_->begin,
            "Invalid input 'ON': the old form CREATE INDEX ON :Label(property) is no longer supported, expected "
            "CREATE INDEX [name] FOR (n:Label) ON (n.property)");
  }
  i->name = schema_name();
  i->if_not_exists = if_not_exists();
  index_target(*i);
  i->options = options();
  return i;
}

void Parser::index_target(CreateIndex& i) {
  need_text("FOR");
  const bool lookup = i.type == CreateIndex::Type::lookup;
  const std::uint32_t begin = now_->begin;
  const std::string_view variable = schema_entity(i.on_relationship, i.labels, !lookup);
  if (i.labels.size() > 1 && i.type != CreateIndex::Type::fulltext) {
    fail_at(begin, "Only a full-text index can be on more than one label or relationship type");
  }
  need(Word::on);
  if (!lookup) return index_keys(i, variable);
  (void)text_word("EACH");
  if (!text_word(i.on_relationship ? "TYPE" : "LABELS"))
    expected(i.on_relationship ? "'EACH type(r)'" : "'EACH labels(n)'");
  need(Kind::lparen);
  (void)name("a variable");
  need(Kind::rparen);
}

void Parser::index_keys(CreateIndex& i, std::string_view variable) {
  const auto one = [&] { return key_of(variable); };
  if (i.type == CreateIndex::Type::fulltext) {
    need_text("EACH");
    need(Kind::lbracket);
    i.keys = list_of(one);
    need(Kind::rbracket);
    return;
  }
  const bool brackets = symbol(Kind::lparen);
  i.keys = list_of(one);
  if (brackets) need(Kind::rparen);
}

CreateConstraint* Parser::create_constraint() {
  auto* c = arena_.make<CreateConstraint>(CreateConstraint::Type::unique);
  const auto refuse_old = [this] {
    if (at(Word::on) && (peek(1).kind == Kind::lparen)) {
      fail_at(now_->begin,
              "Invalid input 'ON': the old form CREATE CONSTRAINT ON … ASSERT is no longer supported, expected "
              "CREATE CONSTRAINT [name] FOR (n:Label) REQUIRE …");
    }
  };
  refuse_old();
  c->name = schema_name();
  refuse_old();
  c->if_not_exists = if_not_exists();
  refuse_old();
  need_text("FOR");
  const std::uint32_t begin = now_->begin;
  Seq<std::string_view> labels;
  const std::string_view variable = schema_entity(c->on_relationship, labels, true);
  if (labels.size() != 1) fail_at(begin, "A constraint is on exactly one label or relationship type");
  c->label = labels[0];
  if (at_text("ASSERT")) fail_at(now_->begin, "Invalid input 'ASSERT': expected 'REQUIRE'");
  need_text("REQUIRE");
  const bool brackets = symbol(Kind::lparen);
  c->keys = list_of([&] { return key_of(variable); });
  if (brackets) need(Kind::rparen);
  constraint_kind(*c);
  c->options = options();
  return c;
}

void Parser::constraint_kind(CreateConstraint& c) {
  using Type = CreateConstraint::Type;
  const std::uint32_t begin = now_->begin;
  const auto typed = [&] {
    c.type = Type::property_type;
    c.property_type = type_text();
  };
  if (symbol(Kind::colons)) {
    typed();
  } else {
    need(Word::is);
    if (symbol(Kind::colons) || text_word("TYPED")) {
      typed();
    } else if (word(Word::not_)) {
      need(Word::null);
      c.type = Type::existence;
    } else {
      const bool node = text_word("NODE"), rel = !node && (text_word("RELATIONSHIP") || text_word("REL"));
      if ((node && c.on_relationship) || (rel && !c.on_relationship)) {
        fail_at(begin, "The constraint's kind doesn't fit its pattern: expected a " +
                           std::string(node ? "node" : "relationship"));
      }
      if (text_word("KEY"))
        c.type = Type::key;
      else if (text_word("UNIQUE"))
        c.type = Type::unique;
      else
        expected("'UNIQUE', 'KEY', 'NOT NULL', '::' or 'TYPED'");
    }
  }
  if (c.keys.size() > 1 && (c.type == Type::existence || c.type == Type::property_type)) {
    fail_at(begin, "Constraint type '" + std::string(c.type == Type::existence ? "EXISTS" : "IS TYPED") +
                       "' does not allow multiple properties");
  }
}

}  // namespace packhouse::cypher::syntax
