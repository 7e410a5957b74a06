#include "sim/virtual_thread.h"

#include <algorithm>

#include "core/base/check.h"
#include "core/producer/transaction_manager.h"
#include "sim/random_stream.h"

namespace sendscope::sim {
namespace {

// Records in a row before others get a turn at the same instant.
constexpr std::uint32_t kBurst = 64;

Prng stream_of(const VirtualThread::Environment& of, std::string_view thread, std::string_view purpose) {
  return RandomStream(of.seed, {"thread", of.producer, thread, purpose}).sequence();
}

ThreadState state_of(BlockReason reason) {
  switch (reason) {
    case BlockReason::kMetadata: return ThreadState::kWaitingMetadata;
    case BlockReason::kMemory: return ThreadState::kWaitingMemory;
    case BlockReason::kFlush: return ThreadState::kFlushing;
    case BlockReason::kClose: return ThreadState::kClosing;
    case BlockReason::kResult: return ThreadState::kWaitingResult;
    case BlockReason::kTransaction: return ThreadState::kWaitingTransaction;
    case BlockReason::kNone: break;
  }
  return ThreadState::kRunning;
}

TransactionOp operation(Producer& producer, TransactionCall call, const OffsetsStep* offsets,
                        std::uint16_t thread, Waiter& waiter) {
  if (call != TransactionCall::kSendOffsets) return {producer, call, thread, waiter};
  TxnOffsets to_commit;
  to_commit[{offsets->topic, offsets->partition}].offset = offsets->offset;
  ConsumerGroupMetadata group;
  group.group_id = offsets->group;
  return {producer, std::move(to_commit), group, thread, waiter};
}

}  // namespace

bool Barriers::arrive(const std::string& name, VirtualThread& thread) {
  Meeting& meeting = meetings_[name];
  if (meeting.waiting.size() + 1 < meeting.expected) {
    meeting.waiting.push_back(&thread);
    return false;
  }
  const std::vector<VirtualThread*> others = std::exchange(meeting.waiting, {});
  for (VirtualThread* other : others) other->pass_barrier();
  return true;
}

VirtualThread::VirtualThread(const ThreadSpec& spec, std::uint16_t index, const Environment& environment)
    : env_(environment),
      index_(index),
      pace_(stream_of(environment, spec.name, "pace")),
      records_(stream_of(environment, spec.name, "records")),
      callbacks_(stream_of(environment, spec.name, "callbacks")),
      wakeup_(*this),
      steps_(spec.steps) {}

VirtualThread::~VirtualThread() = default;

void VirtualThread::start() { resume_at(env_.loop.now()); }

// ---- being scheduled

// An earlier turn that is already due comes first; whatever the thread waits for, it looks again then.
void VirtualThread::resume_at(Nanos time) {
  if (scheduled_now_) return;
  env_.loop.cancel(timer_);
  timer_ = env_.loop.at(time, *this, 0);
}

void VirtualThread::wake() {
  if (scheduled_now_) return;
  resume_at(env_.loop.now());
  scheduled_now_ = true;
}

void VirtualThread::pass_barrier() {
  SENDSCOPE_CHECK(std::holds_alternative<AtBarrier>(activity_));
  activity_.emplace<BetweenSteps>();
  wake();
}

void VirtualThread::on_event(Nanos now, std::uint32_t, std::uint64_t) {
  scheduled_now_ = false;
  run(now);
}

void VirtualThread::tell_state(ThreadState state, Nanos now) {
  if (told_state_ == state) return;
  told_state_ = state;
  env_.sink.emit({.t = now,
                  .kind = EventKind::thread_state,
                  .actor = index_,
                  .a = static_cast<std::uint32_t>(state),
                  .b = 0});
}

VirtualThread::Progress VirtualThread::wait_for(BlockReason reason, Nanos deadline, Nanos now) {
  tell_state(state_of(reason), now);
  if (deadline != kForever) resume_at(std::max(deadline, now));
  return Progress::kStops;
}

VirtualThread::Progress VirtualThread::sleep_until(Nanos time, Nanos now) {
  tell_state(ThreadState::kSleeping, now);
  resume_at(time);
  return Progress::kStops;
}

// Others get their turn at the same instant.
VirtualThread::Progress VirtualThread::yield(Nanos now) {
  resume_at(now);
  return Progress::kStops;
}

// ---- the steps

void VirtualThread::run(Nanos now) {
  burst_ = 0;
  Progress progress = Progress::kGoesOn;
  while (progress == Progress::kGoesOn) {
    progress = std::visit([&](auto& activity) { return advance(activity, now); }, activity_);
  }
}

VirtualThread::Progress VirtualThread::advance(BetweenSteps&, Nanos now) {
  for (;;) {
    if (const Step* step = steps_.next()) {
      begin(*step, now);
      return Progress::kGoesOn;
    }
    if (steps_.finished()) break;
    if (++burst_ >= kBurst) return yield(now);  // a loop whose steps take no time
  }
  activity_.emplace<Closed>();
  tell_state(ThreadState::kClosed, now);
  return Progress::kStops;
}

void VirtualThread::begin(const Step& step, Nanos now) {
  tell_state(ThreadState::kRunning, now);
  Producer& producer = env_.io.producer();
  if (const auto* send = std::get_if<SendStep>(&step.what)) {
    activity_.emplace<Sending>(*send, env_.bytes, context_of(*send), now);
  } else if (const auto* sleep = std::get_if<SleepStep>(&step.what)) {
    activity_ = Sleeping{now + sleep->duration.draw(pace_)};
  } else if (std::holds_alternative<FlushStep>(step.what)) {
    activity_.emplace<FlushOp>(producer, index_, wakeup_);
  } else if (const auto* close = std::get_if<CloseStep>(&step.what)) {
    activity_.emplace<CloseOp>(producer, index_, wakeup_, close->timeout);
  } else if (const auto* repeat = std::get_if<RepeatStep>(&step.what)) {
    steps_.enter(*repeat);
  } else if (const auto* barrier = std::get_if<BarrierStep>(&step.what)) {
    if (!env_.barriers.arrive(barrier->name, *this)) activity_.emplace<AtBarrier>();
  } else if (const auto* set = std::get_if<SetStep>(&step.what)) {
    env_.set(*set);
  } else {
    begin_transactional(step);
  }
}

VirtualThread::Progress VirtualThread::advance(Sleeping& sleeping, Nanos now) {
  if (now < sleeping.until) return sleep_until(sleeping.until, now);
  activity_.emplace<BetweenSteps>();
  return Progress::kGoesOn;
}

VirtualThread::Progress VirtualThread::advance(AtBarrier&, Nanos now) {
  tell_state(ThreadState::kWaitingBarrier, now);
  return Progress::kStops;
}

VirtualThread::Progress VirtualThread::advance(FlushOp& flush, Nanos now) {
  if (flush.advance(now) != sendscope::Step::kDone) return wait_for(BlockReason::kFlush, kForever, now);
  activity_.emplace<BetweenSteps>();
  return Progress::kGoesOn;
}

VirtualThread::Progress VirtualThread::advance(CloseOp& close, Nanos now) {
  if (close.advance(now) != sendscope::Step::kDone)
    return wait_for(BlockReason::kClose, close.deadline(), now);
  activity_.emplace<BetweenSteps>();
  return Progress::kGoesOn;
}

// ---- transactions

VirtualThread::InTransactionalCall::InTransactionalCall(const Call& made, Producer& producer,
                                                        std::uint16_t thread, Waiter& waiter)
    : call(made), op(operation(producer, made.call, made.offsets, thread, waiter)) {}

void VirtualThread::begin_transactional(const Step& step) {
  TransactionManager* manager = env_.io.producer().transactions();
  if (manager == nullptr) return;  // check_scenario asks for a transactional.id
  if (std::holds_alternative<InitStep>(step.what)) {
    call({TransactionCall::kInit});
  } else if (std::holds_alternative<BeginStep>(step.what)) {
    if (manager->state() == TxnState::kUninitialized) {
      call({.call = TransactionCall::kInit, .then_begin = true});
    } else {
      activity_.emplace<BeginningTransaction>();
    }
  } else if (const auto* offsets = std::get_if<OffsetsStep>(&step.what)) {
    call({TransactionCall::kSendOffsets, offsets});
  } else {
    call(
        {std::holds_alternative<CommitStep>(step.what) ? TransactionCall::kCommit : TransactionCall::kAbort});
  }
}

void VirtualThread::call(const Call& what) {
  activity_.emplace<InTransactionalCall>(what, env_.io.producer(), index_, wakeup_);
}

VirtualThread::Progress VirtualThread::advance(InTransactionalCall& in_call, Nanos now) {
  if (in_call.op.advance(now) != sendscope::Step::kDone) {
    return wait_for(BlockReason::kTransaction, in_call.op.deadline(), now);
  }
  const Result<void> result = in_call.op.result();
  const Call made = in_call.call;
  if (made.then_begin) {
    activity_.emplace<BeginningTransaction>();
  } else {
    activity_.emplace<BetweenSteps>();
  }
  tell_state(ThreadState::kRunning, now);
  if (!result) on_transactional_error(made, result.error());
  return Progress::kGoesOn;
}

VirtualThread::Progress VirtualThread::advance(BeginningTransaction&, Nanos now) {
  activity_.emplace<BetweenSteps>();
  const Result<void> begun = env_.io.producer().begin_transaction(now, index_);
  if (!begun) on_transactional_error({TransactionCall::kBegin}, begun.error());
  return std::holds_alternative<BetweenSteps>(activity_) ? Progress::kGoesOn : yield(now);
}

void VirtualThread::on_transactional_error(const Call& failed, const Error& error) {
  const TransactionManager& manager = *env_.io.producer().transactions();
  if (manager.has_fatal_error()) {
    steps_.skip_all();
    activity_.emplace<CloseOp>(env_.io.producer(), index_, wakeup_, kForever);
  } else if (error.code == ErrorCode::kTimeout && failed.call != TransactionCall::kBegin) {
    // Nothing else would be taken. After the last step nothing else comes, and the sender goes on by itself.
    if (failed.then_begin || steps_.has_more()) call(failed);
  } else if (manager.has_abortable_error()) {
    call({.call = TransactionCall::kAbort, .then_begin = failed.then_begin});
  }
}

// ---- sending

VirtualThread::CallbackContext* VirtualThread::context_of(const SendStep& step) {
  for (const auto& context : contexts_) {
    if (context->step == &step) return context.get();
  }
  contexts_.push_back(std::make_unique<CallbackContext>(CallbackContext{this, &step}));
  return contexts_.back().get();
}

VirtualThread::Progress VirtualThread::advance(Sending& sending, Nanos now) {
  if (now < sending.in_callback_until) return sleep_until(sending.in_callback_until, now);
  if (sending.op && advance_send(sending, now) == Progress::kStops) return Progress::kStops;
  for (;;) {
    if (sending.awaits_result) return wait_for(BlockReason::kResult, kForever, now);
    if (sending.source.finished(now)) {
      activity_.emplace<BetweenSteps>();
      return Progress::kGoesOn;
    }
    if (!sending.due) sending.due = sending.source.due(now, pace_);
    if (*sending.due > now) return sleep_until(*sending.due, now);
    if (burst_++ >= kBurst) return yield(now);
    sending.due.reset();
    tell_state(ThreadState::kRunning, now);
    if (send_one(sending, now) == Progress::kStops) return Progress::kStops;
  }
}

VirtualThread::Progress VirtualThread::send_one(Sending& sending, Nanos now) {
  const Record record = sending.source.make(records_);
  const Delivery delivery{&VirtualThread::callback, sending.context};
  sending.awaits_result = sending.source.step().await;
  if (env_.alone) {
    const SendStatus status = env_.io.producer().try_send(record, delivery, now, index_);
    if (status != SendStatus::kWouldBlock) return after_send(sending, status, now);
  }
  sending.op.emplace(env_.io.producer(), record, delivery, index_, wakeup_);
  return advance_send(sending, now);
}

VirtualThread::Progress VirtualThread::advance_send(Sending& sending, Nanos now) {
  SendOp& op = *sending.op;
  switch (op.advance(now)) {
    case sendscope::Step::kYield: return yield(now);
    case sendscope::Step::kBlocked: return wait_for(op.blocked_on(), op.deadline(), now);
    case sendscope::Step::kDone: break;
  }
  const SendStatus status = op.result().status;
  sending.op.reset();
  tell_state(ThreadState::kRunning, now);
  return after_send(sending, status, now);
}

VirtualThread::Progress VirtualThread::after_send(Sending& sending, SendStatus status, Nanos now) {
  // Nobody waits for a future that has failed, also when the record is queued all the same (refused by the
  // transaction manager) and its callback comes later.
  if (status != SendStatus::kAccepted) sending.awaits_result = false;
  if (callback_time_ <= 0) return Progress::kGoesOn;
  sending.in_callback_until = now + std::exchange(callback_time_, 0);
  return sleep_until(sending.in_callback_until, now);
}

void VirtualThread::callback(void* context, const Acknowledgement&) {
  auto* const of = static_cast<CallbackContext*>(context);
  of->thread->on_callback(*of);
}

void VirtualThread::on_callback(CallbackContext& of) {
  const SendStep& step = *of.step;
  auto* sending = std::get_if<Sending>(&activity_);
  if (sending != nullptr && sending->awaits_result && sending->context == &of) {
    sending->awaits_result = false;
    wake();
  }
  if (!step.on_callback) return;
  const Nanos taken = step.on_callback->take.draw(callbacks_);
  if (env_.io.running()) {
    env_.io.take(taken);
  } else {
    callback_time_ += taken;
  }
  for (const Step& inner : step.on_callback->steps) {
    if (const auto* send = std::get_if<SendStep>(&inner.what)) {
      env_.io.send_from_callback(*send, env_.bytes, callbacks_, index_,
                                 {&VirtualThread::callback, context_of(*send)});
    } else if (const auto* sleep = std::get_if<SleepStep>(&inner.what)) {
      env_.io.take(sleep->duration.draw(callbacks_));
    }
  }
}

}  // namespace sendscope::sim
