#include "core/producer/config_secrets.h"

#include "core/producer/config.h"
#include "tests/support/catch.h"

using namespace sendscope;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("every key of type Password is a secret, and no other key of the table") {
  std::size_t secrets = 0;
  for (const ConfigKey& key : config_keys()) {
    INFO(key.name);
    CHECK(is_secret_config_key(key.name) == (key.type == "password"));
    secrets += key.type == "password" ? 1 : 0;
  }
  CHECK(secrets >= 9);
}

TEST_CASE("unknown keys that sound like a secret are one, in any spelling") {
  for (const char* key :
       {"sasl.password", "SASL.PASSWORD", "db_passwd", "ssl.passphrase", "client.secret", "clientSecret",
        "auth.token", "aws.credentials", "custom.jaas", "private.key", "private_key", "api.key", "API-KEY",
        "basic.auth.user.info", "ssl.key.pem", "http.authorization", "aws.access.key.id",
        // slips of the pen
        "ssl.keystore.pasword", "sasl.jass.config", "ssl.truststore.certificats"}) {
    INFO(key);
    CHECK(is_secret_config_key(key));
    CHECK(shown_config_value(key, "canary") == kHidden);
  }
  for (const char* key : {"linger", "lingr.ms", "my.setting", "compresion.type", "partition.key", ""}) {
    INFO(key);
    CHECK_FALSE(is_secret_config_key(key));
    CHECK(shown_config_value(key, "plain") == "plain");
  }
}

TEST_CASE("secrets inside other values are hidden, and nothing else of them") {
  const std::pair<const char*, const char*> kValues[] = {
      {"https://me:canary@idp:8443/token", "https://[hidden]@idp:8443/token"},
      {"https://canary@idp/", "https://[hidden]@idp/"},
      {"http://a:canary@h1,http://b:canary@h2", "http://[hidden]@h2"},
      {"me:can/ary@broker:9092", "[hidden]@broker:9092"},
      {"https://idp/token?client_secret=canary&x=1", "https://idp/token?client_secret=[hidden]"},
      {"LoginModule required username=\"u\" password=\"canary\";",
       "LoginModule required username=\"u\" password=[hidden]"},
      {"{\"token\": \"canary\"}", "{\"token\":[hidden]"},
      {"{'token':'canary'}", "{'token':[hidden]"},
      {"-----BEGIN PRIVATE KEY-----canary", "[hidden]"},
      // not secrets
      {"token-server:9092,b:9092", "token-server:9092,b:9092"},
      {"me@home", "me@home"},
      {"https://idp/token", "https://idp/token"},
      {"a=b:c", "a=b:c"},
      {"", ""},
  };
  for (const auto& [value, shown] : kValues) CHECK(hide_secrets_in(value) == shown);
}

TEST_CASE("a configuration keeps no secret, though it knows that one was given") {
  ProducerConfig::Texts texts{{"bootstrap.servers", "localhost:9092"},
                              {"my.api.key", "canary"},
                              {"sasl.oauthbearer.token.endpoint.url", "https://me:canary@idp/"}};
  for (const ConfigKey& key : config_keys())
    if (key.type == "password") texts[std::string(key.name)] = "canary";
  std::vector<std::string> warnings;
  const Result<ProducerConfig> config = ProducerConfig::parse(texts, &warnings);
  REQUIRE(config);
  CHECK(config->is_given("ssl.key.password"));
  for (const auto& [key, value] : config->given) {
    INFO(key << " = " << value);
    CHECK_FALSE(holds(value, "canary"));
  }
  CHECK(config->given.at("bootstrap.servers") == "localhost:9092");
  for (const std::string& warning : warnings) CHECK_FALSE(holds(warning, "canary"));
}

TEST_CASE("what is wrong with a value is told without the secret in it") {
  const std::pair<const char*, const char*> kWrong[] = {
      {"bootstrap.servers", "me:canary@localhost:9092"},
      {"bootstrap.servers", "PLAIN://canary@localhost:9092"},
      {"linger.ms", "password=canary"},
      {"acks", "https://me:canary@h/"},
      {"key.serializer", "token=canary"},
      {"interceptor.classes", "secret=canary"},
  };
  for (const auto& [key, value] : kWrong) {
    ProducerConfig::Texts texts{{"bootstrap.servers", "localhost:9092"}};
    texts[key] = value;
    std::vector<std::string> warnings;
    const Result<ProducerConfig> config = ProducerConfig::parse(texts, &warnings);
    REQUIRE_FALSE(config);
    INFO(config.error().message);
    CHECK(holds(config.error().message, key));
    CHECK_FALSE(holds(config.error().message, "canary"));
  }
}
