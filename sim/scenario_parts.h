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
#include "sim/topic_keys.h"

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

// ---- values, written as JSON (scenario_writer.cpp); empty: left out
std::string write(bool flag);
std::string write(std::int64_t number);
std::string write(ErrorCode error);
std::string write(ApiKey api);
std::string write(MessageKind kind);
std::string write(OccurrenceKind kind);
std::string write(const std::string& name);
std::string write(const TopicPartition& partition);
std::string write(const Distribution& times);
std::string write(const LinkChange& link);
std::string write(const ServiceChange& service);
// A node id or a name.
std::string write_side(const std::string& side);

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
// Those of topics: topic_keys.h.
struct StepRow {
  std::string_view name;
  std::string_view form;
  bool in_callback;  // a callback may do it
  Step (*read)(const JsonValue& value, LoadContext& context, int depth);
};
std::span<const StepRow> step_rows();

struct FaultArgument {
  enum class Need : std::uint8_t { kMay, kMust, kOneOf };  // kOneOf: at least one of the verb's that are so
  std::string_view name;
  std::string_view form;
  std::string_view what;  // in words
  Need need;
  bool (*belongs_to)(const FaultAction& action);
  // REQUIRES: belongs_to(action)
  void (*read)(const JsonValue& value, LoadContext& context, FaultAction& action);
  // As JSON; empty: it is left out. REQUIRES: likewise
  std::string (*write)(const FaultAction& action);
};
std::span<const FaultArgument> fault_arguments();
// One action of each verb, without arguments.
const std::vector<FaultAction>& fault_verbs();
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
