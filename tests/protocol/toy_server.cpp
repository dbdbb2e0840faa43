#include "tests/protocol/toy_server.hpp"

#include "protocol/failure.hpp"
#include "protocol/hello.hpp"

namespace packhouse::tests {

void ToyServer::serve() {
  while (auto request = connection_.next()) {
    answer(*request);
    connection_.recycle(std::move(*request));
  }
}

void ToyServer::answer(const Request& request) {
  const auto finish_transaction = [&] {
    open_ = 0, next_qid_ = 0, in_transaction_ = false;
    connection_.success();
  };
  std::visit(overloaded{
                 [&](const Hello& hello) {
                   const HelloAnswer answer{"Neo4j/5.26.0", "bolt-1", 120};
                   connection_.success({}, [&](SuccessFrame& m) { write_hello(m, connection_, hello, answer); });
                 },
                 [&](const Run& r) { run(r); },
                 [&](const Begin&) {
                   in_transaction_ = true;
                   connection_.success();
                 },
                 [&](const Pull&) { pull(); },
                 [&](const Discard&) { pull(); },
                 [&](const Commit&) { finish_transaction(); },
                 [&](const Rollback&) { finish_transaction(); },
                 [&](const Reset&) { finish_transaction(); },
                 [&](const Goodbye&) {},
                 [&](const auto&) { connection_.success(); },
             },
             request.body);
}

void ToyServer::run(const Run& r) {
  if (r.query.starts_with("RETRUN")) {
    return connection_.failure(Error(Status::syntax_error, "no").with_gql("50N42"));
  }
  fails_ = r.query.starts_with("FAIL");
  ++open_;
  write_columns();
  connection_.answered();
}

void ToyServer::write_columns() {
  const std::string_view fields[] = {"n"};
  SuccessFrame m(connection_.output(), connection_.dialect());
  m.strings("fields", fields);
  m.integer("t_first", 0);
  if (in_transaction_ && connection_.has(Feature::pull_n)) m.integer("qid", next_qid_++);
  m.close();
}

void ToyServer::pull() {
  write_row();
  if (fails_) return connection_.failure({Status::arithmetic_error, "/ by zero"});
  --open_;
  write_summary();
  take_along();
  connection_.answered({false, in_transaction_ ? open_ : 0});
}

void ToyServer::take_along() {
  while (auto next = connection_.take_ahead(1 << 16)) {
    if (next->run.query.starts_with("RETRUN") || next->run.query.starts_with("FAIL")) {
      std::vector<MessagePtr> both;
      both.push_back(std::move(next->run_message));
      both.push_back(std::move(next->pull_message));
      return connection_.give_back(std::move(both));
    }
    write_columns();
    write_row();
    write_summary();
  }
}

void ToyServer::write_row() {
  RecordFrame record(connection_.output(), 1);
  packstream::Writer(connection_.output(), connection_.dialect()).write_integer(1);
  record.close();
}

void ToyServer::write_summary() {
  SuccessFrame m(connection_.output(), connection_.dialect());
  if (!in_transaction_) m.string("bookmark", "b:1");
  m.string("type", "r");
  m.integer("t_last", 0);
  if (connection_.has(Feature::databases)) m.string("db", "neo4j");
  m.close();
}

std::vector<std::byte> converse(Bytes bytes, std::size_t piece, bool serve_after_each) {
  Connection connection;
  ToyServer server(connection);
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    connection.feed(bytes.subspan(at, std::min(piece, bytes.size() - at)));
    if (serve_after_each) server.serve();
  }
  server.serve();
  const Bytes out = connection.output().view();
  return {out.begin(), out.end()};
}

}  // namespace packhouse::tests
