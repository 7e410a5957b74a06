// A producer's configuration: Kafka's keys, defaults, validators and cross-checks, driven by one table that
// `sendscope help config` prints too. Source: Kafka 4.3.1, ProducerConfig, CommonClientConfigs, ConfigDef.
//
// Plain data: any number of threads may read one, and nobody changes it while they do.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/types.h"
#include "core/producer/profile.h"
#include "core/wire/compression.h"

namespace sendscope {

// Fields are named after their keys; the unit stands in the name. Values come from parse() alone, which fills
// in the defaults of the table; what it returns obeys every validator and cross-check.
struct ProducerConfig {
  const Profile* profile = &newest_profile();  // the generation whose defaults and behaviours these are
  std::vector<std::string> bootstrap_servers;
  std::string client_dns_lookup;
  std::string key_serializer;    // a name that serializers of this house go by; empty: bytes as they are
  std::string value_serializer;  // likewise
  std::int16_t acks = 0;         // "all" is -1
  std::int64_t buffer_memory_bytes = 0;
  wire::CompressionType compression_type = wire::CompressionType::kNone;
  std::int32_t compression_gzip_level = 0;
  std::int32_t compression_lz4_level = 0;
  std::int32_t compression_zstd_level = 0;
  std::int32_t retries = 0;
  std::int32_t batch_size_bytes = 0;  // 0 behaves as 1: see effective_batch_size_bytes()
  std::int64_t linger_ms = 0;
  std::int32_t delivery_timeout_ms = 0;
  std::int32_t request_timeout_ms = 0;
  std::int64_t max_block_ms = 0;
  std::int32_t max_request_size_bytes = 0;
  std::int32_t max_in_flight_requests_per_connection = 0;
  bool enable_idempotence = false;
  std::optional<std::string> transactional_id;
  std::int32_t transaction_timeout_ms = 0;
  bool transaction_two_phase_commit_enable = false;
  std::string partitioner_class;  // empty: the built-in logic
  bool partitioner_ignore_keys = false;
  bool partitioner_adaptive_partitioning_enable = false;
  std::int64_t partitioner_availability_timeout_ms = 0;
  std::string client_id;
  std::int64_t metadata_max_age_ms = 0;
  std::int64_t metadata_max_idle_ms = 0;
  std::string metadata_recovery_strategy;  // in lower case
  std::int64_t metadata_recovery_rebootstrap_trigger_ms = 0;
  std::int64_t retry_backoff_ms = 0;
  std::int64_t retry_backoff_max_ms = 0;
  std::int64_t reconnect_backoff_ms = 0;
  std::int64_t reconnect_backoff_max_ms = 0;
  std::int64_t socket_connection_setup_timeout_ms = 0;
  std::int64_t socket_connection_setup_timeout_max_ms = 0;
  std::int64_t connections_max_idle_ms = 0;
  std::int32_t send_buffer_bytes = 0;
  std::int32_t receive_buffer_bytes = 0;
  std::int32_t metrics_num_samples = 0;
  std::int64_t metrics_sample_window_ms = 0;
  std::string security_protocol;

  // What was given, key by key and as given, but for secrets, which are hidden (config_secrets.h); for
  // pictures ("linger.ms = 5") and for "was it set by the user".
  std::map<std::string, std::string, std::less<>> given;
  // The keys whose value is neither the given one nor the default, but follows from other keys.
  std::set<std::string_view> derived;

  using Texts = std::map<std::string, std::string, std::less<>>;

  // Kafka's keys with their values as text. Unknown keys and Kafka's own warnings go to `warnings` (may be
  // null). Fails with kConfig: "KEY = 'VALUE': RULE". `client_number` names a producer that has no
  // client.id: "producer-<n>". bootstrap.servers may be missing only where `needs_bootstrap` is false.
  static Result<ProducerConfig> parse(const Texts& texts, std::vector<std::string>* warnings,
                                      int client_number = 1, bool needs_bootstrap = true,
                                      const Profile& profile = newest_profile());

  // With the level of the codec chosen.
  wire::Compression compression() const;
  std::int32_t effective_batch_size_bytes() const { return batch_size_bytes < 1 ? 1 : batch_size_bytes; }
  bool is_given(std::string_view key) const { return given.find(key) != given.end(); }
  // max.in.flight.requests.per.connection = 1 also mutes partitions (Kafka: guaranteeMessageOrder).
  bool guarantee_message_order() const { return max_in_flight_requests_per_connection == 1; }
};

// One row of the reference table.
struct ConfigKey {
  std::string_view name;
  std::string_view type;           // "int", "long", "boolean", "string", "list", "class", "password", ...
  std::string_view default_value;  // as text; "null" where it is null, "(none)" where a value must be given
  std::string valid;               // the rule a value must obey; empty: any value of the type
  std::string_view importance;     // "high", "medium", "low"
  std::string_view doc;            // one sentence
};

// Every key Kafka 4.3.1's producer knows: core keys first, then TLS, then SASL.
std::vector<ConfigKey> config_keys();

// The rule that a value of this key breaks by itself ("must be at least 0"); empty when it breaks none, and
// for keys that are unknown. Rules between keys are parse()'s.
std::string broken_config_rule(std::string_view key, std::string_view text);

// "host:port" or "[v6]:port". Fails with kConfig.
struct HostAndPort {
  std::string host;
  std::uint16_t port = 0;
};
Result<HostAndPort> parse_host_and_port(std::string_view text);

}  // namespace sendscope
