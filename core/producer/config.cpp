// Reads a configuration: each key by its row, then the rules between keys in Kafka's order.
// Source: Kafka ConfigDef.parse, ProducerConfig.postProcessParsedConfig, KafkaProducer's constructor.
#include "core/producer/config.h"

#include <algorithm>

#include "core/base/nearest.h"
#include "core/base/whole_number.h"
#include "core/producer/config_secrets.h"
#include "core/producer/config_table.h"
#include "core/producer/partitioner.h"
#include "core/producer/serializer.h"

namespace sendscope {

namespace {

using detail::ConfigField;
using detail::ConfigRow;
using detail::ConfigType;

constexpr std::int64_t kIntMax = std::numeric_limits<std::int32_t>::max();

Error bad_value(std::string_view key, std::string_view value, const std::string& rule) {
  return {ErrorCode::kConfig, std::string(key) + " = '" + shown_config_value(key, value) + "': " + rule};
}

// "-1.5e3": digits, with a point, an exponent and signs where they belong; or what Java calls no number and
// beyond all numbers. Java: Double.parseDouble.
bool is_decimal(std::string_view text) {
  const auto take = [&](std::string_view any) {
    const bool there = !text.empty() && any.find(text.front()) != std::string_view::npos;
    if (there) text.remove_prefix(1);
    return there;
  };
  const auto take_digits = [&] {
    bool any = false;
    while (take("0123456789")) any = true;
    return any;
  };
  take("+-");
  if (text == "NaN" || text == "Infinity") return true;
  bool digits = take_digits();
  if (take(".")) digits = take_digits() || digits;
  if (!digits) return false;
  if (take("eE")) {
    take("+-");
    if (!take_digits()) return false;
  }
  return text.empty();
}

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return out;
}

// ---- one value

class ValueReader {
 public:
  ValueReader(ProducerConfig& config, std::vector<std::string>* warnings)
      : config_(config), warnings_(warnings) {}

  // The rule that the text breaks; empty when it breaks none.
  std::string read(const ConfigRow& row, std::string_view raw) {
    const std::string_view text = row.type == ConfigType::kPassword ? raw : trim(raw);
    switch (row.type) {
      case ConfigType::kBoolean: return boolean(row, text);
      case ConfigType::kShort: return number(row, text, -32768, 32767);
      case ConfigType::kInt: return number(row, text, std::numeric_limits<std::int32_t>::min(), kIntMax);
      case ConfigType::kLong:
        return number(row, text, std::numeric_limits<std::int64_t>::min(),
                      std::numeric_limits<std::int64_t>::max());
      case ConfigType::kDouble: return real(text);
      case ConfigType::kList: return list(row, text);
      case ConfigType::kString:
      case ConfigType::kClass:
      case ConfigType::kPassword: return word(row, text);
    }
    return {};
  }

 private:
  std::string boolean(const ConfigRow& row, std::string_view text) {
    const std::string value = lower(text);
    if (value != "true" && value != "false") return "must be true or false";
    if (auto* field = std::get_if<bool ProducerConfig::*>(&row.field)) config_.*(*field) = value == "true";
    return {};
  }

  std::string number(const ConfigRow& row, std::string_view text, std::int64_t min, std::int64_t max) {
    std::string_view digits = text;
    if (digits.size() > 1 && digits.front() == '+' && digits[1] != '-') digits.remove_prefix(1);
    const auto read = whole_number<std::int64_t>(digits);
    if (!read || *read < min || *read > max) {
      if (max > kIntMax && !row.rule.min)
        return "must be a whole number";  // the limits of 64 bits say little
      return "must be a whole number from " + std::to_string(std::max(min, row.rule.min.value_or(min))) +
             " to " + std::to_string(std::min(max, row.rule.max.value_or(max)));
    }
    const std::int64_t value = *read;
    const detail::ConfigRule& rule = row.rule;
    const bool in_range = (!rule.min || value >= *rule.min) && (!rule.max || value <= *rule.max);
    if (!in_range && value != rule.also) return "must be " + detail::describe_rule(row);
    if (auto* field = std::get_if<std::int32_t ProducerConfig::*>(&row.field)) {
      config_.*(*field) = static_cast<std::int32_t>(value);
    } else if (auto* wide = std::get_if<std::int64_t ProducerConfig::*>(&row.field)) {
      config_.*(*wide) = value;
    }
    return {};
  }

