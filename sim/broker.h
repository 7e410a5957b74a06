// A simulated broker: real wire bytes in, real wire bytes out, sans-IO. The network brings it bytes, the loop
// its timers, the controller its metadata, Replication its copies.
//
// Per connection one request is worked on at a time and answered in order, as Kafka's SocketServer does by
// muting: what arrives meanwhile stays unread. A request takes a handler thread (num.io.threads) for its
// service time, then it is judged and appended; with acks=all it waits without a thread until the replicas
// have it. Rules: Kafka's KafkaApis.handleProduceRequest, ReplicaManager.appendRecords, UnifiedLog,
// LogValidator; broker.md 3 and 4.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/wire/frame.h"
#include "core/wire/metadata.h"
#include "core/wire/produce.h"
#include "core/wire/record_batch.h"
#include "sim/inbox.h"
#include "sim/replica.h"
#include "sim/transaction_coordinator.h"
#include "sim/world.h"

namespace sendscope::sim {

class Broker final : public NodePort, public ControlledBroker, private Process {
 public:
  Broker(World& world, const NodeSpec& spec, std::size_t index);

  NodeId id() const { return spec_.id; }
  // The process runs and is not stopped: it works on requests, fetches, and answers fetches.
  bool working() const { return state_ == State::kUp && !paused_; }
  bool running() const { return state_ != State::kKilled; }
  // Rises with every new process.
  std::uint32_t incarnation() const { return incarnation_; }

  // ---- what faults do
  void kill();
  void restart();  // listens once the controller has registered it
  void pause();
  void resume();
  // Resets the connections of every producer, or of the one with this index.
  void disconnect_clients(std::optional<std::uint16_t> producer = {});
  ServiceSpec& service() { return service_; }

  // ---- NodePort
  bool listening() const override { return state_ == State::kUp; }
  void on_open(ConnId conn, const ConnectionOrigin& origin, Nanos now) override;
  void on_bytes(ConnId conn, Bytes bytes, Nanos now) override;
  void on_end(ConnId conn, Nanos now) override;
  void on_reset(ConnId conn, Nanos now) override;

  // ---- ControlledBroker
  void on_metadata(const MetadataChange& change, Nanos now) override;
  void on_registered(MetadataImage image, Nanos now) override;

  // ---- replicas
  const MetadataImage& image() const { return image_; }
  Replica& replica(PartitionNumber p);
  // The log end of a follower moved, or the ISR: the high watermark may rise and requests may be done.
  void advance_high_watermark(PartitionNumber p, Nanos now);
  // The leader changes the ISR, if the controller lets it.
  void propose_isr(PartitionNumber p, std::vector<NodeId> isr, Nanos now);

  // ---- transactions
  // Ids come in blocks, a block to a broker.
  std::int64_t take_producer_id();
  // The marker that decides a transaction. Returns the log's end behind it; -1 when this broker does not lead
  // the partition, or too few replicas are in sync.
  std::int64_t append_marker(PartitionNumber p, std::int64_t producer_id, std::int16_t epoch, bool commit,
                             Nanos now);

 private:
  enum class State : std::uint8_t { kUp, kStarting, kKilled };
  enum class Phase : std::uint8_t { kIdle, kQueued, kWorking, kWaiting, kThrottled };
  enum Tag : std::uint32_t {
    kWorkDone,
    kProduceTimeout,
    kLateArrival,
    kThrottleEnds,
    kCoordinatorAnswers,
    kAnswerDue
  };

