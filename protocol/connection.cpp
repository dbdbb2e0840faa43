#include "protocol/connection.hpp"

#include "protocol/decode.hpp"
#include "protocol/failure.hpp"

namespace packhouse::protocol {
namespace {

bool is_bare(const Message& m, Tag tag) {
  return m.bytes.size() == 2 && m.bytes[0] == std::byte{0xB0} && m.bytes[1] == static_cast<std::byte>(tag);
}

bool is_structure(const Message& m) {
  return m.bytes.size() >= 2 && (m.bytes[0] & std::byte{0xF0}) == std::byte{0xB0};
}

bool has_tag(const Message& m, Tag tag) { return is_structure(m) && !m.too_large && m.bytes[1] == static_cast<std::byte>(tag); }

/// A PULL or DISCARD of all rows of the result that was opened last.
bool wants_all(const RequestBody& body) {
  if (const auto* discard = std::get_if<Discard>(&body)) return discard->n == all_rows && discard->qid == last_result;
  const auto* pull = std::get_if<Pull>(&body);
  return pull && pull->n == all_rows && pull->qid == last_result;
}

/// Whether a decoded request refers to its message.
bool keeps_views(Tag tag) {
  return tag == Tag::run || tag == Tag::begin || tag == Tag::route || tag == Tag::hello || tag == Tag::logon;
}

}  // namespace

void Connection::feed(Bytes bytes) {
  if (state_ == State::handshake) {
    bytes = bytes.subspan(handshake_.feed(bytes, out_));
    if (!handshake_.done()) return;
    if (handshake_.refused()) return close();
    features_ = features_of(version());
    dialect_ = packstream::Dialect::bolt(version().major, version().minor);
    state_ = State::negotiation;
  }
  if (defunct()) return;
  const std::size_t seen = in_.size();
  in_.feed(bytes, limit());
  for (std::size_t i = seen; i < in_.size(); ++i) {
    if (is_bare(*in_.queue()[i], Tag::reset)) ++resets_;
    if (is_bare(*in_.queue()[i], Tag::goodbye)) ++goodbyes_;
  }
}

std::optional<Request> Connection::next() {
  while (!open_ && !defunct() && !in_.empty()) {
    if (behind_run_ > 0) --behind_run_;
    if (auto request = admit(in_.pop())) return request;
  }
  return std::nullopt;
}

std::optional<Request> Connection::admit(MessagePtr message) {
  if (is_bare(*message, Tag::reset)) --resets_;
  if (!is_structure(*message)) {
    not_a_request(*message);
    return std::nullopt;
  }
  const auto tag = static_cast<Tag>(message->bytes[1]);
  const Cell cell = rule(state_, static_cast<std::uint8_t>(tag), features_);
  switch (cell.action) {
    case Action::accept: return accept(tag, std::move(message));
    case Action::close: close(); return Request{Goodbye{}, nullptr};
    case Action::unknown: refuse(unknown_message(static_cast<std::uint8_t>(tag), version()), true); return std::nullopt;
    case Action::ignore: write_ignored(out_); break;
    case Action::refuse:
    case Action::fatal:
      if (cancelled()) {
        write_ignored(out_);
      } else if (cell.action == Action::refuse) {
        refuse(unknown_result(last_result), false);
      } else {
        refuse(wrong_state(name(tag), name(state_)), true);
      }
      break;
  }
  in_.recycle(std::move(message));
  return std::nullopt;
}

void Connection::not_a_request(const Message& message) {
  if (state_ == State::failed) {
    write_ignored(out_);
  } else if (message.too_large) {
    refuse(message_too_large(limit()), false);
  } else {
    refuse({Status::request_invalid, "a message must be a PackStream structure"}, false);
  }
}

std::optional<Request> Connection::accept(Tag tag, MessagePtr message) {
  const bool in_transaction = state_ == State::tx_ready || state_ == State::tx_streaming;
  auto body = decode(tag, *message, {features_, dialect_, in_transaction});
  if (!body) {
    refuse(body.error(), false);
    return std::nullopt;
  }
  // LOGOFF is let through: drivers change the user by LOGOFF and LOGON, and may RESET right behind.
  if (cancelled() && tag != Tag::logoff) {
    write_ignored(out_);
    in_.recycle(std::move(message));
    return std::nullopt;
  }
  if (const auto* hello = std::get_if<Hello>(&*body); hello && hello->utc_patch) {
    dialect_ = packstream::Dialect::bolt(version().major, version().minor, true);
  }
  open_ = tag;
  if (tag == Tag::run) behind_run_ = in_.size();
  if (!keeps_views(tag)) in_.recycle(std::move(message));
  return Request{std::move(*body), std::move(message)};
}

std::optional<StatementAhead> Connection::take_ahead(std::size_t most) {
  if (behind_run_ < 2 || state_ != State::streaming || interrupted()) return std::nullopt;
  const Message &run = *in_.queue()[0], &pull = *in_.queue()[1];
  const Tag rows_tag = has_tag(pull, Tag::discard) ? Tag::discard : Tag::pull;
  if (!has_tag(run, Tag::run) || run.bytes.size() > most || !has_tag(pull, rows_tag)) return std::nullopt;
  StatementAhead ahead;
  ahead.run_message = in_.pop();  // out of the queue before decoding lets them grow
  ahead.pull_message = in_.pop();
  const DecodeContext context{features_, dialect_, false};
  auto body = decode(Tag::run, *ahead.run_message, context);
  const auto rows = decode(rows_tag, *ahead.pull_message, context);
  if (!body || !rows || !wants_all(*rows)) {  // handed out, or refused, when their turn comes
    in_.push_front(std::move(ahead.pull_message));
    in_.push_front(std::move(ahead.run_message));
    return std::nullopt;
  }
  behind_run_ -= 2;
  ahead.run = std::get<Run>(std::move(*body));
  ahead.discard = rows_tag == Tag::discard;
  return ahead;
}

void Connection::give_back(std::vector<MessagePtr> messages) {
  if (defunct()) return;
  behind_run_ = 0;
  for (auto message = messages.rbegin(); message != messages.rend(); ++message) in_.push_front(std::move(*message));
}

void Connection::refuse(const Error& error, bool fatal) {
  write_failure(out_, error, features_);
  if (fatal || !logged_in(state_)) return close();
  state_ = State::failed;
}

void Connection::success(Outcome outcome) {
  if (!open_) return;
  if (outcome.has_more) {
    SuccessFrame frame(out_, dialect_);
    frame.boolean("has_more", true);
    frame.close();
  } else {
    write_success(out_);
  }
  answered(outcome);
}

void Connection::answered(Outcome outcome) {
  if (!open_) return;
  state_ = state_after(state_, *open_, features_, outcome);
  was_logged_in_ = was_logged_in_ || logged_in(state_);
  open_.reset();
}

void Connection::failure(const Error& error) {
  if (!open_) return;
  open_.reset();
  refuse(error, false);
}

void Connection::ignored() {
  if (!open_) return;
  write_ignored(out_);
  open_.reset();
}

void Connection::noop() {
  if (!has(Feature::noop) || defunct()) return;
  std::byte* const chunk = out_.extend(2);
  chunk[0] = chunk[1] = std::byte{0};
}

void Connection::close() {
  state_ = State::defunct;
  open_.reset();
  in_.clear();
  resets_ = goodbyes_ = behind_run_ = 0;
}

std::optional<std::string_view> text_of(const Value& map, std::string_view key) {
  if (!map.is(Kind::map)) return std::nullopt;
  const Value* const v = find(map.as_map(), key);
  return v && v->is(Kind::string) ? std::optional(v->as_string()) : std::nullopt;
}

}  // namespace packhouse::protocol
