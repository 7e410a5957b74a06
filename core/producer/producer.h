// The producer: everything that Kafka's KafkaProducer does, without clock, threads and sockets of its own.
// Start here. core/live wraps it for applications, sim drives it in virtual time.
//
// Calls that may have to wait are operations the caller owns and advances: SendOp, FlushOp, CloseOp,
// PartitionsForOp, TransactionOp. When one says it is blocked, its Waiter is woken when another look may
// help; deadline(), where there is one, says when to look at the latest.
//
// Thread-safety: try_send(), begin_transaction(), metrics() and the operations from any thread, each
// operation from one; sender().run_once() from one thread only (the "I/O thread"); the parts as they say
// themselves.
// Callbacks run on the I/O thread, or inside the send when that fails, with no lock held.
// Source: Kafka 4.3.1, KafkaProducer.
#pragma once

#include <memory>
#include <vector>

#include "core/base/random_source.h"
#include "core/base/result.h"
#include "core/base/waiter.h"
#include "core/event/event.h"
#include "core/event/sink.h"
#include "core/net/metric_report.h"
#include "core/net/transport.h"
#include "core/producer/config.h"
#include "core/producer/interceptor.h"
#include "core/producer/partitioner.h"
#include "core/producer/record.h"
#include "core/producer/serializer.h"
#include "core/producer/step.h"
#include "core/producer/transaction_offsets.h"
#include "core/wire/compression.h"

namespace sendscope {

class Sender;
class FutureRecordMetadata;
class NetworkClient;
class ProducerMetadata;
class RecordAccumulator;
class TransactionManager;

// What the world gives a producer. All of it outlives the producer.
struct ProducerEnvironment {
  Transport& transport;
  EventSink& sink;
  RandomSource& random;     // the producer's own draws (sticky partitioner, jitter, least loaded node)
  Waiter* sender_waiter;    // woken when run_once should run before the time it named; may be null
  std::uint16_t index = 0;  // the producer's number in this run: the actor of its events
  std::string software_name = "sendscope";  // told to the brokers (KIP-511)
  std::string software_version = "1.0";
  wire::Compressor* compressor = nullptr;  // null: the codecs themselves
};

struct ProducerPlugins {
  std::vector<std::unique_ptr<Interceptor>> interceptors;
  std::unique_ptr<Serializer> key_serializer;    // null: bytes as they are
  std::unique_ptr<Serializer> value_serializer;  // null: bytes as they are
  std::unique_ptr<Partitioner> partitioner;      // null: what partitioner.class says, else the built-in logic
};

// kFailed and kThrown may also come for a record that is queued all the same, when only then the transaction
// manager refuses it (fenced, in error, no transaction): its callback runs once, when its batch ends.
enum class SendStatus : std::uint8_t {
  kAccepted,    // queued; the callback will run exactly once
  kFailed,      // the future is failed; the callback has run
  kThrown,      // Java would throw: the callback does not run
  kWouldBlock,  // try_send only: nothing happened; use a SendOp
};

struct SendResult {
  SendStatus status = SendStatus::kWouldBlock;
  PartitionId partition = kUnknownPartition;
  RecordId record = 0;
  std::optional<Error> error;
  bool queued = false;  // refused, and queued all the same: its callback will run
};

class Producer {
 public:
  struct Parts;  // producer_parts.h

  // Fails with kConfig (naming key, value and rule) when the configuration does not hold together.
  static Result<std::unique_ptr<Producer>> create(const ProducerConfig& config,
                                                  ProducerEnvironment environment, ProducerPlugins plugins,
                                                  Nanos now);
  ~Producer();

  // The hot path: no waiting, no allocation, no clock. `thread` is the actor of the events.
  // With `future`, the record's future is attached to it; it tells the error also where Java would throw.
  // `more` gets the error, and whether the record is queued, when the send is refused or has failed.
  // Producers with interceptors or a partitioner of their own always get kWouldBlock: those see a record
  // once, in its SendOp.
  SendStatus try_send(const Record& record, Delivery delivery, Nanos now, std::uint16_t thread,
                      FutureRecordMetadata* future = nullptr, SendResult* more = nullptr);

