// The loader's parts, one a section of the file. Private to the loader.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/json_reader.h"
#include "sim/scenario.h"
#include "sim/scenario_limits.h"
#include "sim/scenario_loader.h"
#include "sim/scenario_text.h"

namespace sendscope::sim {

// What the sections share. The cluster is read first, so that the others can be held against it.
struct LoadContext {
  Problems& problems;
  LoadedScenario& out;
  bool missing_topics_meant = false;  // cluster.config speaks of auto.create.topics.enable
  std::map<std::string, std::int32_t> grown_topics = {};  // what add_partitions makes of them
  // The expressions so far, and where they stand: what they speak of is known when all is read.
  std::vector<std::pair<Expression, const JsonValue*>> expressions = {};

  Scenario& scenario() { return out.scenario; }
};

// ---- expressions (scenario_values.cpp): parsed, and noted
std::optional<Expression> read_condition(const JsonValue& value, LoadContext& context);
std::optional<Expectation> read_expectation(const JsonValue& value, LoadContext& context);

// ---- values (scenario_values.cpp)
using ScalarReader = std::function<std::optional<std::int64_t>(const JsonValue&, Problems&)>;
// A constant, {"uniform": [a, b]}, {"exponential": mean} or {"lognormal": {"median": a, "p99": b}}.
std::optional<Distribution> read_distribution(const JsonValue& value, Problems& problems,
                                              const ScalarReader& scalar);
std::optional<Distribution> read_durations(const JsonValue& value, Problems& problems);
std::optional<Distribution> read_sizes(const JsonValue& value, Problems& problems);
// A constant means: from nothing up to it.
std::optional<Distribution> read_jitter(const JsonValue& value, Problems& problems);
std::optional<std::uint64_t> read_bandwidth(const JsonValue& value, Problems& problems);
std::optional<ApiKey> read_api(const JsonValue& value, Problems& problems);
bool is_distribution(const JsonValue& value);
// Reports what is no object, or a list for a kind of list, and one that holds more than `most` things.
bool is_collection(const JsonValue& value, JsonValue::Kind kind, std::size_t most, const std::string& things,
                   const std::string& expected, Problems& problems);
// The text of a configuration value: a string, a number or a boolean.
std::optional<std::string> read_config_text(const JsonValue& value, Problems& problems);

// ---- the same, written (scenario_writer.cpp)
std::string write_durations(const Distribution& times);
std::string write_link(const FaultSpec& fault);
std::string write_service(const FaultSpec& fault);

// ---- what may be referred to (scenario_values.cpp); each reports a reference to nothing
std::optional<NodeId> read_node(const JsonValue& value, LoadContext& context);
// Fails only for a topic that no file section brings to be.
bool check_topic(const JsonValue& at, const std::string& topic, LoadContext& context);
bool check_partition(const JsonValue& at, const std::string& topic, PartitionId partition,
                     LoadContext& context);
// "orders-0"
std::optional<std::pair<std::string, PartitionId>> read_partition(const JsonValue& value,
                                                                  LoadContext& context);

// ---- tables: the loader reads by them, and the schema is printed from them. A `form` is the name of the
// definition in the schema that says which values there are.
struct TopicNumber {
  std::string_view name;
  std::int32_t TopicSpec::*field;
  std::int64_t low;
  std::int64_t high;
};
struct TopicWord {
  std::string_view name;
  std::vector<std::string_view> words;
  void (*set)(TopicSpec&, std::string_view word);
};
std::span<const TopicNumber> topic_numbers();
std::span<const TopicWord> topic_words();

struct StepRow {
  std::string_view name;
  std::string_view form;
  bool in_callback;  // a callback may do it
  Step (*read)(const JsonValue& value, LoadContext& context, int depth);
};
std::span<const StepRow> step_rows();

struct FaultArgument {
  unsigned bit;
  std::string_view name;
  std::string_view form;
  std::string_view what;  // in words
  void (*read)(const JsonValue& value, LoadContext& context, FaultSpec& fault);
  std::string (*write)(const FaultSpec& fault);  // as JSON; empty: it is left out
};
struct FaultVerbRow {
  FaultVerb verb;
  unsigned may;         // bits of arguments
  unsigned must = 0;    // likewise; these, too
  unsigned one_of = 0;  // of `may`, at least one
};
std::span<const FaultArgument> fault_arguments();
std::span<const FaultVerbRow> fault_verbs();
// The errors a broker can answer with, NONE aside.
std::vector<const ErrorRow*> protocol_errors();

// ---- sections
void read_link(const JsonValue& value, Problems& problems, LinkSpec& link);
void read_service(const JsonValue& value, Problems& problems, std::map<ApiKey, Distribution>& by_api,
                  std::optional<Distribution>& all, std::optional<Distribution>& other);
void read_cluster(const JsonValue& value, LoadContext& context);
void read_profile(const JsonValue& value, LoadContext& context, std::string& profile);
void read_producer_config(const JsonValue& value, LoadContext& context, ProducerSpec& producer);
// Faults that name a producer name one that exists.
void check_clients(const JsonValue& faults, LoadContext& context);
void read_producers(const JsonValue& value, LoadContext& context);
std::vector<Step> read_steps(const JsonValue& value, LoadContext& context, int depth);
void read_send(const JsonValue& value, LoadContext& context, SendStep& send, int depth);
void read_faults(const JsonValue& value, LoadContext& context);

}  // namespace sendscope::sim
