// A seeded RandomSource for several threads: application threads draw partitions while the I/O thread draws
// jitter. A draw is rare (a sticky partition moves on, a backoff begins), so a lock costs nothing that counts.
//
// Thread-safety: every method from any thread.
#pragma once

#include "core/base/mutex.h"
#include "core/base/random_source.h"

namespace sendscope::live {

class LockedRandomSource final : public RandomSource {
 public:
  explicit LockedRandomSource(std::uint64_t seed) : source_(seed) {}

  std::int32_t next_partition_draw() override {
    MutexLock lock(mutex_);
    return source_.next_partition_draw();
  }
  std::int32_t next_jitter_draw() override {
    MutexLock lock(mutex_);
    return source_.next_jitter_draw();
  }
  std::uint32_t next_node_offset(std::uint32_t bound) override {
    MutexLock lock(mutex_);
    return source_.next_node_offset(bound);
  }

 private:
  Mutex mutex_;
  PrngRandomSource source_ GUARDED_BY(mutex_);
};

}  // namespace sendscope::live
