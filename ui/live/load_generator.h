// Threads that send records of a given size at a given rate.
//
// Record n of the run has the value "n " with padding behind it, so that whoever reads the topic knows which
// are there. With keys, every key belongs to one thread: its records are sent in rising order.
//
// Thread-safety: stop() and done() from any thread.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/live/thread_parker.h"
#include "ui/live/live_run.h"
#include "ui/live/transaction_rhythm.h"

namespace sendscope::ui {

struct LoadPlan {
  std::string topic;
  double rate = 0;         // records a second, all threads together; 0: as fast as it goes
  std::size_t size = 100;  // bytes of a value; at least as long as its number
  std::uint64_t keys = 0;  // number of different keys; 0: no keys
  std::uint32_t threads = 1;
  std::uint64_t count = 0;  // records in all; 0: no end
  Nanos duration = kForever;
  TransactionPlan transactions;  // with an id: one thread only
};

// The i-th record of a thread.
struct PlannedRecord {
  std::uint64_t number = 0;
  std::uint64_t key = 0;
};
PlannedRecord planned_record(const LoadPlan& plan, std::uint32_t thread, std::uint64_t i);
// How many records a thread sends when the plan has a count.
std::uint64_t share_of(const LoadPlan& plan, std::uint32_t thread);

class LoadGenerator {
 public:
  // Starts at once. The run outlives the generator.
  LoadGenerator(LiveRun& run, const LoadPlan& plan);
  // Stops, and waits for the producer to be closed.
  ~LoadGenerator();
  LoadGenerator(const LoadGenerator&) = delete;
  LoadGenerator& operator=(const LoadGenerator&) = delete;

  // No record more is sent; the producer is then closed.
  void stop();
  // Every record has been sent and the producer is closed.
  bool done() const { return done_; }
  // No record more will be sent but those whose send() is blocked.
  bool input_ended() const { return sent_ || stopping_ || run_.clock().now() >= end_; }
  // Parks until done() or the time has come.
  void wait_until(Nanos deadline);

  // A record failed before any was accepted; as all are alike, that ended the load.
  bool hopeless() const { return hopeless_; }
  // REQUIRES: done(). What ended the load early, and the transactions in words (empty: none).
  const std::optional<Error>& failure() const { return failure_; }
  const std::string& transactions() const { return transactions_; }

 private:
  void send_share(std::uint32_t thread);
  // False: a transactional call failed, or nothing is accepted at all.
  bool send_records(std::uint32_t thread, TransactionRhythm& transactions);
  bool keep(const Result<void>& outcome);
  void run_to_the_end();

  LiveRun& run_;
  const LoadPlan plan_;
  std::vector<std::unique_ptr<RecordSlots>> slots_;
  std::deque<live::ThreadParker> parkers_;  // of the threads that send
  const Nanos end_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> sent_{false};
  std::atomic<bool> hopeless_{false};
  std::atomic<bool> done_{false};
  // Written by the thread of a transactional load, read once it is joined.
  std::optional<Error> failure_;
  std::string transactions_;
  live::ThreadParker owner_;
  std::thread conductor_;
};

}  // namespace sendscope::ui
