// What `produce` and `live` are told alike: where to, as what, and whether to keep a trace.
#pragma once

#include <string>
#include <vector>

#include "core/producer/config.h"
#include "ui/terminal/command_line.h"

namespace sendscope::ui {

struct LiveTarget {
  std::string bootstrap;
  std::string topic;
  std::vector<std::string> config;             // "key=value", Kafka's keys
  std::string trace;                           // empty: none
  Nanos trace_last = 0;                        // of the end of the run in the trace, in ns; 0: all of it
  bool record_events = true;                   // events of single records in the trace
  bool metrics = false;                        // printed at the end
  std::string profile{newest_profile().name};  // a generation of Kafka's client
};

void add_target_options(CommandLine& line, LiveTarget& target);

// The configuration the words make; warnings (unknown keys, Kafka's own) go to `warnings`. Fails with
// kConfig, naming key, value and rule.
Result<ProducerConfig> make_producer_config(const LiveTarget& target, std::vector<std::string>& warnings);
// The same with the warnings printed to the standard error stream.
Result<ProducerConfig> make_producer_config_or_warn(const LiveTarget& target);

}  // namespace sendscope::ui
