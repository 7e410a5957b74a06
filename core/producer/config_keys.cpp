// Every configuration key of Kafka 4.3.1's producer. Source: ProducerConfig, CommonClientConfigs, SslConfigs,
// SaslConfigs.
#include <algorithm>
#include <array>

#include "core/producer/config_table.h"

namespace sendscope::detail {

namespace {

constexpr ConfigRule kAny{};
constexpr ConfigRule kNotEmpty{{}, {}, {}, {}, false, true};
constexpr ConfigRule at_least(std::int64_t min) { return {min, {}, {}, {}, false, false}; }
constexpr ConfigRule between(std::int64_t min, std::int64_t max) { return {min, max, {}, {}, false, false}; }
constexpr ConfigRule between_or(std::int64_t min, std::int64_t max, std::int64_t also) {
  return {min, max, also, {}, false, false};
}
constexpr ConfigRule one_of(std::string_view words) { return {{}, {}, {}, words, false, false}; }
constexpr ConfigRule one_of_any_case(std::string_view words) { return {{}, {}, {}, words, true, false}; }

std::string in_case(std::string text, char first, char last) {
  for (char& c : text) c = static_cast<char>(c >= first && c <= last ? c ^ 0x20 : c);
  return text;
}

constexpr ConfigForm kAcks{
    [](ProducerConfig& config, const std::string& text) {
      config.acks = text == "0" ? 0 : text == "1" ? 1 : -1;
    },
    [](const ProducerConfig& config) { return config.acks < 0 ? "all" : std::to_string(config.acks); }};
constexpr ConfigForm kCompression{[](ProducerConfig& config, const std::string& text) {
                                    config.compression_type =
                                        wire::find_compression(text).value_or(wire::CompressionType::kNone);
                                  },
                                  [](const ProducerConfig& config) {
                                    return std::string(wire::compression_name(config.compression_type));
                                  }};
constexpr ConfigForm kRecoveryStrategy{
    [](ProducerConfig& config, const std::string& text) {
      config.metadata_recovery_strategy = in_case(text, 'A', 'Z');
    },
    [](const ProducerConfig& config) { return config.metadata_recovery_strategy; }};
constexpr ConfigForm kSecurityProtocol{[](ProducerConfig& config, const std::string& text) {
                                         config.security_protocol = in_case(text, 'a', 'z');
                                       },
                                       [](const ProducerConfig& config) { return config.security_protocol; }};

// clang-format off
const std::array kConfigRows = std::to_array<ConfigRow>({
    {"bootstrap.servers", ConfigType::kList, kRequired, kNotEmpty, 'h', &ProducerConfig::bootstrap_servers,
     "Where to ask for the cluster first: host:port, several separated by commas; they become nodes -1, -2 and so on until metadata arrives."},
    {"client.dns.lookup", ConfigType::kString, "use_all_dns_ips", one_of("use_all_dns_ips|resolve_canonical_bootstrap_servers_only"), 'm', &ProducerConfig::client_dns_lookup,
     "Whether all addresses of a name are tried, or bootstrap names are first replaced by their canonical names."},
    {"key.serializer", ConfigType::kClass, kRequired, kAny, 'h', &ProducerConfig::key_serializer,
     "Turns keys into bytes; without one, bytes are taken as they are."},
    {"value.serializer", ConfigType::kClass, kRequired, kAny, 'h', &ProducerConfig::value_serializer,
     "Turns values into bytes; without one, bytes are taken as they are."},
    {"acks", ConfigType::kString, "all", one_of("all|-1|0|1"), 'l', kAcks,
     "When a batch counts as stored: 0 as soon as it is written to the socket, 1 when the leader has it, all when every in-sync replica has it."},
    {"buffer.memory", ConfigType::kLong, "33554432", at_least(0), 'h', &ProducerConfig::buffer_memory_bytes,
     "Bytes the buffer pool may lend to batches; when they are lent out, send() waits up to max.block.ms."},
    {"compression.type", ConfigType::kString, "none", one_of("none|gzip|snappy|lz4|zstd"), 'h', kCompression,
     "How the records of a batch are compressed."},
    {"compression.gzip.level", ConfigType::kInt, "-1", between_or(1, 9, -1), 'm', &ProducerConfig::compression_gzip_level,
     "How hard gzip tries; -1 is its own default."},
    {"compression.lz4.level", ConfigType::kInt, "9", between(1, 17), 'm', &ProducerConfig::compression_lz4_level,
     "How hard lz4 tries; 9 is its fast mode."},
    {"compression.zstd.level", ConfigType::kInt, "3", between(-131072, 22), 'm', &ProducerConfig::compression_zstd_level,
     "How hard zstd tries."},
    {"retries", ConfigType::kInt, "2147483647", between(0, 2147483647), 'h', &ProducerConfig::retries,
     "How often a batch may be sent again; delivery.timeout.ms usually ends it sooner."},
    {"batch.size", ConfigType::kInt, "16384", at_least(0), 'm', &ProducerConfig::batch_size_bytes,
     "Size of a batch and of a block of the buffer pool; the sticky partitioner moves on after about this many bytes. 0 behaves as 1."},
    {"linger.ms", ConfigType::kLong, "5", at_least(0), 'm', &ProducerConfig::linger_ms,
     "How long a batch that is not full waits for more records."},
    {"delivery.timeout.ms", ConfigType::kInt, "120000", at_least(0), 'm', &ProducerConfig::delivery_timeout_ms,
     "From the moment a batch is opened until its records have failed or succeeded, retries included."},
    {"request.timeout.ms", ConfigType::kInt, "30000", at_least(0), 'm', &ProducerConfig::request_timeout_ms,
     "How long one request may stay unanswered; then its connection is closed and everything on it fails or is retried."},
    {"max.block.ms", ConfigType::kLong, "60000", at_least(0), 'm', &ProducerConfig::max_block_ms,
     "How long send() may wait for metadata and memory together, and partitionsFor() and the transactional calls for their answers."},
    {"max.request.size", ConfigType::kInt, "1048576", at_least(0), 'm', &ProducerConfig::max_request_size_bytes,
     "Most bytes of batches in one request, and the largest record that is accepted."},
    {"max.in.flight.requests.per.connection", ConfigType::kInt, "5", at_least(1), 'l', &ProducerConfig::max_in_flight_requests_per_connection,
     "How many requests to one node may be unanswered at a time; 1 also keeps a partition muted while it has a batch on its way."},
    {"enable.idempotence", ConfigType::kBoolean, "true", kAny, 'l', &ProducerConfig::enable_idempotence,
     "Numbers the batches of each partition so that retries neither double nor reorder them."},
    {"transactional.id", ConfigType::kString, kNull, kNotEmpty, 'l', &ProducerConfig::transactional_id,
     "Makes the producer transactional under this name."},
    {"transaction.timeout.ms", ConfigType::kInt, "60000", kAny, 'l', &ProducerConfig::transaction_timeout_ms,
     "After how long the coordinator aborts a transaction that is not ended."},
    {"transaction.two.phase.commit.enable", ConfigType::kBoolean, "false", kAny, 'l', &ProducerConfig::transaction_two_phase_commit_enable,
     "Lets an outside coordinator end transactions; has no effect yet."},
    {"partitioner.class", ConfigType::kClass, kNull, kAny, 'm', &ProducerConfig::partitioner_class,
     "Chooses partitions instead of the built-in logic; RoundRobinPartitioner is known."},
    {"partitioner.ignore.keys", ConfigType::kBoolean, "false", kAny, 'm', &ProducerConfig::partitioner_ignore_keys,
     "The built-in logic does not hash keys but treats every record as one without key."},
    {"partitioner.adaptive.partitioning.enable", ConfigType::kBoolean, "true", kAny, 'l', &ProducerConfig::partitioner_adaptive_partitioning_enable,
     "The built-in logic gives partitions with long queues fewer records."},
    {"partitioner.availability.timeout.ms", ConfigType::kLong, "0", at_least(0), 'l', &ProducerConfig::partitioner_availability_timeout_ms,
     "A node that could not be sent to for this long gets no records without key; 0 turns that off."},
    {"interceptor.classes", ConfigType::kList, "", kAny, 'l', {},
     "Code that sees every record and every acknowledgement; programs pass objects instead of class names."},
    {"client.id", ConfigType::kString, "", kAny, 'm', &ProducerConfig::client_id,
     "The name under which brokers log and meter this producer; producer-1 and so on when not given."},
    {"metadata.max.age.ms", ConfigType::kLong, "300000", at_least(0), 'l', &ProducerConfig::metadata_max_age_ms,
     "After how long metadata is refreshed though nothing seems to have changed."},
    {"metadata.max.idle.ms", ConfigType::kLong, "300000", at_least(5000), 'l', &ProducerConfig::metadata_max_idle_ms,
     "After how long without a record a topic is forgotten."},
    {"metadata.recovery.strategy", ConfigType::kString, "rebootstrap", one_of_any_case("none|rebootstrap"), 'l', kRecoveryStrategy,
     "What to do when no known node can be reached: start again from bootstrap.servers, or keep trying."},
    {"metadata.recovery.rebootstrap.trigger.ms", ConfigType::kLong, "300000", at_least(0), 'l', &ProducerConfig::metadata_recovery_rebootstrap_trigger_ms,
     "After how long without metadata the client starts again from bootstrap.servers."},
    {"retry.backoff.ms", ConfigType::kLong, "100", at_least(0), 'l', &ProducerConfig::retry_backoff_ms,
     "How long a failed batch or metadata request waits before its first retry; doubles with every attempt."},
    {"retry.backoff.max.ms", ConfigType::kLong, "1000", at_least(0), 'l', &ProducerConfig::retry_backoff_max_ms,
     "The longest such wait."},
    {"reconnect.backoff.ms", ConfigType::kLong, "50", at_least(0), 'l', &ProducerConfig::reconnect_backoff_ms,
     "How long to wait before connecting again to a node that was lost; doubles with every failure."},
    {"reconnect.backoff.max.ms", ConfigType::kLong, "1000", at_least(0), 'l', &ProducerConfig::reconnect_backoff_max_ms,
     "The longest such wait."},
    {"socket.connection.setup.timeout.ms", ConfigType::kLong, "10000", kAny, 'm', &ProducerConfig::socket_connection_setup_timeout_ms,
     "How long connecting may take at first; doubles with every failure."},
    {"socket.connection.setup.timeout.max.ms", ConfigType::kLong, "30000", kAny, 'm', &ProducerConfig::socket_connection_setup_timeout_max_ms,
     "The longest it may take."},
    {"connections.max.idle.ms", ConfigType::kLong, "540000", kAny, 'm', &ProducerConfig::connections_max_idle_ms,
     "After how long without traffic a connection is closed."},
    {"send.buffer.bytes", ConfigType::kInt, "131072", at_least(-1), 'm', &ProducerConfig::send_buffer_bytes,
     "The socket's send buffer; -1 leaves it to the system."},
    {"receive.buffer.bytes", ConfigType::kInt, "32768", at_least(-1), 'm', &ProducerConfig::receive_buffer_bytes,
     "The socket's receive buffer; -1 leaves it to the system."},
    {"enable.metrics.push", ConfigType::kBoolean, "true", kAny, 'l', {},
     "Sends client metrics to brokers that ask for them; has no effect here."},
    {"metric.reporters", ConfigType::kList, "org.apache.kafka.common.metrics.JmxReporter", kAny, 'l', {},
     "Where metrics go; has no effect here."},
    {"metrics.num.samples", ConfigType::kInt, "2", at_least(1), 'l', &ProducerConfig::metrics_num_samples,
     "Samples that a windowed metric is taken from."},
    {"metrics.sample.window.ms", ConfigType::kLong, "30000", at_least(0), 'l', &ProducerConfig::metrics_sample_window_ms,
     "How long a metric's sample is."},
    {"metrics.recording.level", ConfigType::kString, "INFO", one_of("INFO|DEBUG|TRACE"), 'l', {},
     "How detailed metrics are; has no effect here."},
    {"security.protocol", ConfigType::kString, "PLAINTEXT", one_of_any_case("PLAINTEXT|SSL|SASL_PLAINTEXT|SASL_SSL"), 'm', kSecurityProtocol,
     "How connections are secured; only PLAINTEXT is supported."},
    {"security.providers", ConfigType::kString, kNull, kAny, 'l', {},
     "Java security providers; has no effect here."},
    {"config.providers", ConfigType::kList, "", kAny, 'l', {},
     "Sources for values written as placeholders; not supported."},

    // ---- TLS
    {"ssl.protocol", ConfigType::kString, "TLSv1.3", kAny, 'm', {},
     "Protocol of the TLS context."},
    {"ssl.provider", ConfigType::kString, kNull, kAny, 'm', {},
     "Java security provider for TLS."},
    {"ssl.secure.random.implementation", ConfigType::kString, kNull, kAny, 'l', {},
     "Source of randomness for TLS."},
    {"ssl.cipher.suites", ConfigType::kList, "", kAny, 'l', {},
     "Cipher suites that may be used."},
    {"ssl.enabled.protocols", ConfigType::kList, "TLSv1.2,TLSv1.3", kAny, 'm', {},
     "Versions of TLS that may be used."},
    {"ssl.keystore.type", ConfigType::kString, "JKS", kAny, 'm', {},
     "Format of the key store."},
    {"ssl.keystore.location", ConfigType::kString, kNull, kAny, 'h', {},
     "File with the client's key and certificate."},
    {"ssl.keystore.password", ConfigType::kPassword, kNull, kAny, 'h', {},
     "Password of the key store."},
    {"ssl.key.password", ConfigType::kPassword, kNull, kAny, 'h', {},
     "Password of the key in the key store."},
    {"ssl.keystore.key", ConfigType::kPassword, kNull, kAny, 'h', {},
     "The client's key as text."},
    {"ssl.keystore.certificate.chain", ConfigType::kPassword, kNull, kAny, 'h', {},
     "The client's certificates as text."},
    {"ssl.truststore.type", ConfigType::kString, "JKS", kAny, 'm', {},
     "Format of the trust store."},
    {"ssl.truststore.location", ConfigType::kString, kNull, kAny, 'h', {},
     "File with the certificates to trust."},
    {"ssl.truststore.password", ConfigType::kPassword, kNull, kAny, 'h', {},
     "Password of the trust store."},
    {"ssl.truststore.certificates", ConfigType::kPassword, kNull, kAny, 'h', {},
     "The certificates to trust as text."},
    {"ssl.keymanager.algorithm", ConfigType::kString, "SunX509", kAny, 'l', {},
     "Java key manager."},
    {"ssl.trustmanager.algorithm", ConfigType::kString, "PKIX", kAny, 'l', {},
     "Java trust manager."},
    {"ssl.endpoint.identification.algorithm", ConfigType::kString, "https", kAny, 'l', {},
     "How a broker's certificate is held against its host name."},
    {"ssl.engine.factory.class", ConfigType::kClass, kNull, kAny, 'l', {},
     "Makes TLS engines."},

    // ---- SASL
    {"sasl.mechanism", ConfigType::kString, "GSSAPI", kAny, 'm', {},
     "How the client proves who it is."},
    {"sasl.jaas.config", ConfigType::kPassword, kNull, kAny, 'm', {},
     "Login settings in the form of JAAS."},
    {"sasl.client.callback.handler.class", ConfigType::kClass, kNull, kAny, 'm', {},
     "Answers questions of the SASL client."},
    {"sasl.login.callback.handler.class", ConfigType::kClass, kNull, kAny, 'm', {},
     "Answers questions of the login."},
    {"sasl.login.class", ConfigType::kClass, kNull, kAny, 'm', {},
     "Does the login."},
    {"sasl.kerberos.service.name", ConfigType::kString, kNull, kAny, 'm', {},
     "Name the brokers' Kerberos principal runs under."},
    {"sasl.kerberos.kinit.cmd", ConfigType::kString, "/usr/bin/kinit", kAny, 'l', {},
     "Program that renews Kerberos tickets."},
    {"sasl.kerberos.ticket.renew.window.factor", ConfigType::kDouble, "0.8", kAny, 'l', {},
     "Share of a ticket's life after which it is renewed."},
    {"sasl.kerberos.ticket.renew.jitter", ConfigType::kDouble, "0.05", kAny, 'l', {},
     "Scatter of that moment."},
    {"sasl.kerberos.min.time.before.relogin", ConfigType::kLong, "60000", kAny, 'l', {},
     "Shortest time between renewals."},
    {"sasl.login.refresh.window.factor", ConfigType::kDouble, "0.8", kAny, 'l', {},
     "Share of a credential's life after which it is renewed."},
    {"sasl.login.refresh.window.jitter", ConfigType::kDouble, "0.05", kAny, 'l', {},
     "Scatter of that moment."},
    {"sasl.login.refresh.min.period.seconds", ConfigType::kShort, "60", between(0, 900), 'l', {},
     "Shortest time between renewals."},
    {"sasl.login.refresh.buffer.seconds", ConfigType::kShort, "300", between(0, 3600), 'l', {},
     "Time kept before a credential ends."},
    {"sasl.login.connect.timeout.ms", ConfigType::kInt, kNull, kAny, 'l', {},
     "How long connecting to a login service may take."},
    {"sasl.login.read.timeout.ms", ConfigType::kInt, kNull, kAny, 'l', {},
     "How long its answer may take."},
    {"sasl.login.retry.backoff.ms", ConfigType::kLong, "100", kAny, 'l', {},
     "Wait before asking a login service again."},
    {"sasl.login.retry.backoff.max.ms", ConfigType::kLong, "10000", kAny, 'l', {},
     "The longest such wait."},
    {"sasl.oauthbearer.token.endpoint.url", ConfigType::kString, kNull, kAny, 'm', {},
     "Where tokens are issued."},
    {"sasl.oauthbearer.scope", ConfigType::kString, kNull, kAny, 'm', {},
     "Scope to ask tokens for."},
    {"sasl.oauthbearer.scope.claim.name", ConfigType::kString, "scope", kAny, 'l', {},
     "Claim that holds the scope."},
    {"sasl.oauthbearer.sub.claim.name", ConfigType::kString, "sub", kAny, 'l', {},
     "Claim that holds the subject."},
    {"sasl.oauthbearer.client.credentials.client.id", ConfigType::kString, kNull, kAny, 'm', {},
     "Client id at the token service."},
    {"sasl.oauthbearer.client.credentials.client.secret", ConfigType::kPassword, kNull, kAny, 'm', {},
     "Client secret at the token service."},
    {"sasl.oauthbearer.clock.skew.seconds", ConfigType::kInt, "30", kAny, 'l', {},
     "Difference of clocks that is tolerated."},
    {"sasl.oauthbearer.expected.audience", ConfigType::kList, "", kAny, 'h', {},
     "Audiences a token may have."},
    {"sasl.oauthbearer.expected.issuer", ConfigType::kString, kNull, kAny, 'h', {},
     "Issuer a token must have."},
    {"sasl.oauthbearer.header.urlencode", ConfigType::kBoolean, "false", kAny, 'l', {},
     "Encodes client id and secret in the request header."},
    {"sasl.oauthbearer.jwks.endpoint.url", ConfigType::kString, kNull, kAny, 'm', {},
     "Where the keys of the issuer are."},
    {"sasl.oauthbearer.jwks.endpoint.refresh.ms", ConfigType::kLong, "3600000", kAny, 'l', {},
     "How often they are read anew."},
    {"sasl.oauthbearer.jwks.endpoint.retry.backoff.ms", ConfigType::kLong, "100", kAny, 'l', {},
     "Wait before reading them again after a failure."},
    {"sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms", ConfigType::kLong, "10000", kAny, 'l', {},
     "The longest such wait."},
    {"sasl.oauthbearer.jwt.retriever.class", ConfigType::kClass, "org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever", kAny, 'm', {},
     "Fetches tokens."},
    {"sasl.oauthbearer.jwt.validator.class", ConfigType::kClass, "org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator", kAny, 'm', {},
     "Checks tokens."},
    {"sasl.oauthbearer.assertion.algorithm", ConfigType::kString, "RS256", one_of_any_case("ES256|RS256"), 'm', {},
     "How assertions are signed."},
    {"sasl.oauthbearer.assertion.claim.aud", ConfigType::kString, kNull, kAny, 'm', {},
     "Audience of assertions."},
    {"sasl.oauthbearer.assertion.claim.exp.seconds", ConfigType::kInt, "300", between(0, 86400), 'l', {},
     "Life of an assertion."},
    {"sasl.oauthbearer.assertion.claim.iss", ConfigType::kString, kNull, kAny, 'm', {},
     "Issuer of assertions."},
    {"sasl.oauthbearer.assertion.claim.jti.include", ConfigType::kBoolean, "false", kAny, 'm', {},
     "Gives every assertion an id."},
    {"sasl.oauthbearer.assertion.claim.nbf.seconds", ConfigType::kInt, "60", between(0, 3600), 'l', {},
     "How far back an assertion is valid."},
    {"sasl.oauthbearer.assertion.claim.sub", ConfigType::kString, kNull, kAny, 'm', {},
     "Subject of assertions."},
    {"sasl.oauthbearer.assertion.file", ConfigType::kString, kNull, kAny, 'm', {},
     "File with a ready assertion."},
    {"sasl.oauthbearer.assertion.private.key.file", ConfigType::kString, kNull, kAny, 'm', {},
     "Key that signs assertions."},
    {"sasl.oauthbearer.assertion.private.key.passphrase", ConfigType::kPassword, kNull, kAny, 'm', {},
     "Its pass phrase."},
    {"sasl.oauthbearer.assertion.template.file", ConfigType::kString, kNull, kAny, 'm', {},
     "File with more claims for assertions."},
});
// clang-format on

}  // namespace

std::span<const ConfigRow> config_rows() { return kConfigRows; }

const ConfigRow* find_config_row(std::string_view key) {
  const auto found = std::find_if(kConfigRows.begin(), kConfigRows.end(),
                                  [&](const ConfigRow& row) { return row.name == key; });
  return found == kConfigRows.end() ? nullptr : &*found;
}

}  // namespace sendscope::detail
