// The inside of a Producer: its parts, in the order they are built, and the steps that try_send and SendOp
// share.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "core/net/network_client.h"
#include "core/producer/producer.h"
#include "core/producer/producer_metadata.h"
#include "core/producer/producer_metrics.h"
#include "core/producer/record_accumulator.h"
#include "core/producer/sender.h"
#include "core/producer/transaction_manager.h"
#include "core/wire/record_format.h"

namespace sendscope {

inline Error closed_error() { return Error(ErrorCode::kIllegalState, "the producer has been closed"); }

struct Producer::Parts {
  Parts(const ProducerConfig& config, const ProducerEnvironment& environment, ProducerPlugins plugins,
        std::vector<Endpoint> bootstrap, Nanos now);

  // ---- steps of a send
  // Serialized key and value; `scratch` is where serializers put new bytes.
  struct Serialized {
    std::optional<Bytes> key;
    std::optional<Bytes> value;
  };
  Result<Serialized> serialize(const Record& record, std::string& key_scratch,
                               std::string& value_scratch) const;
  // The record's own partition, or that of its key; kUnknownPartition: the accumulator decides.
  PartitionId built_in_partition(const Record& record, const Serialized& data,
                                 std::int32_t partitions) const {
    if (record.partition != kUnknownPartition || !data.key || config.partitioner_ignore_keys)
      return record.partition;
    return partition_for_key(*data.key, partitions);
  }
  // The same, but a partitioner of one's own chooses instead of the key.
  Result<PartitionId> choose_partition(const Record& record, const Serialized& data,
                                       const Cluster& cluster) const;
  std::optional<Error> check_size(const Serialized& data, std::span<const RecordHeader> headers) const;
  bool too_large(const Serialized& data, std::span<const RecordHeader> headers) const {
    return wire::batch_size_upper_bound(data.key, data.value, headers) > largest_record;
  }
  // Whether the transaction manager must be asked about every record.
  bool registers_partitions() const {
    return transactions != nullptr && (transactions->is_transactional() || transactions->has_error());
  }
  // What follows an append: the transaction learns of the partition, the sender is woken if it must be.
  std::optional<Error> appended(const RecordAppendResult& result, std::string_view topic);
  // Delivers a failure as Kafka's send() does: an ApiException through callback, interceptors and future; any
  // other exception is thrown. `partition`: the one chosen, if any.
  SendStatus fail(const Record& record, PartitionId partition, const Error& error, const Delivery& delivery,
                  FutureRecordMetadata* future, RecordId id, std::uint16_t thread, Nanos now);
  // ---- transactional calls
  // What every one of them checks first. Kafka: throwIfNoTransactionManager, throwIfProducerClosed.
  Result<void> check_transactional_call() const;
  // `outcome`: null while the call goes on.
  void tell_call(EventKind kind, TransactionCall call, const Result<void>* outcome, std::uint16_t thread,
                 Nanos now);

  Event send_called(const Record& record, RecordId id, std::uint16_t thread, Nanos now);
  bool is_closed() const { return !sender.running(); }
  RecordId next_record_id() {
    return make_id(environment.index, last_record.fetch_add(1, std::memory_order_relaxed) + 1);
  }
  // The id of a send that came to nothing, so that nobody has heard of it. Lost when another was taken
  // meanwhile.
  void give_back(RecordId id) {
    std::uint64_t number = number_of(id);
    last_record.compare_exchange_strong(number, number - 1, std::memory_order_relaxed);
  }
  // What became of the append: registration, the sender's wake-up, or the failure.
  SendResult conclude(const Record& record, const RecordAppendResult& append, const Delivery& delivery,
                      FutureRecordMetadata* future, RecordId id, std::uint16_t thread, Nanos now);

  const ProducerConfig config;
  const ProducerEnvironment environment;
  const ProducerPlugins plugins;
  const BatchEnvironment batches;
  const bool has_serializers;
  const std::size_t largest_record;  // in bytes, as the only one of its batch
  const Nanos created;
  ProducerMetrics metrics;
  ApiVersions api_versions;
  ProducerMetadata metadata;
  std::unique_ptr<TransactionManager> transactions;  // null without idempotence
  BufferPool pool;
  RecordAccumulator accumulator;
  NetworkClient client;
  Sender sender;
  std::atomic<RecordId> last_record{0};
};

}  // namespace sendscope
