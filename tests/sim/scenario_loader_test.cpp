#include "sim/scenario_loader.h"

#include "tests/sim/sample_scenario.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::sim;
using namespace sendscope::testing;

namespace {

LoadedScenario load_sample() {
  ScenarioLoad load = load_scenario_text(kSampleScenario, "s.json");
  INFO(to_string(load.problems));
  REQUIRE(load.loaded.has_value());
  return std::move(*load.loaded);
}

template <typename Verb>
const Verb& arguments_of(const FaultSpec& fault) {
  return std::get<Verb>(fault.action);
}

template <typename T>
const T& step_of(const LoadedScenario& loaded, std::size_t index) {
  return std::get<T>(loaded.scenario.producers.at(0).threads.at(0).steps.at(index).what);
}

}  // namespace

TEST_CASE("the cluster: ids in order, the node's own values over the cluster's over the defaults") {
  const ClusterSpec cluster = load_sample().scenario.cluster;
  REQUIRE(cluster.nodes.size() == 3);
  CHECK(cluster.nodes[0].id == 1);
  CHECK(cluster.nodes[2].id == 3);
  CHECK(cluster.nodes[0].rack == "a");
  CHECK(cluster.nodes[0].service.of(ApiKey::kProduce) == Distribution::constant(1'000'000));
  CHECK(cluster.nodes[0].service.of(ApiKey::kMetadata) == Distribution::lognormal(1'000'000, 20'000'000));
  CHECK(cluster.nodes[1].link.latency == Distribution::constant(9'000'000));
  CHECK(cluster.nodes[1].link.jitter == Distribution::uniform(0, 100'000));
  CHECK(cluster.nodes[2].link.latency == Distribution::uniform(1'000'000, 3'000'000));
  CHECK(cluster.nodes[2].link.bandwidth == 1'000'000'000);
  CHECK(cluster.inter_broker.latency == Distribution::constant(2'000'000));
  CHECK(cluster.inter_broker.jitter == cluster.nodes[2].link.jitter);
  CHECK(cluster.config.message_max_bytes == 2000);
  CHECK(cluster.config.session_timeout == kNanosPerSecond);
  CHECK(cluster.config.replica_lag_time_max == 3 * kNanosPerSecond);
  CHECK(cluster.topics.at(0).leaders.at(0) == 2);
  CHECK(cluster.topics.at(0).min_insync_replicas == 2);
  CHECK(cluster.topics.at(1).compacted);
  CHECK(cluster.topics.at(1).log_append_time);
  CHECK_FALSE(cluster.topics.at(0).compression);
  CHECK(cluster.topics.at(1).compression == wire::CompressionType::kZstd);
}

TEST_CASE("sends: count, pace, keys and values in all their forms") {
  const LoadedScenario loaded = load_sample();
  const auto& plain = step_of<SendStep>(loaded, 0);
  CHECK(plain.partition == 0);
  CHECK(plain.count == 4);
  CHECK(plain.pace.kind == Pace::Kind::kEvery);
  CHECK(plain.value.size == Distribution::constant(100));
  const auto& timed = step_of<SendStep>(loaded, 1);
  CHECK(timed.count == 0);
  CHECK(timed.duration == kNanosPerSecond);
  CHECK(timed.pace.per_second == 10'000);
  CHECK(timed.key.text == "user-{i}");
  CHECK(timed.value.kind == ValueSpec::Kind::kText);
  const auto& random = step_of<SendStep>(loaded, 2);
  CHECK(random.key.zipf == 100);
  CHECK(random.value.size == Distribution::uniform(10, 1024));
  CHECK(random.pace.kind == Pace::Kind::kPoisson);
  CHECK(random.await);
  CHECK(random.timestamp_ms == 5);
  CHECK(random.headers.at(0) == std::pair<std::string, std::string>{"h", "v"});
  CHECK(step_of<SendStep>(loaded, 3).value.text == "100B");
  CHECK(step_of<SendStep>(loaded, 3).on_callback->take == Distribution::constant(5'000'000));
  CHECK(step_of<SendStep>(loaded, 4).value.kind == ValueSpec::Kind::kNone);
  CHECK(step_of<SendStep>(loaded, 4).on_callback->steps.size() == 1);
}

TEST_CASE("other steps") {
  const LoadedScenario loaded = load_sample();
  CHECK(step_of<SleepStep>(loaded, 5).duration == Distribution::constant(5'000'000));
  CHECK(step_of<BarrierStep>(loaded, 7).name == "b");
  CHECK(step_of<BarrierStep>(loaded, 8).name.empty());
  CHECK(step_of<RepeatStep>(loaded, 9).times == 3);
  CHECK(step_of<SetStep>(loaded, 10).value == "1");
  CHECK(step_of<CloseStep>(loaded, 11).timeout == 5 * kNanosPerSecond);
  const auto& config = loaded.scenario.producers.at(0).config;
  CHECK(config.at(0) == std::pair<std::string, std::string>{"enable.idempotence", "false"});
  CHECK(config.at(1).second == "0");
}

TEST_CASE("faults: occasion, verb and arguments") {
  const LoadedScenario loaded = load_sample();
  const auto& faults = loaded.scenario.faults;
  REQUIRE(faults.size() == 15);
  CHECK(arguments_of<Respond>(faults[0]).node == 1);
  CHECK(arguments_of<Respond>(faults[0]).api == ApiKey::kProduce);
  CHECK(arguments_of<Respond>(faults[0]).partition == TopicPartition{"orders", 0});
  CHECK(arguments_of<Respond>(faults[0]).error == ErrorCode::kNotLeaderOrFollower);
  CHECK(arguments_of<Respond>(faults[0]).after_append);
  CHECK(faults[0].times == 1);
  REQUIRE(faults[1].when);
  CHECK(faults[1].when->text() == "acked == 1");
  CHECK_FALSE(faults[1].at.has_value());
  CHECK(faults[1].per_million == 250'000);
  CHECK(faults[1].duration == kNanosPerSecond);
  CHECK(arguments_of<Drop>(faults[1]).what == MessageKind::kResponse);
  CHECK(arguments_of<Delay>(faults[2]).by == Distribution::constant(5'000'000));
  CHECK(arguments_of<Kill>(faults[3]).node == 3);
  CHECK_FALSE(arguments_of<Restart>(faults[4]).node.has_value());
  CHECK(arguments_of<Slow>(faults[5]).link.bandwidth == 8'000'000);
  CHECK(arguments_of<Slow>(faults[5]).service.all == Distribution::constant(50'000'000));
  CHECK(arguments_of<MoveLeader>(faults[6]).partition == TopicPartition{"orders", 1});
  CHECK(arguments_of<MoveLeader>(faults[6]).to == 1);
  CHECK(arguments_of<PartitionNetwork>(faults[7]).from == "1");
  CHECK(arguments_of<PartitionNetwork>(faults[7]).to == "clients");
  CHECK(arguments_of<PartitionNetwork>(faults[7]).one_way);
  CHECK(arguments_of<Quota>(faults[8]).client == "p1");
  CHECK(arguments_of<Quota>(faults[8]).bytes_per_second == 100'000);
  CHECK(arguments_of<AddPartitions>(faults[9]).topic == "orders");
  CHECK(arguments_of<AddPartitions>(faults[9]).count == 5);
  CHECK(arguments_of<Respond>(faults[10]).partition == TopicPartition{"orders", 4});
  CHECK_FALSE(arguments_of<Respond>(faults[10]).request.has_value());
  CHECK(arguments_of<Drop>(faults[11]).request == 9);
  CHECK(arguments_of<Drop>(faults[11]).client == "p1");
  CHECK(arguments_of<Disconnect>(faults[12]).client == "p1");
}

TEST_CASE("expressions are parsed once, by the loader") {
  const LoadedScenario loaded = load_sample();
  REQUIRE(loaded.scenario.expect.size() == 1);
  const Expectation copy = loaded.scenario.expect[0];
  CHECK(copy.text == loaded.scenario.expect[0].text);
  CHECK(copy.condition.names().size() == loaded.scenario.expect[0].condition.names().size());
}

TEST_CASE("a configuration key that Kafka does not know is a warning, as in Kafka") {
  const ScenarioLoad load = load_scenario_text(sample_with("\"linger.ms\": 0", "\"linger\": 0"), "s.json");
  REQUIRE(load.loaded.has_value());
  REQUIRE(load.loaded->warnings.size() == 1);
  CHECK(load.loaded->warnings[0].path == "producers.p1.config.linger");
}
