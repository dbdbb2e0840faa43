#include <doctest/doctest.h>

#include "tests/protocol/pack.hpp"
#include "tests/protocol/peer.hpp"

using namespace packhouse;
using namespace packhouse::tests;

namespace {

constexpr Version v3{3, 0}, v40{4, 0}, v42{4, 2}, v43{4, 3}, v44{4, 4}, v50{5, 0}, v51{5, 1}, v52{5, 2}, v54{5, 4},
    v58{5, 8};

/// The request as decoded in the state where it is allowed.
Request request(Version v, State state, Tag tag, std::string_view fields) {
  CAPTURE(fields);
  Peer peer(v);
  peer.go_to(state);
  peer.send(pack(tag, fields));
  auto r = peer.connection.next();
  INFO(peer.answers());
  REQUIRE(r);
  return std::move(*r);
}

/// Why it is refused: the status code, or "accepted".
std::string refusal(Version v, State state, Tag tag, std::string_view fields) {
  Peer peer(v);
  peer.go_to(state);
  peer.send(pack(tag, fields));
  if (peer.connection.next()) return "accepted";
  CHECK(peer.connection.state() == (logged_in(state) ? State::failed : State::defunct));
  return peer.answers();
}

}  // namespace

TEST_CASE("RUN and its extra map") {
  const auto r =
      request(v44, State::ready, Tag::run,
              "'RETURN $x AS x' {x: 1} {bookmarks: ['b:1', 'b:2'], tx_timeout: 5000, tx_metadata: {a: 1}, mode: 'r', "
              "db: 'neo4j', imp_user: 'ann', unknown: [1]}");
  const Run* const run = r.as<Run>();
  REQUIRE(run);
  CHECK(run->query == "RETURN $x AS x");
  CHECK(find(run->parameters.as_map(), "x")->as_integer() == 1);
  REQUIRE(run->extra.bookmarks.size() == 2);
  CHECK(run->extra.bookmarks[1] == "b:2");
  CHECK(run->extra.timeout_ms == 5000);
  CHECK(run->extra.metadata.as_map().size() == 1);
  CHECK(run->extra.mode == TransactionExtra::Mode::read);
  CHECK(run->extra.database == "neo4j");
  CHECK(run->extra.impersonated_user == "ann");
}

TEST_CASE("what isn't said, or null, has its default") {
  for (const char* extra :
       {"{}",
        "{bookmarks: null, tx_timeout: null, tx_metadata: null, mode: null, db: null, imp_user: null, "
        "notifications_minimum_severity: null, notifications_disabled_classifications: null}"}) {
    const auto r = request(v58, State::ready, Tag::begin, extra);
    const TransactionExtra& tx = r.as<Begin>()->extra;
    CHECK(tx.bookmarks.empty());
    CHECK_FALSE(tx.timeout_ms);
    CHECK(tx.metadata.is_null());
    CHECK(tx.mode == TransactionExtra::Mode::write);
    CHECK(tx.database.empty());
    CHECK(tx.impersonated_user.empty());
    CHECK_FALSE(tx.filter.minimum);
    CHECK_FALSE(tx.filter.disabled);
  }
  CHECK(request(v58, State::ready, Tag::begin, "{tx_timeout: 0}").as<Begin>()->extra.timeout_ms == 0);
  CHECK_FALSE(request(v58, State::ready, Tag::begin, "{tx_timeout: -1}").as<Begin>()->extra.timeout_ms);
}

TEST_CASE("keys of later versions are unknown keys") {
  CHECK(request(v3, State::ready, Tag::begin, "{db: 'x', imp_user: 1}").as<Begin>()->extra.database.empty());
  CHECK(request(v43, State::ready, Tag::begin, "{db: 'x', imp_user: 'ann'}")
            .as<Begin>()
            ->extra.impersonated_user.empty());
  CHECK_FALSE(request(v51, State::ready, Tag::begin, "{notifications_minimum_severity: 'OFF'}")
                  .as<Begin>()
                  ->extra.filter.minimum);
  CHECK_FALSE(request(v54, State::ready, Tag::begin, "{notifications_disabled_classifications: 1}")
                  .as<Begin>()
                  ->extra.filter.disabled);
  CHECK_FALSE(request(v58, State::ready, Tag::begin, "{notifications_disabled_categories: 1}")
                  .as<Begin>()
                  ->extra.filter.disabled);
}

TEST_CASE("RUN's extra map is not looked into inside a transaction") {
  const auto r =
      request(v58, State::tx_ready, Tag::run, "'RETURN 1' {} {mode: 7, db: 1, bookmarks: 'x', tx_timeout: 'y'}");
  CHECK(r.as<Run>()->extra.database.empty());
  CHECK(refusal(v58, State::tx_ready, Tag::run, "'RETURN 1' {} 1") == "FAILURE Request.Invalid");
}

