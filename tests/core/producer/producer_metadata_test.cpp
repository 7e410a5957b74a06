// Which topics a producer asks for, and for how long.
#include "core/producer/producer_metadata.h"

#include "tests/core/producer/accumulator_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

constexpr Millis kMaxIdle = 60'000;
constexpr std::int16_t kLatest = 13;

struct Answer {
  std::vector<std::string> topics;
  std::vector<std::string> unknown;
};

wire::MetadataResponse response_of(const Answer& answer) {
  wire::MetadataResponse response;
  response.brokers.push_back({0, "memory", 9092, {}});
  for (const std::string& name : answer.topics) {
    wire::MetadataTopic topic;
    topic.name = name;
    topic.topic_id = Uuid{1, name.size()};
    wire::MetadataPartition partition;
    partition.leader_id = 0;
    partition.leader_epoch = 0;
    topic.partitions.push_back(partition);
    response.topics.push_back(topic);
  }
  for (const std::string& name : answer.unknown) {
    wire::MetadataTopic topic;
    topic.name = name;
    topic.error_code = static_cast<std::int16_t>(ErrorCode::kUnknownTopicOrPartition);
    response.topics.push_back(topic);
  }
  return response;
}

using Names = std::vector<std::string>;

struct Fixture {
  EventSink sink{1u << 9};
  ScriptedRandom random;
  ProducerMetadata metadata{{100, 1'000, 300'000}, kMaxIdle, {sink, random, 0}};
  Millis now = 1'000'000;

  Fixture() {
    metadata.bootstrap({{"seed", 9092}}, ms(now));
    update({});
  }
  // What the client asks now, answered.
  MetadataQuery update(const Answer& answer) {
    const MetadataQuery query = metadata.next_query(now);
    metadata.update(query, response_of(answer), kLatest, ms(now));
    return query;
  }
  bool knows(const std::string& topic) { return metadata.snapshot()->partition_count(topic) > 0; }
  // What the next full query would name.
  Names wanted() {
    metadata.request_update(false);
    return metadata.next_query(now).topics;
  }
};

}  // namespace

TEST_CASE("a topic idle for metadata.max.idle.ms is forgotten; one in use, or never answered, is not") {
  Fixture f;
  f.metadata.add("idle", f.now);
  f.metadata.add("used", f.now);
  f.update({{"idle", "used"}, {}});
  CHECK(f.knows("idle"));
  f.now += kMaxIdle - 1;
  f.metadata.add("used", f.now);
  f.metadata.add("silent", f.now - kMaxIdle);  // its time is over already, but nobody has answered yet
  f.metadata.request_update(false);
  f.update({{"idle", "used"}, {}});
  CHECK(f.knows("idle"));
  f.now += 1;
  CHECK(f.wanted() == Names{"idle", "silent", "used"});
  f.update({{"idle", "used"}, {}});
  CHECK_FALSE(f.knows("idle"));
  CHECK(f.knows("used"));
  CHECK(f.wanted() == Names{"silent", "used"});
  f.update({{"used"}, {"silent"}});  // now it was answered
  f.metadata.request_update(false);
  f.update({{"used"}, {"silent"}});
  CHECK(f.wanted() == Names{"used"});

  f.metadata.add("idle", f.now);  // wanted again: asked for on its own
  f.update({{"used"}, {}});
  f.metadata.add("idle again", f.now);
  CHECK(f.metadata.next_query(f.now).partial);
}

TEST_CASE("only topics that are new are asked for on their own; an answer that names them ends that") {
  Fixture f;
  CHECK_FALSE(f.metadata.update_requested());
  f.metadata.add("one", f.now);
  f.metadata.add("two", f.now);
  CHECK(f.metadata.update_requested());
  MetadataQuery query = f.update({{"one"}, {}});
  CHECK(query.partial);
  CHECK(query.topics == Names{"one", "two"});
  f.metadata.request_update_for_topic("two");
  query = f.metadata.next_query(f.now);
  CHECK(query.partial);
  CHECK(query.topics == Names{"two"});
  f.update({{}, {"two"}});  // an error is an answer, too
  CHECK(f.metadata.topic_error("two") == ErrorCode::kUnknownTopicOrPartition);
  CHECK(f.metadata.topic_error("one") == ErrorCode::kNone);
  query = f.metadata.next_query(f.now);
  CHECK_FALSE(query.partial);  // the error asks for everything again
  CHECK(query.topics == Names{"one", "two"});
  f.metadata.add("three", f.now);
  query = f.metadata.next_query(f.now);
  CHECK_FALSE(query.partial);
  CHECK(query.topics == Names{"one", "three", "two"});
}

TEST_CASE(
    "asking for a new topic is a partial query, for a known one a full one, which the partial leaves due") {
  Fixture f;
  f.metadata.add("known", f.now);
  f.update({{"known"}, {}});
  CHECK_FALSE(f.metadata.update_requested());
  const std::int32_t version = f.metadata.update_version();
  CHECK(f.metadata.request_update_for_topic("known") == version);
  CHECK_FALSE(f.metadata.next_query(f.now).partial);

  f.update({{"known"}, {}});
  f.metadata.add("new", f.now);
  f.metadata.request_update_for_topic("new");
  const MetadataQuery partial = f.metadata.next_query(f.now);
  CHECK(partial.partial);
  f.metadata.request_update_for_topic("known");  // while the partial one is on its way
  f.metadata.update(partial, response_of({{"new"}, {}}), kLatest, ms(f.now));
  CHECK(f.metadata.update_requested());
  CHECK_FALSE(f.metadata.next_query(f.now).partial);
  f.update({{"known", "new"}, {}});
  CHECK_FALSE(f.metadata.update_requested());
}

TEST_CASE("a new topic may be asked for at once, a known one only after the refresh backoff") {
  Fixture f;
  f.metadata.add("known", f.now);
  CHECK(f.metadata.time_to_next_update(f.now) == 0);
  f.update({{"known"}, {}});
  CHECK(f.metadata.time_to_next_update(f.now) == 300'000);
  f.metadata.add("known", f.now + 10);
  CHECK(f.metadata.time_to_next_update(f.now + 10) == 300'000 - 10);
  f.metadata.request_update_for_topic("known");
  CHECK(f.metadata.time_to_next_update(f.now + 10) == 90);
  f.metadata.add("new", f.now + 10);
  CHECK(f.metadata.time_to_next_update(f.now + 10) == 0);
}
