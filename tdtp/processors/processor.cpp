#include "tdtp/processors/processor.hpp"

#include "tdtp/compression.hpp"
#include "tdtp/processors/masker.hpp"
#include "tdtp/processors/normalizer.hpp"
#include "tdtp/processors/validator.hpp"

namespace packhouse::tdtp {

namespace {

using Kind = json::Node::Kind;

Result<json::Node> parse_config(std::string_view text, const Limits& limits) {
  auto node = json::parse(text, limits.depth);
  if (!node) return json::invalid_json("config", node.error().message());
  if (!node->is(Kind::object) && !node->is(Kind::null)) {
    return json::wrong_json("config", *node, "value of type map[string]interface {}");
  }
  return node;
}

/// A compression level from settings; what is no number means the default.
std::int64_t level_of(const json::Node& config) {
  const json::Node* level = config.find("level");
  if (level == nullptr || !level->is(Kind::number)) return 3;
  const double v = level->as_double();
  return v >= 22 ? 22 : v <= 1 ? 1 : static_cast<std::int64_t>(v);
}

tl::unexpected<Error> wrong_chain(const json::Node& node, std::string_view into) {
  return json::wrong_json("chain", node, into);
}

/// Whether one step of a chain is an object whose type is a text and whose params are an object.
Result<void> check_step(const json::Node& step) {
  if (!step.is(Kind::object) && !step.is(Kind::null)) return wrong_chain(step, "value of type processors.Config");
  const auto wrong = [&](std::string_view name, Kind kind) -> const json::Node* {
    const json::Node* n = step.find_ignoring_case(name);
    return n == nullptr || n->is(kind) || n->is(Kind::null) ? nullptr : n;
  };
  if (const auto* n = wrong("type", Kind::string)) return wrong_chain(*n, "struct field Config.type of type string");
  if (const auto* n = wrong("params", Kind::object)) {
    return wrong_chain(*n, "struct field Config.params of type map[string]interface {}");
  }
  return ok;
}

Result<std::unique_ptr<Processor>> make_step(const json::Node& step, std::size_t number) {
  static const json::Node none;
  const json::Node* type = step.find_ignoring_case("type");
  const json::Node* params = step.find_ignoring_case("params");
  auto made = make_processor(type != nullptr ? type->text : std::string(), params != nullptr ? *params : none);
  if (made) return made;
  const std::string where = "chain build error: failed to create processor " + std::to_string(number) + ": ";
  return tl::make_unexpected(std::move(made).error().in(where));
}

}  // namespace

Result<std::size_t> processed_column(const Schema& schema, const std::string& name) {
  if (const auto column = schema.find(name)) return *column;
  return fail(Status::argument_error, "unknown field '" + name + "'");
}

Result<std::unique_ptr<Processor>> make_processor(std::string_view type, const json::Node& config) {
  Result<std::unique_ptr<Processor>> made;
  if (type == "field_masker") {
    made = make_masker(config);
  } else if (type == "field_normalizer") {
    made = make_normalizer(config);
  } else if (type == "field_validator") {
    made = make_validator(config);
  } else {
    return fail(Status::argument_error, "unknown processor type: " + std::string(type));
  }
  if (!made)
    return tl::make_unexpected(std::move(made).error().in("failed to create processor '" + std::string(type) + "': "));
  return made;
}

Result<Chain> Chain::parse(std::string_view text, const Limits& limits) {
  auto node = json::parse(text, limits.depth);
  if (!node) return json::invalid_json("chain", node.error().message());
  Chain chain;
  if (node->is(Kind::null)) return chain;
  if (!node->is(Kind::array)) return wrong_chain(*node, "value of type []processors.Config");
  for (const json::Node& step : node->elements) PACKHOUSE_CHECK(check_step(step));
  for (std::size_t i = 0; i < node->elements.size(); ++i) {
    PACKHOUSE_TRY(auto step, make_step(node->elements[i], i));
    chain.steps_.push_back(std::move(step));
  }
  return chain;
}

Result<void> Chain::process(Packet& packet, std::uint64_t first_row) const {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (auto r = steps_[i]->process(packet, first_row); !r) {
      return tl::make_unexpected(std::move(r).error().in("chain process error: processor " + std::to_string(i) + " (" +
                                                         std::string(steps_[i]->name()) + ") failed: "));
    }
  }
  return ok;
}

Result<void> compress_packet(Packet& packet, std::int64_t level) {
  std::string blob;
  if (!packet.rows.empty()) {
    PACKHOUSE_TRY(blob, compress_rows(packet.rows, level));
  }
  packet.compression = "zstd";
  packet.checksum = checksum_of(blob);
  packet.rows.clear();
  packet.rows.add(packet.rows.keep(blob));
  packet.rows.end_row();
  return ok;
}

Result<void> decompress_packet(Packet& packet, const Limits& limits) {
  if (packet.rows.empty() || packet.rows[0].empty()) return fail(Status::argument_error, "no compressed data found");
  Rows rows;
  PACKHOUSE_CHECK(decompress_rows(packet.rows[0][0], packet.checksum, limits, rows));
  rows.absent = rows.empty();
  packet.rows = std::move(rows);
  return ok;
}

Result<void> apply_processor(Packet& packet, std::string_view type, std::string_view config, const Limits& limits) {
  PACKHOUSE_TRY(const json::Node node, parse_config(config, limits));
  if (type == "compress") return compress_packet(packet, level_of(node));
  if (type == "decompress") return decompress_packet(packet, limits);
  auto processor = make_processor(type, node);
  if (!processor) return tl::make_unexpected(std::move(processor).error().in("processor error: "));
  if (auto r = (*processor)->process(packet, 0); !r)
    return tl::make_unexpected(std::move(r).error().in("process error: "));
  return ok;
}

}  // namespace packhouse::tdtp
