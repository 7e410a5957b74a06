// The configuration that a producer has, told once, when it is made: the value in force of every key that has
// an effect, and of every other key that was given. What was given and what follows from it comes first, then
// the defaults; each part in the order of Kafka's table, keys that Kafka does not know last. Secrets are
// hidden.
//
// Thread-safety: any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/event/sink.h"
#include "core/producer/config.h"

namespace sendscope {

struct EffectiveValue {
  std::string key;
  std::string value;
  ConfigSource source = ConfigSource::kDefault;
  bool operator==(const EffectiveValue&) const = default;
};

std::vector<EffectiveValue> effective_config(const ProducerConfig& config);

// As config_set events, with config_defaults before the defaults.
void announce_config(const ProducerConfig& config, EventSink& sink, std::uint16_t producer, Nanos now);

}  // namespace sendscope
