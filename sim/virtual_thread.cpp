#include "sim/virtual_thread.h"

#include <algorithm>

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
      wakeup_(*this) {
  levels_.push_back({&spec.steps});
}

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
  at_barrier_ = false;
  wake();
}

void VirtualThread::on_event(Nanos now, std::uint32_t, std::uint64_t) {
  scheduled_now_ = false;
  run(now);
}

void VirtualThread::set_state(ThreadState state, Nanos now) {
  if (announced_ && state == state_) return;
  announced_ = true;
  state_ = state;
  env_.sink.emit({.t = now,
                  .kind = EventKind::thread_state,
                  .actor = index_,
                  .a = static_cast<std::uint32_t>(state),
                  .b = 0});
}

VirtualThread::Progress VirtualThread::wait_for(BlockReason reason, Nanos deadline, Nanos now) {
  set_state(state_of(reason), now);
  if (deadline != kForever) resume_at(std::max(deadline, now));
  return Progress::kStops;
}

// ---- the steps

void VirtualThread::run(Nanos now) {
  if (finished()) return;
  burst_ = 0;
  Progress progress = Progress::kGoesOn;
  while (progress == Progress::kGoesOn) {
    progress = continue_step(now);
    if (progress == Progress::kGoesOn) progress = begin_next_step(now);
  }
}

VirtualThread::Progress VirtualThread::begin_next_step(Nanos now) {
  while (!levels_.empty()) {
    Level& level = levels_.back();
    if (level.next < level.steps->size()) return begin((*level.steps)[level.next++], now);
    if (level.rounds_left == 1 || level.steps->empty()) {
      levels_.pop_back();
      continue;
    }
    if (level.rounds_left > 1) --level.rounds_left;
    level.next = 0;
    if (++burst_ >= kBurst) {  // a loop whose steps take no time
      resume_at(now);
      return Progress::kStops;
    }
  }
  set_state(ThreadState::kClosed, now);
  return Progress::kStops;
}

VirtualThread::Progress VirtualThread::begin(const Step& step, Nanos now) {
  set_state(ThreadState::kRunning, now);
  Producer& producer = env_.io.producer();
  if (const auto* send = std::get_if<SendStep>(&step.what)) {
    source_ = std::make_unique<RecordSource>(*send, env_.bytes, now);
    context_ = context_of(*send);
    due_known_ = false;
  } else if (const auto* sleep = std::get_if<SleepStep>(&step.what)) {
    sleep_until_ = now + sleep->duration.draw(pace_);
  } else if (std::holds_alternative<FlushStep>(step.what)) {
    flush_ = std::make_unique<FlushOp>(producer, index_, wakeup_);
  } else if (const auto* close = std::get_if<CloseStep>(&step.what)) {
    close_ = std::make_unique<CloseOp>(producer, index_, wakeup_, close->timeout);
  } else if (const auto* repeat = std::get_if<RepeatStep>(&step.what)) {
    levels_.push_back({&repeat->steps, 0, repeat->times});
  } else if (const auto* barrier = std::get_if<BarrierStep>(&step.what)) {
    at_barrier_ = !env_.barriers.arrive(barrier->name, *this);
  } else if (const auto* set = std::get_if<SetStep>(&step.what)) {
    env_.set(*set);
  } else {
    begin_transactional(step);
  }
  return Progress::kGoesOn;
}

VirtualThread::Progress VirtualThread::continue_step(Nanos now) {
  if (at_barrier_) {
    set_state(ThreadState::kWaitingBarrier, now);
    return Progress::kStops;
  }
  if (sleep_until_ >= 0) {
    if (now < sleep_until_) {
      set_state(ThreadState::kSleeping, now);
      resume_at(sleep_until_);
      return Progress::kStops;
    }
    sleep_until_ = -1;
  }
  if (flush_) {
    if (flush_->advance(now) != sendscope::Step::kDone) return wait_for(BlockReason::kFlush, kForever, now);
    flush_.reset();
  }
  if (close_) {
    if (close_->advance(now) != sendscope::Step::kDone) {
      return wait_for(BlockReason::kClose, close_->deadline(), now);
    }
    close_.reset();
  }
  if (transaction_ || begin_pending_) {
    if (continue_transaction(now) == Progress::kStops) return Progress::kStops;
  }
  return source_ ? continue_send(now) : Progress::kGoesOn;
}

// ---- transactions

void VirtualThread::begin_transactional(const Step& step) {
  TransactionManager* manager = env_.io.producer().transactions();
  if (manager == nullptr) return;  // check_scenario asks for a transactional.id
  if (std::holds_alternative<InitStep>(step.what)) {
    call(TransactionCall::kInit);
  } else if (std::holds_alternative<BeginStep>(step.what)) {
    begin_pending_ = true;
    if (manager->state() == TxnState::kUninitialized) call(TransactionCall::kInit);
  } else if (const auto* offsets = std::get_if<OffsetsStep>(&step.what)) {
    offsets_ = offsets;
    call(TransactionCall::kSendOffsets);
  } else {
    call(std::holds_alternative<CommitStep>(step.what) ? TransactionCall::kCommit : TransactionCall::kAbort);
  }
}

