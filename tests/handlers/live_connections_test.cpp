#include "handlers/live_connections.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace packhouse;
using handlers::LiveConnection;
using handlers::LiveConnections;

TEST_CASE("what is shown belongs together while sessions begin, go on, end and leave") {
  LiveConnections all;
  std::atomic<int> working{4};
  std::atomic<std::uint64_t> stops{0};
  const auto session = [&](int n) {
    for (int life = 0; life < 20; ++life) {
      const std::string id = "bolt-" + std::to_string(n) + "-" + std::to_string(life);
      auto live = std::make_shared<LiveConnection>(id, [&] { ++stops; }, [] {});
      all.add(live);
      live->user(id);
      for (int i = 0; i < 200; ++i) {
        // What the views point to goes right after end().
        const auto number = all.next_number(), statement = all.next_number();
        auto text = std::make_unique<std::string>("statement " + std::to_string(statement) + " of " + id);
        auto entry = std::make_unique<MapEntry>(MapEntry{"text", Value::string(*text)});
        live->begin(number, "neo4j", Value::map({entry.get(), 1}), {1, 0});
        live->statement(statement, *text, Value::map({entry.get(), 1}), {1, 0});
        if (i % 3 == 0) live->no_statement(statement);
        live->end();
      }
      live->leave();
      all.remove(id);
    }
    --working;
  };
  std::uint64_t seen = 0, ended = 0;
  bool consistent = true;
  {
    std::vector<std::jthread> threads;
    for (int n = 0; n < 4; ++n) threads.emplace_back(session, n);
    while (working.load() > 0) {
      Arena arena;
      for (const auto& live : all.all()) {
        const auto t = live->transaction(arena);
        if (!t) continue;
        ++seen;
        consistent = consistent && t->username == t->connection_id && t->id == "neo4j-transaction-" + std::to_string(t->number);
        if (!t->query_id.empty()) {
          consistent = consistent && t->query.ends_with(" of " + t->connection_id) && t->parameters.as_map()[0].value.as_string() == t->query;
          consistent = consistent && t->query_id == "query-" + t->query.substr(10, t->query.find(' ', 10) - 10);
        }
        if (live->terminate(t->number)) ++ended;
      }
    }
  }
  CHECK(consistent);
  CHECK(ended <= seen);
  CHECK(ended == stops.load());
  CHECK(all.size() == 0);
}

TEST_CASE("a transaction is ended only while it is open, and only once it is that one") {
  int stopped = 0, closed = 0;
  LiveConnection live("bolt-1", [&] { ++stopped; }, [&] { ++closed; });
  Arena arena;
  CHECK_FALSE(live.transaction(arena).has_value());
  CHECK_FALSE(live.terminate(7));
  live.begin(7, "neo4j", Value(), {});
  CHECK_FALSE(live.terminate(6));
  CHECK(live.terminate(7));
  CHECK(live.terminated());
  CHECK(stopped == 1);
  live.end();
  CHECK_FALSE(live.terminated());
  CHECK_FALSE(live.terminate(7));
  live.begin(9, "neo4j", Value(), {});
  CHECK(live.closing());  // from here on it is too late
  CHECK(live.transaction(arena)->status == "Closing");
  CHECK_FALSE(live.terminate(9));
  live.end();
  live.begin(10, "neo4j", Value(), {});
  CHECK(live.terminate(10));
  CHECK_FALSE(live.closing());
  live.end();
  stopped = 1;
  live.close();
  CHECK(closed == 1);
  live.begin(8, "neo4j", Value(), {});
  live.leave();
  CHECK_FALSE(live.terminate(8));
  live.close();
  CHECK(stopped == 1);
  CHECK(closed == 1);
}
