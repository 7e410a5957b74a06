// What bounds the rate at which a producer gets bytes acked, computed from its configuration and from the
// round trips that were measured.
#pragma once

#include <optional>
#include <vector>

#include "core/event/string_table.h"
#include "core/model/pipeline_model.h"

namespace sendscope {

enum class LimitKind : std::uint8_t {
  kWindow,  // what all places in flight hold goes once a round trip
  kPool,    // what the pool holds goes once a round trip
  kOutage,  // above it the pool is full before the longest outage ends, and send() blocks
  kLinger,  // no bound: below it linger.ms sends batches, above it they are full first
};

// At most 9e18.
std::int64_t bytes_a_second(double bytes, Nanos time);

struct RateLimit {
  LimitKind kind{};
  std::int64_t bytes = 0;     // go in ...
  Nanos time = 1;             // ... this time
  std::int64_t requests = 0;  // kWindow: places in flight, over all nodes
  // Bytes a second.
  std::int64_t rate() const;
};

struct Outage {
  Nanos longest = 0;
  bool lasts = false;  // there is one now
};

struct RateLimits {
  std::vector<RateLimit> limits;
  std::optional<std::size_t> lowest;  // of those that bound; kOutage only while one lasts
};
// Empty before the first produce request was answered.
RateLimits rate_limits(const PipelineModel& model, const StringTable& strings, std::size_t producer,
                       const Outage& outage);

// The median of the produce requests that were answered and are still known; nothing: none was.
std::optional<Nanos> round_trip(const ProducerModel& producer);

}  // namespace sendscope