  std::string real(std::string_view text) { return is_decimal(text) ? "" : "must be a number"; }

  std::string word(const ConfigRow& row, std::string_view text) {
    std::string_view left = row.rule.words;
    bool found = left.empty();
    while (!found && !left.empty()) {
      const std::size_t bar = std::min(left.find('|'), left.size());
      const std::string_view choice = left.substr(0, bar);
      found = row.rule.ignore_case ? lower(choice) == lower(text) : choice == text;
      left.remove_prefix(std::min(bar + 1, left.size()));
    }
    if (!found) return "must be " + detail::describe_rule(row);
    if (row.rule.not_empty && text.empty()) return "must not be empty";
    const std::string value(text);
    if (auto* field = std::get_if<std::string ProducerConfig::*>(&row.field)) config_.*(*field) = value;
    if (auto* maybe = std::get_if<std::optional<std::string> ProducerConfig::*>(&row.field))
      config_.*(*maybe) = value;
    if (auto* form = std::get_if<detail::ConfigForm>(&row.field)) form->read(config_, value);
    return {};
  }

  std::string list(const ConfigRow& row, std::string_view text) {
    std::vector<std::string> items;
    for (std::string_view left = text; !text.empty();) {
      const std::size_t comma = left.find(',');
      const std::string item(trim(left.substr(0, comma)));
      const bool checks = config_.profile->checks_lists;
      if (item.empty() && checks) return "has an empty item";
      if (checks && std::find(items.begin(), items.end(), item) != items.end()) {
        if (warnings_ != nullptr)
          warnings_->push_back(std::string(row.name) + ": '" + hide_secrets_in(item) + "' is listed twice");
      } else if (!item.empty()) {  // unchecked blank items come to nothing when a list is read
        items.push_back(item);
      }
      if (comma == std::string_view::npos) break;
      left.remove_prefix(comma + 1);
    }
    if (row.rule.not_empty && items.empty() && config_.profile->checks_lists)
      return "must have at least one item";
    if (auto* field = std::get_if<std::vector<std::string> ProducerConfig::*>(&row.field))
      config_.*(*field) = items;
    return {};
  }

  ProducerConfig& config_;
  std::vector<std::string>* warnings_;
};

// ---- rules between keys

class CrossChecks {
 public:
  CrossChecks(ProducerConfig& config, std::vector<std::string>* warnings)
      : config_(config), warnings_(warnings) {}

  Result<void> run(int client_number) {
    for (const auto check : {&CrossChecks::security, &CrossChecks::backoffs, &CrossChecks::idempotence,
                             &CrossChecks::transactions, &CrossChecks::classes,
                             &CrossChecks::delivery_timeout, &CrossChecks::bootstrap}) {
      if (Result<void> held = (this->*check)(); !held) return held;
    }
    if (!config_.is_given("client.id")) {
      config_.client_id = "producer-" + (config_.transactional_id ? *config_.transactional_id
                                                                  : std::to_string(client_number));
    }
    return {};
  }

 private:
  void warn(std::string text) {
    if (warnings_ != nullptr) warnings_->push_back(std::move(text));
  }

  Result<void> security() {
    const std::string& protocol = config_.security_protocol;
    if (protocol.rfind("SASL", 0) == 0 && config_.is_given("sasl.mechanism") &&
        trim(config_.given.find("sasl.mechanism")->second).empty()) {
      return bad_value("sasl.mechanism", "", "must not be empty when security.protocol is " + protocol);
    }
    if (protocol != "PLAINTEXT") {
      return bad_value("security.protocol", protocol, "is not supported: only PLAINTEXT is");
    }
    return {};
  }

