#include "core/model/fold.h"

namespace sendscope {
namespace {

constexpr std::size_t kMaxConfigEntries = 512;
constexpr std::size_t kMaxChecks = 4096;

void set_config(ProducerModel& producer, const ConfigEntry& told) {
  for (ConfigEntry& entry : producer.config) {
    if (entry.key != told.key) continue;
    entry = told;
    return;
  }
  if (producer.config.size() < kMaxConfigEntries) producer.config.push_back(told);
}

void create_producer(PipelineModel& model, const Event& event) {
  ProducerModel* producer = producer_for(model, event.actor);
  if (producer == nullptr) return;
  producer->created = true;
  producer->client_id = event.a;
  producer->started = event.t;
  producer->pool.total = static_cast<std::int64_t>(event.subject);
  producer->pool.available = producer->pool.total;
  producer->pool.block_size = event.b;
}

void decide_check(PipelineModel& model, const Event& event) {
  if (model.checks.size() >= kMaxChecks) return;
  model.checks.push_back(
      {event.subject, static_cast<CheckOutcome>(event.a), event.b, event.t, model.events - 1});
}

void begin_fault(PipelineModel& model, const Event& event) {
  model.faults.push_back({event.subject, event.place, event.a, event.b, event.t, -1});
  if (model.faults.size() > kFaultsKept) model.faults.pop_front();
}

void end_fault(PipelineModel& model, const Event& event) {
  for (FaultModel& fault : model.faults) {
    if (fault.id == event.subject && fault.ended < 0) fault.ended = event.t;
  }
}

void set_in_cluster(PipelineModel& model, const SettingModel& setting) {
  constexpr std::size_t kKept = 256;
  model.settings.push_back(setting);
  if (model.settings.size() > kKept) model.settings.pop_front();
}

void name_node(PipelineModel& model, const Event& event) {
  const auto node = static_cast<NodeId>(event.place);
  if (node < 0 || (model.brokers.size() >= kMaxNodes && !model.brokers.contains(node))) return;
  BrokerModel& broker = model.brokers[node];
  broker.named = true;
  broker.host = event.a;
  broker.port = event.b;
}

// What was under way may have ended in an event that is missing: it would stand there for ever. What begins
// from here on is followed again.
void lose_events(PipelineModel& model, std::uint64_t count) {
  model.run.events_lost += count;
  for (ProducerModel& producer : model.producers) {
    producer.batches.clear();
    producer.incomplete_batches.clear();
    producer.requests.clear();
    producer.ended_requests.clear();
    producer.abandoned_requests.clear();
    producer.completing = 0;
    producer.pool.in_batches = 0;
    producer.pool.waiters.clear();
    for (auto& [node, link] : producer.links) link.in_flight_requests.clear();
    for (auto& [index, partition] : producer.partitions) {
      partition.deque.clear();
      partition.in_flight_batches.clear();
      partition.muted = false;
      partition.unresolved = false;
    }
  }
}

}  // namespace

void fold_run(PipelineModel& model, const Event& event) {
  switch (event.kind) {
    case EventKind::run_started:
      model.run = {true, event.place == 1, event.subject, event.a, event.b, false, 0, 0};
      break;
    case EventKind::run_ended:
      model.run.ended = true;
      model.run.end_reason = event.a;
      break;
    case EventKind::producer_created: create_producer(model, event); break;
    case EventKind::config_set:
      if (ProducerModel* producer = producer_for(model, event.actor))
        set_config(*producer, {event.a, event.b, static_cast<ConfigSource>(event.place)});
      break;
    case EventKind::thread_named:
      if (ThreadModel* thread = thread_for(model, event.actor)) {
        thread->named = true;
        thread->name = event.a;
        thread->producer = static_cast<std::uint16_t>(event.place);
        thread->since = event.t;
      }
      break;
    case EventKind::partition_named:
      if (PartitionModel* partition = partition_for(model, event.place)) {
        partition->topic = event.a;
        partition->number = event.b;
      }
      break;
    case EventKind::node_named: name_node(model, event); break;
    case EventKind::broker_config_set: set_in_cluster(model, {0, event.a, event.b}); break;
    case EventKind::topic_config_set: set_in_cluster(model, {event.a, event.b, 0}); break;
    case EventKind::fault_began: begin_fault(model, event); break;
    case EventKind::fault_ended: end_fault(model, event); break;
    case EventKind::check_decided: decide_check(model, event); break;
    case EventKind::events_lost: lose_events(model, event.subject); break;
    default: break;
  }
}

}  // namespace sendscope