  // beginTransaction(): a matter of this producer's state only, it never waits and asks nobody.
  Result<void> begin_transaction(Nanos now, std::uint16_t thread);

  Sender& sender();
  const ProducerConfig& config() const;

  // What keeps records from being stored, as far as it is known: one sentence with a remedy for every broker
  // and topic that is in trouble. `patience`: how long a broker may owe an answer to being connected. Any
  // thread.
  std::vector<std::string> troubles(Nanos now, Nanos patience) const;

  // Every metric of Kafka's producer as it stands at `now`, by group, tags and name. They can be read after
  // close(), too; Kafka forgets most of them then. Any thread.
  std::vector<MetricValue> metrics(Nanos now);

  // What the producer waits for, and what the brokers last said about it, for a person: "InitProducerId:
  // COORDINATOR_LOAD_IN_PROGRESS". Empty when it asks for nothing that it has not got. Any thread.
  std::string waits_for() const;

  // The parts, for whoever observes or drives a producer from outside (tests, the conformance replayer).
  RecordAccumulator& accumulator();
  ProducerMetadata& metadata();
  NetworkClient& client();
  TransactionManager* transactions();  // null without idempotence

 private:
  friend class SendOp;
  friend class FlushOp;
  friend class CloseOp;
  friend class PartitionsForOp;
  friend class TransactionOp;
  explicit Producer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// One send() that may wait for metadata and for memory, up to max.block.ms.
class SendOp {
 public:
  SendOp(Producer& producer, const Record& record, Delivery delivery, std::uint16_t thread, Waiter& waiter,
         FutureRecordMetadata* future = nullptr);
  ~SendOp();
  Step advance(Nanos now);
  BlockReason blocked_on() const;
  Nanos deadline() const;
  // The pool has woken it since its last look.
  bool signalled() const;
  const SendResult& result() const;  // REQUIRES: advance() returned kDone

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// flush(): waits for every batch that is incomplete when it first advances.
class FlushOp {
 public:
  FlushOp(Producer& producer, std::uint16_t thread, Waiter& waiter);
  ~FlushOp();
  Step advance(Nanos now);
  // Batches it still waits for; once one of them was split, its parts count instead.
  std::size_t remaining() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// close(timeout): graceful until the time-out, then forced. Done when the sender has exited.
// In a callback the sender's thread would wait for itself: there it is forced whatever the time-out, and done
// at once.
class CloseOp {
 public:
  CloseOp(Producer& producer, std::uint16_t thread, Waiter& waiter, Nanos timeout, bool in_callback = false);
  ~CloseOp();
  Step advance(Nanos now);
  Nanos deadline() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// partitionsFor(topic): waits for metadata only.
class PartitionsForOp {
 public:
  PartitionsForOp(Producer& producer, std::string_view topic, std::uint16_t thread, Waiter& waiter);
  ~PartitionsForOp();
  Step advance(Nanos now);
  Nanos deadline() const;
  const Result<std::int32_t>& result() const;  // the number of partitions

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// initTransactions(), commitTransaction(), abortTransaction(), sendOffsetsToTransaction(): each waits for the
// coordinators' answer, for max.block.ms at most. What timed out goes on all the same: the same call again
// waits for the same outcome, and any other is refused with kIllegalState until it has seen it (offsets are
// the exception: they are only sent once more). Errors as in Java: what is thrown there is the result here.
class TransactionOp {
 public:
  // REQUIRES: call is kInit, kCommit or kAbort
  TransactionOp(Producer& producer, TransactionCall call, std::uint16_t thread, Waiter& waiter);
  // sendOffsetsToTransaction(). Without any offset nothing is done.
  TransactionOp(Producer& producer, TxnOffsets offsets, ConsumerGroupMetadata group, std::uint16_t thread,
                Waiter& waiter);
  ~TransactionOp();
  Step advance(Nanos now);
  Nanos deadline() const;
  const Result<void>& result() const;  // REQUIRES: advance() returned kDone

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sendscope
