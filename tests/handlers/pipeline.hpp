#pragma once
#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/handlers/conversation.hpp"

// For tests of auto-commit statements that came in one go.
namespace packhouse::tests {

using protocol::Tag;
using Messages = std::vector<std::pair<Tag, std::string>>;

/// A house whose server has all the time in the world: what shares a commit depends on nothing but the messages.
struct Patient : House {
  using House::House;
  Patient() { context.shared_commit_time = std::chrono::hours(1); }
  std::uint64_t commits() const { return store->statistics().commits; }
};

inline std::string run_of(std::string_view query, std::string_view parameters = "{}", std::string_view extra = "{}") {
  return "'" + std::string(query) + "' " + std::string(parameters) + ' ' + std::string(extra);
}

inline void add(Messages& to, std::string_view query, std::string_view extra = "{}") {
  to.emplace_back(Tag::run, run_of(query, "{}", extra));
  to.emplace_back(Tag::pull, "{n: -1}");
}

inline Messages statements(const std::vector<std::string>& queries) {
  Messages messages;
  for (const std::string& q : queries) add(messages, q);
  return messages;
}

/// Answers without what differs from run to run: bookmarks and times.
inline std::string plain(std::string text) {
  for (const std::string_view key : {"bookmark: ", "t_first: ", "t_last: "}) {
    for (auto at = text.find(key); at != std::string::npos; at = text.find(key, at)) {
      text.erase(at, std::min(text.find_first_of(",}", at), text.size()) - at);
    }
  }
  return text;
}

inline std::string one_by_one(Conversation& c, const Messages& messages) {
  std::string text;
  for (const auto& [tag, fields] : messages) {
    const std::string answer = c.send(tag, fields);
    text += (text.empty() || answer.empty() ? "" : "; ") + answer;
  }
  return text;
}

inline std::size_t count(const std::string& text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

inline std::string ask(Conversation& c, std::string_view query, std::string_view extra = "{}") {
  const auto ran = c.run(query, "{}", extra);
  return ran.starts_with("SUCCESS") ? c.pull() : ran;
}

/// Works on what was posted until all of it is answered.
inline std::string finish(Conversation& c) {
  return c.send_all({});
}

inline std::string graph_of(Conversation& c) {
  c.send(Tag::reset);
  return plain(ask(c,
                   "MATCH (n) OPTIONAL MATCH (n)-[r]->(m) RETURN labels(n), n.x, n.name, type(r), r.w, m.x ORDER BY "
                   "n.x, n.name, m.x, r.w"));
}

inline const char* const create = "CREATE (n:N {x: 1}) RETURN n.x";

}  // namespace packhouse::tests
