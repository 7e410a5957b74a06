// How the splits come about: every batch and every thread in send() has a clock for each cause. A clock is
// only moved when an event may change what is waited for.
#include <algorithm>
#include <memory>
#include <unordered_map>

#include "core/base/saturating.h"
#include "core/event/name_book.h"
#include "core/model/latency_split.h"

namespace sendscope {
namespace {

constexpr std::size_t kMostStages = 16;
constexpr std::size_t kLeastDistance = 8192;

// How long something has waited for each cause, up to `at`.
struct Clock {
  Nanos at = 0;
  CauseTimes times{};
};

struct BatchClock {
  Clock clock;
  std::uint16_t producer = 0;
  std::size_t riders = 0;  // records in it without a callback
};

// A send() that has not appended its record.
struct OpenSend {
  bool open = false;
  RecordId record = 0;
  Clock clock;
};

// A record in a batch: what it waited for before, less what the batch had waited for until then.
struct Rider {
  BatchId batch = 0;
  CauseTimes before{};
};

// Whose waits an event may change: no batch's, those of a partition or of a node of its producer, or all.
enum class Reach : std::uint8_t { kNone, kPartition, kNode, kAll };

Reach reach_of(EventKind kind) {
  switch (kind) {
    case EventKind::thread_state:
    case EventKind::send_called:
    case EventKind::record_appended:
    case EventKind::record_completed:
    case EventKind::metadata_wait_began:
    case EventKind::metadata_wait_ended:
    case EventKind::memory_wait_began:
    case EventKind::memory_wait_ended:
    case EventKind::memory_allocated:
    case EventKind::memory_reserved:
    case EventKind::memory_freed:
    case EventKind::waiter_woken:
    case EventKind::sender_waits:
    case EventKind::log_appended:
    case EventKind::replica_fetched:
    case EventKind::high_watermark: return Reach::kNone;
    case EventKind::batch_opened:
    case EventKind::batch_closed:
    case EventKind::batch_ready:
    case EventKind::batch_drained:
    case EventKind::sequence_assigned:
    case EventKind::partition_muted:
    case EventKind::partition_unmuted:
    case EventKind::inflight_added:
    case EventKind::inflight_removed:
    case EventKind::batch_retried:
    case EventKind::batch_backoff:
    case EventKind::batch_expired:
    case EventKind::batch_split:
    case EventKind::batch_child:
    case EventKind::batch_completed:
    case EventKind::batch_stored:
    case EventKind::batch_freed:
    case EventKind::latch_released:
    case EventKind::incomplete_removed:
    case EventKind::request_batch: return Reach::kPartition;
    case EventKind::connection_state:
    case EventKind::request_sent:
    case EventKind::response_received:
    case EventKind::request_failed:
    case EventKind::request_arrived:
    case EventKind::request_started:
    case EventKind::response_sent:
    case EventKind::message_lost: return Reach::kNode;
    default: return Reach::kAll;
  }
}

}  // namespace

// All that is known after some events.
struct LatencyLedger::Stage {
  std::size_t events = 0;
  PipelineModel model;
  std::vector<OpenSend> sends;  // by thread
  std::map<BatchId, BatchClock> batches;
  std::unordered_map<RecordId, Rider> riders;
  std::map<std::uint16_t, WaitLimits> limits;  // by producer, as far as asked for
  std::map<std::pair<std::uint16_t, NodeId>, LatencySplit> splits;

  void take(const Event& event, const StringTable& strings);

