// Opening a long run, and looking at it anywhere.
#include <benchmark/benchmark.h>

#include "core/base/prng.h"
#include "core/model/history.h"
#include "tests/bench/long_run.h"

namespace {

using namespace sendscope;
using bench::long_run;
using bench::LongTrace;

void fold(benchmark::State& state) {
  const EventLog& log = long_run();
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
  const EventLog& log = long_run();
  for (auto _ : state) {
    const History history(log);
    benchmark::DoNotOptimize(history.size());
    state.counters["snapshots"] = static_cast<double>(history.snapshot_count());
    state.counters["distance"] = static_cast<double>(history.snapshot_distance());
  }
}
BENCHMARK(open_history)->Unit(benchmark::kMillisecond);

void open_trace(benchmark::State& state) {
  const LongTrace file;
  for (auto _ : state) {
    auto trace = read_trace(file.path());
    if (!trace) return state.SkipWithError("the trace cannot be read");
    const History history((*trace)->log);
    benchmark::DoNotOptimize(history.size());
  }
}
BENCHMARK(open_trace)->Unit(benchmark::kMillisecond);

void seek_anywhere(benchmark::State& state) {
  History history(long_run());
  Prng random(1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(history.model_at(static_cast<std::size_t>(random.below(history.size()))).events);
  }
}
BENCHMARK(seek_anywhere)->Unit(benchmark::kMillisecond);

void step_back(benchmark::State& state) {
  History history(long_run());
  std::size_t at = history.size() - 1;
  for (auto _ : state) benchmark::DoNotOptimize(history.model_at(at--).events);
}
BENCHMARK(step_back)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
