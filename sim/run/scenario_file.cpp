#include "sim/run/scenario_file.h"

#include <filesystem>

#include "core/model/named_subject.h"
#include "sim/scenario_names.h"

#ifndef SENDSCOPE_SOURCE_DIR
#define SENDSCOPE_SOURCE_DIR ""
#endif

namespace sendscope::run {
namespace {

namespace fs = std::filesystem;

void check_names(const Expression& expression, const sim::ScenarioNames& known, const std::string& file,
                 int line, int column, const std::string& path, std::vector<sim::Problem>& problems) {
  for (const NameRef* name : expression.names()) {
    std::string expected = known.missing(*name);
    if (!expected.empty()) problems.push_back({file, line, column, path, name->text, std::move(expected)});
  }
}

// Empty when the run may come to have the thing; otherwise what was expected.
std::string missing_thing(const std::string& word, const sim::ScenarioNames& known) {
  const Subject numbered = numbered_subject(word);
  if (numbered.kind == SubjectKind::kNode) {
    NameRef node;
    node.name = Name::node_up;
    node.node = static_cast<NodeId>(numbered.id);
    return known.missing(node);
  }
  if (numbered.kind != SubjectKind::kNone || known.has(word)) return {};
  return "a thread, partition or producer of this scenario, or batch:N, request:N, record:N, node:N";
}

void load_lesson_of(const sim::LoadedScenario& loaded, ScenarioFileLoad& load) {
  const std::string path = (fs::path(loaded.file).parent_path() / loaded.scenario.lesson).string();
  LessonLoad lesson = load_lesson_file(path);
  load.problems.insert(load.problems.end(), lesson.problems.begin(), lesson.problems.end());
  const sim::ScenarioNames known(loaded.scenario);
  constexpr int kBehindWhen = 7;
  for (std::size_t i = 0; i < lesson.steps.size(); ++i)
    check_names(lesson.steps[i].when, known, path, lesson.lines[i], kBehindWhen, "when", load.problems);
  for (const PlacedExpression& placed : lesson.expressions)
    check_names(placed.expression, known, path, placed.line, placed.column, "", load.problems);
  for (const ShownName& shown : lesson.shown) {
    std::string expected = missing_thing(shown.word, known);
    if (!expected.empty())
      load.problems.push_back({path, shown.line, shown.column, "show", shown.word, std::move(expected)});
  }
  load.file->lesson = std::move(lesson.steps);
}

}  // namespace

std::string lesson_path(const ScenarioFile& file) {
  return (fs::path(file.path).parent_path() / file.scenario.lesson).string();
}

std::string find_shipped(const std::string& path) {
  std::error_code error;
  if (fs::exists(path, error) || fs::path(path).is_absolute()) return path;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const fs::path& home : {fs::path(SENDSCOPE_SOURCE_DIR), program, program.parent_path()}) {
    if (home.empty()) continue;
    const fs::path candidate = home / path;
    if (fs::exists(candidate, error)) return candidate.string();
  }
  return path;
}

ScenarioFileLoad open_scenario(const std::string& path) {
  ScenarioFileLoad load;
  sim::ScenarioLoad read = sim::load_scenario_file(find_shipped(path));
  load.problems = std::move(read.problems);
  if (!read.loaded) return load;
  load.file = ScenarioFile{read.loaded->scenario,
                           read.loaded->file,
                           std::move(read.loaded->text),
                           {},
                           std::move(read.loaded->warnings)};
  if (!read.loaded->scenario.lesson.empty()) load_lesson_of(*read.loaded, load);
  if (!load.problems.empty()) load.file.reset();
  return load;
}

}  // namespace sendscope::run