  Result<void> backoffs() {
    if (config_.retry_backoff_ms > config_.retry_backoff_max_ms) {
      warn("retry.backoff.ms is larger than retry.backoff.max.ms: every retry waits retry.backoff.max.ms");
    }
    if (config_.socket_connection_setup_timeout_ms > config_.socket_connection_setup_timeout_max_ms) {
      warn(
          "socket.connection.setup.timeout.ms is larger than socket.connection.setup.timeout.max.ms: the "
          "latter "
          "counts");
    }
    if (config_.is_given("reconnect.backoff.ms") && !config_.is_given("reconnect.backoff.max.ms")) {
      warn("reconnect.backoff.max.ms is not given and follows reconnect.backoff.ms: the wait is constant");
      config_.reconnect_backoff_max_ms = config_.reconnect_backoff_ms;
    }
    return {};
  }

  // Kafka turns idempotence off quietly where another value contradicts a default, and refuses where it
  // contradicts the user. The limit of five in flight holds either way (KAFKA-17927).
  Result<void> idempotence() {
    const bool asked_for = config_.enable_idempotence;
    const bool by_user = config_.is_given("enable.idempotence");
    const auto contradicts = [&](bool wrong, const std::string& key,
                                 const std::string& rule) -> Result<void> {
      if (!wrong || !config_.enable_idempotence) return {};
      if (by_user)
        return bad_value(key, config_.given.find(key)->second, rule + " when enable.idempotence is true");
      warn("enable.idempotence is off, since " + key + " " + rule + " for it");
      config_.enable_idempotence = false;
      return {};
    };
    if (asked_for) {
      if (Result<void> held = contradicts(config_.retries == 0, "retries", "must not be 0"); !held)
        return held;
      if (Result<void> held = contradicts(config_.acks != -1, "acks", "must be all"); !held) return held;
      const bool too_many = config_.max_in_flight_requests_per_connection > 5;
      const bool turns_off = config_.profile->in_flight_turns_idempotence_off;
      if (Result<void> held = contradicts(too_many && turns_off, "max.in.flight.requests.per.connection",
                                          "must be at most 5");
          !held)
        return held;
      if (too_many && !turns_off) {
        return bad_value("max.in.flight.requests.per.connection",
                         std::to_string(config_.max_in_flight_requests_per_connection),
                         "must be at most 5 when enable.idempotence is true");
      }
    }
    if (!config_.enable_idempotence && config_.is_given("transactional.id")) {
      return bad_value("transactional.id", *config_.transactional_id, "needs enable.idempotence");
    }
    return {};
  }

  Result<void> transactions() {
    if (config_.transaction_two_phase_commit_enable && config_.is_given("transaction.timeout.ms")) {
      return bad_value("transaction.timeout.ms", std::to_string(config_.transaction_timeout_ms),
                       "must not be given when transaction.two.phase.commit.enable is true");
    }
    return {};
  }

  Result<void> classes() {
    const auto known = [](std::string_view key, const std::string& name, bool is_known,
                          std::string_view known_ones) {
      if (name.empty() || is_known) return Result<void>();
      return Result<void>(bad_value(key, name, "is not known; " + std::string(known_ones)));
    };
    constexpr std::string_view kSerializers =
        "StringSerializer, ByteArraySerializer and Kafka's other own ones are";
    for (const auto& [key, name] : {std::pair("key.serializer", config_.key_serializer),
                                    std::pair("value.serializer", config_.value_serializer)}) {
      if (Result<void> held = known(key, name, is_known_serializer(name), kSerializers); !held) return held;
    }
    if (const auto names = config_.given.find("interceptor.classes"); names != config_.given.end()) {
      if (!trim(names->second).empty()) {
        return bad_value("interceptor.classes", names->second,
                         "interceptors are passed as objects, not by class name");
      }
    }
    return known("partitioner.class", config_.partitioner_class,
                 is_known_partitioner(config_.partitioner_class), "RoundRobinPartitioner is");
  }

