#include "core/producer/sender.h"

#include "core/producer/sender_state.h"

namespace sendscope {

Sender::Sender(const SenderParts& parts) : state_(std::make_unique<State>(parts)) {}
Sender::~Sender() = default;

Nanos Sender::run_once(Nanos now) { return state_->run_once(now); }

bool Sender::sleeping() const { return state_->pause == State::Pause::kSleep; }

void Sender::wait_begins(Nanos now) { state_->parts.client.wait_begins(now); }

ErrorCode Sender::last_retry_error() const {
  return state_->last_retry_error.load(std::memory_order_relaxed);
}

bool Sender::exited() const { return state_->exited.load(std::memory_order_acquire); }

bool Sender::running() const { return state_->running.load(std::memory_order_acquire); }

void Sender::wakeup() {
  if (state_->parts.waiter != nullptr) state_->parts.waiter->wake();
}

void Sender::initiate_close(Nanos now) {
  // In this order, so that no record slips in after the loop has looked for the last time.
  state_->parts.accumulator.close(now);
  state_->running.store(false, std::memory_order_release);
  wakeup();
}

void Sender::force_close(Nanos now) {
  state_->force.store(true, std::memory_order_release);
  initiate_close(now);
}

void Sender::give_up(Nanos now) {
  state_->giving_up.store(true, std::memory_order_release);
  force_close(now);
}

bool Sender::await_exit(Waiter& waiter) {
  MutexLock lock(state_->mutex);
  if (exited()) return true;
  if (!waiter.linked()) state_->exit_waiters.push_back(waiter);
  return false;
}

void Sender::stop_waiting(Waiter& waiter) {
  MutexLock lock(state_->mutex);
  if (waiter.linked()) state_->exit_waiters.remove(waiter);
}

const std::map<TopicPartition, std::vector<BatchPtr>>& Sender::in_flight_batches() const {
  return state_->in_flight;
}

Nanos Sender::State::run_once(Nanos now) {
  if (exited.load(std::memory_order_relaxed)) return kForever;
  const bool gives_up = giving_up.load(std::memory_order_acquire);
  if (pause == Pause::kSleep && now < until && !gives_up) return until;
  const bool polled = pause == Pause::kPoll;
  pause = Pause::kNone;
  handled_at = now;
  if (parts.transactions != nullptr) parts.transactions->set_event_time(now);
  if (polled) parts.client.finish_poll(now);
  if (gives_up) drop_request();
  while (!exited.load(std::memory_order_relaxed)) {
    if (go_on(now) == Progress::kWaits) return until;
  }
  return kForever;
}

// Kafka: the conditions of Sender.run's loops, which follow each other and are not gone back to.
bool Sender::State::keep_running() {
  if (running.load(std::memory_order_acquire)) return true;
  TransactionManager* transactions = parts.transactions;
  const auto ongoing = [&] { return transactions != nullptr && transactions->has_ongoing_transaction(); };
  if (closing == Closing::kSendsTheRest && !force.load(std::memory_order_acquire)) {
    if (parts.accumulator.has_undrained() || parts.client.has_in_flight_requests() ||
        (ongoing() && transactions->has_pending_requests()))
      return true;
  }
  closing = Closing::kEndsTransaction;
  if (force.load(std::memory_order_acquire) || !ongoing()) return false;
  if (!transactions->is_completing() && !transactions->begin_abort_at_close())
    force.store(true, std::memory_order_release);
  return true;
}

void Sender::State::leave(Nanos now) {
  if (force.load(std::memory_order_acquire)) {
    if (parts.transactions != nullptr) parts.transactions->close();
    parts.accumulator.abort_incomplete_batches(now);
  }
  parts.client.close();
  MutexLock lock(mutex);
  exited.store(true, std::memory_order_release);
  exit_waiters.wake_all();
}

}  // namespace sendscope
