#include "sim/scenario_loader.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "sim/scenario_names.h"
#include "sim/scenario_parts.h"
#include "sim/simulation_check.h"

namespace sendscope::sim {
namespace {

void read_expectations(const JsonValue& value, LoadContext& context) {
  if (value.kind != JsonValue::Kind::kArray) {
    context.problems.expected(value, "a list of expectations, such as [\"always pool.free >= 0B\"]");
    return;
  }
  for (const JsonValue& item : value.items) {
    if (auto expectation = read_expectation(item, context))
      context.scenario().expect.push_back(std::move(*expectation));
  }
}

void read_lesson(const JsonValue& value, LoadContext& context) {
  const auto name = read_string(value, context.problems, "the name of a file next to the scenario");
  if (!name) return;
  if (name->empty() || name->find('/') != std::string::npos || !name->ends_with(".md")) {
    context.problems.expected(value, "the name of a .md file next to the scenario");
    return;
  }
  context.scenario().lesson = *name;
  context.out.lesson_line = value.line;
  context.out.lesson_column = value.column;
}

void read_heading(ObjectReader& reader, LoadContext& context) {
  Problems& problems = context.problems;
  Scenario& scenario = context.scenario();
  if (const JsonValue* version = reader.require("sendscope", "\"sendscope\": 1, the version of the format")) {
    if (version->kind != JsonValue::Kind::kInteger || version->integer != 1) {
      problems.expected(*version, "1, the one version of the format there is");
    }
  }
  if (const JsonValue* title = reader.require("title", "a title")) {
    scenario.title = read_string(*title, problems).value_or("");
  }
  if (const JsonValue* summary = reader.find("summary")) {
    scenario.summary = read_string(*summary, problems).value_or("");
  }
  if (const JsonValue* seed = reader.find("seed")) {
    scenario.seed = static_cast<std::uint64_t>(read_integer(*seed, problems, 0, INT64_MAX).value_or(0));
  }
  if (const JsonValue* profile = reader.find("profile")) read_profile(*profile, context, scenario.profile);
  if (const JsonValue* until = reader.find("until")) {
    scenario.until = read_duration(*until, problems).value_or(scenario.until);
  }
  if (const JsonValue* lesson = reader.find("lesson")) read_lesson(*lesson, context);
}

void read_scenario(const JsonValue& root, LoadContext& context) {
  ObjectReader reader(root, context.problems, "an object: the scenario");
  read_heading(reader, context);
  const JsonValue* cluster = reader.require("cluster", "\"cluster\": nodes and topics");
  const JsonValue* producers = reader.require("producers", "\"producers\": their configuration and threads");
  const JsonValue* faults = reader.find("faults");
  if (cluster != nullptr) read_cluster(*cluster, context);
  if (faults != nullptr) read_faults(*faults, context);
  if (producers != nullptr) read_producers(*producers, context);
  if (faults != nullptr && producers != nullptr) check_clients(*faults, context);
  if (const JsonValue* expect = reader.find("expect")) read_expectations(*expect, context);
}

// The value of that path; when the file says the thing otherwise or leaves it out, the nearest around it.
const JsonValue& find_path(const JsonValue& root, const std::string& path) {
  const JsonValue* nearest = &root;
  for (bool closer = true; closer && nearest->path != path;) {
    closer = false;
    const auto step_into = [&](const JsonValue& child) {
      const std::string& p = child.path;
      const bool around =
          path.starts_with(p) && (path.size() == p.size() || path[p.size()] == '.' || path[p.size()] == '[');
      if (!around || (closer && p.size() <= nearest->path.size())) return;
      nearest = &child;
      closer = true;
    };
    const JsonValue& here = *nearest;
    for (const JsonMember& member : here.members) step_into(member.value);
    for (const JsonValue& item : here.items) step_into(item);
  }
  return *nearest;
}

void report_missing_things(LoadContext& context) {
  const ScenarioNames known(context.scenario());
  for (const auto& [expression, value] : context.expressions) {
    for (const NameRef* name : expression.names()) {
      std::string expected = known.missing(*name);
      if (!expected.empty()) context.problems.expected(*value, name->text, std::move(expected));
    }
  }
}

// What only the whole scenario shows, told where it stands in the file.
void report_contradictions(const JsonValue& root, LoadContext& context) {
  constexpr std::string_view kOfCallback = ".steps";
  for (const Contradiction& at : find_contradictions(context.scenario())) {
    std::string path = at.path;
    const JsonValue* place = &find_path(root, path);
    // A callback may be given as the list of its steps.
    while (path.compare(place->path.size(), kOfCallback.size(), kOfCallback) == 0) {
      path.erase(place->path.size(), kOfCallback.size());
      place = &find_path(root, path);
    }
    context.problems.expected(*place, at.found, at.expected);
  }
}

}  // namespace

ScenarioLoad load_scenario_text(std::string_view text, const std::string& file) {
  JsonResult parsed = parse_located_json(text, file);
  if (!parsed.problems.empty()) return {std::nullopt, std::move(parsed.problems)};
  LoadedScenario loaded;
  loaded.file = file;
  loaded.text = text;
  Problems problems(file);
  LoadContext context{problems, loaded};
  read_scenario(parsed.value, context);
  if (problems.empty()) report_missing_things(context);
  if (problems.empty()) report_contradictions(parsed.value, context);
  if (!problems.empty()) return {std::nullopt, problems.take()};
  return {std::move(loaded), {}};
}

namespace {

// The text of the file, or what stands there instead of one that can be read.
struct FileText {
  std::string text;
  std::string instead;
};

FileText read_file(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return {"", "a directory"};
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in && errno == ENOENT) return {"", "no such file"};
  if (!in) return {"", std::string("a file that cannot be read: ") + std::strerror(errno)};
  std::string text(kMaxJsonBytes + 1, '\0');  // one more than the parser takes
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return {"", std::string("a file that cannot be read: ") + std::strerror(errno)};
  text.resize(static_cast<std::size_t>(in.gcount()));
  return {std::move(text), ""};
}

}  // namespace

ScenarioLoad load_scenario_file(const std::string& path) {
  const FileText file = read_file(path);
  if (!file.instead.empty()) return {std::nullopt, {{path, 0, 0, "", file.instead, "a scenario file"}}};
  ScenarioLoad load = load_scenario_text(file.text, path);
  if (!load.loaded || load.loaded->scenario.lesson.empty()) return load;
  const auto lesson = std::filesystem::path(path).parent_path() / load.loaded->scenario.lesson;
  std::error_code error;
  if (!std::filesystem::is_regular_file(lesson, error)) {
    const LoadedScenario& at = *load.loaded;
    return {std::nullopt,
            {{path, at.lesson_line, at.lesson_column, "lesson", "no file " + lesson.string(),
              "a lesson file next to the scenario"}}};
  }
  return load;
}

}  // namespace sendscope::sim
