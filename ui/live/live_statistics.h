// What became of the records of a live run.
//
// Thread-safety: any thread.
#pragma once

#include <atomic>
#include <map>
#include <string>

#include "core/base/mutex.h"
#include "core/producer/record.h"
#include "ui/live/latency_histogram.h"

namespace sendscope::ui {

class LiveStatistics {
 public:
  void count_sent() { sent_.fetch_add(1, std::memory_order_relaxed); }
  // `bytes` of the record's key and value.
  void acknowledged(const Acknowledgement& acknowledgement, Nanos latency, std::size_t bytes);
  void failed(const Error& error) EXCLUDES_LOCK(mutex_);
  // What fails from now on was given up: it counts as neither stored nor failed.
  void give_up() { gives_up_.store(true, std::memory_order_relaxed); }

  std::uint64_t sent() const { return sent_.load(std::memory_order_relaxed); }
  // Bytes of the records that are stored.
  std::uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  std::uint64_t stored() const { return stored_.load(std::memory_order_relaxed); }
  std::uint64_t failed() const { return failed_.load(std::memory_order_relaxed); }
  bool gives_up() const { return gives_up_.load(std::memory_order_relaxed); }
  const LatencyHistogram& latency() const { return latency_; }
  // Failed records by error ("TimeoutException"), and the message of the first.
  std::map<std::string, std::uint64_t> errors() const EXCLUDES_LOCK(mutex_);
  std::string first_error() const EXCLUDES_LOCK(mutex_);

  // Several lines for a person; `elapsed` since the first send. Rates are those of what was stored, and what
  // is neither stored nor failed has been given up. REQUIRES: the producer is closed
  std::string summary(Nanos elapsed) const;

 private:
  std::atomic<std::uint64_t> sent_{0};
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<std::uint64_t> stored_{0};
  std::atomic<std::uint64_t> failed_{0};
  std::atomic<bool> gives_up_{false};
  LatencyHistogram latency_;

  mutable Mutex mutex_;
  std::map<std::string, std::uint64_t> errors_ GUARDED_BY(mutex_);
  std::string first_error_ GUARDED_BY(mutex_);
};

}  // namespace sendscope::ui
