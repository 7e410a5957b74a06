#include "core/model/rate_limits.h"

#include <algorithm>
#include <map>

#include "core/base/saturating.h"
#include "core/model/queries.h"

namespace sendscope {
namespace {

// Partitions that the producer sends to, by the node that leads them.
std::map<NodeId, std::int64_t> used_partitions(const ProducerModel& producer) {
  std::map<NodeId, std::int64_t> by_node;
  for (const auto& [index, partition] : producer.partitions) {
    if (partition.appended > 0 && partition.leader >= 0) ++by_node[partition.leader];
  }
  return by_node;
}

// How full the blocks of the batches that are done were, in thousandths.
std::int64_t usual_fill(const ProducerModel& producer) {
  std::int64_t bytes = 0, capacity = 0;
  for (const BatchModel& batch : producer.finished_batches) {
    bytes += std::min(batch.bytes, batch.capacity);
    capacity += batch.capacity;
  }
  return capacity == 0 ? 1000 : std::max<std::int64_t>(1, bytes * 1000 / capacity);
}

}  // namespace

std::int64_t bytes_a_second(double bytes, Nanos time) {
  constexpr double kMost = 9e18;
  const double seconds = static_cast<double>(std::max<Nanos>(1, time)) / static_cast<double>(kNanosPerSecond);
  return static_cast<std::int64_t>(std::min(kMost, bytes / seconds));
}

std::int64_t RateLimit::rate() const { return bytes_a_second(static_cast<double>(bytes), time); }

std::optional<Nanos> round_trip(const ProducerModel& producer) {
  std::vector<Nanos> took;
  for (const auto& [id, request] : producer.requests) {
    const bool answered = request.ended > request.sent && request.error == 0;
    if (answered && !request.batches.empty()) took.push_back(request.ended - request.sent);
  }
  if (took.empty()) return {};
  const auto middle = took.begin() + static_cast<std::ptrdiff_t>(took.size() / 2);
  std::nth_element(took.begin(), middle, took.end());
  return *middle;
}

RateLimits rate_limits(const PipelineModel& model, const StringTable& strings, std::size_t index,
                       const Outage& outage) {
  RateLimits out;
  const ProducerModel* producer = model.producer(index);
  const std::optional<Nanos> trip = producer == nullptr ? std::nullopt : round_trip(*producer);
  if (!trip) return out;
  const auto number = [&](std::string_view key) { return config_number(model, strings, index, key); };
  const std::int64_t block = producer->pool.block_size;
  // Both may come from a file.
  constexpr std::int64_t kMostPlaces = 1'000'000, kMostBytes = std::int64_t{1} << 40;
  const std::int64_t places =
      std::clamp<std::int64_t>(number("max.in.flight.requests.per.connection").value_or(0), 0, kMostPlaces);
  const std::int64_t most =
      std::clamp<std::int64_t>(number("max.request.size").value_or(kMostBytes), 0, kMostBytes);
  RateLimit window{LimitKind::kWindow, 0, *trip, 0};
  std::int64_t partitions = 0;
  for (const auto& [node, count] : used_partitions(*producer)) {
    window.bytes = saturating_sum(window.bytes, places * std::clamp<std::int64_t>(count * block, 0, most));
    window.requests += places;
    partitions += count;
  }
  if (window.bytes > 0) out.limits.push_back(window);
  const std::int64_t payload = producer->pool.total / 1000 * usual_fill(*producer);
  if (payload > 0) out.limits.push_back({LimitKind::kPool, payload, *trip, 0});
  if (payload > 0 && outage.longest > 0)
    out.limits.push_back({LimitKind::kOutage, payload, outage.longest, 0});
  const std::int64_t linger = number("linger.ms").value_or(0);
  if (linger > 0 && partitions > 0)
    out.limits.push_back({LimitKind::kLinger, partitions * block, to_nanos(linger), 0});
  for (std::size_t i = 0; i < out.limits.size(); ++i) {
    const RateLimit& limit = out.limits[i];
    const bool bounds = limit.kind == LimitKind::kWindow || limit.kind == LimitKind::kPool ||
                        (limit.kind == LimitKind::kOutage && outage.lasts);
    if (bounds && (!out.lowest || limit.rate() < out.limits[*out.lowest].rate())) out.lowest = i;
  }
  return out;
}

}  // namespace sendscope
