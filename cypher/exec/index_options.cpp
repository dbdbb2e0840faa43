#include "cypher/exec/index_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cypher/error.hpp"
#include "fulltext/analyzer.hpp"
#include "value/print.hpp"

namespace packhouse::cypher {
namespace {

using storage::VectorConfig;
using storage::VectorSimilarity;

[[noreturn, gnu::cold]] void refuse(const std::string& what) {
  throw QueryError(Status::invalid_arguments, what);
}

std::uint32_t bounded(std::string_view name, const Value& v, std::int64_t most) {
  if (!v.is(Kind::integer))
    refuse(fmt::format("'{}' is expected to have been an INTEGER, but was {}", name, type_name(v.kind())));
  if (v.as_integer() < 1 || v.as_integer() > most)
    refuse(fmt::format("'{}' must be between 1 and {} inclusively", name, most));
  return static_cast<std::uint32_t>(v.as_integer());
}

VectorSimilarity similarity(std::string_view name, const Value& v) {
  if (!v.is(Kind::string))
    refuse(fmt::format("'{}' is expected to have been a STRING, but was {}", name, type_name(v.kind())));
  std::string upper(v.as_string());
  std::ranges::transform(upper, upper.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  if (upper == "COSINE") return VectorSimilarity::cosine;
  if (upper == "EUCLIDEAN") return VectorSimilarity::euclidean;
  refuse(
      fmt::format("'{}' is an unsupported vector similarity function. Supported: [COSINE, EUCLIDEAN]", v.as_string()));
}

std::string_view similarity_word(VectorSimilarity s) {
  return s == VectorSimilarity::cosine ? "COSINE" : "EUCLIDEAN";
}

std::string config_text(std::span<const MapEntry> config) {
  std::string out = "{";
  for (const MapEntry& e : config) out += (out.size() > 1 ? ", " : "") + std::string(e.key) + ": " + print(e.value);
  return out + "}";
}

void set_fulltext_option(storage::FulltextConfig& config, std::string_view name, const Value& value) {
  if (name == "fulltext.analyzer") {
    if (!value.is(Kind::string)) refuse(fmt::format("'{}' is expected to have been a STRING, but was {}", name, type_name(value.kind())));
    if (!fulltext::find_analyzer(value.as_string())) {
      refuse(fmt::format("'{}' is an unknown analyzer; db.index.fulltext.listAvailableAnalyzers() lists those there are",
                         value.as_string()));
    }
    config.analyzer = value.as_string();
  } else if (name == "fulltext.eventually_consistent") {
    if (!value.is(Kind::boolean)) refuse(fmt::format("'{}' is expected to have been a BOOLEAN, but was {}", name, type_name(value.kind())));
    config.eventually_consistent = value.as_boolean();
  } else {
    refuse(fmt::format("'{}' is an unrecognized setting. Supported: [fulltext.analyzer, fulltext.eventually_consistent]", name));
  }
}

/// The kinds of indexes that have options.
struct Family {
  std::string_view word, provider, older_provider;
  void (*set)(storage::IndexDefinition&, std::string_view name, const Value&);
};
constexpr Family vector_family{"vector", vector_provider, "vector-1.0",
                               [](storage::IndexDefinition& d, std::string_view n, const Value& v) { set_vector_option(d.vector, n, v); }};
constexpr Family fulltext_family{"fulltext", fulltext_provider, fulltext_provider, [](storage::IndexDefinition& d, std::string_view n, const Value& v) {
                                   set_fulltext_option(d.fulltext, n, v);
                                 }};

void apply_config(storage::IndexDefinition& index, const Family& family, const Value& v) {
  const auto refused = [&](const std::string& config, std::string_view why) {
    refuse(fmt::format("Could not create {} index with specified index config '{}'. {}", family.word, config, why));
  };
  if (!v.is(Kind::map)) refused(print(v), "Expected a map.");
  for (const MapEntry& e : v.as_map()) {
    try {
      family.set(index, e.key, e.value);
    } catch (QueryError& error) {
      refused(config_text(v.as_map()), error.error.message());
    }
  }
}

}  // namespace

void set_vector_option(VectorConfig& config, std::string_view name, const Value& value) {
  if (name == "vector.dimensions") {
    config.dimensions = bounded(name, value, storage::max_vector_dimensions);
  } else if (name == "vector.similarity_function") {
    config.similarity = similarity(name, value);
  } else if (name == "vector.hnsw.m") {
    config.m = bounded(name, value, 512);
  } else if (name == "vector.hnsw.ef_construction") {
    config.ef_construction = bounded(name, value, 3200);
  } else if (name == "vector.quantization.enabled") {
    if (!value.is(Kind::boolean)) {
      refuse(fmt::format("'{}' is expected to have been a BOOLEAN, but was {}", name, type_name(value.kind())));
    }
    config.quantization = value.as_boolean();
  } else {
    refuse(fmt::format(
        "'{}' is an unrecognized setting. Supported: [vector.dimensions, vector.hnsw.ef_construction, vector.hnsw.m, "
        "vector.quantization.enabled, vector.similarity_function]",
        name));
  }
}

void apply_index_options(storage::IndexDefinition& index, const Value& options) {
  const bool vector = index.type == storage::IndexType::vector;
  if (!vector && index.type != storage::IndexType::fulltext) return;
  const Family& family = vector ? vector_family : fulltext_family;
  for (const MapEntry& e : options.as_map()) {
    if (e.key == "indexConfig") {
      apply_config(index, family, e.value);
    } else if (e.key == "indexProvider") {
      const bool known =
          e.value.is(Kind::string) && (e.value.as_string() == family.provider || e.value.as_string() == family.older_provider);
      if (!known)
        refuse(fmt::format("Could not create {} index with specified index provider '{}'.", family.word, print(e.value)));
    } else {
      refuse(fmt::format("Failed to create {} index: Invalid option provided, valid options are `indexProvider` and "
                         "`indexConfig`.", family.word));
    }
  }
}

Value index_options(const storage::Index& index, Arena& arena) {
  if (index.type == storage::IndexType::fulltext) {
    const MapEntry config[] = {{"fulltext.analyzer", Value::string(index.fulltext.analyzer)},
                               {"fulltext.eventually_consistent", Value::boolean(index.fulltext.eventually_consistent)}};
    const MapEntry all[] = {{"indexConfig", Value::map(config)}, {"indexProvider", Value::string(fulltext_provider)}};
    return deep_copy(Value::map(all), arena);
  }
  if (index.type != storage::IndexType::vector) return Value::map({});
  const VectorConfig& v = index.vector;
  std::vector<MapEntry> config;
  if (v.dimensions != 0) config.push_back({"vector.dimensions", Value::integer(v.dimensions)});
  config.push_back({"vector.hnsw.ef_construction", Value::integer(v.ef_construction)});
  config.push_back({"vector.hnsw.m", Value::integer(v.m)});
  config.push_back({"vector.quantization.enabled", Value::boolean(v.quantization)});
  config.push_back({"vector.similarity_function", Value::string(similarity_word(v.similarity))});
  const MapEntry all[] = {{"indexConfig", Value::map(config)}, {"indexProvider", Value::string(vector_provider)}};
  return deep_copy(Value::map(all), arena);
}

std::string options_text(const storage::Index& index) {
  if (index.type == storage::IndexType::fulltext) {
    return fmt::format(" OPTIONS {{indexConfig: {{`fulltext.analyzer`: '{}',`fulltext.eventually_consistent`: {}}}, indexProvider: '{}'}}",
                       index.fulltext.analyzer, index.fulltext.eventually_consistent, fulltext_provider);
  }
  if (index.type != storage::IndexType::vector) return "";
  const VectorConfig& v = index.vector;
  const std::string dimensions = v.dimensions != 0 ? fmt::format("`vector.dimensions`: {},", v.dimensions) : "";
  return fmt::format(
      " OPTIONS {{indexConfig: {{{}`vector.hnsw.ef_construction`: {},`vector.hnsw.m`: "
      "{},`vector.quantization.enabled`: {},"
      "`vector.similarity_function`: '{}'}}, indexProvider: '{}'}}",
      dimensions, v.ef_construction, v.m, v.quantization, similarity_word(v.similarity), vector_provider);
}

}  // namespace packhouse::cypher
