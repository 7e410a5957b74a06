#include "sim/transaction_coordinator.h"

#include <algorithm>

#include "core/base/java_hash.h"
#include "sim/broker.h"
#include "sim/replication.h"

namespace sendscope::sim {
namespace {

constexpr std::uint32_t kInternalPartitions = 50;  // transaction.state.log.num.partitions, and the offsets'
constexpr Nanos kLoadTime = 10 * kNanosPerMilli;
constexpr std::int16_t kLastEpoch = INT16_MAX - 1;  // the one above is kept for fencing

CoordinatorAnswer refuse(ErrorCode error) { return {error, -1, -1, 0}; }

}  // namespace

// ---- who speaks

NodeId TransactionCoordinator::coordinator_of(std::string_view key, const std::vector<bool>& alive) const {
  const auto& nodes = world_.spec.nodes;
  const std::uint32_t partition = (java_hash(key) & INT32_MAX) % kInternalPartitions;
  const std::size_t first = partition % nodes.size();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::size_t index = (first + i) % nodes.size();
    if (index < alive.size() && alive[index]) return nodes[index].id;
  }
  return kNoLeader;
}

NodeId TransactionCoordinator::coordinator_of(std::string_view key) const {
  std::vector<bool> alive;
  for (const NodeSpec& node : world_.spec.nodes) alive.push_back(world_.controller.alive(node.id));
  return coordinator_of(key, alive);
}

bool TransactionCoordinator::answers(NodeId from, NodeId to) const {
  return world_.broker(to).working() && can_talk(from, to);
}

bool TransactionCoordinator::can_talk(NodeId from, NodeId to) const {
  return from == to || world_.replication->connected(world_.broker(from), world_.broker(to));
}

Prng TransactionCoordinator::draws_for(const std::string& key) {
  const RandomStream fresh(world_.seed, {"coordinator", key});
  return messages_.try_emplace(key, fresh).first->second.next();
}

Nanos TransactionCoordinator::travel(NodeId from, NodeId to, const std::string& key) {
  if (from == to) return 0;
  if (!can_talk(from, to)) return kForever;
  return world_.replication->transfer_time(world_.broker(from), world_.broker(to), 0, draws_for(key));
}

Nanos TransactionCoordinator::write_time(const std::string& key) {
  if (world_.spec.nodes.size() == 1) return 0;
  const Broker& one = *world_.brokers.front();
  return 2 * world_.replication->transfer_time(one, one, 0, draws_for(key));
}

ErrorCode TransactionCoordinator::may_speak(NodeId node, const std::string& id) const {
  return coordinator_of(id) == node ? ErrorCode::kNone : ErrorCode::kNotCoordinator;
}

TransactionCoordinator::Transaction* TransactionCoordinator::find(NodeId node, const std::string& id,
                                                                  ErrorCode& error) {
  error = may_speak(node, id);
  if (error != ErrorCode::kNone) return nullptr;
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) {
    error = ErrorCode::kInvalidProducerIdMapping;
    return nullptr;
  }
  Transaction& t = transactions_[found->second];
  if (t.node != node) take_over(t, node);
  if (world_.loop.now() >= t.loaded_at) return &t;
  error = ErrorCode::kCoordinatorLoadInProgress;
  return nullptr;
}

void TransactionCoordinator::take_over(Transaction& t, NodeId node) {
  const bool first = t.node == kNoLeader;
  t.node = node;
  if (first) return;
  t.loaded_at = world_.loop.now() + kLoadTime;
  set_stage(t, t.stage);
  if (t.preparing()) send_markers(t, t.loaded_at);
}

std::size_t TransactionCoordinator::index_of(const Transaction& t) const { return by_id_.find(t.id)->second; }

void TransactionCoordinator::set_stage(Transaction& t, TxnStage stage) {
  t.stage = stage;
  world_.sink.emit({.t = world_.loop.now(),
                    .kind = EventKind::txn_coordinated,
                    .actor = static_cast<std::uint16_t>(t.epoch),
                    .place = static_cast<std::uint32_t>(t.node),
                    .subject = static_cast<std::uint64_t>(t.producer_id),
                    .a = world_.sink.intern(t.id),
                    .b = static_cast<std::uint32_t>(stage)});
}

// What was decided counts from now on; while it is written nobody else may decide.
CoordinatorAnswer TransactionCoordinator::write(Transaction& t, ErrorCode error) {
  const Nanos time = write_time(t.id);
  t.written_at = world_.loop.now() + time;
  return {error, t.producer_id, t.epoch, time};
}

// ---- InitProducerId

