// Makes a Scenario out of a scenario file: JSON with comments. Whatever is wrong is reported with file, line,
// column and key path, several problems at once; an unknown key is a problem, and
// so is an expression that speaks of what the scenario does not have.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/located_json.h"
#include "sim/scenario.h"

namespace sendscope::sim {

struct LoadedScenario {
  Scenario scenario;
  std::string file;
  std::string text;     // that it was read from
  int lesson_line = 0;  // where the lesson's file is named
  int lesson_column = 0;
  // What is odd but allowed: configuration keys that Kafka does not know (it warns and ignores them).
  std::vector<Problem> warnings;
};

struct ScenarioLoad {
  std::optional<LoadedScenario> loaded;  // only when there is no problem
  std::vector<Problem> problems;
};

// `file` only names the text in problems.
ScenarioLoad load_scenario_text(std::string_view text, const std::string& file);
// A file that cannot be read is a problem as well.
ScenarioLoad load_scenario_file(const std::string& path);

}  // namespace sendscope::sim
