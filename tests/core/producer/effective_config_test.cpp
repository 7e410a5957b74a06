#include "core/producer/effective_config.h"

#include <algorithm>

#include "core/event/event_log.h"
#include "core/producer/config_secrets.h"
#include "core/producer/config_table.h"
#include "tests/core/producer/producer_fixture.h"

namespace sendscope::testing {
namespace {

ProducerConfig config_of(Texts texts, const Profile& profile = newest_profile()) {
  texts.emplace("bootstrap.servers", "localhost:9092");
  return ProducerConfig::parse(texts, nullptr, 1, true, profile).value();
}

EffectiveValue value_of(const ProducerConfig& config, std::string_view key) {
  const std::vector<EffectiveValue> values = effective_config(config);
  const auto is_key = [&](const EffectiveValue& value) { return value.key == key; };
  INFO(key);
  REQUIRE(std::count_if(values.begin(), values.end(), is_key) == 1);
  return *std::find_if(values.begin(), values.end(), is_key);
}

EffectiveValue by_default(std::string key, std::string value) {
  return {std::move(key), std::move(value), ConfigSource::kDefault};
}
EffectiveValue given(std::string key, std::string value) {
  return {std::move(key), std::move(value), ConfigSource::kGiven};
}
EffectiveValue derived(std::string key, std::string value) {
  return {std::move(key), std::move(value), ConfigSource::kDerived};
}

}  // namespace

TEST_CASE("every key that has an effect has its value in force, in the order of the table") {
  for (const Profile& profile : profiles()) {
    const ProducerConfig config = config_of({}, profile);
    const std::vector<EffectiveValue> values = effective_config(config);
    auto next = values.begin() + 2;  // bootstrap.servers is given, client.id follows
    std::size_t defaults = 0;
    for (const detail::ConfigRow& row : detail::config_rows()) {
      if (std::holds_alternative<std::monostate>(row.field)) continue;
      if (row.name == "bootstrap.servers" || row.name == "client.id") continue;
      REQUIRE(next != values.end());
      const bool of_profile = row.name == "linger.ms" || row.name == "metadata.recovery.strategy";
      const std::string_view value = row.name == "linger.ms" ? profile.linger_ms
                                     : of_profile            ? profile.recovery_strategy
                                                             : row.default_value;
      CHECK(*next == by_default(std::string(row.name), std::string(value)));
      ++next;
      ++defaults;
    }
    CHECK(next == values.end());
    CHECK(defaults > 35);
  }
}

TEST_CASE("what is given is told first, as it is in force") {
  const ProducerConfig config = config_of({{"linger.ms", " +20 "},
                                           {"acks", "-1"},
                                           {"metadata.recovery.strategy", "NONE"},
                                           {"compression.type", "zstd"},
                                           {"metric.reporters", "none.of.ours"},
                                           {"lingr.ms", "7"}});
  std::vector<EffectiveValue> values = effective_config(config);
  values.resize(8);
  CHECK(values == std::vector<EffectiveValue>{
                      given("bootstrap.servers", "localhost:9092"), given("acks", "all"),
                      given("compression.type", "zstd"), given("linger.ms", "20"),
                      derived("client.id", "producer-1"), given("metadata.recovery.strategy", "none"),
                      given("metric.reporters", "none.of.ours"), given("lingr.ms", "7")});
}

TEST_CASE("what follows from other keys is neither given nor a default") {
  const ProducerConfig quiet = config_of({{"acks", "1"}, {"reconnect.backoff.ms", "7"}});
  CHECK(value_of(quiet, "enable.idempotence") == derived("enable.idempotence", "false"));
  CHECK(value_of(quiet, "reconnect.backoff.max.ms") == derived("reconnect.backoff.max.ms", "7"));
  CHECK(value_of(quiet, "delivery.timeout.ms") == by_default("delivery.timeout.ms", "120000"));
  const ProducerConfig slow = config_of({{"request.timeout.ms", "200000"}});
  CHECK(value_of(slow, "delivery.timeout.ms") == derived("delivery.timeout.ms", "200005"));
  const ProducerConfig named = config_of({{"client.id", "checkout"}, {"transactional.id", "tx"}});
  CHECK(value_of(named, "client.id") == given("client.id", "checkout"));
  CHECK(value_of(named, "transactional.id") == given("transactional.id", "tx"));
  CHECK(value_of(quiet, "transactional.id") == by_default("transactional.id", "null"));
}

TEST_CASE("no secret is told") {
  Texts texts = {{"my.password", "canary"}, {"client.id", "https://me:canary@host"}};
  for (const detail::ConfigRow& row : detail::config_rows())
    if (row.type == detail::ConfigType::kPassword) texts.emplace(row.name, "canary");
  const ProducerConfig config = config_of(texts);
  std::size_t hidden = 0;
  for (const EffectiveValue& value : effective_config(config)) {
    INFO(value.key);
    CHECK(value.value.find("canary") == std::string::npos);
    hidden += value.value.find(kHidden) != std::string::npos ? 1 : 0;
  }
  CHECK(hidden == texts.size());
}

TEST_CASE("a producer tells its configuration when it is made, the defaults as one and then each") {
  ProducerFixture fixture({{"batch.size", "1000"}}, {}, 1, *find_profile("kafka-3.9"));
  EventLog log;
  log.drain(fixture.sink_);
  std::size_t at = 0;
  while (log[at].kind != EventKind::producer_created) ++at;
  const std::vector<EffectiveValue> values = effective_config(fixture.producer_->config());
  std::size_t defaults = 0;
  for (const EffectiveValue& value : values) {
    if (value.source == ConfigSource::kDefault && ++defaults == 1) {
      ++at;
      CHECK(log[at].kind == EventKind::config_defaults);
      CHECK(log.strings().view(log[at].b) == "kafka-3.9");
    }
    ++at;
    REQUIRE(log[at].kind == EventKind::config_set);
    CHECK(log.strings().view(log[at].a) == value.key);
    CHECK(log.strings().view(log[at].b) == value.value);
    CHECK(log[at].place == static_cast<std::uint32_t>(value.source));
    CHECK(is_default_value(log[at]) == (value.source == ConfigSource::kDefault));
  }
  CHECK(log[at - defaults].a == defaults);
  CHECK(log[at + 1].kind != EventKind::config_set);
  // bootstrap.servers, batch.size, linger.ms and the client.id that nobody gave.
  CHECK(values.size() == defaults + 4);
}

}  // namespace sendscope::testing
