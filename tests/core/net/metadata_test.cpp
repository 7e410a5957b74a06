// When metadata is asked for, and what the answers add up to.
#include "core/net/metadata.h"

#include "tests/core/net/scripted.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::test;

namespace {

constexpr std::int16_t kLatest = 13;

struct Fixture {
  NoChance random;
  EventSink sink;
  ListedMetadata metadata{MetadataSettings{100, 1000, 300'000}, {sink, random, 0}};
  Millis now = 1'000'000;

  Fixture() {
    metadata.wanted = {"clicks", "orders"};
    metadata.bootstrap({{"seed", 9092}}, to_nanos(now));
  }

  Millis to_next() { return metadata.time_to_next_update(now); }
  // Asks as the client would, and takes the answer in.
  MetadataQuery update(const wire::MetadataResponse& response, std::int16_t version = kLatest) {
    const MetadataQuery query = metadata.next_query(now);
    metadata.update(query, response, version, to_nanos(now));
    return query;
  }
  wire::MetadataResponse answer(std::int32_t epoch = 1) { return cluster_of({0, 1}, metadata.wanted, epoch); }
  std::int32_t epoch(const std::string& topic, PartitionId partition) {
    return metadata.snapshot()->leader_epoch_of(topic, partition);
  }
};

// One topic, one partition.
wire::MetadataResponse single(const std::string& topic, NodeId leader, std::int32_t epoch, Uuid id = {7, 1}) {
  wire::MetadataResponse response = cluster_of({0, 1}, {topic}, epoch);
  response.topics[0].topic_id = id;
  response.topics[0].partitions.resize(1);
  response.topics[0].partitions[0].leader_id = leader;
  return response;
}

}  // namespace

TEST_CASE("after bootstrap a full update is due") {
  Fixture f;
  CHECK(f.metadata.update_version() == 1);
  CHECK(f.to_next() == 0);
  const MetadataQuery query = f.metadata.next_query(f.now);
  CHECK_FALSE(query.partial);
  CHECK(query.topics == std::vector<std::string>{"clicks", "orders"});
}

TEST_CASE("metadata is due at the very start of time, too") {
  Fixture f;
  f.now = 0;
  CHECK(f.to_next() == 0);
}

TEST_CASE("a fresh snapshot lasts metadata.max.age.ms") {
  Fixture f;
  f.update(f.answer());
  CHECK(f.metadata.update_version() == 2);
  CHECK(f.to_next() == 300'000);
  f.now += 299'999;
  CHECK(f.to_next() == 1);
  f.now += 1;
  CHECK(f.to_next() == 0);
  CHECK_FALSE(f.metadata.next_query(f.now).partial);
}

TEST_CASE("requests wait for the refresh backoff, a new topic does not") {
  Fixture f;
  f.update(f.answer());
  f.now += 10;
  f.metadata.request_update(false);
  CHECK(f.to_next() == 90);
  f.metadata.new_topics = {"fresh"};
  f.metadata.request_update_for_new_topics();
  CHECK(f.to_next() == 0);
}

TEST_CASE("failures back off exponentially until one succeeds") {
  Fixture f;
  for (const Millis expected : {100, 200, 400, 800, 1000, 1000}) {
    f.metadata.failed_update(f.now);
    CHECK(f.to_next() == expected);
    f.now += expected;
    CHECK(f.to_next() == 0);
  }
  f.update(f.answer());
  f.metadata.request_update(false);
  CHECK(f.to_next() == 100);
}

TEST_CASE("answers that bring nothing new back off exponentially, progress starts over") {
  Fixture f;
  f.update(f.answer(1));
  for (const Millis expected : {100, 200, 400, 800, 1000}) {
    f.metadata.request_update(false);
    f.update(f.answer(1));
    f.metadata.request_update(false);
    CHECK(f.to_next() == expected);
    f.now += expected;
  }
  f.update(f.answer(2));
  f.metadata.request_update(false);
  CHECK(f.to_next() == 100);
  f.update(f.answer(2));
  f.update(f.answer(2));
  f.metadata.request_update(true);
  CHECK(f.to_next() == 100);
}

TEST_CASE("the periodic refresh forgets how often nothing was new") {
  Fixture f;
  for (int i = 0; i < 5; ++i) f.update(f.answer(1));
  f.now += 300'000;
  CHECK(f.to_next() == 0);
  f.update(f.answer(1));
  f.metadata.request_update(false);
  CHECK(f.to_next() == 100);
}

TEST_CASE("a partial query is made for new topics only, and repeated if more came meanwhile") {
  Fixture f;
  f.update(f.answer());
  f.metadata.new_topics = {"fresh"};
  f.metadata.request_update_for_new_topics();
  const MetadataQuery query = f.metadata.next_query(f.now);
  CHECK(query.partial);
  CHECK(query.topics == std::vector<std::string>{"fresh"});
  f.metadata.request_update_for_new_topics();
  f.metadata.update(query, cluster_of({0, 1}, {"fresh"}, 1), kLatest, to_nanos(f.now));
  CHECK(f.metadata.update_requested());
  f.update(cluster_of({0, 1}, {"fresh"}, 1));
  CHECK_FALSE(f.metadata.update_requested());
  f.metadata.request_update_for_new_topics();
  f.metadata.request_update(false);
  CHECK_FALSE(f.metadata.next_query(f.now).partial);
}

TEST_CASE("a partial answer is merged, a full one replaces everything") {
  Fixture f;
  f.update(f.answer());
  f.metadata.new_topics = {"fresh"};
  f.metadata.request_update_for_new_topics();
  wire::MetadataResponse partial = cluster_of({1, 2}, {"fresh", "nobody-asked"}, 1);
  partial.topics[0].topic_id = {};
  f.update(partial);
  const auto merged = f.metadata.snapshot();
  CHECK(merged->partition_count("orders") == 2);
  CHECK(merged->partition_count("fresh") == 2);
  CHECK(merged->partition_count("nobody-asked") == 0);
  CHECK(merged->find_topic("fresh")->id.is_zero());
  CHECK(merged->find_topic("orders")->id == Uuid{7, 2});
  CHECK(merged->find_node(0) == nullptr);  // nodes come from the response alone
  CHECK(merged->leader_of("orders", 0) == kNoNode);
  CHECK(merged->leader_of("orders", 1) == 1);

  f.metadata.request_update(false);
  f.update(cluster_of({0}, {"orders"}, 5));
  CHECK(f.metadata.snapshot()->partition_count("clicks") == 0);
  CHECK(f.metadata.snapshot()->partition_count("orders") == 1);
}

TEST_CASE("a partial answer with an error takes the topic away") {
  Fixture f;
  f.update(f.answer());
  f.metadata.new_topics = {"orders"};
  f.metadata.request_update_for_new_topics();
  wire::MetadataResponse partial = cluster_of({0, 1}, {"orders"}, 1);
  partial.topics[0].error_code = static_cast<std::int16_t>(ErrorCode::kUnknownTopicOrPartition);
  partial.topics[0].partitions.clear();
  f.update(partial);
  CHECK(f.metadata.snapshot()->partition_count("orders") == 0);
  CHECK(f.metadata.snapshot()->partition_count("clicks") == 2);
  CHECK(f.metadata.update_requested());
}

TEST_CASE("an older leader epoch does not undo a newer one") {
  Fixture f;
  f.update(single("orders", 0, 5));
  f.update(single("orders", 1, 4));
  CHECK(f.metadata.snapshot()->leader_of("orders", 0) == 0);
  CHECK(f.epoch("orders", 0) == 5);
  f.update(single("orders", 1, 5));  // the same epoch is taken
  CHECK(f.metadata.snapshot()->leader_of("orders", 0) == 1);
  f.update(single("orders", 0, 6));
  CHECK(f.epoch("orders", 0) == 6);
}

TEST_CASE("a topic created anew starts its epochs over") {
  Fixture f;
  f.update(single("orders", 0, 5));
  f.update(single("orders", 1, 2, {7, 99}));
  CHECK(f.metadata.snapshot()->leader_of("orders", 0) == 1);
  CHECK(f.epoch("orders", 0) == 2);
  f.update(single("orders", 0, 1, {}));  // no id: cannot be told from an old answer
  CHECK(f.epoch("orders", 0) == 2);
  f.update(single("orders", 0, 1, {7, 99}));  // the old id was lost in between
  CHECK(f.epoch("orders", 0) == 1);
}

TEST_CASE("epochs of old brokers are not believed") {
  Fixture f;
  f.update(single("orders", 0, 5));
  f.update(single("orders", 1, 3), 8);
  CHECK(f.metadata.snapshot()->leader_of("orders", 0) == 1);
  CHECK(f.epoch("orders", 0) == kNoLeaderEpoch);
  f.update(single("orders", 0, 2));  // and have been forgotten
  CHECK(f.epoch("orders", 0) == 2);
}

TEST_CASE("errors of the topics ask again, or are kept for whoever sends") {
  Fixture f;
  wire::MetadataResponse response = f.answer();
  response.topics[0].error_code = static_cast<std::int16_t>(ErrorCode::kTopicAuthorizationFailed);
  response.topics[1].error_code = static_cast<std::int16_t>(ErrorCode::kInvalidTopic);
  f.update(response);
  CHECK_FALSE(f.metadata.update_requested());
  CHECK(f.metadata.snapshot()->is_invalid_topic("orders"));
  CHECK_FALSE(f.metadata.take_error_for_topic("other").has_value());
  CHECK_FALSE(f.metadata.take_error_for_topic("clicks").has_value());  // looking has cleared them
  f.update(response);
  CHECK(f.metadata.take_error_for_topic("clicks")->code == ErrorCode::kTopicAuthorizationFailed);
  f.update(response);
  CHECK(f.metadata.take_error_for_topic("orders")->code == ErrorCode::kInvalidTopic);

  response = f.answer();
  response.topics[0].partitions[1].error_code = static_cast<std::int16_t>(ErrorCode::kLeaderNotAvailable);
  response.topics[0].partitions[1].leader_id = -1;
  f.update(response);
  CHECK(f.metadata.update_requested());
  CHECK(f.metadata.snapshot()->leader_of("clicks", 1) == kNoNode);
  CHECK(f.metadata.snapshot()->partition_count("clicks") == 2);
}

TEST_CASE("leader hints are taken when they are newer and make sense") {
  Fixture f;
  f.update(f.answer(3));
  const std::int32_t version = f.metadata.update_version();
  const std::vector<Node> nodes = {{5, "five", 9092, {}}};
  const auto hint = [&](PartitionId partition, NodeId leader, std::int32_t epoch) {
    return !f.metadata.update_leaders({{{"orders", partition}, {leader, epoch}}}, nodes, to_nanos(f.now))
                .empty();
  };
  CHECK_FALSE(hint(0, 1, 3));   // not newer
  CHECK_FALSE(hint(0, 9, 4));   // nobody knows node 9
  CHECK_FALSE(hint(7, 1, 4));   // nobody knows partition 7
  CHECK_FALSE(hint(0, -1, 4));  // no leader
  CHECK_FALSE(hint(0, 1, -1));  // no epoch
  CHECK(f.metadata.snapshot()->find_node(5) == nullptr);
  CHECK(hint(0, 5, 4));
  CHECK(f.metadata.snapshot()->leader_of("orders", 0) == 5);
  CHECK(f.metadata.snapshot()->find_topic("orders")->id == Uuid{7, 2});
  CHECK(f.epoch("orders", 0) == 4);
  CHECK(f.metadata.update_version() == version);
  f.update(f.answer(3));  // an answer from before the hint keeps what the hint said
  CHECK(f.epoch("orders", 0) == 4);
  CHECK(f.metadata.snapshot()->leader_of("orders", 0) == kNoNode);  // but not the node that came with it
}

TEST_CASE("waiters are woken by an update, an error or the end") {
  Fixture f;
  CountingWaiter waiter;
  const std::int32_t version = f.metadata.request_update(false);
  const Result<bool> first = f.metadata.update_arrived(version, waiter);
  REQUIRE(first);
  CHECK_FALSE(*first);
  CHECK(waiter.linked());
  f.metadata.failed_update(f.now);
  CHECK(waiter.woken == 0);
  f.update(f.answer());
  CHECK(waiter.woken == 1);
  CHECK(*f.metadata.update_arrived(version, waiter));
  CHECK_FALSE(waiter.linked());

  CHECK_FALSE(*f.metadata.update_arrived(f.metadata.update_version(), waiter));
  f.metadata.fatal_error(Error(ErrorCode::kUnsupportedVersion, "too old"));
  CHECK(waiter.woken == 2);
  CHECK(f.metadata.update_arrived(99, waiter).error().code == ErrorCode::kUnsupportedVersion);
  CHECK_FALSE(waiter.linked());
  CHECK_FALSE(*f.metadata.update_arrived(99, waiter));  // it is told once

  f.metadata.close();
  CHECK(waiter.woken == 3);
  CHECK(f.metadata.update_arrived(99, waiter).error().code == ErrorCode::kKafkaException);
  CHECK_FALSE(waiter.linked());
}

TEST_CASE("whoever stops waiting leaves the line") {
  Fixture f;
  CountingWaiter waiter;
  CHECK_FALSE(*f.metadata.update_arrived(99, waiter));
  f.metadata.stop_waiting(waiter);
  CHECK_FALSE(waiter.linked());
  f.metadata.stop_waiting(waiter);
  f.update(f.answer());
  CHECK(waiter.woken == 0);
}

TEST_CASE("rebootstrap returns to the addresses and keeps the epochs") {
  Fixture f;
  f.update(single("orders", 0, 5));
  const std::int32_t version = f.metadata.update_version();
  f.metadata.rebootstrap(to_nanos(f.now));
  CHECK(f.metadata.update_version() == version + 1);
  CHECK(f.metadata.snapshot()->is_bootstrap());
  CHECK(f.metadata.snapshot()->nodes()[0].host == "seed");
  CHECK(f.metadata.update_requested());
  f.update(single("orders", 1, 4));
  CHECK(f.metadata.snapshot()->partition_count("orders") == 1);  // the topic id counts as new
  CHECK(f.epoch("orders", 0) == 4);
}

TEST_CASE("events tell of nodes once and of leaders when they change") {
  Fixture f;
  const auto count = [&f](EventKind kind) {
    std::vector<Event> events(1000);
    events.resize(f.sink.drain(events));
    return std::count_if(events.begin(), events.end(),
                         [kind](const Event& event) { return event.kind == kind; });
  };
  CHECK(count(EventKind::node_named) == 1);
  f.update(f.answer(1));
  CHECK(count(EventKind::leader_known) == 4);
  f.update(f.answer(1));
  CHECK(count(EventKind::leader_known) == 0);
  f.update(cluster_of({0, 1, 2}, {"clicks", "orders"}, 1));
  CHECK(count(EventKind::node_named) == 1);
  f.metadata.update_leaders({{{"orders", 0}, {1, 2}}}, {}, to_nanos(f.now));
  CHECK(count(EventKind::leader_known) == 1);
}

TEST_CASE("an update in the first millisecond of a run is one") {
  Fixture f;
  f.now = 0;
  CHECK_FALSE(f.metadata.last_full_success_ms().has_value());
  f.update(f.answer());
  REQUIRE(f.metadata.last_full_success_ms().has_value());
  CHECK(*f.metadata.last_full_success_ms() == 0);
}

TEST_CASE("events tell what an answer does not have, and why, and what is known no more") {
  Fixture f;
  f.update(f.answer(1));
  const auto told = [&f](EventKind kind) {
    std::vector<Event> events(1000);
    events.resize(f.sink.drain(events));
    std::erase_if(events, [kind](const Event& event) { return event.kind != kind; });
    return events;
  };
  CHECK(told(EventKind::partition_forgotten).empty());
  wire::MetadataResponse gone = f.answer(1);
  const std::size_t partitions = gone.topics[1].partitions.size();
  gone.topics[1].error_code = static_cast<std::int16_t>(ErrorCode::kUnknownTopicOrPartition);
  gone.topics[1].partitions.clear();
  f.metadata.request_update(true);  // of all topics
  f.update(gone);
  std::vector<Event> all(1000);
  all.resize(f.sink.drain(all));
  std::size_t forgotten = 0;
  std::size_t unavailable = 0;
  for (const Event& event : all) {
    forgotten += event.kind == EventKind::partition_forgotten;
    if (event.kind != EventKind::topic_unavailable) continue;
    ++unavailable;
    CHECK(f.sink.strings_from(event.a)[0] == "orders");
    CHECK(event.b == static_cast<std::uint32_t>(ErrorCode::kUnknownTopicOrPartition));
  }
  CHECK(unavailable == 1);
  CHECK(forgotten == partitions);
  f.update(f.answer(1));
  CHECK(told(EventKind::leader_known).size() == partitions);  // it is back
  f.metadata.rebootstrap(to_nanos(f.now));
  CHECK(told(EventKind::partition_forgotten).size() == 4);
}
