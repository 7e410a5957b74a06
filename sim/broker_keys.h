// The brokers' configuration keys that a scenario may give, as one table: what each is called, which values
// it takes, where they go, and whether it can change while the brokers run, as Kafka's can.
//
// Constant data; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "sim/scenario.h"

namespace sendscope::sim {

// A key whose field is Nanos takes milliseconds as Kafka writes them, or a duration with its unit.
using BrokerField = std::variant<std::int32_t BrokerConfig::*, std::int16_t BrokerConfig::*,
                                 std::uint32_t BrokerConfig::*, bool BrokerConfig::*, Nanos BrokerConfig::*>;

struct BrokerKey {
  std::string_view name;
  BrokerField field;
  std::int64_t low = 0;   // of a number
  std::int64_t high = 0;  // likewise
  bool settable = false;  // while the brokers run; of a time by its milliseconds, from low to high
};

std::span<const BrokerKey> broker_keys();

// Puts a number into the key's field; of a time, milliseconds. REQUIRES: no flag, low <= value <= high
void set_number(const BrokerKey& key, std::int64_t value, BrokerConfig& config);

}  // namespace sendscope::sim
