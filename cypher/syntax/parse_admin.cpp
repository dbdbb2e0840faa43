#include "base/ascii_upper.hpp"
#include "cypher/syntax/literals.hpp"
#include "cypher/syntax/parser_impl.hpp"

// Administration commands: taken apart far enough for a handler to do or refuse them by name.

namespace packhouse::cypher::syntax {

using namespace ast;

/// A name (also name.space), a string or a parameter, as an expression.
Expr* Parser::name_value() {
  const Token& t = *now_;
  if (t.kind == Kind::parameter) {
    advance();
    return make(t.begin, Parameter{read_name(text_, t, arena_)});
  }
  if (t.kind == Kind::string) {
    advance();
    return make(t.begin, Literal{Value::string(read_string(text_, t, arena_))});
  }
  if (!at_name()) expected("a name or a parameter");
  return text_value(dotted_name(dotted_end()));
}

Expr* Parser::flag(bool b) {
  return make(last_end_, Literal{Value::boolean(b)});
}
Expr* Parser::text_value(std::string_view s) {
  return make(last_end_, Literal{Value::string(s)});
}

bool Parser::administration() {
  const auto second = [this](std::string_view w) { return same_word(spelled(peek(1)), w); };
  const auto put = [this](Administration* a) {
    statement_.body = a;
    return true;
  };
  if (role_command_ahead()) return put(role_command());
  static constexpr std::string_view others[] = {"GRANT",      "DENY",       "REVOKE", "ENABLE",
                                                "DEALLOCATE", "REALLOCATE", "DRYRUN"};
  for (const auto w : others) {
    if (at_text(w)) return put(other_command());
  }
  if (at_text("RENAME")) return put(rename_command());
  const bool create = at(Word::create), drop = at_text("DROP"), alter = at_text("ALTER");
  const bool run = at_text("START") || at_text("STOP");
  if (!create && !drop && !alter && !run) return false;
  const bool replace = create && second("OR");
  if (replace) {
    if (!same_word(spelled(peek(2)), "REPLACE")) return false;
    const bool user = same_word(spelled(peek(3)), "USER"), database = same_word(spelled(peek(3)), "DATABASE");
    if (!user && !database) return put(other_command());
    advance(), advance();  // stays on the last word before USER, as without OR REPLACE
    Administration* a = user ? user_command("CREATE OR REPLACE USER") : database_command("CREATE OR REPLACE DATABASE");
    return put(a);
  }
  if (alter && second("CURRENT")) return put(alter_current_user());
  if (second("USER")) return put(user_command(create ? "CREATE USER" : drop ? "DROP USER" : "ALTER USER"));
  if (second("DATABASE")) {
    return put(database_command(create             ? "CREATE DATABASE"
                                : drop             ? "DROP DATABASE"
                                : alter            ? "ALTER DATABASE"
                                : at_text("START") ? "START DATABASE"
                                                   : "STOP DATABASE"));
  }
  if (second("ROLE") || second("ALIAS") || second("SERVER") || second("COMPOSITE") || second("IMMUTABLE"))
    return put(other_command());
  return false;
}

/// CREATE / ALTER / DROP USER name [IF [NOT] EXISTS] [SET …]…
Administration* Parser::user_command(std::string_view command) {
  advance();
  need_text("USER");
  Collected<Entry> arguments;
  arguments.push_back({"name", name_value()});
  if (command == "CREATE USER" || command == "CREATE OR REPLACE USER") {
    if (if_not_exists()) arguments.push_back({"if_not_exists", flag(true)});
  } else if (if_exists()) {
    arguments.push_back({"if_exists", flag(true)});
  }
  if (command != "DROP USER") user_settings(arguments);
  if (command == "CREATE OR REPLACE USER") {
    command = "CREATE USER";
    arguments.push_back({"or_replace", flag(true)});
  }
  return arena_.make<Administration>(command, keep(arguments));
}

void Parser::user_settings(Collected<Entry>& arguments) {
  const auto change = [&] {
    need_text("CHANGE");
    const bool required = !word(Word::not_);
    need_text("REQUIRED");
    arguments.push_back({"change_required", flag(required)});
  };
  while (at(Word::set) || word(Word::remove)) {
    if (!word(Word::set)) {
      need_text("HOME");
      need_text("DATABASE");
      arguments.push_back({"home_database", make(last_end_, Literal{Value()})});
      continue;
    }
    if (text_word("STATUS")) {
      if (!at_text("ACTIVE") && !at_text("SUSPENDED")) expected("'ACTIVE' or 'SUSPENDED'");
      arguments.push_back({"status", text_value(at_text("ACTIVE") ? "ACTIVE" : "SUSPENDED")});
      advance();
    } else if (text_word("HOME")) {
      need_text("DATABASE");
      arguments.push_back({"home_database", name_value()});
    } else if (at_text("PASSWORD") && same_word(spelled(peek(1)), "CHANGE")) {
      advance();
      change();
    } else {
      const bool encrypted = text_word("ENCRYPTED");
      if (!encrypted) (void)text_word("PLAINTEXT");
      need_text("PASSWORD");
      if (!at(Kind::string) && !at(Kind::parameter)) expected("the password as a string or parameter");
      arguments.push_back({"password", name_value()});
      if (encrypted) arguments.push_back({"encrypted", flag(true)});
      if (at_text("CHANGE")) change();
    }
  }
}

/// ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'
Administration* Parser::alter_current_user() {
  advance(), advance();
  need_text("USER");
  need(Word::set);
  need_text("PASSWORD");
  need(Word::from);
  Collected<Entry> arguments;
  arguments.push_back({"old_password", name_value()});
  need_text("TO");
  arguments.push_back({"password", name_value()});
  return arena_.make<Administration>("ALTER CURRENT USER", keep(arguments));
}

Administration* Parser::rename_command() {
  if (!same_word(spelled(peek(1)), "USER")) return other_command();
  advance(), advance();
  Collected<Entry> arguments;
  arguments.push_back({"name", name_value()});
  if (if_exists()) arguments.push_back({"if_exists", flag(true)});
  need_text("TO");
  arguments.push_back({"to", name_value()});
  return arena_.make<Administration>("RENAME USER", keep(arguments));
}

/// GRANT ROLE and REVOKE ROLE; but GRANT ROLE MANAGEMENT ON DBMS … gives a privilege.
/// They are named GRANT ROLES and REVOKE ROLES, which keeps them apart from that.
bool Parser::role_command_ahead() const {
  if (!at_text("GRANT") && !at_text("REVOKE")) return false;
  const std::string_view noun = spelled(peek(1));
  if (same_word(noun, "ROLES")) return true;
  return same_word(noun, "ROLE") && !(same_word(spelled(peek(2)), "MANAGEMENT") && same_word(spelled(peek(3)), "ON"));
}

/// GRANT ROLE[S] name, … TO user, …; REVOKE ROLE[S] name, … FROM user, …
Administration* Parser::role_command() {
  const bool grant = at_text("GRANT");
  advance(), advance();
  Collected<Entry> arguments;
  const auto names = [this] { return make(now_->begin, ListLiteral{list_of([this] { return name_value(); })}); };
  arguments.push_back({"roles", names()});
  if (grant) {
    need_text("TO");
  } else {
    need(Word::from);
  }
  arguments.push_back({"users", names()});
  return arena_.make<Administration>(grant ? "GRANT ROLES" : "REVOKE ROLES", keep(arguments));
}

/// CREATE / DROP / START / STOP / ALTER DATABASE name [IF …] [OPTIONS …] [WAIT …]; the tail is only kept as text.
Administration* Parser::database_command(std::string_view command) {
  advance();
  need_text("DATABASE");
  Collected<Entry> arguments;
  arguments.push_back({"name", name_value()});
  const bool create = command.starts_with("CREATE");
  if (create && if_not_exists()) arguments.push_back({"if_not_exists", flag(true)});
  if (!create && if_exists()) arguments.push_back({"if_exists", flag(true)});
  if (command == "CREATE OR REPLACE DATABASE") {
    command = "CREATE DATABASE";
    arguments.push_back({"or_replace", flag(true)});
  }
  if (Expr* o = options()) arguments.push_back({"options", o});
  const std::uint32_t begin = now_->begin;
  while (!at(Kind::end) && !at(Kind::semicolon) && !at(Kind::bad)) advance();
  if (last_end_ > begin) arguments.push_back({"rest", text_value(text_.substr(begin, last_end_ - begin))});
  return arena_.make<Administration>(command, keep(arguments));
}

/// Commands that no handler knows: the first two words name it, the rest is text.
Administration* Parser::other_command() {
  std::string command;
  for (int words = 0; words < 2 && at_name(); ++words) {
    if (words > 0) command += ' ';
    command += ascii_upper(spelled(*now_));
    advance();
  }
  const std::uint32_t begin = now_->begin;
  while (!at(Kind::end) && !at(Kind::semicolon) && !at(Kind::bad)) advance();
  Collected<Entry> arguments;
  if (last_end_ > begin) arguments.push_back({"rest", text_value(text_.substr(begin, last_end_ - begin))});
  return arena_.make<Administration>(arena_.copy(command), keep(arguments));
}

}  // namespace packhouse::cypher::syntax
