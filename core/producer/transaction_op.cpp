// The transactional calls of an application. What they ask for is the TransactionManager's; here are the
// checks before it, the sender's wake-up, and the wait. Kafka: KafkaProducer,
// TransactionalRequestResult.await.
#include "core/producer/producer_parts.h"

namespace sendscope {

namespace {

// What a call that ran out of time had not reached.
std::string timeout_text(TransactionCall call, Millis limit_ms) {
  std::string missing;
  switch (call) {
    case TransactionCall::kInit: missing = "finding the coordinator and getting a producer id from it"; break;
    case TransactionCall::kSendOffsets: missing = "the coordinators' answers about the offsets"; break;
    case TransactionCall::kCommit: missing = "the coordinator's answer to EndTxn (commit)"; break;
    case TransactionCall::kAbort: missing = "the coordinator's answer to EndTxn (abort)"; break;
    case TransactionCall::kBegin: break;
  }
  return std::string(enum_name(Unit::kTxnCall, static_cast<std::uint64_t>(call))) +
         "() timed out: " + missing + " took longer than max.block.ms (" + std::to_string(limit_ms) + " ms)";
}

Result<void> check_group(const ConsumerGroupMetadata& group) {
  if (group.generation_id > 0 && group.member_id.empty())
    return Error(ErrorCode::kIllegalArgument, "the metadata of group \"" + group.group_id +
                                                  "\" name generation " +
                                                  std::to_string(group.generation_id) + ", but no member");
  return {};
}

}  // namespace

Result<void> Producer::Parts::check_transactional_call() const {
  if (transactions == nullptr)
    return Error(ErrorCode::kIllegalState, "transactional calls need transactional.id to be configured");
  if (is_closed()) return closed_error();
  return {};
}

void Producer::Parts::tell_call(EventKind kind, TransactionCall call, const Result<void>* outcome,
                                std::uint16_t thread, Nanos now) {
  const ErrorCode error = outcome != nullptr && !outcome->ok() ? outcome->error().code : ErrorCode::kNone;
  environment.sink.emit(
      {now, kind, thread, kNoPlace, 0, static_cast<std::uint32_t>(call), static_cast<std::uint32_t>(error)});
}

Result<void> Producer::begin_transaction(Nanos now, std::uint16_t thread) {
  Parts& p = *parts_;
  p.tell_call(EventKind::txn_call_began, TransactionCall::kBegin, nullptr, thread, now);
  Result<void> outcome = p.check_transactional_call();
  if (outcome) {
    p.transactions->set_event_time(now);
    outcome = p.transactions->begin_transaction();
    if (outcome) p.metrics.transaction_called(TransactionCall::kBegin, 0);
  }
  p.tell_call(EventKind::txn_call_ended, TransactionCall::kBegin, &outcome, thread, now);
  return outcome;
}

struct TransactionOp::State {
  State(Producer::Parts& parts, TransactionCall call_, std::uint16_t thread_, Waiter& waiter_)
      : p(parts), call(call_), thread(thread_), waiter(waiter_) {}

  // Null: there is nothing to wait for.
  Result<TxnResultPtr> begin(Nanos now);
  Result<TxnResultPtr> ask();
  Step finish(Result<void> result, Nanos now);

  Producer::Parts& p;
  const TransactionCall call;
  const std::uint16_t thread;
  Waiter& waiter;
  TxnOffsets offsets;
  ConsumerGroupMetadata group;
  Nanos began = 0;
  Nanos deadline = 0;
  TxnResultPtr pending;
  std::optional<Result<void>> outcome;
};

TransactionOp::TransactionOp(Producer& producer, TransactionCall call, std::uint16_t thread, Waiter& waiter)
    : state_(std::make_unique<State>(*producer.parts_, call, thread, waiter)) {
  SENDSCOPE_CHECK(call != TransactionCall::kBegin && call != TransactionCall::kSendOffsets);
}

TransactionOp::TransactionOp(Producer& producer, TxnOffsets offsets, ConsumerGroupMetadata group,
                             std::uint16_t thread, Waiter& waiter)
    : state_(std::make_unique<State>(*producer.parts_, TransactionCall::kSendOffsets, thread, waiter)) {
  state_->offsets = std::move(offsets);
  state_->group = std::move(group);
}

TransactionOp::~TransactionOp() {
  if (state_->pending != nullptr) state_->pending->stop_waiting(state_->waiter);
}

Nanos TransactionOp::deadline() const { return state_->deadline; }

const Result<void>& TransactionOp::result() const {
  SENDSCOPE_CHECK(state_->outcome.has_value());
  return *state_->outcome;
}

Result<TxnResultPtr> TransactionOp::State::ask() {
  switch (call) {
    case TransactionCall::kInit: return p.transactions->initialize_transactions();
    case TransactionCall::kCommit: return p.transactions->begin_commit();
    case TransactionCall::kAbort: return p.transactions->begin_abort();
    default: return p.transactions->send_offsets_to_transaction(offsets, group);
  }
}

Result<TxnResultPtr> TransactionOp::State::begin(Nanos now) {
  p.tell_call(EventKind::txn_call_began, call, nullptr, thread, now);
  began = now;
  deadline = time_after(now, to_nanos(p.config.max_block_ms));
  const bool sends_offsets = call == TransactionCall::kSendOffsets;
  if (sends_offsets) {
    if (Result<void> ok = check_group(group); !ok) return ok.error();
  }
  if (Result<void> ok = p.check_transactional_call(); !ok) return ok.error();
  if (sends_offsets && offsets.empty()) return TxnResultPtr{};
  p.transactions->set_event_time(now);
  Result<TxnResultPtr> asked = ask();
  if (asked) p.sender.wakeup();
  return asked;
}

Step TransactionOp::State::finish(Result<void> result, Nanos now) {
  p.tell_call(EventKind::txn_call_ended, call, &result, thread, now);
  outcome.emplace(std::move(result));
  return Step::kDone;
}

Step TransactionOp::advance(Nanos now) {
  State& s = *state_;
  if (s.outcome) return Step::kDone;
  if (s.pending == nullptr) {
    Result<TxnResultPtr> begun = s.begin(now);
    if (!begun) return s.finish(begun.error(), now);
    if (begun.value() == nullptr) return s.finish({}, now);
    s.pending = std::move(begun.value());
  }
  if (s.pending->wait(s.waiter)) {
    if (now < s.deadline) return Step::kBlocked;
    s.pending->stop_waiting(s.waiter);
    return s.finish(Error(ErrorCode::kTimeout, timeout_text(s.call, s.p.config.max_block_ms)), now);
  }
  s.pending->stop_waiting(s.waiter);
  s.pending->acknowledge();
  if (const std::optional<Error> error = s.pending->error()) return s.finish(*error, now);
  s.p.metrics.transaction_called(s.call, now - s.began);
  if (s.call == TransactionCall::kInit) s.p.transactions->maybe_update_transaction_v2_enabled(true);
  return s.finish({}, now);
}

}  // namespace sendscope
