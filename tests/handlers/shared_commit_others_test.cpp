#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/handlers/pipeline.hpp"

// Auto-commit statements that came in one go, beside other clients: locks, conflicts, RESET, termination.

using namespace packhouse;
using namespace packhouse::tests;

TEST_CASE("a statement that would wait for a lock lets those before it be committed first, and waits alone") {
  Patient house;
  Conversation setup(house), holder(house), c(house), reader(house);
  one_by_one(setup, statements({"CREATE (:N {x: 1}), (:N {x: 2})"}));
  holder.send(Tag::begin, "{}");
  ask(holder, "MATCH (n:N {x: 1}) SET n.name = \"held\"");
  for (const auto& [tag, fields] :
       statements({"MATCH (n:N {x: 2}) SET n.name = \"two\"",
                   "MATCH (n:N {x: 1}) SET n.name = n.name + \" no more\" RETURN n.name", "CREATE (:N {x: 3})"})) {
    c.post(tag, fields);
  }
  std::string answers;
  while (!has(answers, "type: 'w'")) {  // the first is answered, while the second can't go on
    c.step();
    answers += c.take();
  }
  CHECK(has(ask(reader, "MATCH (n:N {x: 2}) RETURN n.name"), "RECORD ['two']"));
  // Its lock is free again, though the same client waits for another one.
  CHECK(has(ask(reader, "MATCH (n:N {x: 2}) SET n.name = \"mine\" RETURN n.name"), "RECORD ['mine']"));
  CHECK(holder.send(Tag::commit).starts_with("SUCCESS"));
  const auto rest = finish(c);
  CHECK(has(rest, "RECORD ['held no more']; SUCCESS"));
  CHECK(count(rest, "bookmark") == 2);
  CHECK(house.store->statistics().deadlocks == 0);
}

TEST_CASE("a record that somebody changed meanwhile: the statement starts over alone") {
  Patient house;
  Conversation c(house), other(house);
  one_by_one(other, statements({"CREATE (:N {x: 1})"}));
  for (const auto& [tag, fields] : statements({"CREATE (:M)", "MATCH (n:N) SET n.x = n.x + 1 RETURN n.x"}))
    c.post(tag, fields);
  CHECK_FALSE(c.step());
  ask(other, "MATCH (n:N) SET n.x = 10");
  CHECK(has(finish(c), "RECORD [11]; SUCCESS"));
  CHECK(house.store->statistics().conflicts == 0);
}

TEST_CASE("only what was there when the transaction began is taken along") {
  Patient house;
  Conversation c(house), other(house);
  for (const auto& [tag, fields] : statements({create})) c.post(tag, fields);
  CHECK_FALSE(c.step());
  CHECK(has(ask(other, "CREATE (:Seen)"), "SUCCESS"));  // answered before the next one is sent
  for (const auto& [tag, fields] : statements({"MATCH (s:Seen) CREATE (n:N) RETURN labels(s)", create}))
    c.post(tag, fields);
  CHECK(has(finish(c), "RECORD [['Seen']]"));
  CHECK(house.commits() == 3);
}

TEST_CASE("RESET behind them") {
  SUBCASE("a RESET that waits already: nothing is begun for those before it") {
    Patient house;
    Conversation c(house);
    Messages messages = statements({create, create, create});
    messages.emplace_back(Tag::reset, "");
    c.send_all(messages);
    CHECK(house.commits() == 0);
  }
  SUBCASE("a RESET while the commit is under way: what was done is answered") {
    Patient house;
    Conversation c(house);
    for (const auto& [tag, fields] : statements({create, create, create})) c.post(tag, fields);
    CHECK_FALSE(c.step());
    c.step();
    c.post(Tag::reset, "");
    const auto answers = finish(c);
    CHECK(count(answers, "RECORD [1]; SUCCESS") == 3);
    CHECK(answers.ends_with("SUCCESS {}"));
  }
}

TEST_CASE("several clients that raise the same numbers: each success counts once, and nobody is told to try again") {
  Patient house;
  Conversation setup(house);
  ask(setup, "UNWIND range(1, 3) AS x CREATE (:N {x: x, n: 0})");
  std::vector<std::unique_ptr<Conversation>> clients;
  for (int i = 0; i < 4; ++i) clients.push_back(std::make_unique<Conversation>(house));
  std::vector<std::string> answers(clients.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < clients.size(); ++i) {
      threads.emplace_back([&, i] {
        std::mt19937 random(static_cast<unsigned>(i));
        for (int round = 0; round < 20; ++round) {
          std::vector<std::string> queries(6);
          for (auto& q : queries) q = "MATCH (n:N {x: " + std::to_string(random() % 3 + 1) + "}) SET n.n = n.n + 1";
          answers[i] += clients[i]->send_all(statements(queries));
        }
      });
    }
  }
  for (const std::string& text : answers) {
    CHECK(count(text, "bookmark") == 120);
    CHECK(count(text, "FAILURE") == 0);
  }
  CHECK(has(ask(setup, "MATCH (n:N) RETURN sum(n.n)"), "RECORD [480]"));
}

TEST_CASE("terminated at any moment: what was not answered with success is not there") {
  Patient house;
  Conversation c(house), killer(house);
  std::size_t sure = 0;
  std::atomic<bool> over{false};
  std::jthread thread([&] {
    while (!over) {
      const auto rows =
          ask(killer, "SHOW TRANSACTIONS YIELD transactionId AS t, connectionId AS c WHERE c = \"bolt-1\" RETURN t");
      if (const auto at = rows.find("neo4j-transaction-"); at != std::string::npos) {
        ask(killer, "TERMINATE TRANSACTIONS \"" + rows.substr(at, rows.find('\'', at) - at) + "\"");
      }
    }
  });
  for (int round = 0; round < 200; ++round) {
    const auto answers = c.send_all(statements({create, create, create, create}));
    const auto done = count(answers, "bookmark");
    CHECK((done == 4 || has(answers, "FAILURE Neo.ClientError.Transaction.Terminated")));
    sure += done;
    c.send(Tag::reset);
  }
  over = true;
  thread.join();
  CHECK(has(ask(c, "MATCH (n:N) RETURN count(n)"), "RECORD [" + std::to_string(sure) + "]"));
}
