#include "core/model/queries.h"

#include <algorithm>

#include "core/base/saturating.h"

namespace sendscope {

std::string partition_name(const PipelineModel& model, const StringTable& strings, PartitionIndex partition) {
  if (partition >= model.partitions.size()) return "partition " + std::to_string(partition);
  const PartitionModel& of = model.partitions[partition];
  std::string out(strings.view(of.topic));
  return out + "-" + std::to_string(of.number);
}

std::string_view thread_name(const PipelineModel& model, const StringTable& strings, std::uint16_t thread) {
  return thread < model.threads.size() ? strings.view(model.threads[thread].name) : std::string_view{};
}

std::string_view producer_name(const PipelineModel& model, const StringTable& strings, std::size_t producer) {
  return producer < model.producers.size() ? strings.view(model.producers[producer].client_id)
                                           : std::string_view{};
}

std::optional<PartitionIndex> find_partition(const PipelineModel& model, const StringTable& strings,
                                             std::string_view name) {
  for (PartitionIndex i = 0; i < model.partitions.size(); ++i) {
    if (partition_name(model, strings, i) == name) return i;
  }
  return std::nullopt;
}

std::optional<std::uint16_t> find_thread(const PipelineModel& model, const StringTable& strings,
                                         std::string_view name) {
  for (std::size_t i = 0; i < model.threads.size(); ++i) {
    if (model.threads[i].named && strings.view(model.threads[i].name) == name)
      return static_cast<std::uint16_t>(i);
  }
  return std::nullopt;
}

const ConfigEntry* find_config(const PipelineModel& model, const StringTable& strings, std::size_t producer,
                               std::string_view key) {
  const ProducerModel* of = model.producer(producer);
  if (of == nullptr) return nullptr;
  const auto found = std::find_if(of->config.begin(), of->config.end(),
                                  [&](const ConfigEntry& entry) { return strings.view(entry.key) == key; });
  return found == of->config.end() ? nullptr : &*found;
}

std::string_view set_text(const PipelineModel& model, const StringTable& strings, std::string_view topic,
                          std::string_view key) {
  for (auto set = model.settings.rbegin(); set != model.settings.rend(); ++set) {
    if (strings.view(set->topic) != topic) continue;
    std::string_view setting = strings.view(set->setting);
    if (topic.empty() && setting == key) return strings.view(set->value);
    if (topic.empty() || !setting.starts_with(key)) continue;
    setting.remove_prefix(key.size());
    if (setting.starts_with(" = ")) return setting.substr(3);
  }
  return {};
}

std::string_view config_text(const PipelineModel& model, const StringTable& strings, std::size_t producer,
                             std::string_view key) {
  const ConfigEntry* entry = find_config(model, strings, producer, key);
  return entry == nullptr ? std::string_view{} : strings.view(entry->value);
}

std::optional<std::int64_t> config_number(const PipelineModel& model, const StringTable& strings,
                                          std::size_t producer, std::string_view key) {
  const std::string_view text = config_text(model, strings, producer, key);
  if (text.empty() || text.size() > 18) return std::nullopt;
  const bool negative = text.front() == '-';
  std::int64_t out = 0;
  for (const char c : text.substr(negative ? 1 : 0)) {
    if (c < '0' || c > '9') return std::nullopt;
    out = out * 10 + (c - '0');
  }
  return negative ? -out : out;
}

namespace {

Nanos deadline(const PipelineModel& model, const StringTable& strings, std::size_t producer,
               std::string_view key, Nanos from) {
  const std::optional<std::int64_t> ms = config_number(model, strings, producer, key);
  if (!ms || *ms < 0) return -1;
  const Nanos wait = to_nanos(*ms);
  return from > kForever - wait ? kForever : from + wait;
}

}  // namespace

Nanos linger_deadline(const BatchModel& batch, Nanos linger) {
  if (linger < 0 || (batch.state != BatchState::kOpen && batch.state != BatchState::kClosed)) return -1;
  return saturating_sum(batch.created, linger);
}

Nanos linger_deadline(const PipelineModel& model, const StringTable& strings, const BatchModel& batch) {
  const std::optional<std::int64_t> ms = config_number(model, strings, batch.producer, "linger.ms");
  return linger_deadline(batch, ms && *ms >= 0 ? to_nanos(*ms) : -1);
}

Nanos delivery_deadline(const PipelineModel& model, const StringTable& strings, const BatchModel& batch) {
  if (batch.completed >= 0) return -1;
  return deadline(model, strings, batch.producer, "delivery.timeout.ms", batch.created);
}

Nanos request_deadline(const PipelineModel& model, const StringTable& strings, const RequestModel& request) {
  if (!request.in_flight) return -1;
  return deadline(model, strings, request.producer, "request.timeout.ms", request.sent);
}

bool is_block(const PipelineModel& model, const BatchModel& batch) {
  const ProducerModel* producer = model.producer(batch.producer);
  return producer != nullptr && batch.capacity == producer->pool.block_size;
}

namespace {

bool is_believed_leader(const PipelineModel& model, NodeId node, PartitionIndex partition) {
  return std::any_of(model.producers.begin(), model.producers.end(), [&](const ProducerModel& producer) {
    const auto at = producer.partitions.find(partition);
    return at != producer.partitions.end() && at->second.leader == node;
  });
}

}  // namespace

std::vector<PartitionIndex> led_by(const PipelineModel& model, NodeId node) {
  std::vector<PartitionIndex> out;
  for (PartitionIndex i = 0; i < model.partitions.size(); ++i) {
    const bool leads =
        model.run.live ? is_believed_leader(model, node, i) : model.partitions[i].log.leader == node;
    if (leads) out.push_back(i);
  }
  return out;
}

std::size_t in_flight_count(const PipelineModel& model, NodeId node) {
  std::size_t out = 0;
  for (const ProducerModel& producer : model.producers) {
    const auto at = producer.links.find(node);
    if (at != producer.links.end()) out += at->second.in_flight_requests.size();
  }
  return out;
}

std::uint64_t missing_records(const PipelineModel& model, PartitionIndex partition) {
  if (partition >= model.partitions.size()) return 0;
  const LogContent& content = model.partitions[partition].log.leader_content;
  const IntervalSet none;
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < model.producers.size(); ++i) {
    const ProducerPartition* of = model.producer_partition(i, partition);
    if (of == nullptr) continue;
    const auto stored = content.producers.find(static_cast<std::uint16_t>(i));
    out += of->acked.missing_from(stored == content.producers.end() ? none : stored->second.stored);
  }
  return out;
}

std::optional<Nanos> usual_latency(const PipelineModel& model, NodeId node) {
  constexpr std::size_t kLeast = 3;
  std::vector<Nanos> took;
  for (const ProducerModel& producer : model.producers) {
    for (const auto& [id, request] : producer.requests) {
      const bool answered = request.ended >= 0 && request.error == 0;
      if (request.node == node && answered && !request.batches.empty())
        took.push_back(request.ended - request.sent);
    }
  }
  if (took.size() < kLeast) return {};
  const auto middle = took.begin() + static_cast<std::ptrdiff_t>(took.size() / 2);
  std::nth_element(took.begin(), middle, took.end());
  return *middle;
}

}  // namespace sendscope
