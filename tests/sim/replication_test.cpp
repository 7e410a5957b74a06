// Followers, the ISR, the high watermark, elections, and what a returning node loses.
#include "sim/replication.h"

#include "tests/sim/broker_fixture.h"

namespace sendscope::sim {
namespace {

Scenario three_nodes(std::int32_t min_isr = 1) {
  Scenario scenario = base_scenario(3, 1, 3);
  scenario.cluster.topics[0].min_insync_replicas = min_isr;
  scenario.cluster.config.session_timeout = 2 * kNanosPerSecond;
  scenario.cluster.config.replica_lag_time_max = kNanosPerSecond;
  return scenario;
}

struct ReplicationFixture : BrokerFixture {
  using BrokerFixture::BrokerFixture;
  const PartitionState& state() { return partition(0).state; }
  std::int64_t log_end(NodeId node) { return broker(node).replica(0).log.end_offset(); }
  std::int64_t watermark(NodeId node) { return broker(node).replica(0).high_watermark; }
  // Sends without looking at the answer.
  void produce(ConnId conn, std::int16_t acks, Nanos wait = 50 * kNanosPerMilli) {
    const auto batch = make_batch(1);
    send(conn, produce_request(batch, acks), 9);
    run_for(wait);
  }
  void move_leader(NodeId to) {
    fault({.action = MoveLeader{{{"orders", 0}}, to}});
    run_for(100 * kNanosPerMilli);
  }
  std::int16_t answer(ConnId conn) {
    return take<wire::ProduceResponse>(conn, 9).topics[0].partitions[0].error_code;
  }
};

using Nodes = std::vector<NodeId>;

}  // namespace

TEST_CASE("a paused follower leaves the ISR after the lag time and comes back when it has caught up") {
  ReplicationFixture f(three_nodes());
  const ConnId conn = f.connect(1);
  f.produce(conn, -1);
  CHECK(f.answer(conn) == 0);
  f.broker(3).pause();
  const Nanos start = f.loop.now();
  f.produce(conn, -1, 900 * kNanosPerMilli);
  CHECK(f.client.frames[conn].empty());  // node 3 is still in the ISR
  CHECK(f.watermark(1) == 1);
  while (f.client.frames[conn].empty()) f.run_for(kNanosPerMilli);
  CHECK(f.loop.now() - start >= kNanosPerSecond);
  CHECK(f.loop.now() - start <= 1600 * kNanosPerMilli);  // up to one and a half times the lag time
  CHECK(f.answer(conn) == 0);
  CHECK(f.state().isr == Nodes{1, 2});
  CHECK(f.watermark(1) == 2);
  f.broker(3).resume();
  f.run_for(kNanosPerSecond);
  CHECK(f.state().isr == Nodes{1, 2, 3});
  CHECK(f.log_end(3) == 2);
}

TEST_CASE("min.insync.replicas set lower lets the high watermark rise at once, set higher refuses") {
  ReplicationFixture f(three_nodes(2));
  const ConnId conn = f.connect(1);
  f.fault({.action = ShrinkIsr{{{"orders", 0}}, {}}});
  f.produce(conn, 1);
  CHECK(f.answer(conn) == 0);
  CHECK(f.watermark(1) == 0);
  f.fault({.action = Set{"orders", "min.insync.replicas", "1"}});
  CHECK(f.watermark(1) == 1);
  f.produce(conn, -1);
  CHECK(f.answer(conn) == 0);
  f.fault({.action = Set{"orders", "min.insync.replicas", "3"}});
  f.produce(conn, -1);
  CHECK(f.answer(conn) == code(ErrorCode::kNotEnoughReplicas));
}

TEST_CASE("a partition without leader gets one when unclean elections are allowed") {
  ReplicationFixture f(three_nodes());
  f.fault({.action = ShrinkIsr{{{"orders", 0}}, {}}});
  f.fault({.action = Kill{{1}}});
  f.run_for(5 * kNanosPerSecond);
  REQUIRE(f.state().leader == kNoLeader);
  f.fault({.action = Set{"orders", "unclean.leader.election.enable", "true"}});
  CHECK(f.state().leader == 2);
}

TEST_CASE("below min.insync.replicas acks=all is refused before the append, acks=1 is not") {
  ReplicationFixture f(three_nodes(2));
  const ConnId conn = f.connect(1);
  const std::size_t fault = f.fault({.action = ShrinkIsr{{{"orders", 0}}, {}}});
  f.run_for(100 * kNanosPerMilli);
  CHECK(f.state().isr == Nodes{1});
  f.produce(conn, -1);
  CHECK(f.answer(conn) == code(ErrorCode::kNotEnoughReplicas));
  CHECK(f.log_end(1) == 0);
  f.produce(conn, 1);
  CHECK(f.answer(conn) == 0);
  CHECK(f.log_end(1) == 1);
  CHECK(f.watermark(1) == 0);  // it does not move while too few are in sync
  CHECK(f.cluster.faults().heal(fault).ok());
  f.run_for(100 * kNanosPerMilli);
  CHECK(f.state().isr == Nodes{1, 2, 3});
  CHECK(f.watermark(1) == 1);
}

TEST_CASE("appended, but the replicas never come: the broker's own time-out answers") {
  Scenario scenario = three_nodes(2);
  scenario.cluster.config.session_timeout = 60 * kNanosPerSecond;
  ReplicationFixture f(scenario);
  const ConnId conn = f.connect(1);
  f.broker(2).pause();
  f.broker(3).pause();
  const auto batch = make_batch(1);
  auto request = produce_request(batch);
  request.timeout_ms = 1500;
  f.send(conn, request, 9);
  f.run_for(3 * kNanosPerSecond);
  const auto answer = f.take<wire::ProduceResponse>(conn, 9).topics[0].partitions[0];
  CHECK(answer.error_code == code(ErrorCode::kRequestTimedOut));
  CHECK(answer.base_offset == 0);  // it is in the log all the same
  CHECK(f.log_end(1) == 1);
  CHECK(f.state().isr == Nodes{1});
}

TEST_CASE("a killed leader is replaced after the session time-out, with a higher epoch") {
  ReplicationFixture f(three_nodes());
  f.broker(1).kill();
  const Nanos start = f.loop.now();
  f.run_for(1900 * kNanosPerMilli);
  CHECK(f.state().leader == 1);
  f.run_for(200 * kNanosPerMilli);
  CHECK(f.state().leader == 2);
  CHECK(f.state().leader_epoch == 1);
  CHECK(f.state().isr == Nodes{2, 3});
  CHECK(f.loop.now() - start < 3 * kNanosPerSecond);
  const ConnId conn = f.connect(2);
  f.produce(conn, -1);
  CHECK(f.answer(conn) == 0);
}

TEST_CASE("who has caught up before the controller trusts it again is in sync once it does") {
  Scenario scenario = three_nodes(3);
  scenario.cluster.propagation = Distribution::constant(300 * kNanosPerMilli);
  ReplicationFixture f(scenario);
  const ConnId conn = f.connect(1);
  f.produce(conn, -1);
  CHECK(f.answer(conn) == 0);
  f.broker(3).pause();
  f.run_for(3 * kNanosPerSecond);
  CHECK(f.state().isr == Nodes{1, 2});
  f.broker(3).resume();
  f.run_for(200 * kNanosPerMilli);
  CHECK(f.state().isr == Nodes{1, 2});  // fenced still
  f.run_for(kNanosPerSecond);
  CHECK(f.state().isr == Nodes{1, 2, 3});
  f.produce(conn, -1);
  CHECK(f.answer(conn) == 0);
}

TEST_CASE("what only the dead leader had is gone when it returns: it cuts its log back") {
  ReplicationFixture f(three_nodes());
  const ConnId conn = f.connect(1);
  f.produce(conn, -1);
  CHECK(f.answer(conn) == 0);
  f.broker(2).pause();
  f.broker(3).pause();
  f.produce(conn, 1);  // acknowledged, on node 1 only
  CHECK(f.answer(conn) == 0);
  f.broker(1).kill();
  f.broker(2).resume();
  f.broker(3).resume();
  f.run_for(3 * kNanosPerSecond);
  REQUIRE(f.state().leader == 2);
  const ConnId second = f.connect(2);
  f.produce(second, -1);
  CHECK(f.log_end(2) == 2);
  f.broker(1).restart();
  f.run_for(kNanosPerSecond);
  CHECK(f.log_end(1) == 2);
  CHECK(f.state().isr == Nodes{1, 2, 3});
  bool truncated = false;
  std::vector<Event> room(20'000);
  room.resize(f.sink.drain(room));
  for (const Event& event : room) {
    truncated = truncated || (event.kind == EventKind::log_truncated && event.actor == 1 && event.a == 1);
  }
  CHECK(truncated);
}

TEST_CASE("a restart within the session waits for the old session to end") {
  ReplicationFixture f(three_nodes());
  f.broker(1).kill();
  f.run_for(500 * kNanosPerMilli);
  f.broker(1).restart();
  f.run_for(kNanosPerSecond);
  CHECK_FALSE(f.broker(1).server().listening());
  f.run_for(kNanosPerSecond);
  CHECK(f.broker(1).server().listening());
  CHECK(f.state().leader == 2);
}

TEST_CASE("the last of the ISR is gone: no leader, until it is back or any replica may lead") {
  for (const bool unclean : {false, true}) {
    Scenario scenario = three_nodes();
    scenario.cluster.topics[0].unclean_leader_election = unclean;
    ReplicationFixture f(scenario);
    f.broker(2).kill();
    f.broker(3).kill();
    f.run_for(3 * kNanosPerSecond);
    const ConnId conn = f.connect(1);
    f.produce(conn, -1);
    CHECK(f.answer(conn) == 0);
    CHECK(f.state().isr == Nodes{1});
    f.broker(1).kill();
    f.broker(2).restart();
    f.run_for(3 * kNanosPerSecond);
    CHECK(f.state().leader == (unclean ? 2 : kNoLeader));
    f.broker(1).restart();
    f.run_for(3 * kNanosPerSecond);
    CHECK(f.state().leader == (unclean ? 2 : 1));
    CHECK(f.log_end(2) == (unclean ? 0 : 1));
    CHECK(f.log_end(1) == (unclean ? 0 : 1));
  }
}

TEST_CASE("partitions that come into being while nobody is there are led by the first who comes") {
  ReplicationFixture f(three_nodes());
  for (const NodeId node : {1, 2, 3}) f.broker(node).kill();
  f.run_for(3 * kNanosPerSecond);
  f.fault({.action = AddPartitions{{"orders"}, 2}});
  CHECK(f.partition(1).state.leader == kNoLeader);
  f.broker(1).restart();
  f.run_for(3 * kNanosPerSecond);
  CHECK(f.partition(1).state.leader == 1);
  f.broker(2).restart();
  f.broker(3).restart();
  f.run_for(3 * kNanosPerSecond);
  CHECK(f.partition(1).state.isr.size() == 3);
}

TEST_CASE("a deleted topic takes its logs along; the same name begins anew") {
  ReplicationFixture f(three_nodes());
  const ConnId conn = f.connect(1);
  f.produce(conn, -1);
  CHECK(f.answer(conn) == 0);
  f.fault({.action = DeleteTopic{{"orders"}}});
  f.run_for(100 * kNanosPerMilli);
  f.produce(conn, -1);
  CHECK(f.answer(conn) == code(ErrorCode::kUnknownTopicOrPartition));
  CHECK(f.log_end(1) == 0);
  wire::MetadataRequest create;
  create.topics.emplace();
  create.topics->push_back({{}, "orders"});
  f.ask<wire::MetadataResponse>(conn, create, 9);
  f.run_for(100 * kNanosPerMilli);
  f.produce(conn, -1);
  CHECK(f.answer(conn) == 0);
  CHECK(f.cluster.catalog().partitions.size() == 2);
  CHECK(f.broker(1).replica(1).log.end_offset() == 1);
}

TEST_CASE("a moved leader answers waiting requests with NOT_LEADER_OR_FOLLOWER; the old one refuses") {
  ReplicationFixture f(three_nodes());
  const ConnId conn = f.connect(1);
  f.broker(3).pause();
  f.produce(conn, -1);  // waits for node 3
  CHECK(f.client.frames[conn].empty());
  f.move_leader(2);
  CHECK(f.state().leader == 2);
  CHECK(f.answer(conn) == code(ErrorCode::kNotLeaderOrFollower));
  f.produce(conn, -1);
  CHECK(f.answer(conn) == code(ErrorCode::kNotLeaderOrFollower));
}

TEST_CASE("who led an epoch without a record follows the next leader like anybody else") {
  ReplicationFixture f(three_nodes());
  const ConnId first = f.connect(1);
  f.produce(first, -1);
  CHECK(f.answer(first) == 0);
  f.move_leader(2);
  f.move_leader(3);
  CHECK(f.watermark(3) == 1);  // all have fetched from it
  const ConnId last = f.connect(3);
  f.produce(last, -1);
  CHECK(f.answer(last) == 0);
  for (const NodeId node : {1, 2, 3}) {
    INFO(node);
    CHECK(f.log_end(node) == 2);
    CHECK(f.broker(node).replica(0).log.epochs().back().epoch == 2);
  }
  CHECK(f.state().isr == Nodes{1, 2, 3});
}

TEST_CASE("a leader cut off from the controller leads on for its clients, as a zombie") {
  ReplicationFixture f(three_nodes());
  const ConnId conn = f.connect(1);
  for (const char* other : {"2", "3", "controller"}) f.fault({.action = PartitionNetwork{"1", other, false}});
  f.run_for(3 * kNanosPerSecond);
  CHECK(f.state().leader == 2);
  f.produce(conn, 1);
  CHECK(f.answer(conn) == 0);
  CHECK(f.log_end(1) == 1);
  for (std::size_t fault = 0; fault < 3; ++fault) CHECK(f.cluster.faults().heal(fault).ok());
  f.run_for(2 * kNanosPerSecond);
  CHECK(f.log_end(1) == 0);  // acknowledged and lost
  CHECK(f.state().isr == Nodes{1, 2, 3});
}

TEST_CASE("a slow partition holds back its neighbours in one request") {
  Scenario scenario = base_scenario(3, 4, 2);
  ReplicationFixture f(scenario);
  const ConnId conn = f.connect(1);  // leads 0 (copied by 2) and 3 (copied by 2)
  const auto batch = make_batch(1);
  auto request = produce_request(batch);
  request.topics[0].partitions.push_back({3, Bytes(batch)});
  f.send(conn, request, 9);
  f.run_for(50 * kNanosPerMilli);
  CHECK(f.take<wire::ProduceResponse>(conn, 9).topics[0].partitions.size() == 2);
  f.broker(2).pause();
  f.send(conn, request, 9);
  f.run_for(50 * kNanosPerMilli);
  CHECK(f.client.frames[conn].empty());
}

}  // namespace sendscope::sim