TEST_CASE("PULL and DISCARD") {
  CHECK(request(v3, State::streaming, Tag::pull, "").as<Pull>()->n == all_rows);
  CHECK(request(v3, State::streaming, Tag::discard, "").as<Discard>()->n == all_rows);
  const auto r = request(v54, State::tx_streaming, Tag::pull, "{n: 1000, qid: 7}");
  CHECK(r.as<Pull>()->n == 1000);
  CHECK(r.as<Pull>()->qid == 7);
  CHECK(request(v54, State::streaming, Tag::discard, "{n: -1, qid: null}").as<Discard>()->qid == last_result);
  CHECK(request(v54, State::streaming, Tag::pull, "{n: 1, qid: -1}").as<Pull>()->qid == last_result);
  for (const char* fields :
       {"{}", "{n: 0}", "{n: -2}", "{n: 1.0}", "{n: '1'}", "{n: null}", "{n: 1, qid: 'x'}", "7", "null"}) {
    CAPTURE(fields);
    CHECK(refusal(v54, State::streaming, Tag::pull, fields) == "FAILURE Request.Invalid");
    CHECK(refusal(v54, State::tx_streaming, Tag::discard, fields) == "FAILURE Request.Invalid");
  }
}

TEST_CASE("HELLO logs in up to 5.0, and only introduces later") {
  const char* fields =
      "{user_agent: 'ex/1.0', scheme: 'basic', principal: 'neo4j', credentials: 'pass', realm: 3, "
      "bolt_agent: {product: 'ex/1.0', platform: 'p'}}";
  const auto old = request(v50, State::negotiation, Tag::hello, fields);
  CHECK(old.as<Hello>()->user_agent == "ex/1.0");
  REQUIRE(old.as<Hello>()->auth);
  CHECK(old.as<Hello>()->auth->scheme == "basic");
  CHECK(old.as<Hello>()->auth->credentials == "pass");
  CHECK_FALSE(old.as<Hello>()->auth->realm);  // of the wrong type
  CHECK(old.as<Hello>()->agent_product.empty());
  const auto now = request(v58, State::negotiation, Tag::hello, fields);
  CHECK_FALSE(now.as<Hello>()->auth);
  CHECK(now.as<Hello>()->agent_product == "ex/1.0");
  const auto logon =
      request(v58, State::authentication, Tag::logon, "{scheme: 'basic', principal: 'neo4j', credentials: 'pass'}");
  CHECK(logon.as<Logon>()->auth.principal == "neo4j");
  CHECK_FALSE(request(v58, State::authentication, Tag::logon, "{}").as<Logon>()->auth.scheme);
}

TEST_CASE("HELLO's keys by version") {
  struct Case {
    Version version;
    const char* extra;
    bool accepted;
  };
  const Case cases[] = {
      {v3, "{}", false},
      {v3, "{user_agent: 1}", false},
      {v3, "{user_agent: null}", false},
      {v3, "{user_agent: 'a'}", true},
      {v40, "{user_agent: 'a', routing: 7}", true},
      {v42, "{user_agent: 'a', routing: 7}", false},
      {v42, "{user_agent: 'a', routing: null}", true},
      {v42, "{user_agent: 'a', routing: {address: 'h:1'}}", true},
      {v42, "{user_agent: 'a', patch_bolt: 7}", true},
      {v44, "{user_agent: 'a', patch_bolt: 7}", false},
      {v44, "{user_agent: 'a', patch_bolt: ['x', 'utc']}", true},
      {v52, "{user_agent: 'a', notifications_minimum_severity: 'LOUD'}", false},
      {v52, "{user_agent: 'a', notifications_minimum_severity: 'WARNING', notifications_disabled_categories: ['HINT']}",
       true},
      {v52, "{user_agent: 'a', notifications_disabled_categories: ['NONE']}", false},
      {v52, "{user_agent: 'a', notifications_disabled_categories: 'HINT'}", false},
      {v52, "{user_agent: 'a', notifications_disabled_categories: [1]}", false},
      {v52, "{user_agent: 'a'}", true},
      {v54, "{user_agent: 'a'}", false},
      {v54, "{user_agent: 'a', bolt_agent: null}", false},
      {v54, "{user_agent: 'a', bolt_agent: 'a'}", false},
      {v54, "{user_agent: 'a', bolt_agent: {}}", false},
      {v54, "{user_agent: 'a', bolt_agent: {platform: 'p'}}", false},
      {v54, "{user_agent: 'a', bolt_agent: {product: 1}}", false},
      {v54, "{user_agent: 'a', bolt_agent: {product: 'a', platform: 1}}", false},
      {v54, "{user_agent: 'a', bolt_agent: {product: 'a'}}", true},
      {v58, "{user_agent: 'a', bolt_agent: {product: 'a'}, notifications_disabled_classifications: ['NONE', 'SCHEMA']}",
       true},
  };
  for (const auto& [version, extra, accepted] : cases) {
    CAPTURE(to_string(version));
    CAPTURE(extra);
    CHECK(refusal(version, State::negotiation, Tag::hello, extra) ==
          (accepted ? "accepted" : "FAILURE Request.Invalid"));
  }
}

