#include "protocol/decode.hpp"

#include "packstream/decode.hpp"
#include "protocol/extra.hpp"
#include "protocol/failure.hpp"

namespace packhouse::protocol {
namespace {

/// Gives the fields of one message in their order.
class Fields {
 public:
  Fields(Tag tag, Message& message, const DecodeContext& context)
      : context(context),
        name(protocol::name(tag)),
        arena(message.arena),
        in_(message.bytes.view().subspan(2), context.dialect.uuid) {}  // behind marker and tag

  Result<Value> next() { return packstream::decode_next(in_, arena, {.dialect = context.dialect}); }
  Result<Value> next(Kind kind, std::string_view what, std::string_view expected) {
    PACKHOUSE_TRY(const Value v, next());
    if (!v.is(kind))
      return tl::make_unexpected(wrong_type(std::string(what) + " of " + std::string(name), expected, found(v)));
    return v;
  }
  Result<Extra> extra(std::string_view what = "the extra map") {
    PACKHOUSE_TRY(const Value map, next(Kind::map, what, "a map"));
    return Extra(map, name, arena);
  }

  const DecodeContext& context;
  std::string_view name;
  Arena& arena;

 private:
  packstream::Cursor in_;
};

std::uint8_t field_count(Tag tag, const Features& features) {
  switch (tag) {
    case Tag::hello:
    case Tag::begin:
    case Tag::telemetry:
    case Tag::logon: return 1;
    case Tag::run:
    case Tag::route: return 3;
    case Tag::pull:
    case Tag::discard: return features.has(Feature::pull_n) ? 1 : 0;
    case Tag::goodbye:
    case Tag::reset:
    case Tag::commit:
    case Tag::rollback:
    case Tag::logoff: break;
  }
  return 0;
}

AuthToken decode_token(const Extra& extra) {
  const auto text = [&](std::string_view key) -> std::optional<std::string_view> {
    const Value* const v = extra.given(key);
    return v && v->is(Kind::string) ? std::optional(v->as_string()) : std::nullopt;
  };
  return {text("scheme"), text("principal"), text("credentials"), text("realm")};
}

Result<std::string_view> decode_bolt_agent(const Extra& hello) {
  if (!hello.given("bolt_agent")) return tl::make_unexpected(missing_key("bolt_agent", hello.message()));
  PACKHOUSE_TRY(const Value agent, hello.map("bolt_agent"));
  for (const auto& [key, v] : agent.as_map()) {
    if (!v.is(Kind::string))
      return tl::make_unexpected(wrong_type("`bolt_agent." + std::string(key) + "` of HELLO", "a string", found(v)));
  }
  const auto product = text_of(agent, "product");
  if (!product) return tl::make_unexpected(missing_key("bolt_agent.product", hello.message()));
  return *product;
}

Result<RequestBody> decode_hello(Fields& in) {
  PACKHOUSE_TRY(const Extra extra, in.extra());
  const Features& features = in.context.features;
  Hello hello;
  PACKHOUSE_TRY(const auto agent, extra.text("user_agent"));
  if (!agent) return tl::make_unexpected(missing_key("user_agent", in.name));
  hello.user_agent = *agent;
  if (!features.has(Feature::logon)) hello.auth = decode_token(extra);
  if (features.has(Feature::routing_context)) {
    PACKHOUSE_TRY(hello.routing, extra.map("routing"));
  }
  if (features.has(Feature::utc_patch)) {
    PACKHOUSE_TRY(const auto patches, extra.texts("patch_bolt"));
    for (const std::string_view p : patches) hello.utc_patch |= p == "utc";
  }
  if (features.has(Feature::bolt_agent)) {
    PACKHOUSE_TRY(hello.agent_product, decode_bolt_agent(extra));
  }
  PACKHOUSE_TRY(hello.filter, decode_filter(extra, features));
  return hello;
}

Result<TransactionExtra> decode_transaction(const Extra& extra, const Features& features) {
  TransactionExtra tx;
  PACKHOUSE_TRY(tx.bookmarks, extra.texts("bookmarks"));
  PACKHOUSE_TRY(tx.timeout_ms, extra.integer("tx_timeout"));
  if (tx.timeout_ms && *tx.timeout_ms < 0) tx.timeout_ms.reset();  // as Neo4j takes it
  PACKHOUSE_TRY(tx.metadata, extra.map("tx_metadata"));
  PACKHOUSE_TRY(const auto mode, extra.text("mode"));
  if (mode && *mode != "r" && *mode != "w") {
    return tl::make_unexpected(bad_value(extra.name("mode"), '"' + std::string(*mode) + '"', "\"r\" or \"w\""));
  }
  if (mode == "r") tx.mode = TransactionExtra::Mode::read;
  if (features.has(Feature::databases)) {
    PACKHOUSE_TRY(const auto database, extra.text("db"));
    tx.database = database.value_or("");
  }
  if (features.has(Feature::impersonation)) {
    PACKHOUSE_TRY(const auto user, extra.text("imp_user"));
    tx.impersonated_user = user.value_or("");
  }
  PACKHOUSE_TRY(tx.filter, decode_filter(extra, features));
  return tx;
}

Result<RequestBody> decode_run(Fields& in) {
  Run run;
  PACKHOUSE_TRY(const Value query, in.next(Kind::string, "the query", "a string"));
  run.query = query.as_string();
  PACKHOUSE_TRY(run.parameters, in.next(Kind::map, "the parameters", "a map"));
  PACKHOUSE_TRY(const Extra extra, in.extra());
  if (!in.context.in_transaction) {
    PACKHOUSE_TRY(run.extra, decode_transaction(extra, in.context.features));
  }
  return run;
}

Result<RequestBody> decode_begin(Fields& in) {
  PACKHOUSE_TRY(const Extra extra, in.extra());
  Begin begin;
  PACKHOUSE_TRY(begin.extra, decode_transaction(extra, in.context.features));
  return begin;
}

/// PULL and DISCARD.
template <class T>
Result<RequestBody> decode_rows(Fields& in) {
  T request;
  if (!in.context.features.has(Feature::pull_n)) return request;
  PACKHOUSE_TRY(const Extra extra, in.extra());
  PACKHOUSE_TRY(const auto n, extra.integer("n"));
  if (!n) return tl::make_unexpected(missing_key("n", in.name));
  if (*n != all_rows && *n < 1) {
    return tl::make_unexpected(bad_value(extra.name("n"), std::to_string(*n), "-1 or at least 1"));
  }
  request.n = *n;
  PACKHOUSE_TRY(const auto qid, extra.integer("qid"));
  request.qid = qid.value_or(last_result);
  return request;
}

Result<RequestBody> decode_route(Fields& in) {
  Route route;
  PACKHOUSE_TRY(route.routing, in.next(Kind::map, "the routing context", "a map"));
  PACKHOUSE_TRY(const Value bookmarks, in.next());
  if (!bookmarks.is_null()) {
    PACKHOUSE_TRY(route.bookmarks, texts_of(bookmarks, "the bookmarks of ROUTE", in.arena));
  }
  if (in.context.features.has(Feature::route_map)) {
    PACKHOUSE_TRY(const Extra extra, in.extra());
    PACKHOUSE_TRY(const auto database, extra.text("db"));
    PACKHOUSE_TRY(const auto user, extra.text("imp_user"));
    route.database = database.value_or("");
    route.impersonated_user = user.value_or("");
  } else {
    PACKHOUSE_TRY(const Value database, in.next());  // 4.3 takes anything but a string as null
    if (database.is(Kind::string)) route.database = database.as_string();
  }
  return route;
}

Result<RequestBody> decode_telemetry(Fields& in) {
  PACKHOUSE_TRY(const Value api, in.next(Kind::integer, "the API number", "an integer"));
  if (api.as_integer() < 0 || api.as_integer() > 3) {
    return tl::make_unexpected(
        bad_value("the API number of TELEMETRY", std::to_string(api.as_integer()), "0, 1, 2 or 3"));
  }
  return Telemetry{static_cast<TelemetryApi>(api.as_integer())};
}

Result<RequestBody> decode_logon(Fields& in) {
  PACKHOUSE_TRY(const Extra extra, in.extra("the token"));
  return Logon{decode_token(extra)};
}

}  // namespace

Result<RequestBody> decode(Tag tag, Message& message, const DecodeContext& context) {
  const std::size_t fields = std::to_integer<std::size_t>(message.bytes[0]) & 0x0F;
  if (const std::size_t expected = field_count(tag, context.features); fields != expected) {
    return tl::make_unexpected(wrong_field_count(name(tag), expected, fields));
  }
  Fields in(tag, message, context);
  switch (tag) {
    case Tag::hello: return decode_hello(in);
    case Tag::logon: return decode_logon(in);
    case Tag::run: return decode_run(in);
    case Tag::begin: return decode_begin(in);
    case Tag::pull: return decode_rows<Pull>(in);
    case Tag::discard: return decode_rows<Discard>(in);
    case Tag::route: return decode_route(in);
    case Tag::telemetry: return decode_telemetry(in);
    case Tag::logoff: return Logoff{};
    case Tag::goodbye: return Goodbye{};
    case Tag::reset: return Reset{};
    case Tag::commit: return Commit{};
    case Tag::rollback: return Rollback{};
  }
  return fail(Status::internal, "decode was asked for a message that does not exist");
}

}  // namespace packhouse::protocol
