#pragma once
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "base/buffer.hpp"
#include "packstream/dialect.hpp"
#include "protocol/chunking.hpp"
#include "protocol/frames.hpp"
#include "protocol/handshake.hpp"
#include "protocol/request.hpp"
#include "protocol/state.hpp"

namespace packhouse::protocol {

/// The server side of one Bolt connection, without a socket: bytes in, requests out, answers in, bytes
/// out. It never blocks, never throws (but for memory) and knows nothing of Cypher or Asio.
///
/// One request is open at a time: next() gives the next one only after success(), answered(), failure()
/// or ignored() has closed the one before. Belongs to one strand; rows may be written elsewhere, into
/// another buffer (RecordFrame, SuccessFrame), as long as they are sent before later output of this.
class Connection {
 public:
  /// Sizes of a whole message, in bytes.
  struct Limits {
    std::size_t before_login = 8192;
    std::size_t message = std::size_t{256} << 20;
  };

  Connection() : Connection(Limits{}) {}
  explicit Connection(Limits limits) : limits_(limits) {}

  /// Give it what the socket delivered. Cheap, also while a request runs; writes nothing but the
  /// handshake's answers to output().
  void feed(Bytes bytes);

  /// The next request that the state allows. What must be refused (FAILURE) or skipped (IGNORED) is
  /// answered here; a handler never sees it. Goodbye comes with defunct() already true, and takes no answer.
  /// So output() may have grown also when a request is returned: that belongs before the handler's own buffer.
  std::optional<Request> next();

  /// A RESET or GOODBYE waits: stop what is running, and answer it with Status::terminated.
  bool interrupted() const { return cancelled() || goodbyes_ > 0; }
  /// Memory of received messages that wait: when it exceeds a bound of yours, stop reading the socket.
  std::size_t backlog() const { return in_.backlog(); }

  // Statements behind the open one, for who can do several at once.

  /// How many requests were there already when the last RUN was handed out, and still wait. What they ask for may be done on a
  /// state of the store that is not older than that moment.
  std::size_t behind_run() const { return behind_run_; }
  /// While the PULL of an auto-commit statement is open: the next RUN and the request for all its rows, when that is what comes
  /// next, both count in behind_run(), the RUN has at most `most` bytes, and nobody wants to stop. Whoever takes them answers
  /// them with the open request, right behind it, or gives them back.
  std::optional<StatementAhead> take_ahead(std::size_t most);
  /// These are the next ones again, in this order.
  void give_back(std::vector<MessagePtr> messages);

  // Exactly one of these closes the open request. Without an open request they do nothing.

  /// SUCCESS {}; with outcome.has_more SUCCESS {"has_more": true}.
  void success(Outcome outcome = {});
  /// SUCCESS with the entries that `fill(SuccessFrame&)` writes.
  template <class F>
  void success(Outcome outcome, F&& fill) {
    if (!open_) return;
    {
      SuccessFrame frame(out_, dialect_);
      std::forward<F>(fill)(frame);
      frame.close();
    }
    answered(outcome);
  }
  /// The SUCCESS was written to another buffer, which is sent before output().
  void answered(Outcome outcome = {});
  /// FAILURE; before login the connection is over, else it is failed until RESET.
  void failure(const Error& error);
  /// IGNORED: the request was not carried out, nothing changes.
  void ignored();

  /// A keep-alive, if the version has it; only between messages: never while another buffer that will
  /// be sent before this one ends within a message.
  void noop();

  /// Bytes to send. The caller swaps or moves the buffer out and writes it.
  Buffer& output() { return out_; }

  /// Gives a finished request's memory back. Optional.
  void recycle(Request&& request) { in_.recycle(std::move(request.message)); }

  State state() const { return state_; }
  bool defunct() const { return state_ == State::defunct; }
  /// A request has been handed out and is not answered yet.
  bool busy() const { return open_.has_value(); }
  Version version() const { return handshake_.version(); }
  bool used_manifest() const { return handshake_.used_manifest(); }
  const Features& features() const { return features_; }
  bool has(Feature f) const { return features_.has(f); }
  const packstream::Dialect& dialect() const { return dialect_; }

  /// The server ends it, for instance after a time limit: nothing more is taken or handed out.
  void close();

 private:
  std::optional<Request> admit(MessagePtr message);
  std::optional<Request> accept(Tag tag, MessagePtr message);
  void not_a_request(const Message& message);
  void refuse(const Error& error, bool fatal);
  /// A RESET behind it in the queue makes a request pointless: what it would do is not done. Before the
  /// login a RESET is only an error of its own.
  bool cancelled() const { return logged_in(state_) && resets_ > 0; }
  /// Drivers that change the user pipeline large requests behind LOGOFF and LOGON, whose check takes a while.
  bool changing_user() const { return was_logged_in_ && open_ == Tag::logon; }
  std::size_t limit() const { return logged_in(state_) || changing_user() ? limits_.message : limits_.before_login; }

  Limits limits_;
  State state_ = State::handshake;
  std::optional<Tag> open_;
  bool was_logged_in_ = false;
  Handshake handshake_;
  Features features_;
  packstream::Dialect dialect_;
  Dechunker in_;
  std::size_t resets_ = 0, goodbyes_ = 0;  // waiting in in_
  std::size_t behind_run_ = 0;
  Buffer out_;
};

}  // namespace packhouse::protocol