CoordinatorAnswer TransactionCoordinator::init_producer_id(NodeId node, const TransactionalProducer& who,
                                                           std::int32_t timeout_ms) {
  const std::string& id = who.transactional_id;
  if (id.empty() || (who.producer_id < 0) != (who.epoch < 0)) return refuse(ErrorCode::kInvalidRequest);
  if (timeout_ms <= 0 || to_nanos(timeout_ms) > world_.config.transaction_max_timeout)
    return refuse(ErrorCode::kInvalidTransactionTimeout);
  if (const ErrorCode error = may_speak(node, id); error != ErrorCode::kNone) return refuse(error);
  if (by_id_.find(id) == by_id_.end()) {
    by_id_[id] = transactions_.size();
    Transaction& fresh = transactions_.emplace_back();
    fresh.id = id;
    fresh.producer_id = world_.broker(node).producer_ids().take();
  }
  ErrorCode error{};
  Transaction* t = find(node, id, error);
  if (t == nullptr) return refuse(error);
  const bool own = who.producer_id < 0 || t->epoch < 0 || who.producer_id == t->producer_id ||
                   (who.producer_id == t->previous_id && who.epoch > kLastEpoch);
  if (!own) return refuse(ErrorCode::kProducerFenced);
  if (world_.loop.now() < t->written_at || t->preparing()) return refuse(ErrorCode::kConcurrentTransactions);
  if (t->stage == TxnStage::kOngoing) {  // of an older owner: it is aborted first
    fence(*t);
    return refuse(ErrorCode::kConcurrentTransactions);
  }
  t->timeout_ms = timeout_ms;
  return next_epoch(*t, who);
}

CoordinatorAnswer TransactionCoordinator::next_epoch(Transaction& t, const TransactionalProducer& who) {
  if (who.epoch >= 0 && t.epoch >= 0 && who.epoch != t.epoch) {
    // The answer of an earlier attempt was lost: it is given again.
    if (who.epoch == t.last_epoch) return {ErrorCode::kNone, t.producer_id, t.epoch, 0};
    return refuse(ErrorCode::kProducerFenced);
  }
  const std::int16_t before = t.epoch;
  if (t.epoch >= kLastEpoch) {
    t.previous_id = t.producer_id;
    t.producer_id = world_.broker(t.node).producer_ids().take();
    t.epoch = 0;
  } else {
    ++t.epoch;
  }
  t.last_epoch = who.epoch >= 0 ? before : std::int16_t{-1};
  t.partitions.clear();
  t.groups.clear();
  set_stage(t, TxnStage::kEmpty);
  return write(t);
}

// ---- members of the transaction

ErrorCode TransactionCoordinator::judge_member(const Transaction& t, const TransactionalProducer& who) const {
  if (world_.loop.now() < t.written_at) return ErrorCode::kConcurrentTransactions;
  if (t.next_id >= 0 && who.producer_id == t.next_id) return ErrorCode::kConcurrentTransactions;
  if (who.producer_id != t.producer_id) return ErrorCode::kInvalidProducerIdMapping;
  if (who.epoch != t.epoch && !world_.sabotage.skip_fencing) return ErrorCode::kProducerFenced;
  return t.preparing() ? ErrorCode::kConcurrentTransactions : ErrorCode::kNone;
}

bool TransactionCoordinator::has_all(const Transaction& t, const TransactionParts& parts) const {
  if (t.stage != TxnStage::kOngoing) return false;
  return std::all_of(parts.partitions.begin(), parts.partitions.end(),
                     [&](PartitionNumber p) { return t.partitions.contains(p); }) &&
         std::all_of(parts.groups.begin(), parts.groups.end(),
                     [&](const std::string& group) { return t.groups.contains(group); });
}

CoordinatorAnswer TransactionCoordinator::add(NodeId node, const TransactionalProducer& who,
                                              const TransactionParts& parts) {
  ErrorCode error{};
  Transaction* t = find(node, who.transactional_id, error);
  if (t == nullptr) return refuse(error);
  if (error = judge_member(*t, who); error != ErrorCode::kNone) return refuse(error);
  if (has_all(*t, parts)) return {};
  if (t->stage != TxnStage::kOngoing) {
    t->partitions.clear();
    t->groups.clear();
    set_stage(*t, TxnStage::kOngoing);
    arm_timeout(*t);
  }
  t->partitions.insert(parts.partitions.begin(), parts.partitions.end());
  t->groups.insert(parts.groups.begin(), parts.groups.end());
  return write(*t);
}

ErrorCode TransactionCoordinator::verify(NodeId node, const TransactionalProducer& who,
                                         const TransactionParts& parts) {
  ErrorCode error{};
  const Transaction* t = find(node, who.transactional_id, error);
  if (t == nullptr) return error;
  if (error = judge_member(*t, who); error != ErrorCode::kNone) return error;
  return has_all(*t, parts) ? ErrorCode::kNone : ErrorCode::kTransactionAbortable;
}

// ---- EndTxn

ErrorCode TransactionCoordinator::judge_end(const Transaction& t, const TransactionalProducer& who,
                                            bool commit) const {
  if (who.producer_id != t.producer_id) return ErrorCode::kInvalidProducerIdMapping;
  if (who.epoch != t.epoch && !world_.sabotage.skip_fencing) return ErrorCode::kProducerFenced;
  if (world_.loop.now() < t.written_at) return ErrorCode::kConcurrentTransactions;
  switch (t.stage) {
    case TxnStage::kOngoing: return ErrorCode::kNone;
    case TxnStage::kCompleteCommit: return commit ? ErrorCode::kNone : ErrorCode::kInvalidTxnState;
    case TxnStage::kCompleteAbort: return commit ? ErrorCode::kInvalidTxnState : ErrorCode::kNone;
    case TxnStage::kPrepareCommit:
    case TxnStage::kPrepareAbort:
      return commit == (t.stage == TxnStage::kPrepareCommit) ? ErrorCode::kConcurrentTransactions
                                                             : ErrorCode::kInvalidTxnState;
    default: return ErrorCode::kInvalidTxnState;
  }
}

