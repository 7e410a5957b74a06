// What became of the records of a live run.
//
// Thread-safety: any thread.
#pragma once

#include <atomic>
#include <map>
#include <string>

#include "core/base/mutex.h"
#include "core/producer/record.h"
#include "ui/app/latency_histogram.h"

namespace sendscope::ui {

class LiveStatistics {
 public:
  void sent(std::size_t bytes) {
    sent_.fetch_add(1, std::memory_order_relaxed);
    bytes_.fetch_add(bytes, std::memory_order_relaxed);
  }
  void acknowledged(const Acknowledgement& acknowledgement, Nanos latency);
  void failed(const Error& error) EXCLUDES_LOCK(mutex_);

  std::uint64_t sent() const { return sent_.load(std::memory_order_relaxed); }
  std::uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  std::uint64_t stored() const { return stored_.load(std::memory_order_relaxed); }
  std::uint64_t failed() const { return failed_.load(std::memory_order_relaxed); }
  const LatencyHistogram& latency() const { return latency_; }
  // Failed records by error ("TimeoutException"), and the message of the first.
  std::map<std::string, std::uint64_t> errors() const EXCLUDES_LOCK(mutex_);
  std::string first_error() const EXCLUDES_LOCK(mutex_);

  // Several lines for a person; `elapsed` since the first send.
  std::string summary(Nanos elapsed) const;

 private:
  std::atomic<std::uint64_t> sent_{0};
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<std::uint64_t> stored_{0};
  std::atomic<std::uint64_t> failed_{0};
  LatencyHistogram latency_;

  mutable Mutex mutex_;
  std::map<std::string, std::uint64_t> errors_ GUARDED_BY(mutex_);
  std::string first_error_ GUARDED_BY(mutex_);
};

}  // namespace sendscope::ui