  // What one partition of a produce request comes to.
  struct Answer {
    std::size_t topic = 0;  // place in the request
    TopicPartition tp;
    std::optional<PartitionNumber> partition;
    wire::ProducePartitionResponse response;
    std::size_t stored_bytes = 0;       // of the batch, as the log takes it
    std::int64_t required_offset = -1;  // the high watermark must reach it; -1: settled
    bool forced = false;                // a `respond` fault has the last word
    ErrorCode forced_error = ErrorCode::kNone;
  };
  // A produce request that is being worked on or waits.
  struct ProduceWork {
    wire::RequestHeader header;
    std::int16_t acks = 0;
    std::vector<wire::ProduceTopicResponse> topics;  // names and ids only, until it is answered
    std::vector<Answer> answers;
    TimerId timeout = kNoTimer;
  };
  // An answer that leaves once a decision is written.
  struct HeldAnswer {
    wire::RequestHeader header;
    wire::Frame frame;
  };
  // What the coordinator says to a request that speaks of a transaction: before it does, the leader of a
  // partition appends nothing, and the coordinator of a group notes nothing.
  struct Verification {
    Nanos began = 0;
    std::map<PartitionNumber, ErrorCode> partitions;
    ErrorCode group = ErrorCode::kNone;
  };
  // What the transactional batches of a request have in common.
  struct TransactionalBatches {
    ErrorCode error = ErrorCode::kNone;
    TransactionalProducer who;
    std::vector<std::pair<PartitionNumber, LogBatch>> joining;  // whose transaction is not open here yet
  };
  // What is known of a request that has arrived whole.
  struct Arrival {
    std::int16_t api = 0;
    RequestId request = 0;
    std::size_t size = 0;
    std::uint64_t place = 0;  // among the requests of its connection
    bool lost = false;        // a fault took it on the way
    Nanos available = 0;      // a fault may have made it late
    bool announced = false;
  };
  struct Connection {
    Inbox inbox;
    std::deque<Arrival> arrivals;  // one for each whole request in the inbox
    std::uint16_t producer;
    RandomStream services, messages;
    std::uint64_t requests = 0;  // that have arrived whole
    Phase phase = Phase::kIdle;
    bool ended = false;                // the client has closed
    bool gone = false;                 // reset: what is being worked on goes on, nobody hears the answer
    std::optional<std::uint32_t> due;  // what should have happened while the process stood still
    // A message was lost for good: as TCP keeps the order, what is behind it on its way never arrives either,
    // and no event says so of each.
    bool deaf = false;  // requests
    bool mute = false;  // responses
    std::size_t unreleased = 0;
    std::optional<ProduceWork> produce;
    std::optional<Verification> verification;
    std::optional<HeldAnswer> held;

    Connection(std::size_t max_frame, std::uint16_t producer_, const RandomStream& services_,
               const RandomStream& messages_)
        : inbox(max_frame), producer(producer_), services(services_), messages(messages_) {}
    // Where faults draw for a request, or for the response to it.
    std::uint64_t place_of(const Arrival& arrival, MessageKind kind) const {
      return messages.key_at(2 * arrival.place + (kind == MessageKind::kResponse ? 1 : 0));
    }
  };
  // A request as a handler gets it: its header is read, its body is not.
  struct Call {
    ConnId conn;
    Connection& c;
    const wire::RequestHeader& header;
    ByteReader& in;
    Nanos now;
  };

  void on_event(Nanos now, std::uint32_t tag, std::uint64_t argument) override;

  // ---- connections (broker.cpp)
  Connection* find(ConnId conn);
  void note_arrivals(ConnId conn, Connection& c, Nanos now);
  void meet_faults(Connection& c, Arrival& arrival, MutableBytes frame, Nanos now);
  void announce(Connection& c, Nanos now);
  void update_window(ConnId conn, Connection& c);
  void try_start(ConnId conn, Nanos now);
  void start_work(ConnId conn, Connection& c, Nanos now);
  void free_handler(Nanos now);
  void work(ConnId conn, Connection& c, Nanos now);
  void finish_request(ConnId conn, Nanos now);
  void drop_connection(ConnId conn);
  void close_connection(ConnId conn);
  void clear_connections();

  // ---- answers (broker_requests.cpp)
  void handle(ConnId conn, Connection& c, Bytes frame, Nanos now);
  void handle_api_versions(const Call& call);
  void handle_metadata(const Call& call);
  wire::MetadataTopic describe_topic(const wire::MetadataRequestTopic& wanted, bool may_create);
  wire::MetadataTopic describe_topic(std::size_t topic) const;
  ErrorCode injected_error(const Call& call);
  const ActiveFault* respond_fault(const Call& call, std::span<const TopicPartition> partitions);
  void send(ConnId conn, Connection& c, const wire::RequestHeader& header, const wire::Frame& frame,
            std::span<const TopicPartition> partitions, Nanos now);
  Nanos throttle(std::uint16_t producer, std::size_t bytes, Nanos now);
  bool knows(std::size_t topic) const;
  std::optional<std::size_t> find_topic(std::int16_t version, const wire::ProduceTopicData& data) const;
  std::vector<TopicPartition> partitions_in(Bytes frame, std::int16_t api) const;
  void emit_refusal(PartitionNumber p, RequestId request, ErrorCode error, Nanos now);

