#include "protocol/state.hpp"

#include <array>
#include <optional>

namespace packhouse::protocol {
namespace {

constexpr std::size_t states = 7;  // negotiation to failed

struct Row {
  Tag tag;
  std::array<Cell, states> cells;
  std::optional<Feature> needs = {};
};

constexpr Cell to(Next next) {
  return {Action::accept, next};
}
constexpr Cell die{Action::fatal, Next::none}, skip{Action::ignore, Next::none}, bad{Action::refuse, Next::none},
    end{Action::close, Next::none};
constexpr Cell in = to(Next::logged_on), out = to(Next::authentication), home = to(Next::ready), stay = to(Next::stay),
               rows = to(Next::streaming), tx = to(Next::tx_ready), txs = to(Next::tx_streaming),
               more = to(Next::drained);

// BOLT.md section 6, with the choices of section 17: BEGIN and LOGOFF in FAILED are IGNORED.
// clang-format off
constexpr std::array table{
    //               negotiation auth. ready streaming tx_ready tx_streaming failed
    Row{Tag::hello,     {{in,    die,  die,  die,      die,     die,         die}}},
    Row{Tag::logon,     {{die,   home, die,  die,      die,     die,         die}}, Feature::logon},
    Row{Tag::logoff,    {{die,   die,  out,  die,      die,     die,         skip}}, Feature::logon},
    Row{Tag::run,       {{die,   die,  rows, die,      txs,     txs,         skip}}},
    Row{Tag::pull,      {{die,   die,  die,  more,     bad,     more,        skip}}},
    Row{Tag::discard,   {{die,   die,  die,  more,     bad,     more,        skip}}},
    Row{Tag::begin,     {{die,   die,  tx,   die,      die,     die,         skip}}},
    Row{Tag::commit,    {{die,   die,  die,  die,      home,    home,        skip}}},
    Row{Tag::rollback,  {{die,   die,  die,  die,      home,    home,        skip}}},
    Row{Tag::route,     {{die,   die,  stay, die,      die,     die,         skip}}, Feature::route},
    Row{Tag::telemetry, {{die,   die,  stay, die,      die,     die,         skip}}, Feature::telemetry},
    Row{Tag::reset,     {{die,   die,  home, home,     home,    home,        home}}},
    Row{Tag::goodbye,   {{end,   end,  end,  end,      end,     end,         end}}},
};
// clang-format on

constexpr std::uint8_t no_row = 0xFF;
constexpr std::array<std::uint8_t, 256> row_of = [] {
  std::array<std::uint8_t, 256> index{};
  index.fill(no_row);
  for (std::size_t i = 0; i < table.size(); ++i) {
    index[static_cast<std::size_t>(table[i].tag)] = static_cast<std::uint8_t>(i);
  }
  return index;
}();

}  // namespace

Cell rule(State state, std::uint8_t tag, const Features& features) {
  const std::uint8_t row = row_of[tag];
  if (row == no_row || (table[row].needs && !features.has(*table[row].needs))) return {Action::unknown, Next::none};
  if (state < State::negotiation || state > State::failed) return end;
  return table[row].cells[static_cast<std::size_t>(state) - static_cast<std::size_t>(State::negotiation)];
}

State state_after(State state, Tag tag, const Features& features, Outcome outcome) {
  switch (rule(state, static_cast<std::uint8_t>(tag), features).next) {
    case Next::none:
    case Next::stay: return state;
    case Next::logged_on: return features.has(Feature::logon) ? State::authentication : State::ready;
    case Next::authentication: return State::authentication;
    case Next::ready: return State::ready;
    case Next::streaming: return State::streaming;
    case Next::tx_ready: return State::tx_ready;
    case Next::tx_streaming: return State::tx_streaming;
    case Next::drained:
      if (outcome.has_more) return state;
      if (state == State::streaming) return State::ready;
      return outcome.open_results > 0 ? State::tx_streaming : State::tx_ready;
  }
  return state;
}

std::string_view name(State s) {
  switch (s) {
    case State::handshake: return "HANDSHAKE";
    case State::negotiation: return "NEGOTIATION";
    case State::authentication: return "AUTHENTICATION";
    case State::ready: return "READY";
    case State::streaming: return "STREAMING";
    case State::tx_ready: return "TX_READY";
    case State::tx_streaming: return "TX_STREAMING";
    case State::failed: return "FAILED";
    case State::defunct: return "DEFUNCT";
  }
  return "?";
}

std::string_view name(Tag tag) {
  switch (tag) {
    case Tag::hello: return "HELLO";
    case Tag::goodbye: return "GOODBYE";
    case Tag::reset: return "RESET";
    case Tag::run: return "RUN";
    case Tag::begin: return "BEGIN";
    case Tag::commit: return "COMMIT";
    case Tag::rollback: return "ROLLBACK";
    case Tag::discard: return "DISCARD";
    case Tag::pull: return "PULL";
    case Tag::telemetry: return "TELEMETRY";
    case Tag::route: return "ROUTE";
    case Tag::logon: return "LOGON";
    case Tag::logoff: return "LOGOFF";
  }
  return "?";
}

}  // namespace packhouse::protocol
