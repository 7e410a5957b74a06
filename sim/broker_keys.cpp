#include "sim/broker_keys.h"

#include <array>

#include "sim/scenario_limits.h"
#include "sim/simulation_check.h"

namespace sendscope::sim {
namespace {

using Config = BrokerConfig;
constexpr const ApiRow& kProduce = api_row(ApiKey::kProduce);

// clang-format off
constexpr std::array kKeys = std::to_array<BrokerKey>({
    {"message.max.bytes", &Config::message_max_bytes, 0, kMostBrokerBytes, true},
    {"socket.request.max.bytes", &Config::socket_request_max_bytes, 1, kMostBrokerBytes},
    {"auto.create.topics.enable", &Config::auto_create_topics},
    {"num.partitions", &Config::num_partitions, 1, kMostPartitions},
    {"default.replication.factor", &Config::default_replication_factor, 1, kMostNodes},
    {"min.insync.replicas", &Config::min_insync_replicas, 1, kMostNodes},
    {"num.io.threads", &Config::num_io_threads, 1, 1000, true},
    {"broker.session.timeout.ms", &Config::session_timeout},
    {"replica.lag.time.max.ms", &Config::replica_lag_time_max},
    {"log.message.timestamp.after.max.ms", &Config::timestamp_after_max, 0, kMostMillis, true},
    {"auto.create.delay.ms", &Config::auto_create_delay},
    {"transaction.max.timeout.ms", &Config::transaction_max_timeout},
    {"transaction.abort.timed.out.transaction.cleanup.interval.ms", &Config::transaction_cleanup_interval},
    {kTransactionVersionKey, &Config::transaction_version, 0, 2, true},
    {"transaction.marker.delay.ms", &Config::transaction_marker_delay},
    {"produce.max.version", &Config::produce_max_version, kProduce.min_version, kProduce.broker_max},
    {"socket.buffer.bytes", &Config::socket_buffer, 1024, kMostBrokerBytes},
});
// clang-format on

}  // namespace

std::span<const BrokerKey> broker_keys() { return kKeys; }

void set_number(const BrokerKey& key, std::int64_t value, BrokerConfig& config) {
  if (auto* field = std::get_if<std::int32_t Config::*>(&key.field)) {
    config.*(*field) = static_cast<std::int32_t>(value);
  } else if (auto* small = std::get_if<std::int16_t Config::*>(&key.field)) {
    config.*(*small) = static_cast<std::int16_t>(value);
  } else if (auto* size = std::get_if<std::uint32_t Config::*>(&key.field)) {
    config.*(*size) = static_cast<std::uint32_t>(value);
  } else if (auto* time = std::get_if<Nanos Config::*>(&key.field)) {
    config.*(*time) = to_nanos(value);
  }
}

}  // namespace sendscope::sim
