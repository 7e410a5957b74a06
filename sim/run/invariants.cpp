#include "sim/run/invariants.h"

#include <algorithm>
#include <string_view>

#include "core/base/whole_number.h"

namespace sendscope::run {
namespace {

std::string number(std::uint64_t value) { return std::to_string(value); }

}  // namespace

void InvariantChecker::violated(const std::string& what) {
  if (violation_.empty()) {
    violation_ = "event " + number(events_ - 1) + " at " + std::to_string(time_) + " ns: " + what;
  }
}

InvariantChecker::ProducerState* InvariantChecker::producer_of(const Event& event) {
  if (event.actor < producers_.size()) return &producers_[event.actor];
  violated("an event of a producer that does not exist");
  return nullptr;
}

InvariantChecker::ProducerState* InvariantChecker::producer_of_thread(std::uint16_t thread) {
  if (thread < thread_producers_.size() && thread_producers_[thread] < producers_.size())
    return &producers_[thread_producers_[thread]];
  violated("an event of a thread that does not exist");
  return nullptr;
}

bool InvariantChecker::observe(const Event& event, const StringTable& strings) {
  ++events_;
  if (blind_) return violation_.empty();
  if (event.t < time_) violated("time went back");
  time_ = event.t;
  switch (event.kind) {
    case EventKind::run_started:
    case EventKind::producer_created:
    case EventKind::thread_named:
    case EventKind::thread_state:
    case EventKind::close_ended:
    case EventKind::events_lost: on_run(event); break;
    case EventKind::config_set: on_config(event, strings); break;
    case EventKind::memory_allocated:
    case EventKind::memory_freed:
    case EventKind::memory_reserved: on_pool(event); break;
    case EventKind::record_appended: on_record(event); break;
    case EventKind::record_completed: on_completed(event); break;
    case EventKind::request_sent:
    case EventKind::response_received:
    case EventKind::request_failed: on_request(event); break;
    case EventKind::batch_opened:
    case EventKind::batch_child:
    case EventKind::incomplete_removed:
    case EventKind::inflight_added:
    case EventKind::inflight_removed:
    case EventKind::batch_retried:
    case EventKind::latch_released: on_batch(event); break;
    case EventKind::log_appended:
    case EventKind::txn_marker:
    case EventKind::replica_fetched:
    case EventKind::log_truncated:
    case EventKind::log_deleted: on_log(event); break;
    default: break;
  }
  const bool of_thread = event.kind == EventKind::record_appended && event.actor < thread_producers_.size();
  transactions_.observe(event, of_thread ? thread_producers_[event.actor] : kNoActor);
  return violation_.empty();
}

void InvariantChecker::on_run(const Event& event) {
  switch (event.kind) {
    case EventKind::run_started: live_ = event.place == 1; break;
    case EventKind::events_lost: blind_ = true; break;
    case EventKind::producer_created: {
      producers_.resize(std::max<std::size_t>(producers_.size(), event.actor + 1u));
      ProducerState& state = producers_[event.actor];
      state.total = state.available = static_cast<std::int64_t>(event.subject);
      break;
    }
    case EventKind::thread_named:
      thread_producers_.resize(std::max<std::size_t>(thread_producers_.size(), event.actor + 1u));
      thread_producers_[event.actor] = static_cast<std::uint16_t>(event.place);
      threads_at_work_.insert(event.actor);
      break;
    case EventKind::thread_state:
      if (static_cast<ThreadState>(event.a) == ThreadState::kClosed) threads_at_work_.erase(event.actor);
      break;
    default:
      if (event.a == 0) break;
      if (ProducerState* state = producer_of_thread(event.actor)) state->gone = true;
  }
}

void InvariantChecker::on_config(const Event& event, const StringTable& strings) {
  ProducerState* state = producer_of(event);
  if (state == nullptr) return;
  const std::string_view key = strings.view(event.a), value = strings.view(event.b);
  if (key == "enable.idempotence") state->idempotent = value == "true";
  if (key != "max.in.flight.requests.per.connection") return;
  const auto limit = whole_number<std::size_t>(value);
  if (!limit || *limit == 0) return violated("a limit of requests in flight that is no number");
  state->max_in_flight = *limit;
}

void InvariantChecker::on_pool(const Event& event) {
  if (event.kind == EventKind::memory_reserved) {
    ProducerState* state = producer_of_thread(event.actor);
    if (state == nullptr) return;
    state->reserved = event.a;
    state->available = static_cast<std::int64_t>(event.subject);
    if (event.a > event.b) violated("a waiter reserved more than it wants");
    if (state->available + state->lent + state->reserved != state->total)
      violated("pool: reserving changed the sum");
    return;
  }
  ProducerState* state = producer_of(event);
  if (state == nullptr) return;
  const std::int64_t bytes = event.a;
  state->available = static_cast<std::int64_t>(event.subject);
  if (event.kind == EventKind::memory_allocated) {
    state->lent += bytes;
    // Lent to a newcomer, the reservation stays; lent to the first in line, it is part of what was lent.
    if (state->available + state->lent == state->total) state->reserved = 0;
  } else {
    state->lent -= bytes;
  }
  if (state->lent < 0 || state->available + state->lent + state->reserved != state->total) {
    violated("pool: " + std::to_string(state->available) + " free + " + std::to_string(state->lent) +
             " lent + " + std::to_string(state->reserved) + " reserved is not " +
             std::to_string(state->total));
  }
}

void InvariantChecker::on_record(const Event& event) {
  const bool first =
      records_.emplace(event.subject, Record{event.actor, batch_beside(event.subject, event.a), event.place})
          .second;
  if (!first) violated("record " + number(event.subject) + " is appended a second time");
  const auto batch = batches_.find(batch_beside(event.subject, event.a));
  if (batch == batches_.end())
    return violated("a record goes into batch " + number(event.a) + ", which is not open");
  batch->second.waiting.push_back(event.subject);
}

void InvariantChecker::on_completed(const Event& event) {
  const auto found = records_.find(event.subject);
  if (found == records_.end()) {
    return violated("a callback for record " + number(event.subject) +
                    ", which is completed or was never appended");
  }
  const Record record = found->second;
  records_.erase(found);
  auto& waiting = batches_[record.batch].waiting;
  if (waiting.empty() || waiting.front() != event.subject) {
    violated("callbacks of batch " + number(record.batch) + " do not run in append order");
  } else {
    waiting.pop_front();
  }
  if (event.a == 0) check_ack_order(record, event.subject);
}

// Without idempotence only one request in flight keeps the order. With it a batch that was stored, but whose
// answer said otherwise or was lost, is acknowledged by its retry, after those behind it: it may be late, the
// log is not.
void InvariantChecker::check_ack_order(const Record& record, RecordId id) {
  const ProducerState* state = producer_of_thread(record.thread);
  if (state == nullptr || !state->idempotent || !state->max_in_flight) return;
  const bool one_by_one = *state->max_in_flight == 1;
  if (!*state->idempotent && !one_by_one) return;
  if (!one_by_one && batches_[record.batch].retried) return;
  RecordId& last = last_acked_[{record.thread, record.partition}];
  if (id < last) {
    violated("record " + number(id) + " is acknowledged after record " + number(last) +
             " of the same thread and partition");
  }
  last = id;
}

void InvariantChecker::on_request(const Event& event) {
  ProducerState* state = producer_of(event);
  if (state == nullptr) return;
  auto& requests = state->in_flight[event.place];
  const RequestId id = event.subject;
  if (event.kind == EventKind::request_sent) {
    requests.push_back(id);
    if (state->max_in_flight && requests.size() > *state->max_in_flight) {
      violated(number(requests.size()) + " requests in flight to one node");
    }
  } else if (event.kind == EventKind::response_received) {
    if (requests.empty() || requests.front() != id)
      return violated("a response completes a request not the oldest");
    requests.pop_front();
  } else {
    const auto at = std::find(requests.begin(), requests.end(), id);
    if (at == requests.end()) return violated("request " + number(id) + " fails, but is not in flight");
    requests.erase(at);
  }
}

void InvariantChecker::on_batch(const Event& event) {
  ProducerState* state = producer_of(event);
  if (state == nullptr) return;
  const BatchId id = event.subject;
  switch (event.kind) {
    case EventKind::batch_opened:
    case EventKind::batch_child:
      batches_[id];
      if (event.kind == EventKind::batch_child) on_child(event);
      if (!state->incomplete.insert(id).second) violated("batch " + number(id) + " is opened a second time");
      break;
    case EventKind::inflight_added: {
      auto& batches = state->in_flight_batches[event.place];
      if (!batches.insert(id).second) violated("batch " + number(id) + " is in flight already");
      // With one request in flight the partition is muted; otherwise a moved leader has a window of its own.
      if (state->max_in_flight == 1 && batches.size() > 1)
        violated("two batches of a muted partition in flight");
      break;
    }
    case EventKind::batch_retried: batches_[id].retried = true; break;
    case EventKind::inflight_removed:
      if (state->in_flight_batches[event.place].erase(id) == 0)
        violated("a batch leaves that was not in flight");
      break;
    case EventKind::latch_released:
      if (!batches_[id].waiting.empty()) violated("a latch opens before the callbacks of its batch have run");
      break;
    default:
      if (state->incomplete.erase(id) == 0) violated("IncompleteBatches forgets a batch it does not have");
      if (!batches_[id].waiting.empty()) violated("a batch is forgotten before its callbacks have run");
      batches_.erase(id);
  }
}

// The parts of a split batch take its records in order, and their callbacks with them.
void InvariantChecker::on_child(const Event& event) {
  const BatchId id = event.subject;
  auto& from = batches_[batch_beside(event.subject, event.a)].waiting;
  auto& to = batches_[id].waiting;
  if (from.size() < event.b) return violated("a part takes more records than its batch has");
  for (std::uint32_t i = 0; i < event.b; ++i) {
    records_[from.front()].batch = id;
    to.push_back(from.front());
    from.pop_front();
  }
}

void InvariantChecker::on_log(const Event& event) {
  std::uint64_t& end = log_end_[{event.actor, event.place}];
  if (event.kind == EventKind::log_deleted) {
    end = 0;
    return;
  }
  if (event.kind == EventKind::log_truncated) {
    if (event.a > end) violated("a log is cut back to where it never was");
    end = event.a;
    return;
  }
  if (event.kind == EventKind::replica_fetched) {
    end = std::max<std::uint64_t>(end, event.a);
    return;
  }
  if (event.a < end) violated("node " + number(event.actor) + " appends at an offset it has already");
  end = std::uint64_t{event.a} + (event.kind == EventKind::txn_marker ? 1 : event.b);
}

bool InvariantChecker::finish(bool everything_resolved) {
  if (!everything_resolved || blind_ || !violation_.empty()) return violation_.empty();
  if (const std::string wrong = live_ ? "" : transactions_.violation(); !wrong.empty()) violated(wrong);
  if (!records_.empty()) violated(number(records_.size()) + " records never got their callback");
  if (!live_ && !threads_at_work_.empty())
    violated(number(threads_at_work_.size()) + " threads have not come to their end");
  for (const ProducerState& state : producers_) check_rest(state);
  return violation_.empty();
}

void InvariantChecker::check_rest(const ProducerState& state) {
  if (!state.incomplete.empty()) violated(number(state.incomplete.size()) + " batches are still incomplete");
  if (state.gone) return;
  for (const auto& [node, requests] : state.in_flight) {
    if (!requests.empty()) violated(number(requests.size()) + " requests are still in flight");
  }
  if (state.available != state.total) {
    violated("pool: " + std::to_string(state.total - state.available) + " bytes were never returned");
  }
}

}  // namespace sendscope::run
