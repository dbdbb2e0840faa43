#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/buffer.hpp"
#include "base/error.hpp"
#include "protocol/request.hpp"

namespace packhouse::handlers {

/// Auto-commit statements that one client sent without waiting, in one storage transaction: one sync for all. The
/// leader's RUN and PULL have had their turn; the followers were taken from the queue behind it, each behind a
/// savepoint. What is answered to the leader's PULL and to the followers is held back until the commit.
///
/// The transaction's results are the leader's, then the followers' in their order.
class SharedCommit {
 public:
  struct Follower {
    protocol::MessagePtr pull;
    std::size_t answer_end;  ///< in answers: SUCCESS of RUN, and RECORDs
  };

  SharedCommit(const protocol::Run& leader, std::chrono::milliseconds longest)
      : leader_(leader), until_(std::chrono::steady_clock::now() + longest) {}

  /// The leader's PULL (or DISCARD): its rows go to the output from here on.
  void pulled(std::size_t output_size, std::int64_t n, bool discard) {
    rows_at_ = output_size;
    all_rows_ = n == protocol::all_rows && !pulled_;
    pulled_ = true;
    discard_ = discard;
  }
  /// Some of them have been sent.
  void rows_left() { all_rows_ = false; }
  const protocol::Run& leader() const { return leader_; }
  std::size_t rows_at() const { return rows_at_; }
  /// Whether its first PULL asked for all rows, and none has been sent: only then could it be run again unseen.
  bool all_rows() const { return all_rows_; }
  bool discard() const { return discard_; }

  /// Whether one more may be taken: the client waits for all of them, and others for their locks.
  bool has_room(std::size_t answer_bytes) const;
  /// Bytes that the next RUN may have.
  std::size_t room_for_message() const { return most_bytes - held_messages_; }
  void add(protocol::MessagePtr pull, std::size_t message_bytes, std::size_t answer_end);

  /// Nothing of a commit that failed like this is in the store, so its statements may be run one by one. After a fault
  /// of the disk nobody knows.
  bool worth_repeating(const Error& error) const;

  std::vector<Follower> followers;
  Buffer answers;  ///< of the followers, without their summaries; until the commit
  Buffer rows;     ///< of the leader, when it has followers

 private:
  static constexpr std::size_t most_followers = 63, most_bytes = 64 * 1024;

  const protocol::Run leader_;  // points into the message that the leader's result keeps
  const std::chrono::steady_clock::time_point until_;
  std::size_t rows_at_ = 0, held_messages_ = 0;
  bool all_rows_ = false, pulled_ = false, discard_ = false;
};

/// Whether it asks for nothing special of its transaction, which then could be another's as well.
bool is_plain(const protocol::TransactionExtra& extra);

}  // namespace packhouse::handlers
