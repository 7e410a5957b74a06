// How many simulated records a second of wall time takes: send() to callback, three brokers with three
// replicas of twelve partitions, real wire bytes, virtual time.
#include <benchmark/benchmark.h>

#include <vector>

#include "sim/simulation.h"

namespace {

using namespace sendscope;

constexpr std::uint64_t kRecords = 1'000'000;

sim::Scenario load(std::uint64_t threads, bool paced) {
  sim::Scenario scenario;
  for (NodeId id = 1; id <= 3; ++id)
    scenario.cluster.nodes.push_back({.id = id, .rack = {}, .link = {}, .service = {}});
  sim::TopicSpec topic;
  topic.name = "orders";
  topic.partitions = 12;
  topic.replicas = 3;
  scenario.cluster.topics.push_back(topic);
  scenario.until = 3'600 * kNanosPerSecond;
  sim::ProducerSpec producer;
  producer.name = "p1";
  for (std::uint64_t i = 0; i < threads; ++i) {
    sim::SendStep send;
    send.topic = "orders";
    send.count = kRecords / threads;
    if (paced) {
      send.pace.kind = sim::Pace::Kind::kRate;
      send.pace.per_second = 200'000 / threads;
    }
    producer.threads.push_back({"app-" + std::to_string(i + 1), {{send}, {sim::FlushStep{}}}});
  }
  scenario.producers.push_back(std::move(producer));
  return scenario;
}

void run(benchmark::State& state, const sim::Scenario& scenario, bool events) {
  std::vector<Event> room(65'536);
  for (auto _ : state) {
    EventSink sink(1u << 18);
    sink.set_all_wanted(events);
    auto simulation = sim::Simulation::create(scenario, 1, sink);
    if (!simulation.ok()) return state.SkipWithError(simulation.error().message.c_str());
    while ((*simulation)->step()) {
      while (events && sink.drain(room) > 0) {
      }
    }
    if (sink.dropped() > 0) state.SkipWithError("events were dropped");
  }
  state.counters["records/s"] =
      benchmark::Counter(static_cast<double>(kRecords * state.iterations()), benchmark::Counter::kIsRate);
}

void simulated_records(benchmark::State& state) { run(state, load(1, false), false); }
void simulated_records_with_events(benchmark::State& state) { run(state, load(1, false), true); }
void simulated_records_of_four_threads(benchmark::State& state) { run(state, load(4, false), false); }
void simulated_records_at_a_rate(benchmark::State& state) { run(state, load(1, true), false); }

BENCHMARK(simulated_records)->Unit(benchmark::kMillisecond);
BENCHMARK(simulated_records_with_events)->Unit(benchmark::kMillisecond);
BENCHMARK(simulated_records_of_four_threads)->Unit(benchmark::kMillisecond);
BENCHMARK(simulated_records_at_a_rate)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
