// A simulated cluster and hand-made transactional requests.
#pragma once

#include "core/wire/add_offsets_to_txn.h"
#include "core/wire/add_partitions_to_txn.h"
#include "core/wire/end_txn.h"
#include "core/wire/find_coordinator.h"
#include "core/wire/txn_offset_commit.h"
#include "tests/sim/broker_fixture.h"

namespace sendscope::sim {

inline constexpr std::int16_t kV2 = 5;  // EndTxn since KIP-890

struct TransactionFixture : BrokerFixture {
  explicit TransactionFixture(Scenario scenario_ = base_scenario(), Sabotage sabotage = {})
      : BrokerFixture(std::move(scenario_), 1, sabotage) {
    coordinator_node = cluster.transactions().coordinator_of("tx");
    coordinator = connect(coordinator_node);
    for (NodeId node = 1; node <= static_cast<NodeId>(scenario.cluster.nodes.size()); ++node)
      nodes[node] = connect(node);
  }

  wire::InitProducerIdResponse init(std::int64_t known_pid = -1, std::int16_t known_epoch = -1,
                                    std::int16_t version = 5) {
    wire::InitProducerIdRequest request;
    request.transactional_id = "tx";
    request.transaction_timeout_ms = timeout_ms;
    request.producer_id = known_pid;
    request.producer_epoch = known_epoch;
    return ask<wire::InitProducerIdResponse>(coordinator, request, version);
  }
  // Takes the id and epoch for what follows.
  void begin() {
    const auto answer = init();
    REQUIRE(answer.error_code == 0);
    pid = answer.producer_id;
    epoch = answer.producer_epoch;
  }
  ErrorCode add(PartitionId partition, std::int16_t version = 3) {
    const wire::AddPartitionsToTxnRequest request{"tx", pid, epoch, {{"orders", {partition}}}};
    const auto answer = ask<wire::AddPartitionsToTxnResponse>(coordinator, request, version);
    return static_cast<ErrorCode>(answer.topics.at(0).partitions.at(0).error_code);
  }
  wire::EndTxnResponse end(bool commit, std::int16_t version, Nanos wait = 100 * kNanosPerMilli) {
    return ask<wire::EndTxnResponse>(coordinator, wire::EndTxnRequest{"tx", pid, epoch, commit}, version,
                                     wait);
  }
  // Three records to a partition, led by node partition + 1.
  ErrorCode produce(PartitionId partition, std::int32_t sequence = 0, std::int16_t version = 12,
                    Nanos wait = 500 * kNanosPerMilli) {
    const auto batch = make_batch(3, {pid, epoch, sequence, true});
    wire::ProduceRequest request = produce_request(batch, -1, partition);
    request.transactional_id = "tx";
    const auto answer = ask<wire::ProduceResponse>(nodes[partition + 1], request, version, wait);
    return static_cast<ErrorCode>(answer.topics.at(0).partitions.at(0).error_code);
  }
  Replica& leader(PartitionId partition) {
    return broker(partition + 1).replica(static_cast<PartitionNumber>(partition));
  }

  NodeId coordinator_node = 0;
  ConnId coordinator = 0;
  std::map<NodeId, ConnId> nodes;
  std::int32_t timeout_ms = 60'000;
  std::int64_t pid = -1;
  std::int16_t epoch = -1;
};

}  // namespace sendscope::sim
