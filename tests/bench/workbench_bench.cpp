// What a person waits for in a long run: until its trace is open and drawn, and until another moment of it
// is. Budgets: 1 s and 20 ms.
#include <benchmark/benchmark.h>

#include "core/base/prng.h"
#include "tests/bench/long_run.h"
#include "tests/support/plain_measure.h"
#include "ui/workbench/workbench.h"

namespace {

using namespace sendscope;
using bench::LongTrace;

constexpr float kWidth = 1280, kHeight = 720;

std::unique_ptr<ui::Workbench> opened(const std::string& path) {
  auto session = run::open_session(path);
  if (!session) return nullptr;
  auto bench = std::make_unique<ui::Workbench>(std::move(*session));
  bench->finish_work();
  return bench;
}

void open_and_draw(benchmark::State& state) {
  const LongTrace file;
  const test::PlainMeasure measure;
  for (auto _ : state) {
    const auto bench = opened(file.path());
    if (!bench) return state.SkipWithError("the trace cannot be opened");
    benchmark::DoNotOptimize(bench->frame(measure, kWidth, kHeight).shapes.size());
    state.counters["events"] = static_cast<double>(bench->log().size());
  }
}
BENCHMARK(open_and_draw)->Unit(benchmark::kMillisecond);

void seek_and_draw(benchmark::State& state) {
  const LongTrace file;
  const test::PlainMeasure measure;
  const auto bench = opened(file.path());
  if (!bench) return state.SkipWithError("the trace cannot be opened");
  Prng random(1);
  for (auto _ : state) {
    const auto event = static_cast<std::int64_t>(random.below(bench->log().size()));
    bench->act(ui::act(ui::Verb::kSeekEvent, event), kWidth, kHeight);
    benchmark::DoNotOptimize(bench->frame(measure, kWidth, kHeight).shapes.size());
  }
}
BENCHMARK(seek_and_draw)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
