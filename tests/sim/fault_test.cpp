// Every fault verb does what it says, for as long and as often as it says.
#include "sim/fault.h"

#include "core/event/event_log.h"
#include "tests/sim/broker_fixture.h"

namespace sendscope::sim {
namespace {

const wire::ApiVersionsRequest kVersions{"test", "1"};

FaultSpec verb(FaultVerb v) {
  FaultSpec spec;
  spec.verb = v;
  return spec;
}

struct FaultFixture : BrokerFixture {
  using BrokerFixture::BrokerFixture;
  ConnId conn = connect(1);
  std::vector<std::byte> batch = make_batch(1);

  std::int16_t produce(PartitionId partition = 0, std::int16_t acks = -1) {
    return ask<wire::ProduceResponse>(conn, produce_request(batch, acks, partition), 9)
        .topics[0]
        .partitions[0]
        .error_code;
  }
  std::int64_t log_end() { return broker(1).replica(0).log.end_offset(); }
};

}  // namespace

TEST_CASE("respond: so often, before or after the append, for the partition named") {
  FaultFixture f;
  FaultSpec spec = verb(FaultVerb::kRespond);
  spec.api = ApiKey::kProduce;
  spec.topic = "orders";
  spec.partition = 0;
  spec.error = ErrorCode::kRequestTimedOut;
  spec.times = 2;
  f.fault(spec);
  CHECK(f.produce() == code(ErrorCode::kRequestTimedOut));
  CHECK(f.produce() == code(ErrorCode::kRequestTimedOut));
  CHECK(f.log_end() == 0);
  CHECK(f.produce() == 0);
  spec.after_append = true;
  spec.times = 1;
  f.fault(spec);
  CHECK(f.produce() == code(ErrorCode::kRequestTimedOut));
  CHECK(f.log_end() == 2);
  CHECK(f.produce() == 0);
  CHECK_FALSE(f.cluster.fault_table().any(FaultVerb::kRespond));
}

TEST_CASE("respond: to Metadata, ApiVersions and InitProducerId") {
  FaultFixture f;
  FaultSpec spec = verb(FaultVerb::kRespond);
  spec.error = ErrorCode::kLeaderNotAvailable;
  spec.topic = "orders";
  spec.partition = 1;
  f.fault(spec);
  const auto metadata = f.ask<wire::MetadataResponse>(f.conn, wire::MetadataRequest{}, 12);
  CHECK(metadata.topics[0].partitions[0].error_code == 0);
  CHECK(metadata.topics[0].partitions[1].error_code == code(ErrorCode::kLeaderNotAvailable));
  CHECK(metadata.topics[0].partitions[1].leader_id == -1);
  FaultSpec all = verb(FaultVerb::kRespond);
  all.error = ErrorCode::kUnknownServerError;
  all.node = 1;
  f.fault(all);
  CHECK(f.ask<wire::ApiVersionsResponse>(f.conn, kVersions, 3).error_code == -1);
  CHECK(f.ask<wire::InitProducerIdResponse>(f.conn, wire::InitProducerIdRequest{}, 4).error_code == -1);
  CHECK(f.ask<wire::InitProducerIdResponse>(f.connect(2), wire::InitProducerIdRequest{}, 4).error_code == 0);
}

TEST_CASE("drop: the message is lost, and nothing behind it on that connection arrives") {
  for (const MessageKind what : {MessageKind::kRequest, MessageKind::kResponse}) {
    FaultFixture f;
    FaultSpec spec = verb(FaultVerb::kDrop);
    spec.what = what;
    spec.api = ApiKey::kProduce;
    spec.times = 1;
    f.fault(spec);
    f.send(f.conn, produce_request(f.batch), 9);
    f.run_for(kNanosPerSecond);
    f.send(f.conn, kVersions, 3);
    f.run_for(kNanosPerSecond);
    CHECK(f.client.frames[f.conn].empty());
    CHECK(f.client.disconnected.empty());
    CHECK(f.log_end() == (what == MessageKind::kResponse ? 1 : 0));
    f.client.transport.close(f.conn);
    f.run_for(kNanosPerSecond);
    CHECK(f.cluster.network().connections() == 0);
    f.conn = f.connect(1);
    CHECK(f.produce() == 0);
  }
}

TEST_CASE("a request named by its number is hit, and no other; what is behind a lost one never arrives") {
  for (const MessageKind what : {MessageKind::kRequest, MessageKind::kResponse}) {
    FaultFixture f;
    FaultSpec spec = verb(FaultVerb::kDrop);
    spec.what = what;
    spec.client = "p1";
    spec.request = static_cast<std::uint32_t>(f.correlation) + 2;  // the second of three; ids begin at 1
    spec.times = 1;
    f.fault(spec);
    for (int i = 0; i < 3; ++i) f.send(f.conn, produce_request(f.batch), 9);
    f.run_for(kNanosPerSecond);
    CHECK(f.client.frames[f.conn].size() == 1);
    CHECK(f.log_end() == (what == MessageKind::kResponse ? 3 : 1));
    std::vector<std::uint64_t> lost;
    EventLog log;
    log.drain(f.sink);
    for (std::size_t i = 0; i < log.size(); ++i) {
      if (log[i].kind == EventKind::message_lost) lost.push_back(log[i].subject);
    }
    CHECK(lost == std::vector<std::uint64_t>{*spec.request});
  }
}

TEST_CASE("a request of another client has the same number, and is not hit") {
  FaultFixture f;
  FaultSpec spec = verb(FaultVerb::kRespond);
  spec.client = "p2";
  spec.request = static_cast<std::uint32_t>(f.correlation) + 1;
  spec.error = ErrorCode::kNotLeaderOrFollower;
  f.fault(spec);
  CHECK(f.produce() == 0);
  FaultSpec mine = spec;
  mine.client = "p1";
  mine.request = static_cast<std::uint32_t>(f.correlation) + 2;
  f.fault(mine);
  CHECK(f.produce() == 0);
  CHECK(f.produce() == code(ErrorCode::kNotLeaderOrFollower));
  CHECK(f.produce() == 0);
}

TEST_CASE("disconnect: one client's connections only, where it is named") {
  FaultFixture f;
  FaultSpec spec = verb(FaultVerb::kDisconnect);
  spec.client = "p2";
  f.fault(spec);
  f.run_for(kNanosPerSecond);
  CHECK(f.client.disconnected.empty());
  spec.client = "p1";
  f.fault(spec);
  f.run_for(kNanosPerSecond);
  CHECK(f.client.disconnected.count(f.conn) == 1);
}

TEST_CASE("delay: the message is late by so much, and what follows waits behind it") {
  for (const MessageKind what : {MessageKind::kRequest, MessageKind::kResponse}) {
    FaultFixture f;
    FaultSpec spec = verb(FaultVerb::kDelay);
    spec.what = what;
    spec.by = Distribution::constant(300 * kNanosPerMilli);
    spec.times = 1;
    f.fault(spec);
    f.send(f.conn, kVersions, 3);
    f.send(f.conn, kVersions, 3);
    f.run_for(299 * kNanosPerMilli);
    CHECK(f.client.frames[f.conn].empty());
    f.run_for(5 * kNanosPerMilli);
    CHECK(f.client.frames[f.conn].size() == 2);
  }
}

TEST_CASE("disconnect: connections are reset; a request in work is done all the same") {
  FaultFixture f;
  f.send(f.conn, produce_request(f.batch), 9);
  f.run_for(600 * kNanosPerMicro);  // it has arrived
  f.fault(verb(FaultVerb::kDisconnect));
  f.run_for(kNanosPerSecond);
  CHECK(f.client.disconnected.count(f.conn) == 1);
  CHECK(f.client.frames[f.conn].empty());
  CHECK(f.log_end() == 1);
}

TEST_CASE("slow: link and service take other times, for a while; the last fault has the say") {
  FaultFixture f;
  const auto round_trip = [&] {
    f.send(f.conn, kVersions, 3);
    const Nanos start = f.loop.now();
    while (f.client.frames[f.conn].empty()) f.run_for(100 * kNanosPerMicro);
    f.client.frames[f.conn].clear();
    return (f.loop.now() - start) / kNanosPerMilli;
  };
  CHECK(round_trip() == 1);
  FaultSpec spec = verb(FaultVerb::kSlow);
  spec.node = 1;
  spec.latency = Distribution::constant(20 * kNanosPerMilli);
  spec.all_service = Distribution::constant(10 * kNanosPerMilli);
  spec.duration = kNanosPerSecond;
  f.fault(spec);
  CHECK(round_trip() == 50);
  FaultSpec more = verb(FaultVerb::kSlow);
  more.service[ApiKey::kApiVersions] = Distribution::constant(30 * kNanosPerMilli);
  const std::size_t second = f.fault(more);
  CHECK(round_trip() == 70);
  f.run_for(kNanosPerSecond);
  CHECK(round_trip() == 31);
  CHECK(f.cluster.faults().heal(second).ok());
  CHECK(round_trip() == 1);
  CHECK_FALSE(f.cluster.faults().heal(second).ok());
}

TEST_CASE("kill and pause with a duration are healed by a restart, by a resume") {
  Scenario scenario = base_scenario();
  scenario.cluster.config.session_timeout = kNanosPerSecond;
  FaultFixture f(scenario);
  FaultSpec spec = verb(FaultVerb::kKill);
  spec.node = 1;
  spec.duration = 2 * kNanosPerSecond;
  f.fault(spec);
  CHECK_FALSE(f.broker(1).running());
  f.run_for(3 * kNanosPerSecond);
  CHECK(f.broker(1).working());
  spec.verb = FaultVerb::kPause;
  f.fault(spec);
  CHECK_FALSE(f.broker(1).working());
  f.run_for(3 * kNanosPerSecond);
  CHECK(f.broker(1).working());
}

TEST_CASE("corrupt: a request fails its checksum, a response differs from what was sent") {
  FaultFixture f;
  FaultSpec spec = verb(FaultVerb::kCorrupt);
  spec.what = MessageKind::kRequest;
  spec.times = 1;
  f.fault(spec);
  CHECK(f.produce() == code(ErrorCode::kCorruptMessage));
  CHECK(f.produce() == 0);
  const auto fetch = [&] {
    f.send(f.conn, kVersions, 3);
    f.run_for(100 * kNanosPerMilli);
    REQUIRE(f.client.frames[f.conn].size() == 1);
    std::vector<std::byte> bytes = f.client.frames[f.conn].front();
    f.client.frames[f.conn].clear();
    bytes.erase(bytes.begin(), bytes.begin() + 4);  // the correlation id
    return bytes;
  };
  const auto clean = fetch();
  spec.what = MessageKind::kResponse;
  f.fault(spec);
  CHECK(fetch() != clean);
  CHECK(fetch() == clean);
}

TEST_CASE("topics grow and go away") {
  FaultFixture f;
  FaultSpec spec = verb(FaultVerb::kAddPartitions);
  spec.topic = "orders";
  spec.count = 5;
  f.fault(spec);
  f.run_for(100 * kNanosPerMilli);
  auto metadata = f.ask<wire::MetadataResponse>(f.conn, wire::MetadataRequest{}, 12);
  CHECK(metadata.topics[0].partitions.size() == 5);
  spec.verb = FaultVerb::kDeleteTopic;
  f.fault(spec);
  f.run_for(100 * kNanosPerMilli);
  metadata = f.ask<wire::MetadataResponse>(f.conn, wire::MetadataRequest{}, 12);
  CHECK(metadata.topics.empty());
  CHECK(f.produce() == code(ErrorCode::kUnknownTopicOrPartition));
}

TEST_CASE("quota: the answer says how long to wait, and the connection is not read meanwhile") {
  FaultFixture f;
  FaultSpec spec = verb(FaultVerb::kQuota);
  spec.client = "p1";
  spec.bytes_per_second = 10;
  f.fault(spec);
  const auto answer = f.ask<wire::ProduceResponse>(f.conn, produce_request(f.batch), 9);
  CHECK(answer.throttle_time_ms > 0);
  f.send(f.conn, kVersions, 3);
  f.run_for(to_nanos(answer.throttle_time_ms) - 200 * kNanosPerMilli);
  CHECK(f.client.frames[f.conn].empty());
  f.run_for(200 * kNanosPerMilli);
  CHECK(f.client.frames[f.conn].size() == 1);
}

TEST_CASE("a chance of one half hits about half; adding a fault does not shift another's draws") {
  const auto hits = [](bool with_another) {
    FaultTable table(5, {"p1"});
    FaultSpec spec = verb(FaultVerb::kDrop);
    spec.per_million = 500'000;
    FaultSpec other = verb(FaultVerb::kDelay);
    other.per_million = 500'000;
    if (with_another) table.add(other, 4);
    table.add(spec, 1);
    std::vector<bool> result;
    for (std::uint64_t i = 0; i < 1000; ++i) {
      const Message message{1, key_of(ApiKey::kProduce), 0, MessageKind::kRequest, {}, 0, i};
      if (with_another) table.match(FaultVerb::kDelay, message);
      result.push_back(table.match(FaultVerb::kDrop, message) != nullptr);
    }
    return result;
  };
  const std::vector<bool> result = hits(false);
  CHECK(std::abs(std::count(result.begin(), result.end(), true) - 500) < 60);
  CHECK(hits(true) == result);
}

TEST_CASE("faults that name what does not exist are refused with the name") {
  FaultFixture f;
  const auto problem = [&](const FaultSpec& spec) {
    const Result<void> checked = f.cluster.faults().check(spec);
    return checked.ok() ? std::string() : checked.error().message;
  };
  FaultSpec spec = verb(FaultVerb::kKill);
  spec.node = 9;
  CHECK(problem(spec) == "kill: there is no node 9");
  spec = verb(FaultVerb::kMoveLeader);
  spec.topic = "orders";
  spec.partition = 7;
  CHECK(problem(spec) == "move_leader: there is no orders-7");
  spec = verb(FaultVerb::kQuota);
  spec.client = "nobody";
  CHECK(problem(spec) == "quota: there is no producer nobody");
  spec = verb(FaultVerb::kPartitionNetwork);
  spec.side_a = "elsewhere";
  CHECK(problem(spec).find("elsewhere") != std::string::npos);
}

TEST_CASE("every verb has a name and words") {
  for (int v = 0; v <= static_cast<int>(FaultVerb::kCorrupt); ++v) {
    const auto one = static_cast<FaultVerb>(v);
    CHECK(find_fault_verb(fault_verb_name(one)) == one);
    CHECK_FALSE(describe(verb(one)).empty());
  }
  CHECK_FALSE(find_fault_verb("explode"));
  FaultSpec spec = verb(FaultVerb::kRespond);
  spec.api = ApiKey::kProduce;
  spec.topic = "orders";
  spec.partition = 0;
  spec.node = 1;
  spec.what = MessageKind::kRequest;
  spec.error = ErrorCode::kNotLeaderOrFollower;
  spec.times = 1;
  CHECK(describe(spec) == "answer Produce requests for orders-0 to node 1 with NOT_LEADER_OR_FOLLOWER, once");
  FaultSpec one = verb(FaultVerb::kDrop);
  one.what = MessageKind::kResponse;
  one.request = 9;
  one.client = "p1";
  one.times = 1;
  CHECK(describe(one) == "drop the response to request 9 of p1, once");
}

}  // namespace sendscope::sim
