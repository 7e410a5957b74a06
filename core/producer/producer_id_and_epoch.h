// Who a producer is to the brokers. Kafka: ProducerIdAndEpoch.
#pragma once

#include <compare>
#include <cstdint>

namespace sendscope {

struct ProducerIdAndEpoch {
  static constexpr std::int64_t kNoProducerId = -1;
  static constexpr std::int16_t kNoEpoch = -1;

  std::int64_t producer_id = kNoProducerId;
  std::int16_t epoch = kNoEpoch;

  bool valid() const { return producer_id > kNoProducerId; }
  auto operator<=>(const ProducerIdAndEpoch&) const = default;
};

inline constexpr std::int32_t kNoSequence = -1;

}  // namespace sendscope
