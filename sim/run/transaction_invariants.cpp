#include "sim/run/transaction_invariants.h"

#include <utility>

namespace sendscope::run {

void TransactionInvariants::observe(const Event& event, std::uint16_t producer_of_thread) {
  switch (event.kind) {
    case EventKind::txn_state: return on_state(event);
    case EventKind::record_appended: {
      records_[event.subject].batch = batch_beside(event.subject, event.a);
      batches_[batch_beside(event.subject, event.a)].records.push_back(event.subject);
      const ProducerState& producer = producers_[producer_of_thread];
      if (producer.transaction > 0) transactions_[producer.transaction - 1].records.push_back(event.subject);
      return;
    }
    case EventKind::record_completed: {
      Record& record = records_[event.subject];
      record.completed = true;
      record.failed = event.a != 0;
      return;
    }
    case EventKind::batch_child: return on_child(event);
    case EventKind::request_batch:
      carried_[{event.subject, event.place}] = batch_beside(event.subject, event.a);
      return;
    case EventKind::txn_appended: announced_[{event.actor, event.place}] = event.subject; return;
    case EventKind::log_appended: return on_log(event);
    case EventKind::txn_marker: return on_marker(event);
    default: return;
  }
}

void TransactionInvariants::on_state(const Event& event) {
  ProducerState& producer = producers_[event.actor];
  const TxnState before = std::exchange(producer.state, static_cast<TxnState>(event.a));
  if (producer.state == TxnState::kInTransaction) {
    transactions_.push_back({.producer = event.actor});
    producer.transaction = transactions_.size();
    return;
  }
  const bool over = producer.state == TxnState::kReady || producer.state == TxnState::kInitializing;
  if (!over || producer.transaction == 0) return;
  Transaction& transaction = transactions_[producer.transaction - 1];
  producer.transaction = 0;
  if (before == TxnState::kCommitting) transaction.outcome = Outcome::kCommitted;
  if (before == TxnState::kAborting) transaction.outcome = Outcome::kAborted;
}

// The parts of a split batch take its records in order.
void TransactionInvariants::on_child(const Event& event) {
  Batch& parent = batches_[batch_beside(event.subject, event.a)];
  Batch& child = batches_[event.subject];
  for (std::uint32_t i = 0; i < event.b && parent.handed_on < parent.records.size(); ++i) {
    const RecordId record = parent.records[parent.handed_on++];
    records_[record].batch = event.subject;
    child.records.push_back(record);
  }
}

void TransactionInvariants::on_log(const Event& event) {
  const auto announced = announced_.find({event.actor, event.place});
  if (announced == announced_.end()) return;
  const auto carried = carried_.find({event.subject, event.place});
  if (carried != carried_.end()) undecided_[{event.place, announced->second}].insert(carried->second);
  announced_.erase(announced);
}

void TransactionInvariants::on_marker(const Event& event) {
  const auto found = undecided_.find({event.place, event.subject});
  if (found == undecided_.end()) return;
  const bool commit = static_cast<TxnMarker>(event.b) == TxnMarker::kCommit;
  for (const BatchId batch : found->second) batches_[batch].committed = commit;
  undecided_.erase(found);
}

std::string TransactionInvariants::violation() const {
  for (const Transaction& transaction : transactions_) {
    for (const RecordId id : transaction.records) {
      const Record& record = records_.at(id);
      const bool counts = batches_.at(record.batch).committed;
      const std::string name = "record " + std::to_string(id) + " of a transaction that was ";
      if (transaction.outcome == Outcome::kAborted && counts) return name + "aborted is committed";
      if (transaction.outcome != Outcome::kCommitted) continue;
      if (!record.completed || record.failed) return name + "committed was not acknowledged";
      if (!counts) return name + "committed is not covered by a commit marker";
    }
  }
  return {};
}

}  // namespace sendscope::run
