// The part of the schema that speaks of a producer's configuration. Private to the schema.
#pragma once

#include <nlohmann/json.hpp>

namespace sendscope::sim {

// Each of Kafka's keys by its row; keys that Kafka does not know take any text, number, true or false, as the
// loader only warns of them.
nlohmann::ordered_json producer_config_schema();

}  // namespace sendscope::sim
