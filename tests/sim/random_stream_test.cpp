// Randomness by thing: what one producer, message or fault does moves no draw of another.
#include "sim/random_stream.h"

#include "tests/sim/sim_run.h"

namespace sendscope::sim {
namespace {

// Node n leads the topic "topic-n", which producer n writes to; every duration is drawn.
Scenario two_producers(const std::vector<NodeId>& node_of_producer) {
  Scenario scenario = base_scenario(3, 1, 1);
  scenario.until = 20 * kNanosPerSecond;
  scenario.cluster.propagation = Distribution::uniform(kNanosPerMilli, 9 * kNanosPerMilli);
  scenario.cluster.topics.clear();
  for (NodeSpec& node : scenario.cluster.nodes) {
    node.link.latency = Distribution::uniform(200 * kNanosPerMicro, kNanosPerMilli);
    node.link.jitter = Distribution::exponential(300 * kNanosPerMicro);
    node.service.by_api[ApiKey::kProduce] = Distribution::lognormal(300 * kNanosPerMicro, 3 * kNanosPerMilli);
    node.service.other = Distribution::uniform(50 * kNanosPerMicro, kNanosPerMilli);
  }
  for (std::size_t i = 0; i < node_of_producer.size(); ++i) {
    TopicSpec topic;
    topic.name = "topic-" + std::to_string(i + 1);
    topic.partitions = 1;
    topic.replicas = 1;
    topic.leaders[0] = node_of_producer[i];
    scenario.cluster.topics.push_back(topic);
    SendStep send = send_step(200);
    send.topic = topic.name;
    send.value.size = Distribution::uniform(10, 500);
    send.pace.kind = Pace::Kind::kPoisson;
    send.pace.per_second = 400;
    add_producer(scenario, {{send}, {FlushStep{}}}, {{"linger.ms", "3"}});
  }
  return scenario;
}

// An event with its strings spelled out: their numbers depend on what else was named before.
std::string spelled(const Event& event, const std::vector<std::string>& strings) {
  const KindRow& row = kind_row(event.kind);
  std::string text = std::to_string(event.t) + " " + std::string(row.name);
  const auto add = [&](const FieldRow& field, std::uint64_t value) {
    if (field.name.empty()) return;
    const bool string = field.unit == Unit::kString && value < strings.size();
    text += " " + std::string(field.name) + "=" + (string ? strings[value] : std::to_string(value));
  };
  add(row.actor, event.actor);
  add(row.place, event.place);
  add(row.subject, event.subject);
  add(row.a, event.a);
  add(row.b, event.b);
  return text;
}

// Whose event it is: the producer of the field that names one; none where no field does.
std::optional<std::size_t> producer_of(const Event& event, const std::vector<std::size_t>& thread_owners) {
  const KindRow& row = kind_row(event.kind);
  if (row.actor.unit == Unit::kProducer) return event.actor;
  if (row.actor.unit == Unit::kThread) return thread_owners.at(event.actor);
  const Unit unit = row.subject.unit;
  if (unit == Unit::kRequest || unit == Unit::kBatch || unit == Unit::kRecord) {
    return producer_of_id(event.subject);
  }
  return std::nullopt;
}

std::vector<std::string> told_of(const SimRun& run, std::size_t producer) {
  const std::vector<std::string> strings = run.sink.strings_from(0);
  std::vector<std::size_t> thread_owners;
  std::vector<std::string> told;
  for (const Event& event : run.events) {
    if (event.kind == EventKind::thread_named) thread_owners.push_back(event.place);
    if (producer_of(event, thread_owners) == producer) told.push_back(spelled(event, strings));
  }
  return told;
}

// Everything but what speaks of faults themselves, up to the first event of `end`.
std::vector<std::string> told_until(const SimRun& run, EventKind end) {
  const std::vector<std::string> strings = run.sink.strings_from(0);
  std::vector<std::string> told;
  for (const Event& event : run.events) {
    if (event.kind == end) break;
    if (event.kind != EventKind::fault_began) told.push_back(spelled(event, strings));
  }
  return told;
}

Delay late_on(NodeId node) {
  Delay late;
  late.node = node;
  late.by = Distribution::uniform(kNanosPerMilli, 5 * kNanosPerMilli);
  return late;
}

Drop lost_on(NodeId node) {
  Drop lost;
  lost.node = node;
  lost.api = ApiKey::kProduce;
  return lost;
}

void check_equal(const std::vector<std::string>& one, const std::vector<std::string>& other) {
  REQUIRE(one.size() > 500);
  for (std::size_t i = 0; i < std::min(one.size(), other.size()); ++i) REQUIRE(one[i] == other[i]);
  CHECK(one.size() == other.size());
}

}  // namespace

TEST_CASE("another linger.ms of one producer moves nothing of a producer that shares nothing with it") {
  Scenario scenario = two_producers({1, 2});
  SimRun before(scenario, 5);
  scenario.producers[0].config = {{"linger.ms", "40"}};
  SimRun after(scenario, 5);
  before.finish();
  after.finish();
  CHECK(told_of(before, 0) != told_of(after, 0));
  check_equal(told_of(before, 1), told_of(after, 1));
}

TEST_CASE("nor of one that uses the same node, as long as a handler thread is free") {
  Scenario scenario = two_producers({1, 1});
  scenario.cluster.config.num_io_threads = 100;
  SimRun before(scenario, 6);
  scenario.producers[0].config = {{"linger.ms", "40"}};
  SimRun after(scenario, 6);
  before.finish();
  after.finish();
  CHECK(told_of(before, 0) != told_of(after, 0));
  check_equal(told_of(before, 1), told_of(after, 1));
}

TEST_CASE("a producer that is not there moves nothing of the others, but for the numbers given by place") {
  Scenario scenario = two_producers({1, 2, 3});
  SimRun all(scenario, 7);
  scenario.producers.pop_back();
  SimRun fewer(scenario, 7);
  all.finish();
  fewer.finish();
  check_equal(told_of(all, 0), told_of(fewer, 0));
  check_equal(told_of(all, 1), told_of(fewer, 1));
}

TEST_CASE("a fault more leaves the run as it is until it bites, and what it does not touch for ever") {
  Scenario scenario = two_producers({1, 3});
  scenario.faults.push_back({.at = 100 * kNanosPerMilli, .per_million = 300'000, .action = late_on(1)});
  SimRun without(scenario, 8);
  scenario.faults.push_back({.at = 50 * kNanosPerMilli, .per_million = 100'000, .action = lost_on(3)});
  SimRun with(scenario, 8);
  without.finish();
  with.finish();
  CHECK(without.count(EventKind::message_delayed) > 5);
  REQUIRE(with.count(EventKind::message_lost) > 0);
  const auto bitten = told_until(with, EventKind::message_lost);
  auto same = told_until(without, EventKind::message_lost);
  REQUIRE(same.size() > bitten.size());
  same.resize(bitten.size());
  check_equal(bitten, same);
  check_equal(told_of(with, 0), told_of(without, 0));
}

TEST_CASE("a fault of chance draws for a message what it would draw without the messages of others") {
  Scenario scenario = two_producers({1, 1});
  scenario.cluster.config.num_io_threads = 100;
  scenario.faults.push_back({.at = 0, .per_million = 200'000, .action = late_on(1)});
  scenario.faults.push_back({.at = 0, .per_million = 500'000, .action = late_on(1)});
  SimRun before(scenario, 9);
  scenario.producers[0].config = {{"linger.ms", "40"}};
  SimRun after(scenario, 9);
  before.finish();
  after.finish();
  CHECK(before.count(EventKind::message_delayed) > 20);
  check_equal(told_of(before, 1), told_of(after, 1));
}

TEST_CASE("a fault that takes a message first leaves the second fault its chances") {
  Scenario scenario = two_producers({1, 2});
  Delay hit = late_on(1);
  hit.what = MessageKind::kResponse;
  hit.by = Distribution::constant(0);
  const FaultSpec first{.at = 0, .per_million = 100'000, .action = hit};
  const FaultSpec second{.at = 0, .per_million = 300'000, .action = hit};
  const auto hits = [](const Scenario& of) {
    SimRun run(of, 10);
    run.finish();
    std::set<std::uint64_t> requests;
    for (const Event& event : run.of(EventKind::message_delayed)) requests.insert(event.subject);
    return requests;
  };
  FaultSpec never = first;
  never.per_million = 0;
  scenario.faults = {never, second};
  const auto alone = hits(scenario);
  scenario.faults = {first, second};
  const auto together = hits(scenario);
  REQUIRE(alone.size() > 20);
  CHECK(together.size() > alone.size());
  CHECK(std::includes(together.begin(), together.end(), alone.begin(), alone.end()));
}

TEST_CASE("a message that is lost elsewhere moves nothing here") {
  Scenario scenario = two_producers({1, 2});
  SimRun before(scenario, 11);
  scenario.faults.push_back({.at = 80 * kNanosPerMilli, .times = 1, .action = lost_on(1)});
  SimRun after(scenario, 11);
  before.finish();
  after.finish();
  CHECK(after.count(EventKind::message_lost) == 1);
  check_equal(told_of(before, 1), told_of(after, 1));
}

TEST_CASE("a stream is its seed and its words, and where one word ends is part of them") {
  const auto first = [](std::uint64_t seed, std::initializer_list<std::string_view> words) {
    return RandomStream(seed, words).sequence().next_u64();
  };
  CHECK(first(1, {"link", "p1"}) == first(1, {"link", "p1"}));
  const std::set<std::uint64_t> different = {first(1, {"ab", "c"}), first(1, {"a", "bc"}),
                                             first(1, {"abc"}),     first(1, {"abc", ""}),
                                             first(1, {"c", "ab"}), first(2, {"ab", "c"})};
  CHECK(different.size() == 6);
}

TEST_CASE("a message draws by its place, however much the ones before it drew") {
  RandomStream much(3, {"link"});
  RandomStream little(3, {"link"});
  Prng first = much.next();
  for (int i = 0; i < 100; ++i) first.next_u32();
  little.next();
  Prng second = much.next();
  CHECK(second.next_u64() == little.next().next_u64());
  CHECK(much.at(1).next_u64() == little.at(1).next_u64());
  CHECK(much.at(1).next_u64() != much.at(2).next_u64());
}

TEST_CASE("the first draws of neighbouring places and of similar names are spread evenly") {
  std::vector<int> places(16), names(16);
  const RandomStream stream(4, {"link", "p1"});
  for (std::uint64_t i = 0; i < 16'000; ++i) {
    ++places[stream.at(i).below(16)];
    ++names[RandomStream(4, {"link", "p" + std::to_string(i)}).at(0).below(16)];
  }
  for (std::size_t i = 0; i < 16; ++i) {
    CHECK(std::abs(places[i] - 1000) < 130);
    CHECK(std::abs(names[i] - 1000) < 130);
  }
}

}  // namespace sendscope::sim
