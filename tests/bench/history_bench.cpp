// Opening a run of a million events, and looking at it anywhere. Budgets: 1 s and 50 ms.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "core/base/prng.h"
#include "core/event/trace_file.h"
#include "core/model/history.h"
#include "sim/scenario_loader.h"
#include "sim/simulation.h"

namespace {

using namespace sendscope;

constexpr std::size_t kEvents = 1'000'000;

constexpr const char* kScenario = R"({
  "sendscope": 1, "title": "a million events", "seed": 7,
  "cluster": {"nodes": 3, "topics": {"orders": {"partitions": 12, "replicas": 3}}},
  "producers": {"p1": {"config": {"buffer.memory": 1048576, "retries": 1000}, "threads": {
    "app-1": [{"send": {"topic": "orders", "key": "k-{i}", "value": "200B", "for": "1h", "every": "40us"}}],
    "app-2": [{"send": {"topic": "orders", "key": "l-{i}", "value": "100B", "for": "1h", "every": "50us"}}],
    "app-3": [{"send": {"topic": "orders", "value": "100B", "for": "1h", "every": "70us"}}]
  }}},
  "faults": [{"at": "1s", "respond": {"node": 1, "api": "Produce", "error": "NOT_ENOUGH_REPLICAS"}, "times": 20}],
  "until": "1h"
})";

const EventLog& million() {
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

void fold(benchmark::State& state) {
  const EventLog& log = million();
  for (auto _ : state) {
    PipelineModel model;
    for (std::size_t i = 0; i < log.size(); ++i) model.apply(log[i]);
    benchmark::DoNotOptimize(model.events);
    state.counters["model_kB"] = static_cast<double>(model.approximate_bytes()) / 1000;
  }
  state.counters["events"] = static_cast<double>(log.size());
}
BENCHMARK(fold)->Unit(benchmark::kMillisecond);

void open_history(benchmark::State& state) {
  const EventLog& log = million();
  for (auto _ : state) {
    const History history(log);
    benchmark::DoNotOptimize(history.size());
    state.counters["snapshots"] = static_cast<double>(history.snapshot_count());
    state.counters["distance"] = static_cast<double>(history.snapshot_distance());
  }
}
BENCHMARK(open_history)->Unit(benchmark::kMillisecond);

void open_trace(benchmark::State& state) {
  const std::string path = (std::filesystem::temp_directory_path() / "sendscope_bench.trace").string();
  auto writer = TraceWriter::create(path, "{}");
  if (!writer || !(*writer)->close(million())) return state.SkipWithError("the trace cannot be written");
  for (auto _ : state) {
    auto trace = read_trace(path);
    if (!trace) return state.SkipWithError("the trace cannot be read");
    const History history((*trace)->log);
    benchmark::DoNotOptimize(history.size());
  }
  std::remove(path.c_str());
}
BENCHMARK(open_trace)->Unit(benchmark::kMillisecond);

void seek_anywhere(benchmark::State& state) {
  History history(million());
  Prng random(1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(history.model_at(static_cast<std::size_t>(random.below(history.size()))).events);
  }
}
BENCHMARK(seek_anywhere)->Unit(benchmark::kMillisecond);

void step_back(benchmark::State& state) {
  History history(million());
  std::size_t at = history.size() - 1;
  for (auto _ : state) benchmark::DoNotOptimize(history.model_at(at--).events);
}
BENCHMARK(step_back)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