void VirtualThread::call(TransactionCall call) {
  transaction_call_ = call;
  Producer& producer = env_.io.producer();
  if (call != TransactionCall::kSendOffsets) {
    transaction_ = std::make_unique<TransactionOp>(producer, call, index_, wakeup_);
    return;
  }
  TxnOffsets offsets;
  offsets[{offsets_->topic, offsets_->partition}].offset = offsets_->offset;
  ConsumerGroupMetadata group;
  group.group_id = offsets_->group;
  transaction_ = std::make_unique<TransactionOp>(producer, std::move(offsets), group, index_, wakeup_);
}

VirtualThread::Progress VirtualThread::continue_transaction(Nanos now) {
  while (transaction_) {
    if (transaction_->advance(now) != sendscope::Step::kDone) {
      return wait_for(BlockReason::kTransaction, transaction_->deadline(), now);
    }
    const Result<void> result = transaction_->result();
    transaction_.reset();
    set_state(ThreadState::kRunning, now);
    if (!result) on_transactional_error(transaction_call_, result.error());
  }
  if (std::exchange(begin_pending_, false)) {
    const Result<void> begun = env_.io.producer().begin_transaction(now, index_);
    if (!begun) on_transactional_error(TransactionCall::kBegin, begun.error());
    if (transaction_ || close_) {
      resume_at(now);
      return Progress::kStops;
    }
  }
  return close_ ? continue_step(now) : Progress::kGoesOn;
}

bool VirtualThread::steps_left() const {
  return std::any_of(levels_.begin(), levels_.end(), [](const Level& level) {
    return level.next < level.steps->size() || level.rounds_left != 1;
  });
}

void VirtualThread::on_transactional_error(TransactionCall failed, const Error& error) {
  const TransactionManager& manager = *env_.io.producer().transactions();
  if (manager.has_fatal_error()) {
    levels_.clear();
    begin_pending_ = false;
    close_ = std::make_unique<CloseOp>(env_.io.producer(), index_, wakeup_, kForever);
  } else if (error.code == ErrorCode::kTimeout && failed != TransactionCall::kBegin) {
    // Nothing else would be taken. After the last step nothing else comes, and the sender goes on by itself.
    if (begin_pending_ || steps_left()) call(failed);
  } else if (manager.has_abortable_error()) {
    call(TransactionCall::kAbort);
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

VirtualThread::Progress VirtualThread::continue_send(Nanos now) {
  if (send_) {
    const Progress progress = advance_send(now);
    if (progress == Progress::kStops) return progress;
  }
  for (;;) {
    if (awaiting_) return wait_for(BlockReason::kResult, kForever, now);
    if (source_->finished(now)) {
      source_.reset();
      return Progress::kGoesOn;
    }
    if (!std::exchange(due_known_, true)) due_ = source_->due(now, pace_);
    if (due_ > now) {
      set_state(ThreadState::kSleeping, now);
      resume_at(due_);
      return Progress::kStops;
    }
    if (burst_++ >= kBurst) {
      resume_at(now);
      return Progress::kStops;
    }
    due_known_ = false;
    set_state(ThreadState::kRunning, now);
    const Progress progress = send_one(now);
    if (progress == Progress::kStops) return progress;
  }
}

VirtualThread::Progress VirtualThread::send_one(Nanos now) {
  const Record record = source_->make(records_);
  const Delivery delivery{&VirtualThread::callback, context_};
  awaiting_ = source_->step().await;
  if (env_.alone) {
    const SendStatus status = env_.io.producer().try_send(record, delivery, now, index_);
    if (status != SendStatus::kWouldBlock) return after_send(status, now);
  }
  send_ = std::make_unique<SendOp>(env_.io.producer(), record, delivery, index_, wakeup_);
  return advance_send(now);
}

VirtualThread::Progress VirtualThread::advance_send(Nanos now) {
  switch (send_->advance(now)) {
    case sendscope::Step::kYield: resume_at(now); return Progress::kStops;
    case sendscope::Step::kBlocked: return wait_for(send_->blocked_on(), send_->deadline(), now);
    case sendscope::Step::kDone: break;
  }
  const SendStatus status = send_->result().status;
  send_.reset();
  set_state(ThreadState::kRunning, now);
  return after_send(status, now);
}

VirtualThread::Progress VirtualThread::after_send(SendStatus status, Nanos now) {
  // Nobody waits for a future that has failed, also when the record is queued all the same (refused by the
  // transaction manager) and its callback comes later.
  if (status != SendStatus::kAccepted) awaiting_ = false;
  if (extra_sleep_ > 0) {
    sleep_until_ = now + std::exchange(extra_sleep_, 0);
    set_state(ThreadState::kSleeping, now);
    resume_at(sleep_until_);
    return Progress::kStops;
  }
  return Progress::kGoesOn;
}

void VirtualThread::callback(void* context, const Acknowledgement&) {
  const auto* of = static_cast<CallbackContext*>(context);
  of->thread->on_callback(*of->step);
}

void VirtualThread::on_callback(const SendStep& step) {
  if (awaiting_) {
    awaiting_ = false;
    wake();
  }
  if (!step.on_callback) return;
  const Nanos taken = step.on_callback->take.draw(callbacks_);
  if (env_.io.running()) {
    env_.io.take(taken);
  } else {
    extra_sleep_ += taken;
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
