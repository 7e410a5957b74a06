#include <algorithm>

#include "core/model/fold.h"

namespace sendscope {
namespace {

void set_state(ThreadModel& thread, ThreadState state, Nanos t, std::uint32_t detail = 0) {
  if (thread.state != state) thread.since = t;
  thread.state = state;
  thread.detail = detail;
}

void fail_send(PipelineModel& model, ThreadModel& thread, const Event& event) {
  thread.in_send = false;
  ++thread.failed;
  ProducerModel* producer = producer_for(model, producer_of_id(event.subject));
  if (producer == nullptr) return;
  producer->metrics.failed_send(static_cast<std::int16_t>(event.a), event.t);
  if (event.b != 0) {
    ++producer->thrown;
    return;
  }
  const auto error = static_cast<std::int16_t>(event.a);
  ++producer->failed;
  ++producer->failed_by[error];
  const bool known = thread.record == event.subject;
  producer->callbacks.push_back({event.t, event.subject, known ? thread.partition : kNoPlace, event.actor,
                                 error, -1, known ? event.t - thread.send_began : 0});
  if (producer->callbacks.size() > kCallbacksKept) producer->callbacks.pop_front();
}

void begin_memory_wait(PipelineModel& model, const Event& event) {
  ProducerModel* producer = producer_for(model, producer_of_id(event.subject));
  if (producer == nullptr) return;
  producer->pool.waiters.push_back({event.actor, event.subject, event.a, 0, event.t, false});
}

void end_memory_wait(PipelineModel& model, const Event& event) {
  ProducerModel* producer = producer_for(model, producer_of_id(event.subject));
  if (producer == nullptr) return;
  std::vector<PoolWaiter>& waiters = producer->pool.waiters;
  const auto at = std::find_if(waiters.begin(), waiters.end(),
                               [&](const PoolWaiter& waiter) { return waiter.thread == event.actor; });
  if (at != waiters.end()) waiters.erase(at);
}

void begin_send(ThreadModel& thread, const Event& event) {
  thread.in_send = true;
  thread.record = event.subject;
  thread.topic = event.a;
  thread.partition = event.place;
  thread.bytes = event.b;
  thread.send_began = event.t;
  ++thread.sends;
}

void begin_txn_call(ThreadModel& thread, const Event& event) {
  thread.in_txn_call = true;
  thread.txn_call = static_cast<TransactionCall>(event.a);
  thread.txn_call_began = event.t;
  if (thread.txn_call != TransactionCall::kBegin)
    set_state(thread, ThreadState::kWaitingTransaction, event.t);
}

void end_txn_call(ThreadModel& thread, const Event& event) {
  thread.in_txn_call = false;
  set_state(thread, ThreadState::kRunning, event.t);
}

}  // namespace

void fold_thread(PipelineModel& model, const Event& event) {
  ThreadModel* thread = event.actor == kNoActor ? nullptr : thread_for(model, event.actor);
  if (thread == nullptr) return;
  const Nanos t = event.t;
  switch (event.kind) {
    case EventKind::thread_state: set_state(*thread, static_cast<ThreadState>(event.a), t, event.b); break;
    case EventKind::send_called: begin_send(*thread, event); break;
    case EventKind::metadata_wait_began: set_state(*thread, ThreadState::kWaitingMetadata, t); break;
    case EventKind::memory_wait_began:
      set_state(*thread, ThreadState::kWaitingMemory, t);
      begin_memory_wait(model, event);
      break;
    case EventKind::memory_wait_ended:
      set_state(*thread, ThreadState::kRunning, t);
      end_memory_wait(model, event);
      break;
    case EventKind::send_failed: fail_send(model, *thread, event); break;
    case EventKind::flush_began: set_state(*thread, ThreadState::kFlushing, t, event.a); break;
    case EventKind::close_began: set_state(*thread, ThreadState::kClosing, t); break;
    case EventKind::close_ended:
      set_state(*thread, ThreadState::kClosed, t);
      if (ProducerModel* producer = producer_for(model, thread->producer)) producer->closed = true;
      break;
    case EventKind::txn_call_began: begin_txn_call(*thread, event); break;
    case EventKind::txn_call_ended: end_txn_call(*thread, event); break;
    case EventKind::metadata_wait_ended:
    case EventKind::flush_ended: set_state(*thread, ThreadState::kRunning, t); break;
    default: break;
  }
}

}  // namespace sendscope
