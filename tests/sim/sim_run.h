// Runs a scenario built by hand to its end and keeps its events.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/simulation.h"
#include "tests/support/catch.h"

namespace sendscope::sim {

struct SimRun {
  explicit SimRun(const Scenario& scenario, std::uint64_t seed = 1, SimulationOptions options = {}) {
    Result<std::unique_ptr<Simulation>> built = Simulation::create(scenario, seed, sink, options);
    if (!built.ok()) FAIL(built.error().message);
    simulation = std::move(*built);
    take();
  }

  void take() {
    std::vector<Event> room(4096);
    for (;;) {
      const std::size_t count = sink.drain(room);
      events.insert(events.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(count));
      if (count < room.size()) return;
    }
  }
  SimRun& finish() {
    while (simulation->step()) take();
    take();
    REQUIRE(sink.dropped() == 0);
    return *this;
  }
  SimRun& until(Nanos time) {
    while (simulation->next_time() <= time && simulation->step()) take();
    take();
    return *this;
  }
  std::size_t count(EventKind kind) const {
    std::size_t n = 0;
    for (const Event& event : events) n += event.kind == kind ? 1 : 0;
    return n;
  }
  // Callbacks with (true) or without an error.
  std::size_t completed(bool failed) const {
    std::size_t n = 0;
    for (const Event& event : events)
      n += event.kind == EventKind::record_completed && (event.a != 0) == failed;
    return n;
  }
  std::vector<Event> of(EventKind kind) const {
    std::vector<Event> found;
    for (const Event& event : events) {
      if (event.kind == kind) found.push_back(event);
    }
    return found;
  }

  EventSink sink{1u << 18};
  std::unique_ptr<Simulation> simulation;
  std::vector<Event> events;
};

inline Scenario base_scenario(int nodes = 3, int partitions = 3, int replicas = 3) {
  Scenario scenario;
  scenario.title = "test";
  for (int i = 1; i <= nodes; ++i)
    scenario.cluster.nodes.push_back({.id = i, .rack = {}, .link = {}, .service = {}});
  TopicSpec topic;
  topic.name = "orders";
  topic.partitions = partitions;
  topic.replicas = replicas;
  scenario.cluster.topics.push_back(topic);
  scenario.until = 120 * kNanosPerSecond;
  return scenario;
}

inline SendStep send_step(std::uint64_t count) {
  SendStep send;
  send.topic = "orders";
  send.count = count;
  return send;
}

inline void add_producer(Scenario& scenario, std::vector<Step> steps,
                         std::vector<std::pair<std::string, std::string>> config = {}) {
  ProducerSpec producer;
  producer.name = "p" + std::to_string(scenario.producers.size() + 1);
  producer.config = std::move(config);
  producer.threads.push_back({"app-1", std::move(steps)});
  scenario.producers.push_back(std::move(producer));
}

}  // namespace sendscope::sim
