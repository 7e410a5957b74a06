// A scenario as the program takes it: found, read, and checked as a whole, its expressions and its lesson
// included.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/run/lesson.h"
#include "sim/scenario_loader.h"

namespace sendscope::run {

struct ScenarioFile {
  sim::Scenario scenario;
  std::string path;  // where it was found
  std::string text;  // that it says
  std::vector<LessonStep> lesson;
  std::vector<sim::Problem> warnings;
};

struct ScenarioFileLoad {
  std::optional<ScenarioFile> file;  // only when there is no problem
  std::vector<sim::Problem> problems;
};

// `path` as given, or below the folders the program brings its scenarios in (next to the executable, or the
// sources it was built from), so that "scenarios/first-send.json" works from everywhere.
ScenarioFileLoad open_scenario(const std::string& path);
// Where the lesson of a scenario that has one lies.
std::string lesson_path(const ScenarioFile& file);
// The path under which a file or folder is found; the path itself when it is nowhere.
std::string find_shipped(const std::string& path);

}  // namespace sendscope::run
