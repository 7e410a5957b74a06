// A run of 1.4 million events: three threads, twelve partitions, a pool that is always full.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "core/event/trace_file.h"
#include "sim/scenario_loader.h"
#include "sim/simulation.h"

namespace sendscope::bench {

inline constexpr std::size_t kEvents = 1'400'000;

inline constexpr const char* kScenario = R"({
  "sendscope": 1, "title": "a long run", "seed": 7,
  "cluster": {"nodes": 3, "topics": {"orders": {"partitions": 12, "replicas": 3}}},
  "producers": {"p1": {"config": {"buffer.memory": 1048576, "retries": 1000}, "threads": {
    "app-1": [{"send": {"topic": "orders", "key": "k-{i}", "value": "200B", "for": "1h", "every": "40us"}}],
    "app-2": [{"send": {"topic": "orders", "key": "l-{i}", "value": "100B", "for": "1h", "every": "50us"}}],
    "app-3": [{"send": {"topic": "orders", "value": "100B", "for": "1h", "every": "70us"}}]
  }}},
  "faults": [{"at": "1s", "respond": {"node": 1, "api": "Produce", "error": "NOT_ENOUGH_REPLICAS"}, "times": 20}],
  "until": "1h"
})";

inline const EventLog& long_run() {
  static const std::unique_ptr<EventLog> kLog = [] {
    auto log = std::make_unique<EventLog>();
    const sim::ScenarioLoad load = sim::load_scenario_text(kScenario, "bench");
    for (const sim::Problem& problem : load.problems)
      std::fprintf(stderr, "%s\n", to_string(problem).c_str());
    if (!load.loaded) std::abort();
    EventSink sink(1u << 18);
    auto simulation = sim::Simulation::create(load.loaded->scenario, 7, sink);
    if (!simulation) {
      std::fprintf(stderr, "%s\n", simulation.error().message.c_str());
      std::abort();
    }
    while (log->size() < kEvents && (*simulation)->step()) log->drain(sink);
    return log;
  }();
  return *kLog;
}

// The same as a trace file, gone with this.
class LongTrace {
 public:
  LongTrace() {
    auto writer = TraceWriter::create(path_, "{}");
    if (!writer || !(*writer)->close(long_run())) std::abort();
  }
  ~LongTrace() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = (std::filesystem::temp_directory_path() / "sendscope_bench.trace").string();
};

}  // namespace sendscope::bench
