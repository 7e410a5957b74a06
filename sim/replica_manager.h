// The replicas on one broker: their logs, leading and following, the ISR, high watermarks, the checks and the
// append of what producers send, and produce requests that wait until enough replicas have it.
// Kafka: ReplicaManager, Partition, UnifiedLog, LogValidator, DelayedProduce; broker.md 3 and 4.
//
// Invariant: a high watermark never lies beyond its log's end. A request is delayed at most once at a time.
//
// Thread-safety: none; one thread at a time.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/wire/produce.h"
#include "core/wire/record_batch.h"
#include "sim/controller.h"
#include "sim/environment.h"
#include "sim/replica.h"

namespace sendscope::sim {

// Produce: from this version on a partition joins its transaction with its first batch there (KIP-890).
inline constexpr std::int16_t kImplicitAddFrom = 12;

// What one partition of a produce request comes to.
struct ProduceResult {
  std::size_t topic = 0;  // place in the request
  TopicPartition tp;
  std::optional<PartitionNumber> partition;
  wire::ProducePartitionResponse response;
  std::size_t stored_bytes = 0;       // of the batch, as the log takes it
  std::int64_t required_offset = -1;  // the high watermark must reach it; -1: settled
  bool forced = false;                // a `respond` fault has the last word
  ErrorCode forced_error = ErrorCode::kNone;
};

// An error as a response carries it; what Kafka has no number for is UNKNOWN_SERVER_ERROR.
std::int16_t wire_code(ErrorCode code);

// What a batch needs besides itself.
struct AppendRequest {
  RequestId id = 0;
  std::int16_t acks = 0;
  std::int16_t version = 0;
  // Of a transactional batch whose transaction is not open here: what the coordinator said.
  ErrorCode verified = ErrorCode::kNotEnoughReplicas;
};

// What happens on a broker's replicas and concerns others.
class ReplicaListener {
 public:
  // The log of a partition that is led here has grown.
  virtual void on_log_grew(PartitionNumber p, Nanos now) = 0;
  // This broker leads the partition from now on.
  virtual void on_leading(PartitionNumber p, Nanos now) = 0;
  virtual void on_high_watermark(PartitionNumber p) = 0;
  // A delayed produce request is settled.
  virtual void on_produce_settled(ConnId conn, std::vector<ProduceResult> results, Nanos now) = 0;
  // The leader wants another ISR; false when the controller did not hear it or refuses.
  virtual bool change_isr(PartitionNumber p, std::int32_t leader_epoch, std::vector<NodeId> isr) = 0;

 protected:
  ~ReplicaListener() = default;
};

class ReplicaManager {
 public:
  ReplicaManager(SimEnvironment& env, const Catalog& catalog, NodeId node, ReplicaListener& listener)
      : env_(env), catalog_(catalog), node_(node), listener_(listener) {}

  Replica& replica(PartitionNumber p);

  // ---- what the controller says
  void apply(PartitionNumber p, const PartitionState& state, Nanos now);
  // A topic is gone, and what was stored of it.
  void delete_logs(std::size_t topic, Nanos now);
  // The process has ended: nothing is led, nobody waits.
  void shut_down();

  // ---- appending
  // The checks in Kafka's order behind "which partition is meant", and the append.
  // REQUIRES: result.partition
  void append(ProduceResult& result, const std::optional<Bytes>& records, const AppendRequest& request,
              Nanos now);
  void refuse(ProduceResult& result, RequestId request, ErrorCode error, Nanos now) const;
  // The marker that decides a transaction. Returns the log's end behind it; -1 when this broker does not lead
  // the partition, or too few replicas are in sync.
  std::int64_t append_marker(PartitionNumber p, std::int64_t producer_id, std::int16_t epoch, bool commit,
                             Nanos now);

  // ---- waiting for replicas
  // Settles what is final; whether that is all of it.
  bool settled(std::vector<ProduceResult>& results);
  // Until on_produce_settled() or give_up().
  void delay(ConnId conn, std::vector<ProduceResult> results);
  // Nothing when the request is not delayed.
  std::optional<std::vector<ProduceResult>> give_up(ConnId conn);

  // ---- leading
  // The log end of a follower moved, or the ISR: the high watermark may rise and requests may be done.
  void advance_high_watermark(PartitionNumber p, Nanos now);
  // The leader changes the ISR, if the controller lets it.
  void propose_isr(PartitionNumber p, std::vector<NodeId> isr, Nanos now);

 private:
  // What of a batch passes is what is appended of it.
  std::optional<ErrorCode> check_batch(ProduceResult& result, const Topic& topic,
                                       const wire::RecordBatchView& batch, Nanos now) const;
  std::optional<ErrorCode> check_records(ProduceResult& result, const Topic& topic,
                                         const wire::RecordBatchView& batch, Nanos now) const;
  std::size_t largest_batch(const Topic& topic) const;  // max.message.bytes
  void append_batch(ProduceResult& result, const wire::RecordBatchView& batch, const AppendRequest& request,
                    bool joins, Nanos now);
  // Whether the batch ends here: refused, or known already.
  bool judge_sequence(ProduceResult& result, const LogBatch& entry, const AppendRequest& request, bool joins,
                      Nanos now);
  void settle(ProduceResult& result);
  void revisit_delayed(PartitionNumber p, Nanos now);
  void lead(PartitionNumber p, const PartitionState& state, Nanos now);
  void follow(PartitionNumber p, const PartitionState& state, Nanos now);
  void tell_stability(PartitionNumber p, Nanos now);
  void emit_stability(PartitionNumber p, std::int64_t unstable, Nanos now);
  // An event of this node and a partition.
  Event event(EventKind kind, PartitionNumber p, Nanos now) const;

  SimEnvironment& env_;
  const Catalog& catalog_;
  NodeId node_;
  ReplicaListener& listener_;
  std::vector<Replica> replicas_;  // by PartitionNumber
  std::map<ConnId, std::vector<ProduceResult>> delayed_;
  std::uint64_t appends_ = 0;
};

}  // namespace sendscope::sim
