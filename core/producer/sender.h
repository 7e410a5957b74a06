// The I/O thread's loop as a function: one call goes from where Kafka's Sender waits to where it waits next.
// First what the transport brought (written requests, responses, lost and new connections, time-outs), then,
// in Kafka's own order: transactional requests, ready(), drain() per node, expiry, one produce request per
// node, metadata.
//
// Thread-safety: run_once(), wait_begins(), sleeping() and in_flight_batches() from one thread; the rest from
// any. Callbacks of records run inside run_once with no lock held. Source: Kafka Sender.run, runOnce,
// sendProducerData, completeBatch; NetworkClientUtils.awaitReady.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "core/base/error.h"
#include "core/base/topic_partition.h"
#include "core/base/types.h"
#include "core/producer/producer_batch_fwd.h"

namespace sendscope {

class EventSink;
class NetworkClient;
class ProducerMetadata;
class ProducerMetrics;
class RecordAccumulator;
class TransactionManager;
class Waiter;
struct ProducerConfig;

// What a Sender works with; all of it outlives the Sender.
struct SenderParts {
  const ProducerConfig& config;
  NetworkClient& client;
  ProducerMetadata& metadata;
  RecordAccumulator& accumulator;
  TransactionManager* transactions;  // null without idempotence
  ProducerMetrics& metrics;
  EventSink& sink;
  Waiter* waiter;  // woken by wakeup(); may be null
  std::uint16_t producer_index;
};

class Sender {
 public:
  explicit Sender(const SenderParts& parts);
  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  // Does all that is due at `now` and returns when it next wants to run (Kafka's poll time-out, absolute);
  // kForever when only bytes or a wake-up can make it go on. `now` never goes back.
  // While it sleeps (see below) it does nothing before that time.
  Nanos run_once(Nanos now);
  // The last run_once ended in a sleep rather than a poll (Kafka: retry of a transactional request): until
  // the time it returned, nothing that arrives is looked at.
  bool sleeping() const;
  // The loop is over: closed, everything resolved.
  bool exited() const;

  // What the brokers said against the produce request that was last answered badly and is tried again; kNone
  // once one has been answered well. Any thread.
  ErrorCode last_retry_error() const;

  // False once a close was asked for: sends are refused from then on.
  bool running() const;

  // For the metrics: the wait after a run_once begins only now, since the run took so long. Drivers whose
  // time does not pass meanwhile need not call it. The thread that calls run_once.
  void wait_begins(Nanos now);

  // Asks for run_once before the time it named. A wake-up while run_once runs is not lost.
  void wakeup();
  // Graceful: the accumulator takes no more records; what is queued is sent; then exited().
  void initiate_close(Nanos now);
  // Everything incomplete fails at the next run_once, which is the last.
  void force_close(Nanos now);
  // The same, and what Kafka's sender would finish first is left as it is: a sleep, or the wait for a
  // coordinator's connection.
  void give_up(Nanos now);
  // True: it has exited. False: the waiter stands in line and is woken at the exit.
  bool await_exit(Waiter& waiter);
  void stop_waiting(Waiter& waiter);

  // Sender.inFlightBatches: drained and not yet answered, per partition in drain order.
  const std::map<TopicPartition, std::vector<BatchPtr>>& in_flight_batches() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sendscope
