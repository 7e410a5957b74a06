// Every fault verb does what it says, for as long and as often as it says.
#include "sim/fault.h"

#include "core/event/event_log.h"
#include "tests/sim/broker_fixture.h"

namespace sendscope::sim {
namespace {

const wire::ApiVersionsRequest kVersions{"test", "1"};

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
  Respond respond;
  respond.api = ApiKey::kProduce;
  respond.partition = {"orders", 0};
  respond.error = ErrorCode::kRequestTimedOut;
  f.fault({.times = 2, .action = respond});
  CHECK(f.produce() == code(ErrorCode::kRequestTimedOut));
  CHECK(f.produce() == code(ErrorCode::kRequestTimedOut));
  CHECK(f.log_end() == 0);
  CHECK(f.produce() == 0);
  respond.after_append = true;
  f.fault({.times = 1, .action = respond});
  CHECK(f.produce() == code(ErrorCode::kRequestTimedOut));
  CHECK(f.log_end() == 2);
  CHECK(f.produce() == 0);
  CHECK_FALSE(f.cluster.fault_table().any<Respond>());
}

TEST_CASE("respond: to Metadata, ApiVersions and InitProducerId") {
  FaultFixture f;
  Respond respond;
  respond.error = ErrorCode::kLeaderNotAvailable;
  respond.partition = {"orders", 1};
  f.fault({.action = respond});
  const auto metadata = f.ask<wire::MetadataResponse>(f.conn, wire::MetadataRequest{}, 12);
  CHECK(metadata.topics[0].partitions[0].error_code == 0);
  CHECK(metadata.topics[0].partitions[1].error_code == code(ErrorCode::kLeaderNotAvailable));
  CHECK(metadata.topics[0].partitions[1].leader_id == -1);
  Respond all;
  all.error = ErrorCode::kUnknownServerError;
  all.node = 1;
  f.fault({.action = all});
  CHECK(f.ask<wire::ApiVersionsResponse>(f.conn, kVersions, 3).error_code == -1);
  CHECK(f.ask<wire::InitProducerIdResponse>(f.conn, wire::InitProducerIdRequest{}, 4).error_code == -1);
  CHECK(f.ask<wire::InitProducerIdResponse>(f.connect(2), wire::InitProducerIdRequest{}, 4).error_code == 0);
}

TEST_CASE("drop: the message is lost, and nothing behind it on that connection arrives") {
  for (const MessageKind what : {MessageKind::kRequest, MessageKind::kResponse}) {
    FaultFixture f;
    Drop drop;
    drop.what = what;
    drop.api = ApiKey::kProduce;
    f.fault({.times = 1, .action = drop});
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
    Drop drop;
    drop.what = what;
    drop.client = "p1";
    drop.request = static_cast<std::uint32_t>(f.correlation) + 2;  // the second of three; ids begin at 1
    f.fault({.times = 1, .action = drop});
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
    CHECK(lost == std::vector<std::uint64_t>{*drop.request});
  }
}

TEST_CASE("a request of another client has the same number, and is not hit") {
  FaultFixture f;
  Respond respond;
  respond.client = "p2";
  respond.request = static_cast<std::uint32_t>(f.correlation) + 1;
  respond.error = ErrorCode::kNotLeaderOrFollower;
  f.fault({.action = respond});
  CHECK(f.produce() == 0);
  respond.client = "p1";
  respond.request = static_cast<std::uint32_t>(f.correlation) + 2;
  f.fault({.action = respond});
  CHECK(f.produce() == 0);
  CHECK(f.produce() == code(ErrorCode::kNotLeaderOrFollower));
  CHECK(f.produce() == 0);
}

TEST_CASE("disconnect: one client's connections only, where it is named") {
  FaultFixture f;
  f.fault({.action = Disconnect{{}, {"p2"}}});
  f.run_for(kNanosPerSecond);
  CHECK(f.client.disconnected.empty());
  f.fault({.action = Disconnect{{}, {"p1"}}});
  f.run_for(kNanosPerSecond);
  CHECK(f.client.disconnected.count(f.conn) == 1);
}

TEST_CASE("delay: the message is late by so much, and what follows waits behind it") {
  for (const MessageKind what : {MessageKind::kRequest, MessageKind::kResponse}) {
    FaultFixture f;
    Delay delay;
    delay.what = what;
    delay.by = Distribution::constant(300 * kNanosPerMilli);
    f.fault({.times = 1, .action = delay});
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
  f.fault({.action = Disconnect{}});
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
  Slow slow;
  slow.node = 1;
  slow.link.latency = Distribution::constant(20 * kNanosPerMilli);
  slow.service.all = Distribution::constant(10 * kNanosPerMilli);
  f.fault({.duration = kNanosPerSecond, .action = slow});
  CHECK(round_trip() == 50);
  Slow more;
  more.service.by_api[ApiKey::kApiVersions] = Distribution::constant(30 * kNanosPerMilli);
  const std::size_t second = f.fault({.action = more});
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
  f.fault({.duration = 2 * kNanosPerSecond, .action = Kill{{1}}});
  CHECK_FALSE(f.broker(1).running());
  f.run_for(3 * kNanosPerSecond);
  CHECK(f.broker(1).working());
  f.fault({.duration = 2 * kNanosPerSecond, .action = Pause{{1}}});
  CHECK_FALSE(f.broker(1).working());
  f.run_for(3 * kNanosPerSecond);
  CHECK(f.broker(1).working());
}

TEST_CASE("corrupt: a request fails its checksum, a response differs from what was sent") {
  FaultFixture f;
  Corrupt corrupt;
  corrupt.what = MessageKind::kRequest;
  f.fault({.times = 1, .action = corrupt});
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
  corrupt.what = MessageKind::kResponse;
  f.fault({.times = 1, .action = corrupt});
  CHECK(fetch() != clean);
  CHECK(fetch() == clean);
}

TEST_CASE("topics grow and go away") {
  FaultFixture f;
  f.fault({.action = AddPartitions{{"orders"}, 5}});
  f.run_for(100 * kNanosPerMilli);
  auto metadata = f.ask<wire::MetadataResponse>(f.conn, wire::MetadataRequest{}, 12);
  CHECK(metadata.topics[0].partitions.size() == 5);
  f.fault({.action = DeleteTopic{{"orders"}}});
  f.run_for(100 * kNanosPerMilli);
  metadata = f.ask<wire::MetadataResponse>(f.conn, wire::MetadataRequest{}, 12);
  CHECK(metadata.topics.empty());
  CHECK(f.produce() == code(ErrorCode::kUnknownTopicOrPartition));
}

TEST_CASE("quota: the answer says how long to wait, and the connection is not read meanwhile") {
  FaultFixture f;
  f.fault({.action = Quota{{"p1"}, 10}});
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
    if (with_another) table.add({.per_million = 500'000, .action = Delay{}}, 4);
    table.add({.per_million = 500'000, .action = Drop{}}, 1);
    std::vector<bool> result;
    for (std::uint64_t i = 0; i < 1000; ++i) {
      const Message message{1, key_of(ApiKey::kProduce), 0, MessageKind::kRequest, {}, 0, i};
      if (with_another) table.match<Delay>(message);
      result.push_back(table.match<Drop>(message) != nullptr);
    }
    return result;
  };
  const std::vector<bool> result = hits(false);
  CHECK(std::abs(std::count(result.begin(), result.end(), true) - 500) < 60);
  CHECK(hits(true) == result);
}

TEST_CASE("faults that name what does not exist are refused with the name") {
  FaultFixture f;
  const auto problem = [&](FaultAction action) {
    const Result<void> checked = f.cluster.faults().check({.action = std::move(action)});
    return checked.ok() ? std::string() : checked.error().message;
  };
  CHECK(problem(Kill{{9}}) == "kill: there is no node 9");
  CHECK(problem(MoveLeader{{{"orders", 0}}, 9}) == "move_leader: there is no node 9");
  CHECK(problem(MoveLeader{{{"orders", 7}}, 1}) == "move_leader: there is no orders-7");
  CHECK(problem(Set{"orderz", "max.message.bytes", "1"}) == "set: there is no orderz");
  CHECK(problem(DeleteTopic{{"orderz"}}) == "delete_topic: there is no orderz");
  CHECK(problem(Quota{{"nobody"}, 1}) == "quota: there is no producer nobody");
  CHECK(problem(PartitionNetwork{"elsewhere", "", false}).find("elsewhere") != std::string::npos);
}

TEST_CASE("set: a topic's largest batch, and the brokers'") {
  FaultFixture f;
  CHECK(f.produce() == 0);
  f.fault({.action = Set{"orders", "max.message.bytes", "10"}});
  CHECK(f.produce() == code(ErrorCode::kMessageTooLarge));
  f.fault({.action = Set{"orders", "max.message.bytes", "0"}});  // the brokers' counts again
  CHECK(f.produce() == 0);
  f.fault({.action = Set{"", "message.max.bytes", "10"}});
  CHECK(f.produce() == code(ErrorCode::kMessageTooLarge));
  CHECK_FALSE(f.cluster.fault_table().any<Set>());  // it stays set, and is no disturbance
}

TEST_CASE("a verb has the parts that it takes arguments of, and no others") {
  const FaultAction corrupt = Corrupt{{{{2}, {}, ApiKey::kProduce, {}}, MessageKind::kRequest}};
  REQUIRE(part_of<NodeFilter>(corrupt) != nullptr);
  CHECK(part_of<NodeFilter>(corrupt)->node == 2);
  CHECK(part_of<MessageFilter>(corrupt)->what == MessageKind::kRequest);
  CHECK(part_of<PartitionFilter>(corrupt) == nullptr);
  CHECK(part_of<Corrupt>(corrupt) != nullptr);
  CHECK(part_of<Drop>(corrupt) == nullptr);
  const FaultAction move = MoveLeader{{{"orders", 0}}, 2};
  CHECK(part_of<NodeFilter>(move) == nullptr);  // the new leader is not what is hit
}

TEST_CASE("faults in words") {
  Respond respond;
  respond.api = ApiKey::kProduce;
  respond.partition = {"orders", 0};
  respond.node = 1;
  respond.error = ErrorCode::kNotLeaderOrFollower;
  CHECK(describe({.times = 1, .action = respond}) ==
        "answer Produce messages for orders-0 to node 1 with NOT_LEADER_OR_FOLLOWER, once");
  Drop drop;
  drop.what = MessageKind::kResponse;
  drop.request = 9;
  drop.client = "p1";
  CHECK(describe({.times = 1, .action = drop}) == "drop the response to request 9 of p1, once");
  CHECK(describe({.action = MoveLeader{{{"orders", 0}}, 2}}) == "move the leader of orders-0 to node 2");
  CHECK(describe({.duration = kNanosPerSecond, .action = Kill{}}) == "kill every node, for 1s");
}

}  // namespace sendscope::sim
