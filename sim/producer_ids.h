// The producer ids a broker gives out: it takes them in blocks, so that two brokers never give the same.
// Kafka: ProducerIdManager.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sendscope::sim {

class ProducerIds {
 public:
  // Of the index-th of `brokers` brokers.
  ProducerIds(std::size_t index, std::size_t brokers)
      : next_(static_cast<std::int64_t>(index) * kBlock), brokers_(static_cast<std::int64_t>(brokers)) {}

  std::int64_t take() {
    const std::int64_t id = next_++;
    if (next_ % kBlock == 0) next_ += kBlock * (brokers_ - 1);
    return id;
  }

 private:
  static constexpr std::int64_t kBlock = 1000;

  std::int64_t next_;
  std::int64_t brokers_;
};

}  // namespace sendscope::sim
