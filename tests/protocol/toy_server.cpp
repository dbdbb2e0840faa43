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
  const std::string_view fields[] = {"n"};
  connection_.success({}, [&](SuccessFrame& m) {
    m.strings("fields", fields);
    m.integer("t_first", 0);
    if (in_transaction_ && connection_.has(Feature::pull_n)) m.integer("qid", next_qid_++);
  });
}

void ToyServer::pull() {
  RecordFrame record(connection_.output(), 1);
  packstream::Writer(connection_.output(), connection_.dialect()).write_integer(1);
  record.close();
  if (fails_) return connection_.failure({Status::arithmetic_error, "/ by zero"});
  --open_;
  connection_.success({false, in_transaction_ ? open_ : 0}, [&](SuccessFrame& m) {
    if (!in_transaction_) m.string("bookmark", "b:1");
    m.string("type", "r");
    m.integer("t_last", 0);
    if (connection_.has(Feature::databases)) m.string("db", "neo4j");
  });
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
