// Guesses how well the next batch of a topic will compress, from the batches before it.
// Kafka: CompressionRatioEstimator, there one table for the whole process; here one per producer.
//
// Thread-safety: any thread.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/mutex.h"
#include "core/wire/compression.h"

namespace sendscope::wire {

class CompressionRatioEstimator {
 public:
  // Room for batches that compress a little worse than those before.
  static constexpr float kSafetyFactor = 1.05f;

  // 1 for a topic never seen.
  float estimation(std::string_view topic, CompressionType type) const EXCLUDES_LOCK(mutex_);
  // Learns a measured ratio: rises at once (by 0.05 at least), falls by 0.005 a batch. Returns the new guess.
  float update(std::string_view topic, CompressionType type, float measured) EXCLUDES_LOCK(mutex_);
  // After a batch turned out too large for the broker.
  void set(std::string_view topic, CompressionType type, float ratio) EXCLUDES_LOCK(mutex_);

 private:
  using Ratios = std::array<float, kCompressionTypes>;
  Ratios& ratios(std::string_view topic) REQUIRES_LOCK(mutex_);

  mutable Mutex mutex_ ACQUIRED_AFTER(lock_order::leaves);
  std::unordered_map<std::string, Ratios> topics_ GUARDED_BY(mutex_);
};

}  // namespace sendscope::wire