  // ---- transactions (broker_transactions.cpp)
  // False: an api that is not one of a transaction.
  bool handle_transactional(const Call& call);
  void handle_init_producer_id(const Call& call);
  void handle_find_coordinator(const Call& call);
  void handle_add_partitions(const Call& call);
  void handle_add_offsets(const Call& call);
  void handle_end_txn(const Call& call);
  void handle_offset_commit(const Call& call);
  // The operation, unless a `respond` fault takes its place or has the last word.
  CoordinatorAnswer decide(const Call& call, const std::function<CoordinatorAnswer()>& operation);
  template <typename Response>
  void answer_after(const Call& call, const Response& response, Nanos after);
  std::optional<PartitionNumber> find_partition(const std::string& topic, PartitionId partition) const;

  // KIP-890: from these versions on, what is not part of the transaction yet joins it by itself.
  static constexpr std::int16_t kImplicitAddFrom = 12;     // Produce: a partition with its first batch
  static constexpr std::int16_t kImplicitOffsetsFrom = 5;  // TxnOffsetCommit: a group with its first offsets

  // ---- asking the coordinator (broker_verification.cpp)
  TransactionalBatches transactional_batches(const wire::RequestHeader& header,
                                             const wire::ProduceRequest& request);
  // Goes to the coordinator and comes back to on_coordinator_answers. Writing counts when it may add.
  void ask_coordinator(const Call& call, const std::string& transactional_id, bool adds);
  void on_coordinator_answers(ConnId conn, Connection& c, Nanos now);
  ErrorCode asked(const TransactionalProducer& who, const TransactionParts& parts, bool adds);
  bool verify_produce(const wire::RequestHeader& header, ByteReader& in, Verification& verification);
  bool verify_offset_commit(const wire::RequestHeader& header, ByteReader& in, Verification& verification);

  // ---- produce (broker_produce.cpp)
  void handle_produce(const Call& call);
  static Answer refused_with_all(const wire::ProduceRequest& request, std::size_t topic, std::size_t index,
                                 ErrorCode error);
  Answer judge_and_append(const wire::RequestHeader& header, std::uint16_t producer,
                          const wire::ProduceRequest& request, std::size_t topic, std::size_t index,
                          const ActiveFault* fault, const Verification* verification, Nanos now);
  std::optional<ErrorCode> check_batch(Answer& answer, const Topic& topic, const wire::RecordBatchView& batch,
                                       Nanos now) const;
  // max.message.bytes
  std::size_t largest_batch(const Topic& topic) const;
  std::optional<ErrorCode> check_records(Answer& answer, const Topic& topic,
                                         const wire::RecordBatchView& batch, Nanos now) const;
  void append(Answer& answer, const wire::RecordBatchView& batch, std::int16_t acks, RequestId request,
              bool joins, Nanos now);
  void finish_produce(ConnId conn, Connection& c, Nanos now);
  void settle(Answer& answer);
  bool settled(ProduceWork& work);
  void revisit_waiting(PartitionNumber p, Nanos now);
  void add_leader_hint(std::int16_t version, Answer& answer, wire::ProduceResponse& whole) const;

  // ---- replicas (broker_replica.cpp)
  void delete_logs(std::size_t topic, Nanos now);
  void apply_partition(PartitionNumber p, const PartitionState& state, Nanos now);
  void lead(PartitionNumber p, const PartitionState& state, Nanos now);
  void follow(PartitionNumber p, const PartitionState& state, Nanos now);
  void emit_node_state(NodeState state, Nanos now);
  void tell_stability(PartitionNumber p, Nanos now);
  void emit_stability(PartitionNumber p, std::int64_t unstable, Nanos now);

  World& world_;
  NodeSpec spec_;
  ServiceSpec service_;
  std::size_t index_;
  State state_ = State::kStarting;
  bool paused_ = false;
  std::uint32_t incarnation_ = 0;
  MetadataImage image_;
  std::vector<Replica> replicas_;  // by PartitionNumber
  std::map<ConnId, Connection> connections_;
  std::deque<ConnId> handler_queue_;
  std::int32_t busy_handlers_ = 0;
  std::int64_t next_producer_id_;
  std::uint64_t appends_ = 0;
  // Bytes of a client in the current and the past second, for quotas: producer index to samples.
  struct QuotaWindow {
    Nanos began = 0;
    std::uint64_t bytes = 0;
  };
  std::map<std::uint16_t, std::deque<QuotaWindow>> quota_;
};

}  // namespace sendscope::sim
