// What a person can set in a scenario without rewriting it: the configuration of producers and brokers, the
// topics, the links, whose client it is; from the start of the run, and from some moment on where Kafka's
// keys can change at run time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/fault_spec.h"
#include "sim/scenario_text.h"

namespace sendscope::sim {

// Whose a setting is, as its `owner` says it, besides producers by their names.
inline constexpr std::string_view kBrokersOwner = "brokers", kLinksOwner = "links";
std::string owner_of_topic(std::string_view topic);
std::string owner_of_node(std::string_view node);
// The topic of such an owner; empty: it is none.
std::string_view topic_of_owner(std::string_view owner);

// A fault that changes a setting while the run goes on, without its time, and where in it the value stands:
// {"set": {"topic": "orders", "key": "min.insync.replicas"}} and {"set", "value"}.
struct RunTimeChange {
  std::string fault;
  JsonPath value;
};

struct Setting {
  JsonPath path;        // empty: it cannot be changed from the start
  std::string owner;    // "p1", "topic orders", "brokers", "node 1", "links"
  std::string name;     // "linger.ms"
  std::string written;  // its value in the text; empty: left out
  std::string doc;      // one sentence; may be empty
  std::vector<std::string> presets;
  bool secret = false;                  // it has a value that nobody is shown
  std::optional<RunTimeChange> change;  // none: it is read once, at the start
};

// In the order of the text, the producers first. A text that is no scenario has none.
std::vector<Setting> settings_of(const std::string& text);

// The fault that gives the setting this value, as it is typed, from `at` on, in the scenario of this text.
// Errors: the value makes no sense, or the setting is read once. REQUIRES: the text is a scenario
Result<FaultSpec> change_of(const std::string& text, const Setting& setting, const std::string& value,
                            Nanos at);

// What a person types, as JSON: a number, true, an object as they are, anything else as a string.
std::string json_of_typed(const std::string& typed);

}  // namespace sendscope::sim