TEST_CASE("filters of notifications") {
  const auto r =
      request(v54, State::ready, Tag::begin,
              "{notifications_minimum_severity: 'WARNING', notifications_disabled_categories: ['HINT', 'SCHEMA']}");
  const NotificationFilter mine = r.as<Begin>()->extra.filter;
  CHECK(mine.wants(Severity::warning, Category::generic));
  CHECK_FALSE(mine.wants(Severity::information, Category::generic));
  CHECK_FALSE(mine.wants(Severity::warning, Category::schema));
  const NotificationFilter silent{Severity::off, {}};
  CHECK_FALSE(silent.wants(Severity::warning, Category::generic));
  CHECK(NotificationFilter{}.wants(Severity::information, Category::hint));
  CHECK_FALSE(NotificationFilter{}.over(silent).wants(Severity::warning, Category::hint));
  CHECK(NotificationFilter{Severity::information, 0}.over(mine).wants(Severity::information, Category::hint));
  CHECK(name(Category::unrecognized) == "UNRECOGNIZED");
}

TEST_CASE("ROUTE in both forms") {
  const auto old = request(v43, State::ready, Tag::route, "{address: 'h:1'} ['b'] 'neo4j'");
  CHECK(text_of(old.as<Route>()->routing, "address") == "h:1");
  CHECK(old.as<Route>()->bookmarks.size() == 1);
  CHECK(old.as<Route>()->database == "neo4j");
  CHECK(request(v43, State::ready, Tag::route, "{} [] {db: 'x'}").as<Route>()->database.empty());
  const auto now = request(v44, State::ready, Tag::route, "{} [] {db: 'x', imp_user: 'ann'}");
  CHECK(now.as<Route>()->database == "x");
  CHECK(now.as<Route>()->impersonated_user == "ann");
  CHECK_FALSE(text_of(now.as<Route>()->routing, "address"));
  CHECK(request(v44, State::ready, Tag::route, "{} [] {db: null}").as<Route>()->database.empty());
  for (const char* fields : {"{} [] 'x'", "{} [1] {}", "{} 'b' {}", "1 [] {}", "{} [] {db: 1}"}) {
    CAPTURE(fields);
    CHECK(refusal(v44, State::ready, Tag::route, fields) == "FAILURE Request.Invalid");
  }
}

TEST_CASE("TELEMETRY") {
  CHECK(request(v54, State::ready, Tag::telemetry, "3").as<Telemetry>()->api == TelemetryApi::execute_query);
  for (const char* fields : {"4", "-1", "'0'", "1.0", "null"}) {
    CHECK(refusal(v54, State::ready, Tag::telemetry, fields) == "FAILURE Request.Invalid");
  }
}

TEST_CASE("wrong types in RUN and BEGIN") {
  for (const char* fields :
       {"1 {} {}", "'q' [] {}", "'q' null {}", "'q' {} null", "'q' {} {mode: 'R'}", "'q' {} {mode: ''}",
        "'q' {} {mode: 1}", "'q' {} {db: 1}", "'q' {} {bookmarks: 'b'}", "'q' {} {bookmarks: ['b', 1]}",
        "'q' {} {tx_timeout: 1.0}", "'q' {} {tx_metadata: []}", "'q' {} {imp_user: 1}"}) {
    CAPTURE(fields);
    CHECK(refusal(v44, State::ready, Tag::run, fields) == "FAILURE Request.Invalid");
  }
}

TEST_CASE("a wrong number of fields is Request.InvalidFormat") {
  struct Case {
    Version version;
    State state;
    Tag tag;
    const char* fields;
  };
  const Case cases[] = {
      {v54, State::ready, Tag::run, "'q' {}"},
      {v54, State::ready, Tag::run, "'q' {} {} {}"},
      {v54, State::ready, Tag::begin, ""},
      {v54, State::streaming, Tag::pull, ""},
      {v3, State::streaming, Tag::pull, "{n: 1}"},
      {v54, State::ready, Tag::reset, "{}"},
      {v54, State::tx_ready, Tag::commit, "1"},
      {v54, State::authentication, Tag::logon, ""},
      {v54, State::negotiation, Tag::hello, "{} {}"},
      {v54, State::failed, Tag::reset, "1"},
  };
  for (const auto& [version, state, tag, fields] : cases) {
    CAPTURE(name(tag));
    CHECK(refusal(version, state, tag, fields) == "FAILURE Request.InvalidFormat");
  }
}

TEST_CASE("a request keeps what it refers to, wherever it goes") {
  Request kept;
  {
    Peer peer(v58);
    peer.login();
    peer.send(pack(Tag::run, "'RETURN $list' {list: ['one', 'a string longer than fifteen bytes']} {db: 'd'}"));
    auto r = peer.connection.next();
    REQUIRE(r);
    kept = std::move(*r);
    peer.connection.success();
    peer.send(pack(Tag::pull, "{n: 1}"));
    REQUIRE(peer.connection.next());
  }
  const Run& run = *kept.as<Run>();
  CHECK(run.query == "RETURN $list");
  CHECK(find(run.parameters.as_map(), "list")->as_list()[1].as_string() == "a string longer than fifteen bytes");
  CHECK(run.extra.database == "d");
}