 private:
  const WaitLimits& limits_of(std::uint16_t producer, const StringTable& strings);
  void move(BatchId id, BatchClock& batch, Nanos t, const StringTable& strings);
  void move_batches(const Event& event, const StringTable& strings);
  void move_send(const Event& event);
  void note_request(const Event& event);
  void append(const Event& event, const StringTable& strings);
  void adopt(const Event& event);
  void complete(const Event& event, const StringTable& strings);
};

const WaitLimits& LatencyLedger::Stage::limits_of(std::uint16_t producer, const StringTable& strings) {
  const auto found = limits.find(producer);
  if (found != limits.end()) return found->second;
  return limits.emplace(producer, wait_limits(model, strings, producer)).first->second;
}

void LatencyLedger::Stage::move(BatchId id, BatchClock& batch, Nanos t, const StringTable& strings) {
  Clock& clock = batch.clock;
  const BatchModel* known = clock.at < t ? model.batch(id) : nullptr;
  while (known != nullptr && clock.at < t) {
    const Waiting waiting = waiting_of(model, limits_of(batch.producer, strings), *known, clock.at);
    const Nanos end = std::min(t, std::max(waiting.until, clock.at + 1));
    clock.times[static_cast<std::size_t>(waiting.cause)] += end - clock.at;
    clock.at = end;
  }
  clock.at = std::max(clock.at, t);
}

void LatencyLedger::Stage::move_batches(const Event& event, const StringTable& strings) {
  const Reach reach = reach_of(event.kind);
  if (reach == Reach::kNone) return;
  for (auto& [id, batch] : batches) {
    if (reach != Reach::kAll) {
      if (batch.producer != event.actor) continue;
      const BatchModel* known = model.batch(id);
      if (known == nullptr) continue;
      if (reach == Reach::kPartition && known->partition != event.place) continue;
      if (reach == Reach::kNode) {
        const auto node = static_cast<NodeId>(event.place);
        const ProducerPartition* of = model.producer_partition(batch.producer, known->partition);
        const bool there = known->node == node || (of != nullptr && of->leader == node);
        if (!there) continue;
      }
    }
    move(id, batch, event.t, strings);
  }
}

// What the thread of the event has waited for in the send() that it is in.
void LatencyLedger::Stage::move_send(const Event& event) {
  if (kind_row(event.kind).actor.unit != Unit::kThread || event.actor >= sends.size()) return;
  OpenSend& send = sends[event.actor];
  if (!send.open) return;
  const ThreadState state =
      event.actor < model.threads.size() ? model.threads[event.actor].state : ThreadState::kRunning;
  const WaitCause cause = state == ThreadState::kWaitingMetadata ? WaitCause::kMetadata
                          : state == ThreadState::kWaitingMemory ? WaitCause::kMemory
                                                                 : WaitCause::kInSend;
  send.clock.times[static_cast<std::size_t>(cause)] += event.t - send.clock.at;
  send.clock.at = event.t;
}

void LatencyLedger::Stage::note_request(const Event& event) {
  const RequestModel* request = model.request(event.subject);
  if (request == nullptr || request->batches.empty()) return;
  LatencySplit& split = splits[{request->producer, request->node}];
  split.request.add(std::max<Nanos>(0, event.t - request->sent));
  if (request->arrived >= 0 && request->response_sent >= 0)
    split.service.add(std::max<Nanos>(0, request->response_sent - request->arrived));
}

void LatencyLedger::Stage::append(const Event& event, const StringTable& strings) {
  const BatchId id = batch_beside(event.subject, event.a);
  BatchClock& batch = batches.try_emplace(id, BatchClock{{event.t, {}}, 0, 0}).first->second;
  batch.producer = static_cast<std::uint16_t>(producer_of_id(id));
  move(id, batch, event.t, strings);
  Rider rider{id, {}};
  if (event.actor < sends.size()) {
    OpenSend& send = sends[event.actor];
    if (send.open && send.record == event.subject) rider.before = send.clock.times;
    send.open = false;
  }
  for (std::size_t i = 0; i < kWaitCauses; ++i) rider.before[i] -= batch.clock.times[i];
  if (riders.emplace(event.subject, rider).second) ++batch.riders;
}

// A part of a batch that was split takes its records over, with what they have waited for.
void LatencyLedger::Stage::adopt(const Event& event) {
  const BatchModel* child = model.batch(event.subject);
  const auto parent = batches.find(batch_beside(event.subject, event.a));
  if (child == nullptr || parent == batches.end()) return;
  BatchClock& clock = batches[child->id];
  clock.clock.at = event.t;
  clock.producer = child->producer;
  for (const RecordModel& record : child->records) {
    const auto rider = riders.find(record.id);
    if (rider == riders.end() || rider->second.batch != parent->first) continue;
    for (std::size_t i = 0; i < kWaitCauses; ++i)
      rider->second.before[i] += parent->second.clock.times[i] - clock.clock.times[i];
    rider->second.batch = child->id;
    ++clock.riders;
    --parent->second.riders;
  }
  if (parent->second.riders == 0) batches.erase(parent);
}

void LatencyLedger::Stage::complete(const Event& event, const StringTable& strings) {
  const auto rider = riders.find(event.subject);
  if (rider == riders.end()) return;
  const auto batch = batches.find(rider->second.batch);
  if (batch != batches.end()) {
    move(batch->first, batch->second, event.t, strings);
    const BatchModel* known = model.batch(batch->first);
    if (event.a == 0 && known != nullptr) {
      LatencySplit& split = splits[{batch->second.producer, known->node}];
      std::array<Nanos, kLatencySides> sides{};
      Nanos whole = 0;
      for (std::size_t i = 0; i < kWaitCauses; ++i) {
        const Nanos part = rider->second.before[i] + batch->second.clock.times[i];
        split.by_cause[i] = saturating_sum(split.by_cause[i], part);
        sides[static_cast<std::size_t>(side_of(static_cast<WaitCause>(i)))] += part;
        whole += part;
      }
      for (std::size_t i = 0; i < kLatencySides; ++i) split.by_side[i].add(std::max<Nanos>(0, sides[i]));
      split.whole.add(std::max<Nanos>(0, whole));
      ++split.records;
    }
    if (--batch->second.riders == 0) batches.erase(batch);
  }
  riders.erase(rider);
}

void LatencyLedger::Stage::take(const Event& event, const StringTable& strings) {
  move_batches(event, strings);
  move_send(event);
  if (event.kind == EventKind::response_received) note_request(event);
  if (event.kind == EventKind::record_appended) append(event, strings);
  if (event.kind == EventKind::record_completed) complete(event, strings);
  if (event.kind == EventKind::config_set) limits.erase(event.actor);
  model.apply(event);
  ++events;
  switch (event.kind) {
    case EventKind::batch_opened: batches[event.subject] = {{event.t, {}}, event.actor, 0}; break;
    case EventKind::batch_child: adopt(event); break;
    case EventKind::send_called:
      if (event.actor >= kMaxThreads) break;
      if (event.actor >= sends.size()) sends.resize(event.actor + std::size_t{1});
      sends[event.actor] = {true, event.subject, {event.t, {}}};
      break;
    case EventKind::send_failed:
      if (event.actor < sends.size()) sends[event.actor].open = false;
      break;
    case EventKind::events_lost:
      batches.clear();
      riders.clear();
      break;
    default: break;
  }
}

LatencyLedger::LatencyLedger(const EventLog& log)
    : log_(&log), now_(std::make_unique<Stage>()), distance_(kLeastDistance) {
  kept_.push_back(std::make_unique<Stage>());
}

LatencyLedger::~LatencyLedger() = default;

std::size_t LatencyLedger::events() const { return now_->events; }

// Keeps this stage to go back to; of too many every second one goes, and the distance doubles.
void LatencyLedger::keep_stage() {
  kept_.push_back(std::make_unique<Stage>(*now_));
  if (kept_.size() <= kMostStages) return;
  std::vector<std::unique_ptr<Stage>> some;
  for (std::size_t i = 0; i < kept_.size(); i += 2) some.push_back(std::move(kept_[i]));
  kept_ = std::move(some);
  distance_ *= 2;
}

bool LatencyLedger::go_to(std::size_t events, std::size_t at_most) {
  events = std::min(events, log_->size());
  if (events < now_->events) {
    const auto after =
        std::find_if(kept_.begin(), kept_.end(), [&](const auto& stage) { return stage->events > events; });
    *now_ = **(after - 1);
  }
  for (; now_->events < events && at_most > 0; --at_most) {
    now_->take((*log_)[now_->events], log_->strings());
    if (now_->events >= kept_.back()->events + distance_) keep_stage();
  }
  return now_->events == events;
}

LatencySplit LatencyLedger::of(std::uint16_t producer) const {
  LatencySplit all;
  for (const auto& [whose, split] : now_->splits) {
    if (whose.first == producer) all.merge(split);
  }
  return all;
}

LatencySplit LatencyLedger::of(std::uint16_t producer, NodeId node) const {
  const auto found = now_->splits.find({producer, node});
  return found == now_->splits.end() ? LatencySplit{} : found->second;
}

}  // namespace sendscope
