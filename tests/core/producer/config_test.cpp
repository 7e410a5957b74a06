#include "core/producer/config.h"

#include <fstream>
#include <sstream>

#include "core/event/names.h"
#include "tests/support/catch.h"
#include "tests/support/repository.h"

using namespace sendscope;

namespace {

using Texts = ProducerConfig::Texts;

Texts with(Texts texts) {
  texts.emplace("bootstrap.servers", "localhost:9092");
  return texts;
}

ProducerConfig accepted(Texts texts, std::vector<std::string>* warnings = nullptr) {
  Result<ProducerConfig> config = ProducerConfig::parse(with(std::move(texts)), warnings);
  INFO((config.ok() ? "" : config.error().message));
  REQUIRE(config.ok());
  return *config;
}

std::string refused(Texts texts) {
  const Result<ProducerConfig> config = ProducerConfig::parse(with(std::move(texts)), nullptr);
  REQUIRE_FALSE(config.ok());
  CHECK(config.error().code == ErrorCode::kConfig);
  return config.error().message;
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bool any_mentions(const std::vector<std::string>& texts, const std::string& part) {
  for (const std::string& text : texts) {
    if (mentions(text, part)) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("an expression takes the value of a key as a number where Kafka does") {
  for (const ConfigKey& key : config_keys()) {
    INFO(key.name << " is " << key.type);
    const bool whole = key.type == "int" || key.type == "long" || key.type == "short";
    CHECK(is_number(config_type(key.name)) == whole);
  }
}

TEST_CASE("the table of keys is Kafka's own: names, types, defaults, importance") {
  std::ifstream golden(test::repository("tests/golden/config/keys.txt"));
  REQUIRE(golden.good());
  std::map<std::string, std::string> kafka;
  for (std::string line; std::getline(golden, line);) kafka[line.substr(0, line.find('|'))] = line;
  std::map<std::string, std::string> ours;
  for (const ConfigKey& key : config_keys()) {
    const std::string value = key.default_value == "(none)" ? "NONE" : std::string(key.default_value);
    ours[std::string(key.name)] =
        std::string(key.name) + "|" + std::string(key.type) + "|" + value + "|" + std::string(key.importance);
    CHECK(key.doc.size() > 10);
  }
  CHECK(ours.size() == config_keys().size());
  for (const auto& [name, line] : kafka) CHECK(ours[name] == line);
  CHECK(ours.size() == kafka.size());
}

TEST_CASE("an empty configuration gives Kafka's defaults") {
  const ProducerConfig config = accepted({});
  CHECK(config.acks == -1);
  CHECK(config.buffer_memory_bytes == 33'554'432);
  CHECK(config.batch_size_bytes == 16'384);
  CHECK(config.linger_ms == 5);
  CHECK(config.delivery_timeout_ms == 120'000);
  CHECK(config.request_timeout_ms == 30'000);
  CHECK(config.max_block_ms == 60'000);
  CHECK(config.max_in_flight_requests_per_connection == 5);
  CHECK(config.retries == INT32_MAX);
  CHECK(config.enable_idempotence);
  CHECK(config.partitioner_adaptive_partitioning_enable);
  CHECK(config.metadata_recovery_strategy == "rebootstrap");
  CHECK(config.security_protocol == "PLAINTEXT");
  CHECK(config.compression_lz4_level == 9);
  CHECK(config.bootstrap_servers == std::vector<std::string>{"localhost:9092"});
}

TEST_CASE("values are trimmed and typed") {
  const ProducerConfig config = accepted({{"linger.ms", " 20 "},
                                          {"enable.idempotence", "FALSE"},
                                          {"acks", "1"},
                                          {"compression.type", "zstd"},
                                          {"client.id", " checkout "},
                                          {"metadata.recovery.strategy", "NONE"},
                                          {"batch.size", "0"}});
  CHECK(config.linger_ms == 20);
  CHECK_FALSE(config.enable_idempotence);
  CHECK(config.acks == 1);
  CHECK(config.compression_type == wire::CompressionType::kZstd);
  CHECK(config.client_id == "checkout");
  CHECK(config.metadata_recovery_strategy == "none");
  CHECK(config.batch_size_bytes == 0);
  CHECK(config.effective_batch_size_bytes() == 1);
  CHECK(accepted({{"compression.gzip.level", "-1"}}).compression_gzip_level == -1);
  CHECK(accepted({{"send.buffer.bytes", "-1"}}).send_buffer_bytes == -1);
  CHECK(accepted({{"receive.buffer.bytes", "-1"}}).receive_buffer_bytes == -1);
  CHECK(accepted({{"metrics.recording.level", "DEBUG"}}).is_given("metrics.recording.level"));
}

TEST_CASE("addresses are read as Kafka reads them: the protocol before them is not looked at") {
  const std::pair<const char*, const char*> kRight[] = {{"PLAINTEXT://127.0.0.1:9092", "127.0.0.1"},
                                                        {"[::1]:9092", "::1"},
                                                        {"SSL://[::1]:9092", "::1"},
                                                        {"::1:9092", "::1"},
                                                        {"my_host-1.example:9092", "my_host-1.example"},
                                                        {"://h:9092", "h"},
                                                        {"[fe80::1%eth0]:9092", "fe80::1%eth0"}};
  for (const auto& [text, host] : kRight) {
    INFO(text);
    const Result<HostAndPort> read = parse_host_and_port(text);
    REQUIRE(read);
    CHECK(read->host == host);
    CHECK(read->port == 9092);
  }
}

TEST_CASE("a real number is written as Java reads it") {
  for (const char* value : {"0.8", "-1.5e3", "1.", ".5", "2E-3", "NaN", "Infinity", "-Infinity"})
    accepted({{"sasl.login.refresh.window.factor", value}});
}

TEST_CASE("a bad value is refused with key, value and rule") {
  struct Case {
    const char* key;
    const char* value;
    const char* rule;
  };
  const auto [key, value, rule] = GENERATE(values<Case>({
      {"linger.ms", "-1", "at least 0"},
      {"send.buffer.bytes", "-2", "at least -1"},
      {"receive.buffer.bytes", "-2", "at least -1"},
      {"metrics.recording.level", "LOUD", "one of INFO, DEBUG, TRACE"},
      {"linger.ms", "5ms", "whole number"},
      {"linger.ms", "", "whole number"},
      {"batch.size", "2147483648", "to 2147483647"},
      {"acks", "2", "one of all, -1, 0, 1"},
      {"acks", "ALL", "one of"},
      {"compression.type", "GZIP", "one of none, gzip"},
      {"compression.gzip.level", "0", "1 to 9 or -1"},
      {"max.in.flight.requests.per.connection", "0", "at least 1"},
      {"enable.idempotence", "yes", "true or false"},
      {"transactional.id", "", "not be empty"},
      {"metadata.max.idle.ms", "4999", "at least 5000"},
      {"security.protocol", "TLS", "one of PLAINTEXT"},
      {"security.protocol", "SSL", "not supported"},
      {"interceptor.classes", "a,,b", "empty item"},
      {"interceptor.classes", "com.example.Mine", "passed as objects"},
      {"reconnect.backoff.ms", "soon", "whole number"},
      {"partitioner.class", "com.example.Mine", "not known"},
      {"key.serializer", "com.example.Mine", "not known"},
      {"sasl.login.refresh.window.factor", "much", "must be a number"},
      {"sasl.login.refresh.window.factor", ".", "must be a number"},
      {"sasl.login.refresh.window.factor", "1e", "must be a number"},
      {"sasl.login.refresh.window.factor", "0.8x", "must be a number"},
      {"bootstrap.servers", "", "at least one item"},
      {"bootstrap.servers", "localhost", "not host:port"},
      {"bootstrap.servers", "localhost:99999", "port between"},
      {"bootstrap.servers", "PLAINTEXT:127.0.0.1:9092", "not host:port"},
      {"bootstrap.servers", "http://x/y:9092", "not host:port"},
      {"bootstrap.servers", "a b:9092", "not host:port"},
      {"bootstrap.servers", "127.0.0.1:-1", "port between"},
  }));
  const std::string message = refused({{key, value}});
  INFO(message);
  CHECK(mentions(message, key));
  CHECK(mentions(message, value));
  CHECK(mentions(message, rule));
}

TEST_CASE("bootstrap.servers must be given, unless nobody connects") {
  CHECK_FALSE(ProducerConfig::parse({}, nullptr).ok());
  CHECK(ProducerConfig::parse({}, nullptr, 1, false).ok());
}

TEST_CASE("an unknown key is a warning with the nearest known one") {
  std::vector<std::string> warnings;
  accepted({{"linger.m", "5"}}, &warnings);
  REQUIRE(warnings.size() == 1);
  CHECK(mentions(warnings[0], "linger.m "));
  CHECK(mentions(warnings[0], "did you mean linger.ms?"));
  warnings.clear();
  accepted({{"ssl.truststore.location", "/etc/trust"}, {"sasl.mechanism", "PLAIN"}}, &warnings);
  CHECK(warnings.empty());
}

TEST_CASE("duplicates in a list are dropped with a warning") {
  std::vector<std::string> warnings;
  const Result<ProducerConfig> config =
      ProducerConfig::parse({{"bootstrap.servers", "a:1, b:2 ,a:1"}}, &warnings);
  REQUIRE(config.ok());
  CHECK(config->bootstrap_servers == std::vector<std::string>{"a:1", "b:2"});
  CHECK(any_mentions(warnings, "a:1"));
}

TEST_CASE("idempotence gives way to other values unless the user asked for it") {
  std::vector<std::string> warnings;
  CHECK_FALSE(accepted({{"retries", "0"}}, &warnings).enable_idempotence);
  CHECK(any_mentions(warnings, "retries"));
  CHECK_FALSE(accepted({{"acks", "1"}}).enable_idempotence);
  CHECK(mentions(refused({{"retries", "0"}, {"enable.idempotence", "true"}}), "retries"));
  CHECK(mentions(refused({{"acks", "0"}, {"enable.idempotence", "true"}}), "acks"));
}

TEST_CASE("more than five in flight is refused although idempotence was turned off by another value") {
  const std::string key = "max.in.flight.requests.per.connection";
  CHECK(mentions(refused({{key, "6"}}), "at most 5"));
  CHECK(mentions(refused({{key, "6"}, {"retries", "0"}}), "at most 5"));
  CHECK(accepted({{key, "6"}, {"enable.idempotence", "false"}}).max_in_flight_requests_per_connection == 6);
}

TEST_CASE("transactions need idempotence") {
  CHECK(mentions(refused({{"transactional.id", "t"}, {"enable.idempotence", "false"}}), "transactional.id"));
  CHECK(mentions(refused({{"transactional.id", "t"}, {"acks", "1"}}), "transactional.id"));
  const ProducerConfig transactional = accepted({{"transactional.id", "t"}});
  CHECK(transactional.client_id == "producer-t");
  CHECK(transactional.enable_idempotence);
  CHECK(transactional.acks == -1);
  CHECK(transactional.retries == 2'147'483'647);
  CHECK(mentions(refused({{"transaction.two.phase.commit.enable", "true"}, {"transaction.timeout.ms", "1"}}),
                 "transaction.timeout.ms"));
}

TEST_CASE("delivery.timeout.ms covers linger and one request") {
  std::vector<std::string> warnings;
  CHECK(accepted({{"linger.ms", "100000"}}, &warnings).delivery_timeout_ms == 130'000);
  CHECK(any_mentions(warnings, "delivery.timeout.ms"));
  CHECK(mentions(refused({{"linger.ms", "100000"}, {"delivery.timeout.ms", "129999"}}), "130000"));
  CHECK(accepted({{"linger.ms", "100000"}, {"delivery.timeout.ms", "130000"}}).delivery_timeout_ms ==
        130'000);
  CHECK(accepted({{"linger.ms", "9223372036854775807"}}).delivery_timeout_ms == 2'147'483'647);
}

TEST_CASE("values that work but hardly mean what they say are warned of") {
  struct Case {
    const char* key;
    const char* value;
    const char* told;
  };
  const auto [key, value, told] = GENERATE(values<Case>({
      {"retry.backoff.ms", "5000", "every retry waits retry.backoff.max.ms"},
      {"socket.connection.setup.timeout.ms", "60000", "socket.connection.setup.timeout.max.ms"},
      {"batch.size", "2000000000", "no batch can ever be opened"},
  }));
  std::vector<std::string> warnings;
  accepted({{key, value}}, &warnings);
  REQUIRE(warnings.size() == 1);
  CHECK(mentions(warnings[0], key));
  CHECK(mentions(warnings[0], told));
}

TEST_CASE("SASL without a mechanism is told before that SASL is not supported") {
  CHECK(mentions(refused({{"security.protocol", "SASL_SSL"}, {"sasl.mechanism", " "}}), "sasl.mechanism"));
  CHECK(mentions(refused({{"security.protocol", "SASL_SSL"}}), "not supported"));
}

TEST_CASE("a reconnect backoff without its maximum is constant; names of clients are numbered") {
  CHECK(accepted({{"reconnect.backoff.ms", "5000"}}).reconnect_backoff_max_ms == 5000);
  CHECK(accepted({}).client_id == "producer-1");
  CHECK(ProducerConfig::parse(with({}), nullptr, 7)->client_id == "producer-7");
}
