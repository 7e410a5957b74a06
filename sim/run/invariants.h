// What must be true of every run, simulated or live, as it happens or read from a trace: checked against the
// bare events, independently of the model that everything else is folded into.
//
//   pool       free + lent + reserved = buffer.memory after every event, and all free at the end
//   callbacks  every record that was appended is completed exactly once; within a batch in append order; with
//              idempotence, or one request in flight, acknowledgements of a thread's records come in order
//              for each partition
//   in flight  never more requests to a node than max.in.flight.requests.per.connection, never more batches
//              of a partition than idempotence allows; responses complete the oldest request of their node
//   logs       an offset is appended once by each node between truncations, without gaps
//   txn        see transaction_invariants.h; of simulated runs only
//   the end    when nothing is left to do, nothing is: no batch is incomplete, no thread has a step to go, no
//              request is in flight, and all memory is back (of a producer whose close was forced, what is on
//              its way stays there, as in Kafka; what threads do is known of simulated runs only)
//
// A producer's limits are those that its config_set events tell; a limit that is not told is not held. Behind
// events_lost nothing is held any more: what was on its way is not known.
//
// Thread-safety: none. Memory grows with the records that are not completed yet; in a run with transactions,
// with all of its records.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/event/event.h"
#include "core/event/string_table.h"
#include "sim/run/transaction_invariants.h"
#include "sim/run/watch.h"

namespace sendscope::run {

class InvariantChecker final : public Watch {
 public:
  bool on_event(const Moment& moment) override { return observe(*moment.event, moment.strings); }
  // False, from then on, as soon as something is violated. strings: those that the event speaks in.
  bool observe(const Event& event, const StringTable& strings);
  // After the last event. `everything_resolved`: the run came to rest, or was given the time to.
  bool finish(bool everything_resolved);
  // What is violated, with the event's number; empty as long as nothing is.
  const std::string& violation() const { return violation_; }

 private:
  struct Record {
    std::uint16_t thread = 0;
    BatchId batch = 0;
    std::uint32_t partition = 0;
  };
  struct ProducerState {
    std::int64_t total = 0;
    std::int64_t available = 0;
    std::int64_t lent = 0;
    std::int64_t reserved = 0;  // by the first in line
    std::optional<std::size_t> max_in_flight;
    std::optional<bool> idempotent;
    std::map<std::uint32_t, std::deque<RequestId>> in_flight;      // by node
    std::map<std::uint32_t, std::set<BatchId>> in_flight_batches;  // by partition
    std::set<BatchId> incomplete;
    bool gone = false;  // its close was forced: nobody ends its requests
  };
  struct BatchState {
    std::deque<RecordId> waiting;  // records without a callback, in append order
    bool retried = false;
  };

  void on_run(const Event& event);
  void on_config(const Event& event, const StringTable& strings);
  void on_pool(const Event& event);
  void on_record(const Event& event);
  void on_completed(const Event& event);
  void on_request(const Event& event);
  void on_batch(const Event& event);
  void on_child(const Event& event);
  void check_rest(const ProducerState& state);
  void on_log(const Event& event);
  void check_ack_order(const Record& record, RecordId id);
  void violated(const std::string& what);
  ProducerState* producer_of(const Event& event);
  // nullptr, and a violation, for a thread that has no name.
  ProducerState* producer_of_thread(std::uint16_t thread);

  std::vector<ProducerState> producers_;
  std::vector<std::uint16_t> thread_producers_;
  std::set<std::uint16_t> threads_at_work_;
  std::map<RecordId, Record> records_;
  std::map<BatchId, BatchState> batches_;
  std::map<std::pair<std::uint16_t, std::uint32_t>, RecordId> last_acked_;    // by thread and partition
  std::map<std::pair<std::uint16_t, std::uint32_t>, std::uint64_t> log_end_;  // by node and partition
  TransactionInvariants transactions_;
  bool live_ = false;
  bool blind_ = false;  // events are missing
  std::uint64_t events_ = 0;
  Nanos time_ = 0;
  std::string violation_;
};

}  // namespace sendscope::run
