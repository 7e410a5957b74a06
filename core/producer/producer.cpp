#include "core/producer/producer.h"

#include <algorithm>

#include "core/producer/effective_config.h"
#include "core/producer/future_record_metadata.h"
#include "core/producer/producer_parts.h"
#include "core/wire/record_format.h"

namespace sendscope {

namespace {

StatisticsSettings statistics_settings(const ProducerConfig& config) {
  return {config.metrics_num_samples, config.metrics_sample_window_ms};
}

AccumulatorSettings accumulator_settings(const ProducerConfig& config, wire::Compressor* compressor,
                                         bool has_partitioner) {
  AccumulatorSettings settings = sendscope::accumulator_settings(config);
  settings.compression.compressor = compressor;
  settings.adaptive_partitioning &= !has_partitioner;
  return settings;
}

NetworkClientSettings client_settings(const ProducerConfig& config, const ProducerEnvironment& environment) {
  NetworkClientSettings settings;
  settings.client_id = config.client_id;
  settings.software_name = environment.software_name;
  settings.software_version = environment.software_version;
  settings.max_in_flight_per_node = config.max_in_flight_requests_per_connection;
  settings.request_timeout_ms = config.request_timeout_ms;
  settings.connections_max_idle_ms = config.connections_max_idle_ms;
  settings.connections = {config.reconnect_backoff_ms, config.reconnect_backoff_max_ms,
                          config.socket_connection_setup_timeout_ms,
                          config.socket_connection_setup_timeout_max_ms};
  settings.rebootstrap = config.metadata_recovery_strategy == "rebootstrap";
  settings.rebootstrap_trigger_ms =
      config.profile->rebootstraps_by_time ? config.metadata_recovery_rebootstrap_trigger_ms : kForeverMillis;
  settings.latest_metadata = config.profile->latest_metadata;
  settings.producer_index = environment.index;
  settings.metrics = statistics_settings(config);
  return settings;
}

std::unique_ptr<TransactionManager> make_transaction_manager(const ProducerConfig& config,
                                                             const ApiVersions& versions,
                                                             const ProducerEnvironment& environment,
                                                             Nanos now) {
  if (!config.enable_idempotence) return nullptr;
  TransactionSettings settings{config.transactional_id, config.transaction_timeout_ms,
                               config.retry_backoff_ms, *config.profile};
  return std::make_unique<TransactionManager>(std::move(settings), &versions, environment.sink,
                                              environment.index, now);
}

// Whoever is not given is made from its class name in the configuration.
ProducerPlugins complete(ProducerPlugins plugins, const ProducerConfig& config) {
  if (plugins.key_serializer == nullptr && !config.key_serializer.empty())
    plugins.key_serializer = make_serializer(config.key_serializer);
  if (plugins.value_serializer == nullptr && !config.value_serializer.empty())
    plugins.value_serializer = make_serializer(config.value_serializer);
  if (plugins.partitioner == nullptr && !config.partitioner_class.empty())
    plugins.partitioner = make_partitioner(config.partitioner_class);
  return plugins;
}

}  // namespace

Producer::Parts::Parts(const ProducerConfig& config_, const ProducerEnvironment& environment_,
                       ProducerPlugins plugins_, std::vector<Endpoint> bootstrap, Nanos now)
    : config(config_),
      environment(environment_),
      plugins(complete(std::move(plugins_), config)),
      batches{environment.sink, environment.index, &plugins.interceptors,
              config.profile->acknowledges_with_headers},
      has_serializers(plugins.key_serializer != nullptr || plugins.value_serializer != nullptr),
      largest_record(static_cast<std::size_t>(
          std::min<std::int64_t>(config.max_request_size_bytes, config.buffer_memory_bytes))),
      created(now),
      metrics(statistics_settings(config)),
      metadata({config.retry_backoff_ms, config.retry_backoff_max_ms, config.metadata_max_age_ms},
               config.metadata_max_idle_ms, {environment.sink, environment.random, environment.index}),
      transactions(make_transaction_manager(config, api_versions, environment, now)),
      pool(config.buffer_memory_bytes, config.effective_batch_size_bytes(), environment.sink,
           environment.index, &metrics),
      accumulator(accumulator_settings(config, environment.compressor, plugins.partitioner != nullptr), pool,
                  transactions.get(), environment.random, batches),
      client(client_settings(config, environment),
             {environment.transport, metadata, api_versions, environment.random, environment.sink}),
      sender({config, client, metadata, accumulator, transactions.get(), metrics, environment.sink,
              environment.sender_waiter, environment.index}) {
  metadata.bootstrap(std::move(bootstrap), now);
}

Producer::Producer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Producer::~Producer() = default;

Result<std::unique_ptr<Producer>> Producer::create(const ProducerConfig& config,
                                                   ProducerEnvironment environment, ProducerPlugins plugins,
                                                   Nanos now) {
  std::vector<Endpoint> bootstrap;
  for (const std::string& server : config.bootstrap_servers) {
    Result<HostAndPort> address = parse_host_and_port(server);
    if (!address) return address.error();
    bootstrap.push_back({std::move(address->host), address->port});
  }
  if (bootstrap.empty()) return Error(ErrorCode::kConfig, "bootstrap.servers: no address is given");
  EventSink& sink = environment.sink;
  if (sink.wants(EventKind::producer_created)) {
    const Event created{now,
                        EventKind::producer_created,
                        environment.index,
                        kNoPlace,
                        static_cast<std::uint64_t>(config.buffer_memory_bytes),
                        sink.intern(config.client_id),
                        static_cast<std::uint32_t>(config.effective_batch_size_bytes())};
    sink.emit(created);
  }
  announce_config(config, sink, environment.index, now);
  auto parts = std::make_unique<Parts>(config, environment, std::move(plugins), std::move(bootstrap), now);
  return std::unique_ptr<Producer>(new Producer(std::move(parts)));
}

Sender& Producer::sender() { return parts_->sender; }
const ProducerConfig& Producer::config() const { return parts_->config; }
RecordAccumulator& Producer::accumulator() { return parts_->accumulator; }
ProducerMetadata& Producer::metadata() { return parts_->metadata; }
NetworkClient& Producer::client() { return parts_->client; }
TransactionManager* Producer::transactions() { return parts_->transactions.get(); }

std::vector<std::string> Producer::troubles(Nanos now, Nanos patience) const {
  std::vector<std::string> troubles = parts_->client.reports().troubles(now, patience);
  for (std::string& trouble : parts_->metadata.troubles()) troubles.push_back(std::move(trouble));
  return troubles;
}

// ---- the steps of a send

Result<Producer::Parts::Serialized> Producer::Parts::serialize(const Record& record, std::string& key_scratch,
                                                               std::string& value_scratch) const {
  Serialized out{record.key, record.value};
  if (plugins.key_serializer != nullptr) {
    Result<std::optional<Bytes>> key =
        plugins.key_serializer->serialize(record.topic, record.key, key_scratch);
    if (!key) return key.error();
    out.key = *key;
  }
  if (plugins.value_serializer != nullptr) {
    Result<std::optional<Bytes>> value =
        plugins.value_serializer->serialize(record.topic, record.value, value_scratch);
    if (!value) return value.error();
    out.value = *value;
  }
  return out;
}

Result<PartitionId> Producer::Parts::choose_partition(const Record& record, const Serialized& data,
                                                      const Cluster& cluster) const {
  if (record.partition != kUnknownPartition || plugins.partitioner == nullptr)
    return built_in_partition(record, data, cluster.partition_count(record.topic));
  const PartitionId chosen = plugins.partitioner->partition(record.topic, data.key, data.value, cluster);
  if (chosen < 0)
    return Error(ErrorCode::kIllegalArgument,
                 "the partitioner chose " + std::to_string(chosen) + "; a partition must not be negative");
  return chosen;
}

std::optional<Error> Producer::Parts::check_size(const Serialized& data,
                                                 std::span<const RecordHeader> headers) const {
  const auto size = static_cast<std::int64_t>(wire::batch_size_upper_bound(data.key, data.value, headers));
  if (size > config.max_request_size_bytes)
    return Error(ErrorCode::kRecordTooLarge, "the record takes up to " + std::to_string(size) +
                                                 " bytes, more than max.request.size allows (" +
                                                 std::to_string(config.max_request_size_bytes) + ")");
  if (size > config.buffer_memory_bytes)
    return Error(ErrorCode::kRecordTooLarge, "the record takes up to " + std::to_string(size) +
                                                 " bytes, more than buffer.memory has in all (" +
                                                 std::to_string(config.buffer_memory_bytes) + ")");
  return std::nullopt;
}

std::optional<Error> Producer::Parts::appended(const RecordAppendResult& result, std::string_view topic) {
  // After the append on purpose: only now the partition is final.
  if (registers_partitions()) {
    if (Result<void> ok = transactions->maybe_add_partition({std::string(topic), result.partition}); !ok)
      return ok.error();
  }
  if (result.batch_is_full || result.new_batch_created) sender.wakeup();
  return std::nullopt;
}

SendStatus Producer::Parts::fail(const Record& record, PartitionId partition, const Error& error,
                                 const Delivery& delivery, FutureRecordMetadata* future, RecordId id,
                                 std::uint16_t thread, Nanos now) {
  const bool thrown = !is_api(error.code);
  const PartitionId known = partition != kUnknownPartition ? partition : record.partition;
  Acknowledgement acknowledgement{{record.topic, known}, &error};
  if ((error_row(error.code).families & kRuntime) == 0) metrics.send_failed(to_millis(now));
  if (error.cause != ErrorCode::kNone)
    environment.sink.emit(
        {now, EventKind::failure_cause, thread, kNoPlace, id, static_cast<std::uint32_t>(error.cause), 0});
  environment.sink.emit({now, EventKind::send_failed, thread, kNoPlace, id,
                         static_cast<std::uint32_t>(error.code), thrown ? 1u : 0u});
  if (!thrown && delivery.fn != nullptr) delivery.fn(delivery.context, acknowledgement);
  const std::span<const RecordHeader> headers =
      config.profile->acknowledges_with_headers ? record.headers : std::span<const RecordHeader>();
  intercept_acknowledgement(plugins.interceptors, acknowledgement, headers);
  if (future != nullptr) future->fail(error);
  if (thrown) return SendStatus::kThrown;
  // Only transactional producers mind; a transition that is not allowed would be thrown over the error by
  // Kafka.
  if (transactions != nullptr) {
    transactions->set_event_time(now);
    static_cast<void>(transactions->maybe_transition_to_error_state(error));
  }
  return SendStatus::kFailed;
}

SendResult Producer::Parts::conclude(const Record& record, const RecordAppendResult& append,
                                     const Delivery& delivery, FutureRecordMetadata* future, RecordId id,
                                     std::uint16_t thread, Nanos now) {
  SendResult result{SendStatus::kAccepted, append.partition, id, std::nullopt};
  if (append.status == AppendStatus::kFailed) {
    result.error = append.error;
    result.status = fail(record, append.partition, *append.error, delivery, future, id, thread, now);
    return result;
  }
  result.error = appended(append, record.topic);
  // The record is queued all the same, and its callback will run when its batch ends: not now, too.
  result.queued = result.error.has_value();
  if (result.error)
    result.status = fail(record, append.partition, *result.error, {}, future, id, thread, now);
  return result;
}

Event Producer::Parts::send_called(const Record& record, RecordId id, std::uint16_t thread, Nanos now) {
  EventSink& sink = environment.sink;
  const std::uint32_t place = record.partition == kUnknownPartition
                                  ? kNoPlace
                                  : sink.partition({std::string(record.topic), record.partition}, now);
  const std::size_t bytes = (record.key ? record.key->size() : 0) + (record.value ? record.value->size() : 0);
  return {now,
          EventKind::send_called,
          thread,
          place,
          id,
          sink.intern(record.topic),
          static_cast<std::uint32_t>(bytes)};
}

}  // namespace sendscope