// The epoch before the current one means: the answer of this very end was lost (KIP-890).
ErrorCode TransactionCoordinator::judge_bumping_end(const Transaction& t, const TransactionalProducer& who,
                                                    bool commit) const {
  const bool wrapped = who.producer_id == t.previous_id && who.epoch >= kLastEpoch;
  const bool again = wrapped || (who.producer_id == t.producer_id && who.epoch == t.epoch - 1);
  if (who.producer_id != t.producer_id && !wrapped) return ErrorCode::kInvalidProducerIdMapping;
  if (!again && who.epoch != t.epoch && !world_.sabotage.skip_fencing) return ErrorCode::kProducerFenced;
  if (world_.loop.now() < t.written_at) return ErrorCode::kConcurrentTransactions;
  switch (t.stage) {
    case TxnStage::kOngoing: return again ? ErrorCode::kProducerFenced : ErrorCode::kNone;
    case TxnStage::kEmpty:
      if (again) return ErrorCode::kProducerFenced;
      return commit ? ErrorCode::kInvalidTxnState : ErrorCode::kNone;
    case TxnStage::kCompleteAbort: return commit ? ErrorCode::kInvalidTxnState : ErrorCode::kNone;
    case TxnStage::kCompleteCommit: return commit == again ? ErrorCode::kNone : ErrorCode::kInvalidTxnState;
    default:
      if (!again) return ErrorCode::kProducerFenced;
      return commit == (t.stage == TxnStage::kPrepareCommit) ? ErrorCode::kConcurrentTransactions
                                                             : ErrorCode::kInvalidTxnState;
  }
}

CoordinatorAnswer TransactionCoordinator::end(NodeId node, const TransactionalProducer& who, bool commit,
                                              bool bumps) {
  ErrorCode error{};
  Transaction* t = find(node, who.transactional_id, error);
  if (t == nullptr) return refuse(error);
  error = bumps ? judge_bumping_end(*t, who, commit) : judge_end(*t, who, commit);
  if (error != ErrorCode::kNone) return refuse(error);
  const bool ongoing = t->stage == TxnStage::kOngoing;
  const bool again = bumps ? who.epoch != t->epoch || who.producer_id != t->producer_id : !ongoing;
  if (again && !ongoing) return {ErrorCode::kNone, t->producer_id, t->epoch, 0};
  if (!ongoing) {  // an abort of nothing still takes an epoch
    t->partitions.clear();
    t->groups.clear();
  }
  if (bumps) raise_epoch(*t);
  prepare(*t, commit);
  CoordinatorAnswer answer = write(*t);
  if (t->next_id >= 0) {
    answer.producer_id = t->next_id;
    answer.epoch = 0;
  }
  return answer;
}

void TransactionCoordinator::raise_epoch(Transaction& t) {
  if (t.epoch >= kLastEpoch) t.next_id = world_.broker(t.node).producer_ids().take();
  t.last_epoch = t.epoch;
  ++t.epoch;
}

// On behalf of a new owner, or because time is up: the old owner's epoch ends here.
void TransactionCoordinator::fence(Transaction& t) {
  if (t.epoch <= kLastEpoch) ++t.epoch;
  t.last_epoch = -1;
  set_stage(t, TxnStage::kPrepareEpochFence);
  prepare(t, false);
  write(t);
}

void TransactionCoordinator::prepare(Transaction& t, bool commit) {
  world_.loop.cancel(t.timeout);
  set_stage(t, commit ? TxnStage::kPrepareCommit : TxnStage::kPrepareAbort);
  send_markers(t, world_.loop.now() + write_time(t.id));
}

// ---- time-outs

// Kafka looks at fixed intervals.
void TransactionCoordinator::arm_timeout(Transaction& t) {
  const Nanos interval = std::max<Nanos>(world_.config.transaction_cleanup_interval, kNanosPerMilli);
  const Nanos due = time_after(world_.loop.now(), to_nanos(t.timeout_ms));
  world_.loop.cancel(t.timeout);
  t.timeout = world_.loop.at((due + interval - 1) / interval * interval, *this, kTimeout, index_of(t));
}

void TransactionCoordinator::time_out(Transaction& t, Nanos now) {
  if (t.stage != TxnStage::kOngoing) return;
  const NodeId node = coordinator_of(t.id);
  if (node == kNoLeader || !world_.broker(node).working()) {
    t.timeout =
        world_.loop.at(now + std::max<Nanos>(world_.config.transaction_cleanup_interval, kNanosPerMilli),
                       *this, kTimeout, index_of(t));
    return;
  }
  if (t.node != node) take_over(t, node);
  fence(t);
}

}  // namespace sendscope::sim