  Result<void> delivery_timeout() {
    const std::int64_t linger = std::min<std::int64_t>(config_.linger_ms, kIntMax);
    const std::int64_t least = std::min<std::int64_t>(linger + config_.request_timeout_ms, kIntMax);
    if (config_.delivery_timeout_ms >= least) return {};
    if (config_.is_given("delivery.timeout.ms")) {
      return bad_value("delivery.timeout.ms", std::to_string(config_.delivery_timeout_ms),
                       "must be at least linger.ms + request.timeout.ms, which is " + std::to_string(least));
    }
    warn("delivery.timeout.ms becomes linger.ms + request.timeout.ms = " + std::to_string(least));
    config_.delivery_timeout_ms = static_cast<std::int32_t>(least);
    return {};
  }

  Result<void> bootstrap() {
    if (config_.effective_batch_size_bytes() > config_.buffer_memory_bytes) {
      warn("batch.size is larger than buffer.memory: no batch can ever be opened, every send() will fail");
    }
    for (const std::string& server : config_.bootstrap_servers) {
      if (const Result<HostAndPort> parsed = parse_host_and_port(server); !parsed) return parsed.error();
    }
    return {};
  }

  ProducerConfig& config_;
  std::vector<std::string>* warnings_;
};

std::string_view default_of(const ConfigRow& row, const Profile& profile) {
  if (row.name == "linger.ms") return profile.linger_ms;
  if (row.name == "metadata.recovery.strategy") return profile.recovery_strategy;
  return row.default_value;
}

std::string unknown_key_warning(const std::string& key) {
  std::vector<std::string_view> names;
  for (const ConfigRow& row : detail::config_rows()) names.push_back(row.name);
  const std::string_view nearest = nearest_word(key, names);
  std::string text = key + " is not a key of the producer and is ignored";
  if (!nearest.empty()) text += "; did you mean " + std::string(nearest) + "?";
  return text;
}

}  // namespace

std::string broken_config_rule(std::string_view key, std::string_view text) {
  const ConfigRow* row = detail::find_config_row(key);
  ProducerConfig unused;
  return row == nullptr ? "" : ValueReader(unused, nullptr).read(*row, text);
}

wire::Compression ProducerConfig::compression() const {
  wire::Compression chosen = wire::Compression::of(compression_type);
  switch (compression_type) {
    case wire::CompressionType::kGzip: chosen.level = compression_gzip_level; break;
    case wire::CompressionType::kLz4: chosen.level = compression_lz4_level; break;
    case wire::CompressionType::kZstd: chosen.level = compression_zstd_level; break;
    default: break;
  }
  return chosen;
}

Result<ProducerConfig> ProducerConfig::parse(const Texts& texts, std::vector<std::string>* warnings,
                                             int client_number, bool needs_bootstrap,
                                             const Profile& profile) {
  ProducerConfig config;
  config.profile = &profile;
  for (const auto& [key, value] : texts) config.given[key] = shown_config_value(key, value);
  ValueReader reader(config, warnings);
  for (const ConfigRow& row : detail::config_rows()) {
    const auto given = texts.find(row.name);
    if (given != texts.end()) {
      if (std::string rule = reader.read(row, given->second); !rule.empty())
        return bad_value(row.name, trim(given->second), rule);
    } else if (row.name == "bootstrap.servers") {
      if (needs_bootstrap && profile.checks_lists)
        return Error(ErrorCode::kConfig, "bootstrap.servers is missing and has no default");
    } else if (row.default_value != detail::kNull && row.default_value != detail::kRequired) {
      const std::string rule = reader.read(row, default_of(row, profile));
      SENDSCOPE_CHECK(rule.empty());
    }
  }
  if (warnings != nullptr) {
    for (const auto& [key, value] : texts) {
      if (detail::find_config_row(key) == nullptr) warnings->push_back(unknown_key_warning(key));
    }
  }
  const ProducerConfig read = config;
  if (Result<void> held = CrossChecks(config, warnings).run(client_number); !held) return held.error();
  for (const ConfigRow& row : detail::config_rows()) {
    if (detail::value_text(row, config) != detail::value_text(row, read)) config.derived.insert(row.name);
  }
  return config;
}

}  // namespace sendscope
