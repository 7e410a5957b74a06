#include "sim/io_thread.h"

#include <algorithm>

#include "core/base/whole_millis.h"
#include "core/net/network_client.h"
#include "core/producer/producer.h"
#include "core/producer/record_accumulator.h"
#include "core/producer/sender.h"
#include "core/producer/transaction_manager.h"
#include "sim/random_stream.h"

namespace sendscope::sim {
namespace {
// A pass of the sender's loop takes some time: it never runs endlessly at one instant.
constexpr Nanos kPass = 10 * kNanosPerMicro;
}  // namespace

IoThread::IoThread(Loop& loop, EventSink& sink, std::uint16_t producer_index,
                   const std::string& producer_name, std::uint64_t seed)
    : loop_(loop),
      sink_(sink),
      index_(producer_index),
      scheduling_(RandomStream(seed, {"io thread", producer_name}).sequence()) {}

IoThread::~IoThread() = default;

void IoThread::abandon() {
  loop_.cancel(timer_);
  callback_sends_.clear();
  producer_ = nullptr;
}

bool IoThread::exited() const { return producer_->sender().exited(); }

bool IoThread::busy() const {
  if (exited()) return false;  // a close that was forced leaves requests behind, and nobody to end them
  const TransactionManager* transactions = producer_->transactions();
  if (transactions != nullptr && transactions->is_completing()) return true;
  return !callback_sends_.empty() || producer_->accumulator().has_incomplete() ||
         producer_->client().has_in_flight_requests();
}

void IoThread::on_network_activity(Nanos now) { poke(now); }

void IoThread::wake() noexcept { poke(loop_.now()); }

void IoThread::schedule(Nanos time, Weight weight) {
  loop_.cancel(timer_);
  timer_time_ = time;
  timer_ = loop_.at(time, *this, kRun, 0, weight);
}

void IoThread::poke(Nanos now) {
  if (running_) {
    poked_ = true;
    return;
  }
  if (producer_ == nullptr) return;
  if (!callback_sends_.empty()) {
    // Stuck in a callback's send: it looks whether that can go on.
    return schedule(std::max(now, busy_until_), Weight::kForeground);
  }
  const Nanos time = std::max(now, busy_until_);
  if (producer_->sender().sleeping() && loop_.pending(timer_)) return;
  if (loop_.pending(timer_) && timer_time_ <= time) return;
  schedule(time, Weight::kForeground);
}

void IoThread::take(Nanos duration) {
  if (duration <= 0) return;
  busy_until_ = std::max(busy_until_, loop_.now()) + duration;
  loop_.at(busy_until_, *this, kCallbackEnds);
  sink_.emit({.t = loop_.now(),
              .kind = EventKind::callback_busy,
              .actor = index_,
              .subject = static_cast<std::uint64_t>(duration)});
}

// A time-out of 0 is no wait.
Nanos IoThread::end_of_wait(Nanos now, Nanos due) {
  if (due <= now) return now + kPass;
  return next_whole_milli(due) + static_cast<Nanos>(scheduling_.below(kMaxScheduling + 1));
}

void IoThread::on_event(Nanos now, std::uint32_t tag, std::uint64_t) {
  if (tag == kCallbackEnds || exited()) return;
  if (!run_callback_sends(now)) return;
  running_ = true;
  poked_ = false;
  const Nanos next = producer_->sender().run_once(now);
  running_ = false;
  if (exited()) return;
  if (busy_until_ > now) producer_->sender().wait_begins(busy_until_);
  const bool sleeping = producer_->sender().sleeping();
  if (!callback_sends_.empty() || (poked_ && !sleeping)) {
    return schedule(std::max(now, busy_until_), Weight::kForeground);
  }
  if (next == kForever) return;
  schedule(std::max(end_of_wait(now, next), busy_until_), Weight::kBackground);
}

void IoThread::send_from_callback(const SendStep& step, const ValueBytes& bytes, Prng& prng,
                                  std::uint16_t thread, Delivery delivery) {
  CallbackSend send;
  send.source = std::make_unique<RecordSource>(step, bytes, loop_.now());
  send.prng = &prng;
  send.thread = thread;
  send.delivery = delivery;
  callback_sends_.push_back(std::move(send));
  poke(loop_.now());
}

// False while one of them waits: for metadata or memory, which only this thread could bring.
bool IoThread::run_callback_sends(Nanos now) {
  while (!callback_sends_.empty()) {
    CallbackSend& send = callback_sends_.front();
    if (!send.op && send.source->finished(now)) {
      callback_sends_.pop_front();
      continue;
    }
    if (!send.op) {
      send.op = std::make_unique<SendOp>(*producer_, send.source->make(*send.prng), send.delivery,
                                         send.thread, *this);
    }
    sendscope::Step step = send.op->advance(now);
    while (step == sendscope::Step::kYield) step = send.op->advance(now);
    if (step == sendscope::Step::kBlocked) {
      const Nanos deadline = send.op->deadline();
      if (deadline != kForever) schedule(std::max(deadline, now), Weight::kForeground);
      return false;
    }
    send.op.reset();
  }
  return true;
}

}  // namespace sendscope::sim
