// ModelNames: the names of the expression language, answered from a model.
#include <algorithm>

#include "core/base/error.h"
#include "core/base/saturating.h"
#include "core/base/whole_number.h"
#include "core/event/narration.h"
#include "core/model/queries.h"

namespace sendscope {
namespace {

// Calls fn(producer) for every producer the name speaks of.
template <typename Fn>
void each_producer(const PipelineModel& model, const StringTable& strings, const NameRef& name, Fn fn) {
  for (const ProducerModel& producer : model.producers) {
    if (name.producer.empty() || strings.view(producer.client_id) == name.producer) fn(producer);
  }
}

template <typename Fn>
std::int64_t sum(const PipelineModel& model, const StringTable& strings, const NameRef& name, Fn fn) {
  std::int64_t out = 0;
  each_producer(model, strings, name, [&](const ProducerModel& producer) {
    out = saturating_sum(out, static_cast<std::int64_t>(fn(producer)));
  });
  return out;
}

// The value of the only producer, or the one all agree on; unknown when they differ.
template <typename Fn>
Value agreed(const PipelineModel& model, const StringTable& strings, const NameRef& name, Value none, Fn fn) {
  Value out = none;
  bool first = true;
  bool differ = false;
  each_producer(model, strings, name, [&](const ProducerModel& producer) {
    const Value value = fn(producer);
    if (!first && !(value == out)) differ = true;
    out = value;
    first = false;
  });
  return differ ? Value::unknown() : out;
}

// Whether the partition has this name ("orders-0"), without making the text.
bool is_named(const PipelineModel& model, const StringTable& strings, std::size_t index,
              std::string_view name) {
  const std::string_view topic = strings.view(model.partitions[index].topic);
  if (name.size() < topic.size() + 2 || !name.starts_with(topic) || name[topic.size()] != '-') return false;
  std::uint64_t number = 0;
  for (const char c : name.substr(topic.size() + 1)) {
    if (c < '0' || c > '9' || number > 0xffffffffu) return false;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number == model.partitions[index].number;
}

// -1: no such partition. The hint is where it was found the last time.
std::int64_t partition_index(const PipelineModel& model, const StringTable& strings, const NameRef& name) {
  if (name.hint < model.partitions.size() && is_named(model, strings, name.hint, name.object))
    return name.hint;
  for (std::size_t i = 0; i < model.partitions.size(); ++i) {
    if (!is_named(model, strings, i, name.object)) continue;
    name.hint = static_cast<std::uint32_t>(i);
    return static_cast<std::int64_t>(i);
  }
  return -1;
}

Value log_value(const PipelineModel& model, const LogModel* log, PartitionIndex partition, Name name) {
  if (model.run.live || (log != nullptr && !log->exact)) return Value::unknown();
  if (log == nullptr) return name == Name::log_in_order ? Value::boolean(true) : Value::integer(0);
  const ReplicaLog* leader = log->leader_log();
  switch (name) {
    case Name::log_size: return Value::integer(log->size());
    case Name::log_in_order: return Value::boolean(log->leader_content.out_of_order == 0);
    case Name::log_duplicates:
      return Value::integer(static_cast<std::int64_t>(log->leader_content.duplicates()));
    case Name::log_high_watermark: return Value::integer(leader == nullptr ? 0 : leader->high_watermark);
    case Name::log_last_stable: return Value::integer(leader == nullptr ? 0 : leader->last_stable_offset());
    case Name::log_committed: return Value::integer(static_cast<std::int64_t>(log->leader_content.committed));
    case Name::log_aborted: return Value::integer(static_cast<std::int64_t>(log->leader_content.aborted));
    case Name::log_open:
      return Value::integer(static_cast<std::int64_t>(log->leader_content.undecided_records()));
    default: return Value::integer(static_cast<std::int64_t>(missing_records(model, partition)));
  }
}

Value partition_value(const PipelineModel& model, const StringTable& strings, const NameRef& name) {
  const std::int64_t found = partition_index(model, strings, name);
  const auto index = static_cast<PartitionIndex>(found);
  const auto view = [&](const ProducerModel& producer) -> const ProducerPartition* {
    const auto at = found < 0 ? producer.partitions.end() : producer.partitions.find(index);
    return at == producer.partitions.end() ? nullptr : &at->second;
  };
  const auto number = [&](auto fn) {
    return Value::integer(sum(model, strings, name, [&](const ProducerModel& producer) {
      const ProducerPartition* partition = view(producer);
      return partition == nullptr ? 0 : static_cast<std::int64_t>(fn(*partition));
    }));
  };
  switch (name.name) {
    case Name::partition_queued: return number([](const ProducerPartition& p) { return p.deque.size(); });
    case Name::partition_inflight:
      return number([](const ProducerPartition& p) { return p.in_flight_batches.size(); });
    case Name::partition_muted:
      return Value::boolean(number([](const ProducerPartition& p) { return p.muted ? 1 : 0; }).number > 0);
    case Name::partition_leader:
      return agreed(model, strings, name, Value::integer(-1), [&](const ProducerModel& producer) {
        const ProducerPartition* partition = view(producer);
        return Value::integer(partition == nullptr ? -1 : partition->leader);
      });
    case Name::partition_next_sequence:
      return agreed(model, strings, name, Value::integer(0), [&](const ProducerModel& producer) {
        const ProducerPartition* partition = view(producer);
        return Value::integer(partition == nullptr ? 0 : partition->next_sequence);
      });
    default: return log_value(model, found < 0 ? nullptr : &model.partitions[index].log, index, name.name);
  }
}

Value node_value(const PipelineModel& model, const StringTable& strings, const NameRef& name) {
  const auto node = static_cast<NodeId>(name.node);
  const auto link = [&](const ProducerModel& producer) -> const NodeLink* {
    const auto at = producer.links.find(node);
    return at == producer.links.end() ? nullptr : &at->second;
  };
  if (name.name == Name::node_up) {
    const auto broker = model.brokers.find(node);
    if (model.run.live) return Value::unknown();
    return Value::boolean(broker == model.brokers.end() || broker->second.state != NodeState::kKilled);
  }
  if (name.name == Name::node_inflight) {
    return Value::integer(sum(model, strings, name, [&](const ProducerModel& producer) {
      const NodeLink* of = link(producer);
      return of == nullptr ? 0 : of->in_flight_requests.size();
    }));
  }
  const auto word = [](ConnectionState state) {
    return Value::string(enum_name(Unit::kConnectionState, static_cast<std::uint64_t>(state)));
  };
  return agreed(model, strings, name, word(ConnectionState::kDisconnected),
                [&](const ProducerModel& producer) {
                  const NodeLink* of = link(producer);
                  return word(of == nullptr ? ConnectionState::kDisconnected : of->state);
                });
}

Value latency_value(const PipelineModel& model, const StringTable& strings, const NameRef& name) {
  const LatencyDistribution* only = nullptr;
  std::size_t count = 0;
  each_producer(model, strings, name, [&](const ProducerModel& producer) {
    only = &producer.latency;
    ++count;
  });
  LatencyDistribution all;
  if (count > 1) {
    each_producer(model, strings, name, [&](const ProducerModel& producer) { all.merge(producer.latency); });
    only = &all;
  }
  if (only == nullptr) return Value::duration(0);
  if (name.name == Name::latency_max) return Value::duration(only->max());
  return Value::duration(only->quantile(name.name == Name::latency_p50 ? 500 : 990));
}

std::int64_t failed_count(const ProducerModel& producer, const NameRef& name) {
  if (name.errors.empty()) return static_cast<std::int64_t>(producer.failed);
  std::int64_t out = 0;
  for (const std::int32_t error : name.errors) {
    const auto at = producer.failed_by.find(error);
    if (at != producer.failed_by.end()) out += static_cast<std::int64_t>(at->second);
  }
  return out;
}

Value thread_value(const PipelineModel& model, const StringTable& strings, const NameRef& name) {
  const auto is_it = [&](std::size_t i) {
    return model.threads[i].named && strings.view(model.threads[i].name) == name.object &&
           (name.producer.empty() ||
            producer_name(model, strings, model.threads[i].producer) == name.producer);
  };
  const auto word = [](ThreadState state) {
    return Value::string(enum_name(Unit::kThreadState, static_cast<std::uint64_t>(state)));
  };
  if (name.hint < model.threads.size() && is_it(name.hint)) return word(model.threads[name.hint].state);
  for (std::size_t i = 0; i < model.threads.size(); ++i) {
    if (!is_it(i)) continue;
    name.hint = static_cast<std::uint32_t>(i);
    return word(model.threads[i].state);
  }
  return word(ThreadState::kRunning);
}

bool field_matches(const PipelineModel& model, const StringTable& strings, const FieldMatch& match,
                   std::uint64_t value) {
  switch (match.unit) {
    case Unit::kPartition:
      return value < model.partitions.size() && is_named(model, strings, value, match.name);
    case Unit::kThread:
      return value < model.threads.size() &&
             thread_name(model, strings, static_cast<std::uint16_t>(value)) == match.name;
    case Unit::kProducer: return producer_name(model, strings, value) == match.name;
    case Unit::kString: return strings.view(static_cast<StringId>(value)) == match.name;
    default: return std::find(match.accepted.begin(), match.accepted.end(), value) != match.accepted.end();
  }
}

std::uint64_t field_of(const EventCounters::Row& row, int field) {
  switch (field) {
    case 0: return row.actor;
    case 1: return row.place;
    case 3: return row.a;
    default: return row.b;
  }
}

std::int64_t count_events(const PipelineModel& model, const StringTable& strings, const NameRef& name) {
  if (name.match.empty()) return static_cast<std::int64_t>(model.counters.total(name.kind));
  std::int64_t out = 0;
  for (const EventCounters::Row& row : model.counters.rows(name.kind)) {
    const bool all = std::all_of(name.match.begin(), name.match.end(), [&](const FieldMatch& match) {
      return field_matches(model, strings, match, field_of(row, match.field));
    });
    if (all) out += static_cast<std::int64_t>(row.count);
  }
  return out;
}

bool is_event(const PipelineModel& model, const StringTable& strings, const NameRef& name,
              const Event* event) {
  if (event == nullptr || event->kind != name.kind) return false;
  const std::uint64_t fields[] = {event->actor, event->place, event->subject, event->a, event->b};
  return std::all_of(name.match.begin(), name.match.end(), [&](const FieldMatch& match) {
    return field_matches(model, strings, match, fields[match.field]);
  });
}

// Of the event that brings this moment about.
Value field_value(const NameRef& name, const Event* event) {
  if (event == nullptr || event->kind != name.kind) return Value::unknown();
  const FieldView field = event_field(*event, name.field);
  const auto number = static_cast<std::int64_t>(field.value);
  switch (field.row.unit) {
    case Unit::kMillis: return Value::duration(saturating_product(number, kNanosPerMilli));
    case Unit::kMicros: return Value::duration(saturating_product(number, kNanosPerMicro));
    case Unit::kNode: return Value::integer(static_cast<NodeId>(static_cast<std::uint32_t>(number)));
    default: return {name.type, number, {}};
  }
}

// What the configuration says, as the type of its key.
Value config_value(const StringTable& strings, const ProducerModel& producer, const NameRef& name) {
  for (const ConfigEntry& entry : producer.config) {
    if (strings.view(entry.key) != name.object) continue;
    const std::string_view text = strings.view(entry.value);
    if (name.type == ValueType::kString) return Value::string(text);
    const auto number = whole_number<std::int64_t>(text);
    if (!number) return Value::unknown();
    return {name.type,
            name.type == ValueType::kDuration ? saturating_product(*number, kNanosPerMilli) : *number,
            {}};
  }
  return Value::unknown();
}

const CoordinatedTransaction* find_transaction(const PipelineModel& model, const StringTable& strings,
                                               std::string_view transactional_id) {
  for (const auto& [id, transaction] : model.transactions) {
    if (strings.view(id) == transactional_id) return &transaction;
  }
  return nullptr;
}

Value transaction_value(const PipelineModel& model, const StringTable& strings, const NameRef& name) {
  if (model.run.live) return Value::unknown();
  const CoordinatedTransaction* found = find_transaction(model, strings, name.object);
  if (name.name == Name::transaction_coordinator)
    return Value::integer(found == nullptr ? -1 : found->coordinator);
  const TxnStage stage = found == nullptr ? TxnStage::kEmpty : found->stage;
  return Value::string(enum_name(Unit::kTxnStage, static_cast<std::uint64_t>(stage)));
}

}  // namespace

Value ModelNames::value(const NameRef& name) const {
  const auto total = [&](auto fn) { return sum(model_, strings_, name, fn); };
  switch (name.name) {
    case Name::time: return Value::duration(model_.time);
    case Name::pool_total: return Value::size(total([](const ProducerModel& p) { return p.pool.total; }));
    case Name::pool_free: return Value::size(total([](const ProducerModel& p) { return p.pool.available; }));
    case Name::pool_used: return Value::size(total([](const ProducerModel& p) { return p.pool.used(); }));
    case Name::pool_waiting:
      return Value::integer(total([](const ProducerModel& p) { return p.pool.waiters.size(); }));
    case Name::batches_incomplete:
      return Value::integer(total([](const ProducerModel& p) { return p.incomplete_batches.size(); }));
    case Name::sent: return Value::integer(total([](const ProducerModel& p) { return p.sent; }));
    case Name::acked: return Value::integer(total([](const ProducerModel& p) { return p.acked; }));
    case Name::failed:
      return Value::integer(total([&](const ProducerModel& p) { return failed_count(p, name); }));
    case Name::thread_state: return thread_value(model_, strings_, name);
    case Name::partition_queued:
    case Name::partition_inflight:
    case Name::partition_muted:
    case Name::partition_leader:
    case Name::partition_next_sequence:
    case Name::log_size:
    case Name::log_in_order:
    case Name::log_duplicates:
    case Name::log_missing:
    case Name::log_high_watermark:
    case Name::log_committed:
    case Name::log_aborted:
    case Name::log_open:
    case Name::log_last_stable: return partition_value(model_, strings_, name);
    case Name::transaction_state:
    case Name::transaction_coordinator: return transaction_value(model_, strings_, name);
    case Name::node_up:
    case Name::node_connection:
    case Name::node_inflight: return node_value(model_, strings_, name);
    case Name::latency_p50:
    case Name::latency_p99:
    case Name::latency_max: return latency_value(model_, strings_, name);
    case Name::count: return Value::integer(count_events(model_, strings_, name));
    case Name::event: return Value::boolean(is_event(model_, strings_, name, current_));
    case Name::field: return field_value(name, current_);
    case Name::config:
      return agreed(model_, strings_, name, Value::unknown(),
                    [&](const ProducerModel& p) { return config_value(strings_, p, name); });
    case Name::pid:
      return agreed(model_, strings_, name, Value::integer(-1),
                    [](const ProducerModel& p) { return Value::integer(p.txn.pid); });
    case Name::epoch:
      return agreed(model_, strings_, name, Value::integer(-1),
                    [](const ProducerModel& p) { return Value::integer(p.txn.epoch); });
    case Name::txn_state:
      return agreed(
          model_, strings_, name, Value::string(enum_name(Unit::kTxnState, 0)), [](const ProducerModel& p) {
            return Value::string(enum_name(Unit::kTxnState, static_cast<std::uint64_t>(p.txn.state)));
          });
    case Name::count_: break;
  }
  return Value::unknown();
}

bool ModelNames::exists(const NameRef& name) const {
  if (!name.producer.empty()) {
    const bool known =
        std::any_of(model_.producers.begin(), model_.producers.end(),
                    [&](const ProducerModel& p) { return strings_.view(p.client_id) == name.producer; });
    if (!known) return false;
  }
  switch (name.name) {
    case Name::transaction_state:
    case Name::transaction_coordinator: return find_transaction(model_, strings_, name.object) != nullptr;
    case Name::thread_state: return find_thread(model_, strings_, name.object).has_value();
    case Name::config: return true;
    case Name::node_up:
    case Name::node_connection:
    case Name::node_inflight: {
      const auto node = static_cast<NodeId>(name.node);
      return model_.brokers.contains(node) ||
             std::any_of(model_.producers.begin(), model_.producers.end(),
                         [&](const ProducerModel& p) { return p.links.contains(node); });
    }
    default: return name.object.empty() || find_partition(model_, strings_, name.object).has_value();
  }
}

}  // namespace sendscope
