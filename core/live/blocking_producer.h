// The producer as applications know it: any number of threads call send(), flush() and close(), and block
// where Kafka's producer blocks. A thread of its own talks to the brokers.
//
//   auto producer = BlockingProducer::create(config, {}, sink, clock, seed);
//   (*producer)->send({.topic = "orders", .value = as_bytes("hello")}, delivery);
//   (*producer)->close();
//
//   (*producer)->init_transactions();
//   (*producer)->begin_transaction(); ... (*producer)->commit_transaction();
//
// Callbacks run on that thread, or inside send() when that fails. On that thread, what waits for it cannot
// end: see flush(), close() and wait(). Other calls may block in a callback, for max.block.ms at most;
// meanwhile nothing is sent.
//
// Thread-safety: any thread, except where a comment says otherwise. Source: Kafka KafkaProducer.
#pragma once

#include <memory>
#include <string>

#include "core/live/clock.h"
#include "core/producer/producer.h"

namespace sendscope {
class FutureRecordMetadata;
}

namespace sendscope::live {

class BlockingProducer {
 public:
  // `sink` and `clock` outlive the producer. `seed` decides what it draws (sticky partitions, jitter);
  // `index` is the producer's number in this run.
  static Result<std::unique_ptr<BlockingProducer>> create(const ProducerConfig& config,
                                                          ProducerPlugins plugins, EventSink& sink,
                                                          const Clock& clock, std::uint64_t seed,
                                                          std::uint16_t index = 0);
  // As close(0): what is left fails. Then waits for the thread to end, which a callback may delay.
  // REQUIRES: not in a callback
  ~BlockingProducer();
  BlockingProducer(const BlockingProducer&) = delete;
  BlockingProducer& operator=(const BlockingProducer&) = delete;

  // Blocks for metadata and memory, up to max.block.ms. `thread` is the calling thread's number in events. A
  // record without a timestamp gets the wall clock's. The result says accepted or not; partition and record
  // number are there only when the call had to wait.
  SendResult send(const Record& record, Delivery delivery, std::uint16_t thread = 0,
                  FutureRecordMetadata* future = nullptr);
  // Blocks until the record is stored or has failed. In a callback a future that is not done yet never will
  // be (Kafka's hangs): kIllegalState.
  Result<RecordMetadata> wait(FutureRecordMetadata& future, std::uint16_t thread = 0);
  // Blocks until everything sent before is stored or has failed. In a callback: kKafkaException (KIP-1118).
  Result<void> flush(std::uint16_t thread = 0);
  // Blocks until everything is sent, at most for `timeout`; what is left then fails. Later calls only wait.
  // In a callback everything fails at once, and nothing is waited for.
  void close(Nanos timeout = kForever, std::uint16_t thread = 0);

  // Everything that is incomplete fails, and whoever is blocked in a call comes back with an error. Waits for
  // nothing; close() then waits for the end.
  void give_up();
  // Somebody is blocked in a call.
  bool is_blocked() const;
  // As Producer::waits_for(), with the troubles(). Never empty.
  std::string waits_for() const;

  // Transactions; the configuration must have a transactional.id. All but begin block for max.block.ms at
  // most; what then fails with kTimeout goes on, and the same call again waits for it. See TransactionOp.
  Result<void> init_transactions(std::uint16_t thread = 0);
  Result<void> begin_transaction(std::uint16_t thread = 0);
  Result<void> send_offsets_to_transaction(TxnOffsets offsets, ConsumerGroupMetadata group,
                                           std::uint16_t thread = 0);
  Result<void> commit_transaction(std::uint16_t thread = 0);
  Result<void> abort_transaction(std::uint16_t thread = 0);

  // The number of partitions of a topic. Blocks for metadata, up to max.block.ms.
  Result<std::int32_t> partitions_for(std::string_view topic, std::uint16_t thread = 0);

  const ProducerConfig& config() const;
  // As of now; also after close().
  std::vector<MetricValue> metrics() const;
  // What keeps records from being stored, as of now: see Producer::troubles().
  std::vector<std::string> troubles(Nanos patience = kNanosPerSecond) const;

 private:
  Result<void> call(TransactionCall which, std::uint16_t thread);

  struct Parts;
  explicit BlockingProducer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace sendscope::live
