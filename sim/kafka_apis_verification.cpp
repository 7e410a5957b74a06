// Before the first batch of a transaction is appended, the partition's leader asks the transaction's
// coordinator: whether the partition belongs to it (transactions V1), or to add it (V2, KIP-890). The same
// for a group's offsets. Kafka: AddPartitionsToTxnManager, ReplicaManager.maybeStartTransactionVerification.
#include <algorithm>

#include "core/base/bytes.h"
#include "core/wire/txn_offset_commit.h"
#include "sim/kafka_apis.h"

namespace sendscope::sim {
namespace {

constexpr Nanos kRetryInterval = 20 * kNanosPerMilli;
constexpr Nanos kRetryFor = 100 * kNanosPerMilli;
constexpr std::int16_t kAbortableFrom = 11;  // Produce: clients that understand TRANSACTION_ABORTABLE

// What a producer hears of the coordinator's answer.
ErrorCode produce_error(ErrorCode error, std::int16_t version, bool adds) {
  switch (error) {
    case ErrorCode::kConcurrentTransactions: return adds ? error : ErrorCode::kNotEnoughReplicas;
    // Chosen because clients try these again without asking for metadata.
    case ErrorCode::kNetworkException:
    case ErrorCode::kCoordinatorLoadInProgress:
    case ErrorCode::kCoordinatorNotAvailable:
    case ErrorCode::kNotCoordinator: return ErrorCode::kNotEnoughReplicas;
    case ErrorCode::kProducerFenced: return ErrorCode::kInvalidProducerEpoch;
    case ErrorCode::kTransactionAbortable:
      return version >= kAbortableFrom ? error : ErrorCode::kInvalidTxnState;
    default: return error;
  }
}

ErrorCode offset_error(ErrorCode error) {
  switch (error) {
    case ErrorCode::kNetworkException:
    case ErrorCode::kConcurrentTransactions:
    case ErrorCode::kCoordinatorLoadInProgress:
    case ErrorCode::kCoordinatorNotAvailable:
    case ErrorCode::kNotCoordinator: return ErrorCode::kCoordinatorNotAvailable;
    default: return error;
  }
}

// The transaction before is about to be complete: better to wait a little than to send the client away.
bool ask_again(ErrorCode error, Nanos began, Nanos now) {
  return error == ErrorCode::kConcurrentTransactions && now - began < kRetryFor;
}

}  // namespace

KafkaApis::TransactionalBatches KafkaApis::transactional_batches(const wire::RequestHeader& header,
                                                                 const wire::ProduceRequest& request) {
  TransactionalBatches result;
  bool first = true;
  for (const wire::ProduceTopicData& topic : request.topics) {
    const std::optional<std::size_t> known = find_topic(header.version, topic);
    for (const wire::ProducePartitionData& part : topic.partitions) {
      if (!part.records) continue;
      const Result<wire::RecordBatchView> batch = wire::RecordBatchView::parse(*part.records);
      if (!batch || !batch->header().is_transactional()) continue;
      const wire::RecordBatchHeader& of = batch->header();
      if (!request.transactional_id) result.error = ErrorCode::kTransactionalIdAuthorizationFailed;
      if (result.error != ErrorCode::kNone) return result;
      const TransactionalProducer who{*request.transactional_id, of.producer_id, of.producer_epoch};
      if (std::exchange(first, false)) result.who = who;
      if (who.producer_id != result.who.producer_id || who.epoch != result.who.epoch) {
        result.error = ErrorCode::kInvalidProducerIdMapping;
        return result;
      }
      if (!known) continue;
      const auto p = find_partition(parts_.catalog.topics[*known].spec.name, part.index);
      if (!p || !parts_.replicas.replica(*p).leading ||
          parts_.replicas.replica(*p).producers.has_open_transaction(who.producer_id, who.epoch))
        continue;
      LogBatch entry;
      entry.producer_id = of.producer_id;
      entry.producer_epoch = of.producer_epoch;
      entry.base_sequence = of.base_sequence;
      entry.records = of.record_count;
      result.joining.emplace_back(*p, entry);
    }
  }
  return result;
}

KafkaApis::AwaitCoordinator KafkaApis::ask_coordinator(const Call& call, const std::string& transactional_id,
                                                       bool adds) {
  if (!call.work.verification) call.work.verification = Verification{call.now, {}, ErrorCode::kNone};
  TransactionCoordinator& transactions = parts_.transactions;
  const NodeId node = transactions.coordinator_of(transactional_id, parts_.image.nodes);
  const Nanos way = node == kNoLeader ? kForever : transactions.travel(parts_.node, node, transactional_id);
  const Nanos there_and_back = way == kForever ? 0 : 2 * way;
  return {there_and_back + (adds ? transactions.write_time(transactional_id) : 0)};
}

// Everything counts at the moment the answer is back: what the coordinator says, and the append behind it.
ErrorCode KafkaApis::asked(const TransactionalProducer& who, const TransactionParts& parts, bool adds) {
  TransactionCoordinator& transactions = parts_.transactions;
  const NodeId node = transactions.coordinator_of(who.transactional_id, parts_.image.nodes);
  if (node == kNoLeader || !transactions.answers(parts_.node, node))
    return ErrorCode::kCoordinatorNotAvailable;
  if (adds) return transactions.add(node, who, parts).error;
  return transactions.verify(node, who, parts);
}

// Returns whether to ask again.
bool KafkaApis::verify_produce(const wire::RequestHeader& header, ByteReader& in,
                               Verification& verification) {
  const Result<wire::ProduceRequest> request = wire::ProduceRequest::decode(in, header.version);
  if (!request) return false;
  const TransactionalBatches batches = transactional_batches(header, *request);
  const bool adds = header.version >= kImplicitAddFrom;
  TransactionParts all;
  for (const auto& [p, batch] : batches.joining) all.partitions.push_back(p);
  const ErrorCode together = adds ? asked(batches.who, all, true) : ErrorCode::kNone;
  if (ask_again(together, verification.began, parts_.env.loop.now())) return true;
  for (const PartitionNumber p : all.partitions) {
    const ErrorCode error = adds ? together : asked(batches.who, {{p}, {}}, false);
    verification.partitions[p] = produce_error(error, header.version, adds);
  }
  return false;
}

bool KafkaApis::verify_offset_commit(const wire::RequestHeader& header, ByteReader& in,
                                     Verification& verification) {
  const auto request = wire::TxnOffsetCommitRequest::decode(in, header.version);
  if (!request) return false;
  const bool adds = header.version >= kImplicitOffsetsFrom;
  const ErrorCode error = asked(TransactionalProducer::of(*request), {{}, {request->group_id}}, adds);
  if (adds && ask_again(error, verification.began, parts_.env.loop.now())) return true;
  verification.group = offset_error(error);
  return false;
}

void KafkaApis::on_coordinator_answers(const IncomingRequest& request, InHand& work, Nanos now) {
  if (!work.verification) return;
  ByteReader in(request.frame);
  const Result<wire::RequestHeader> header = wire::RequestHeader::decode(in);
  if (!header) return carry_out(request, CloseConnection{}, now);
  const bool again = header->api_key == key_of(ApiKey::kProduce)
                         ? verify_produce(*header, in, *work.verification)
                         : verify_offset_commit(*header, in, *work.verification);
  carry_out(request, again ? Outcome(AwaitCoordinator{kRetryInterval}) : dispatch(request, work, now), now);
}

}  // namespace sendscope::sim
