// What a broker answers: a handler for each API of apis.def. It takes a call and gives an outcome: a reply,
// no reply, a reason to wait, or that the connection is to be closed, as for a request that cannot be read.
// Kafka: KafkaApis, ApiVersionManager; broker.md 3.
//
// The metadata it answers with is what this broker has heard from the controller, not the truth.
//
// Thread-safety: none; one thread at a time.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/wire/metadata.h"
#include "core/wire/produce.h"
#include "sim/producer_ids.h"
#include "sim/replica_manager.h"
#include "sim/socket_server.h"
#include "sim/transaction_coordinator.h"

namespace sendscope::sim {

class KafkaApis final : public RequestHandler {
 public:
  // What it answers from. All of it outlives the object.
  struct Parts {
    SimEnvironment& env;
    const ClusterSpec& spec;
    const Catalog& catalog;
    const MetadataImage& image;  // that this broker has
    Controller& controller;
    TransactionCoordinator& transactions;
    SocketServer& server;
    ReplicaManager& replicas;
    ProducerIds& producer_ids;
    NodeId node;
  };
  explicit KafkaApis(const Parts& parts) : parts_(parts) {}

  // The process has ended: nothing is worked on any more.
  void shut_down();
  // A produce request that waited for its replicas need not wait any longer.
  void on_produce_settled(ConnId conn, std::vector<ProduceResult> results, Nanos now);

  // ---- RequestHandler
  void on_request(const IncomingRequest& request, Nanos now) override;
  void on_wakeup(ConnId conn, Wakeup reason, Nanos now) override;
  std::vector<TopicPartition> partitions_in(Bytes frame, std::int16_t api) const override;

 private:
  // ---- outcomes
  struct Reply {
    wire::Frame frame;
    std::vector<TopicPartition> partitions{};  // that it speaks of, for faults
    Nanos after = 0;                           // it leaves once a decision is written
    Nanos throttled = 0;                       // how long the client must be quiet then
  };
  struct NoReply {  // acks=0
    Nanos throttled = 0;
  };
  struct CloseConnection {};
  // The call is made again when the coordinator has answered.
  struct AwaitCoordinator {
    Nanos takes = 0;
  };
  // Until the replicas have it all, or the time is over.
  struct AwaitReplicas {
    std::vector<ProduceResult> results;
    Nanos timeout = 0;
  };
  using Outcome = std::variant<Reply, NoReply, CloseConnection, AwaitCoordinator, AwaitReplicas>;

  // What the coordinator says to a request that speaks of a transaction: before it does, the leader of a
  // partition appends nothing, and the coordinator of a group notes nothing.
  struct Verification {
    Nanos began = 0;
    std::map<PartitionNumber, ErrorCode> partitions;
    ErrorCode group = ErrorCode::kNone;
  };
  // What of a produce request is needed for its answer.
  struct ProduceWork {
    wire::RequestHeader header;
    std::int16_t acks = 0;
    std::vector<wire::ProduceTopicResponse> topics;  // names and ids only, until it is answered
    TimerId timeout = kNoTimer;
  };
  // A request that is being worked on or waits.
  struct InHand {
    std::optional<ProduceWork> produce;
    std::optional<Verification> verification;
    std::optional<wire::Frame> held;  // leaves when it is due
  };
  // A request as a handler gets it: its header is read, its body is not.
  struct Call {
    const IncomingRequest& request;
    InHand& work;
    const wire::RequestHeader& header;
    ByteReader& in;
    Nanos now;
  };
  struct ApiHandler {
    ApiKey key;
    Outcome (KafkaApis::*handle)(const Call& call);
  };
  static const ApiHandler kHandlers[];
  static const ApiHandler* find_handler(ApiKey key);

  Outcome dispatch(const IncomingRequest& request, InHand& work, Nanos now);
  void carry_out(const IncomingRequest& request, Outcome outcome, Nanos now);
  void leave(ConnId conn, Nanos throttled, Nanos now);
  template <typename Response>
  static Reply reply(const Call& call, const Response& response, Nanos after = 0) {
    return {wire::Frame::response(response, call.header.version, call.header.correlation_id), {}, after};
  }
  const Respond* respond_fault(const Call& call, std::span<const TopicPartition> partitions);
  // The error a `respond` fault puts into an answer without partitions; kNone without one.
  ErrorCode injected_error(const Call& call);

  // ---- ApiVersions, Metadata (kafka_apis.cpp)
  Outcome handle_api_versions(const Call& call);
  Outcome handle_metadata(const Call& call);
  wire::MetadataTopic describe_topic(const wire::MetadataRequestTopic& wanted, bool may_create);
  wire::MetadataTopic describe_topic(std::size_t topic) const;
  bool knows(std::size_t topic) const;
  std::optional<std::size_t> find_topic(std::int16_t version, const wire::ProduceTopicData& data) const;
  std::optional<PartitionNumber> find_partition(const std::string& topic, PartitionId partition) const;

  // ---- Produce (kafka_apis_produce.cpp)
  Outcome handle_produce(const Call& call);
  ProduceResult append(const Call& call, const wire::ProduceRequest& request, std::size_t topic,
                       std::size_t index, const Respond* fault);
  Outcome finish_produce(const IncomingRequest& request, ProduceWork work, std::vector<ProduceResult> results,
                         Nanos now);
  Nanos throttle(const IncomingRequest& request, Nanos now);
  void add_leader_hint(std::int16_t version, ProduceResult& result, wire::ProduceResponse& whole) const;

  // ---- transactions (kafka_apis_transactions.cpp)
  Outcome handle_init_producer_id(const Call& call);
  Outcome handle_find_coordinator(const Call& call);
  Outcome handle_add_partitions(const Call& call);
  Outcome handle_add_offsets(const Call& call);
  Outcome handle_end_txn(const Call& call);
  Outcome handle_offset_commit(const Call& call);
  // The operation, unless a `respond` fault takes its place or has the last word.
  CoordinatorAnswer decide(const Call& call, const std::function<CoordinatorAnswer()>& operation);

  // TxnOffsetCommit: from this version on a group joins its transaction with its first offsets (KIP-890).
  static constexpr std::int16_t kImplicitOffsetsFrom = 5;

  // ---- asking the coordinator (kafka_apis_verification.cpp)
  // What the transactional batches of a request have in common.
  struct TransactionalBatches {
    ErrorCode error = ErrorCode::kNone;
    TransactionalProducer who;
    std::vector<std::pair<PartitionNumber, LogBatch>> joining;  // whose transaction is not open here yet
  };
  TransactionalBatches transactional_batches(const wire::RequestHeader& header,
                                             const wire::ProduceRequest& request);
  // Goes to the coordinator and back. Writing counts when it may add.
  AwaitCoordinator ask_coordinator(const Call& call, const std::string& transactional_id, bool adds);
  void on_coordinator_answers(const IncomingRequest& request, InHand& work, Nanos now);
  ErrorCode asked(const TransactionalProducer& who, const TransactionParts& parts, bool adds);
  bool verify_produce(const wire::RequestHeader& header, ByteReader& in, Verification& verification);
  bool verify_offset_commit(const wire::RequestHeader& header, ByteReader& in, Verification& verification);

  Parts parts_;
  std::map<ConnId, InHand> in_hand_;
  // Bytes of a client in the current and the past seconds, for quotas.
  struct QuotaWindow {
    Nanos began = 0;
    std::uint64_t bytes = 0;
  };
  std::map<std::uint16_t, std::deque<QuotaWindow>> quota_;  // by the client's number
};

}  // namespace sendscope::sim
