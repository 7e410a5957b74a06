// Waiting until the cluster is known to have a topic, and a partition of it. Kafka:
// KafkaProducer.waitOnMetadata.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "core/base/result.h"
#include "core/base/waiter.h"
#include "core/producer/producer_metadata.h"
#include "core/producer/step.h"

namespace sendscope {

class Sender;

// Thread-safety: belongs to one caller; destroying it leaves the line.
class MetadataWait {
 public:
  // `partition`: must exist too, unless kUnknownPartition. `topic` outlives the wait.
  MetadataWait(ProducerMetadata& metadata, Sender& sender, std::string_view topic, PartitionId partition,
               Millis max_block_ms, Waiter& waiter);
  ~MetadataWait();
  MetadataWait(const MetadataWait&) = delete;
  MetadataWait& operator=(const MetadataWait&) = delete;

  // kBlocked: look again when woken, or at the deadline. kDone: see result().
  Step advance(Nanos now);
  Nanos deadline() const { return deadline_; }
  // REQUIRES: kDone. A snapshot that knows the topic, or why there is none.
  const Result<std::shared_ptr<const Cluster>>& result() const { return *result_; }
  Millis waited_ms() const { return waited_ms_; }
  // How long it has waited for what it got; none when it had not to, or got nothing.
  std::optional<Nanos> waited() const { return waited_; }

 private:
  enum class State : std::uint8_t { kNew, kWaiting, kDone };

  Step begin(Nanos now);
  Step ask(Nanos now);
  Step look(Nanos now);
  Step finish(Result<std::shared_ptr<const Cluster>> result, Nanos now);
  bool satisfied(const Cluster& cluster) const;
  // The wait is over without what it was for, in Kafka's words. The topic's own error is the cause; once an
  // update has come, only a retriable one.
  Error timed_out(bool only_retriable_cause) const;

  ProducerMetadata& metadata_;
  Sender& sender_;
  const std::string_view topic_;
  const PartitionId partition_;
  const Millis max_block_ms_;
  Waiter& waiter_;
  State state_ = State::kNew;
  Nanos began_ = 0;
  Nanos deadline_ = 0;
  std::int32_t version_ = 0;
  std::int32_t known_partitions_ = 0;  // at the last look
  Millis waited_ms_ = 0;
  std::optional<Nanos> waited_;
  std::optional<Result<std::shared_ptr<const Cluster>>> result_;
};

}  // namespace sendscope
