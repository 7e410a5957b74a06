// Every shipped scenario, folded event by event.
#include <memory>

#include "core/base/prng.h"
#include "core/event/narration.h"
#include "core/model/history.h"
#include "core/model/subject.h"
#include "core/model/why.h"
#include "sim/scenario_loader.h"
#include "sim/simulation.h"
#include "tests/support/catch.h"
#include "tests/support/shipped_scenarios.h"

namespace sendscope {
namespace {

std::vector<std::string> shipped() {
  std::vector<std::string> out = test::shipped_scenarios();
  REQUIRE(out.size() >= 9);
  return out;
}

std::unique_ptr<EventLog> run(const std::string& path) {
  INFO(path);
  const sim::ScenarioLoad load = sim::load_scenario_file(path);
  REQUIRE(load.loaded.has_value());
  EventSink sink(1u << 18);
  auto simulation = sim::Simulation::create(load.loaded->scenario, load.loaded->scenario.seed, sink);
  REQUIRE(simulation.ok());
  auto log = std::make_unique<EventLog>();
  do {
    log->drain(sink);
  } while ((*simulation)->step());
  log->drain(sink);
  REQUIRE(sink.dropped() == 0);
  REQUIRE(log->size() > 50);
  return log;
}

void check_invariants(const PipelineModel& model) {
  for (const ProducerModel& producer : model.producers) {
    const PoolModel& pool = producer.pool;
    REQUIRE(pool.used() >= 0);
    REQUIRE(pool.available >= 0);
    REQUIRE(pool.unpooled() >= 0);
    REQUIRE(pool.in_batches + pool.reserved() <= pool.used());
    std::size_t queued = 0;
    for (const auto& [index, partition] : producer.partitions) {
      queued += partition.deque.size();
      for (const BatchId id : partition.deque) REQUIRE(producer.batches.contains(id));
      for (const BatchId id : partition.in_flight_batches) REQUIRE(producer.batches.contains(id));
    }
    REQUIRE(queued <= producer.batches.size());
    REQUIRE(producer.acked <= producer.sent);
    for (const auto& [node, link] : producer.links) {
      for (const RequestId id : link.in_flight_requests) REQUIRE(producer.requests.at(id).in_flight);
    }
  }
  for (const PartitionModel& partition : model.partitions) {
    REQUIRE(partition.log.exact);
    // Offsets, not records: markers of transactions take one each.
    const ReplicaLog* leader = partition.log.leader_log();
    REQUIRE(partition.log.common_end <= (leader == nullptr ? 0 : leader->end_offset));
  }
}

TEST_CASE("shipped scenarios: forwards and back is the same as directly, for every event") {
  for (const std::string& path : shipped()) {
    INFO(path);
    const auto log = run(path);
    HistoryLimits limits;
    limits.distance = 100;
    limits.max_snapshots = 16;
    History history(*log, limits);
    PipelineModel direct;
    std::size_t n = 0;
    for (; n < log->size(); ++n) {
      REQUIRE(history.model_at(n) == direct);
      direct.apply((*log)[n]);
      if (n % 16 == 0) check_invariants(direct);
    }
    REQUIRE(history.latest() == direct);
    check_invariants(direct);
    // Back, step by step, held against a second history that has never been further.
    History other(*log, limits);
    Prng random(n);
    while (n-- > 0) {
      const PipelineModel& back = history.model_at(n);
      REQUIRE(back.events == n);
      if (random.below(8) == 0) REQUIRE(other.model_at(n) == back);
    }
  }
}

TEST_CASE("shipped scenarios: everything is given back and forgotten at the end") {
  for (const std::string& path : shipped()) {
    INFO(path);
    const auto log = run(path);
    const History history(*log);
    for (const ProducerModel& producer : history.latest().producers) {
      CHECK(producer.batches.empty());
      CHECK(producer.incomplete_batches.empty());
      CHECK(producer.pool.used() == 0);
      CHECK(producer.pool.in_batches == 0);
      CHECK(producer.pool.waiters.empty());
      for (const auto& [index, partition] : producer.partitions) {
        CHECK(partition.deque.empty());
        CHECK(partition.in_flight_batches.empty());
        CHECK(partition.acked.size() == partition.acked_count);
      }
    }
  }
}

TEST_CASE("shipped scenarios: why-slices sum to the age of every record, and every event has a sentence") {
  for (const std::string& path : shipped()) {
    INFO(path);
    const auto log = run(path);
    History history(*log);
    std::size_t asked = 0;
    for (std::size_t i = 0; i < log->size(); ++i) {
      const Event& event = (*log)[i];
      const std::string sentence = narrate(event, log->strings(), log->names());
      INFO(sentence);
      REQUIRE(sentence.find('{') == std::string::npos);
      if (event.kind != EventKind::record_appended || ++asked > 60) continue;
      const SubjectEvents subject(*log, {SubjectKind::kRecord, event.subject});
      const WaitReport report = why(history, subject, log->size(), log->end_time());
      REQUIRE(report.known);
      REQUIRE(report.over);
      Nanos sum = 0;
      Nanos at = report.from;
      for (const WaitSlice& slice : report.slices) {
        REQUIRE(slice.from == at);
        REQUIRE(slice.duration() > 0);
        at = slice.to;
        sum += slice.duration();
      }
      REQUIRE(at == report.to);
      REQUIRE(sum == report.total());
    }
  }
}

}  // namespace
}  // namespace sendscope
