#pragma once
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "handlers/session.hpp"
#include "protocol/connection.hpp"
#include "storage/memory/engine.hpp"

namespace packhouse::tests {

/// A store in memory with an engine and what sessions share: the server without its sockets. One thread at a time.
struct House {
  House();
  /// The same on disk: LMDB minds what a memory engine forgives, such as a cursor that outlives its snapshot.
  explicit House(const std::filesystem::path& folder);
  explicit House(std::unique_ptr<storage::Store> of);
  std::unique_ptr<storage::Store> store;
  cypher::Engine engine;
  handlers::ServerContext context;
  int conversations = 0;  ///< so far: they are bolt-1, bolt-2 …
};

/// One client's conversation with one session: messages in, answers as text. Does what server/bolt_session does,
/// without network and threads. One thread.
class Conversation {
 public:
  explicit Conversation(House& house, protocol::Version version = {5, 4});

  /// One message: tag and fields as literals (see tests/protocol/pack.hpp); worked on until it is answered.
  /// "SUCCESS {…}", "RECORD […]", "FAILURE Neo.…", "IGNORED", joined by "; ". Keys and values as PackStream prints them.
  std::string send(protocol::Tag tag, std::string_view fields = "");
  /// Several messages at once, answered together: what a driver pipelines.
  std::string send_all(const std::vector<std::pair<protocol::Tag, std::string>>& messages);

  std::string run(std::string_view query, std::string_view parameters = "{}", std::string_view extra = "{}");
  std::string pull(std::string_view extra = "{n: -1}") { return send(protocol::Tag::pull, extra); }

  /// Sends without working on it; step() does one start() or resume(), and tells whether the request is under way still.
  void post(protocol::Tag tag, std::string_view fields);
  /// A message as hex.
  void post_bytes(std::string_view hex);
  bool step();
  std::string take();
  /// The bytes instead.
  std::string take_hex();
  /// All that the last FAILURE said, printed.
  const std::string& failure() const { return failure_; }

  handlers::Session& session() { return session_; }
  protocol::Connection& connection() { return connection_; }

 private:
  void settle(handlers::Reply reply);
  void work();

  std::atomic<bool> woken_ = false;  // outlives the session, whose commits set it
  protocol::Connection connection_;
  handlers::Session session_;
  Buffer out_;
  std::string failure_;
  bool under_way_ = false, waiting_ = false, idle_ = false;
};

inline bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// The text between `key` + ' ' and the next blank or quote: "PH:…" of "bookmark".
std::string entry(const std::string& answer, std::string_view key);

}  // namespace packhouse::tests
