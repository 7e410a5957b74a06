// What a person can set in a scenario without rewriting it: the configuration of producers and brokers, the
// topics, the links, whose client it is.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario_text.h"

namespace sendscope::sim {

struct Setting {
  JsonPath path;
  std::string owner;    // "p1", "topic orders", "brokers", "links"
  std::string name;     // "linger.ms"
  std::string written;  // its value in the text; empty: left out
  std::string doc;      // one sentence; may be empty
  std::vector<std::string> presets;
};

// In the order of the text, the producers first. A text that is no scenario has none.
std::vector<Setting> settings_of(const std::string& text);

// What a person types, as JSON: a number, true, an object as they are, anything else as a string.
std::string json_of_typed(const std::string& typed);

}  // namespace sendscope::sim
