#include "ui/app/scenario_file.h"

#include <algorithm>
#include <filesystem>

#include "core/event/expectation.h"
#include "sim/json_reader.h"

#ifndef SENDSCOPE_SOURCE_DIR
#define SENDSCOPE_SOURCE_DIR ""
#endif

namespace sendscope::ui {
namespace {

namespace fs = std::filesystem;

// What the expressions of a scenario may speak of.
class Things {
 public:
  explicit Things(const sim::Scenario& scenario) : scenario_(scenario) {
    for (const auto& producer : scenario.producers) {
      producers_.push_back(producer.name);
      for (const auto& thread : producer.threads) threads_.push_back(thread.name);
    }
    for (const auto& topic : scenario.cluster.topics) {
      for (PartitionId i = 0; i < topic.partitions; ++i)
        partitions_.push_back(topic.name + "-" + std::to_string(i));
    }
    for (const auto& node : scenario.cluster.nodes) nodes_.push_back(node.id);
  }

  // Empty when all the name speaks of exists; otherwise what was expected.
  std::string missing(const NameRef& name) const {
    if (std::string why = missing_producer(name.producer); !why.empty()) return why;
    switch (name.name) {
      case Name::thread_state: return missing_of("thread", name.object, threads_);
      case Name::node_up:
      case Name::node_connection:
      case Name::node_inflight: return missing_node(name.node);
      case Name::count:
      case Name::event: return missing_match(name);
      default: return is_about_partition(name.name) ? missing_partition(name.object) : "";
    }
  }

 private:
  static bool is_about_partition(Name name) { return name_row(name).path.starts_with("partition("); }

  static std::string missing_of(const char* kind, const std::string& name,
                                const std::vector<std::string>& known) {
    if (std::find(known.begin(), known.end(), name) != known.end()) return {};
    const std::vector<std::string_view> names(known.begin(), known.end());
    std::string out = std::string("the name of a ") + kind + " of this scenario";
    if (!names.empty() && names.size() <= 12) out += ": " + sim::one_of(names);
    return out + sim::did_you_mean(name, names);
  }

  std::string missing_producer(const std::string& name) const {
    return name.empty() ? "" : missing_of("producer", name, producers_);
  }

  std::string missing_node(std::int64_t node) const {
    // Bootstrap addresses are nodes with negative ids.
    if (node < 0 || std::find(nodes_.begin(), nodes_.end(), node) != nodes_.end()) return {};
    std::string out = "the id of a node of this scenario:";
    for (const NodeId id : nodes_) out += " " + std::to_string(id);
    return out;
  }

  std::string missing_nodes(const std::vector<std::uint64_t>& nodes) const {
    for (const std::uint64_t node : nodes) {
      std::string why = missing_node(static_cast<NodeId>(static_cast<std::uint32_t>(node)));
      if (!why.empty()) return why;
    }
    return {};
  }

  // A partition may come to be during the run, when the scenario lets topics be created or grow.
  std::string missing_partition(const std::string& name) const {
    const std::string topic = name.substr(0, name.rfind('-'));
    const auto& topics = scenario_.cluster.topics;
    const bool known =
        std::any_of(topics.begin(), topics.end(), [&](const auto& t) { return t.name == topic; });
    const bool grows = std::any_of(scenario_.faults.begin(), scenario_.faults.end(), [&](const auto& fault) {
      return fault.verb == sim::FaultVerb::kAddPartitions && fault.topic == topic;
    });
    if (grows || (!known && sends_to(topic))) return {};
    return missing_of("partition", name, partitions_);
  }

  bool sends_to(const std::string& topic) const {
    for (const auto& producer : scenario_.producers) {
      for (const auto& thread : producer.threads) {
        for (const auto& step : thread.steps) {
          const auto* send = std::get_if<sim::SendStep>(&step.what);
          if (send != nullptr && send->topic == topic) return true;
        }
      }
    }
    return false;
  }

  std::string missing_match(const NameRef& name) const {
    for (const FieldMatch& match : name.match) {
      std::string why;
      if (match.unit == Unit::kThread) why = missing_of("thread", match.name, threads_);
      if (match.unit == Unit::kPartition) why = missing_partition(match.name);
      if (match.unit == Unit::kProducer) why = missing_producer(match.name);
      if (match.unit == Unit::kNode || match.unit == Unit::kActorNode) why = missing_nodes(match.accepted);
      if (!why.empty()) return why;
    }
    return {};
  }

  const sim::Scenario& scenario_;
  std::vector<std::string> producers_, threads_, partitions_;
  std::vector<NodeId> nodes_;
};

void check_names(const Expression& expression, const Things& things, const std::string& file,
                 const sim::LocatedExpression& at, std::vector<sim::Problem>& problems) {
  for (const NameRef* name : expression.names()) {
    std::string expected = things.missing(*name);
    if (!expected.empty()) {
      problems.push_back({file, at.line, at.column, at.path, name->text, std::move(expected)});
    }
  }
}

// The place inside the file: a string begins after its quote, and expressions are one line.
sim::Problem problem_of(const ExpressionError& error, const std::string& file,
                        const sim::LocatedExpression& at) {
  return {file, at.line, at.column + error.column, at.path, "", "", "\"" + at.text + "\": " + error.message};
}

void load_lesson_of(const sim::LoadedScenario& loaded, ScenarioFileLoad& load) {
  const std::string path = (fs::path(loaded.file).parent_path() / loaded.scenario.lesson).string();
  LessonLoad lesson = load_lesson_file(path);
  load.problems.insert(load.problems.end(), lesson.problems.begin(), lesson.problems.end());
  const Things things(loaded.scenario);
  for (std::size_t i = 0; i < lesson.steps.size(); ++i) {
    if (lesson.steps[i].at.empty()) continue;
    const auto parsed = parse_condition(lesson.steps[i].at);
    const sim::LocatedExpression at{lesson.steps[i].at, false, i, lesson.lines[i], 7, "when"};
    check_names(std::get<Expression>(parsed), things, path, at, load.problems);
  }
  load.file->lesson = std::move(lesson.steps);
}

}  // namespace

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

std::vector<sim::Problem> check_expressions(const sim::LoadedScenario& loaded) {
  std::vector<sim::Problem> problems;
  const Things things(loaded.scenario);
  for (const sim::LocatedExpression& at : loaded.expressions) {
    if (at.expectation) {
      const auto parsed = parse_expectation(at.text);
      if (const auto* error = std::get_if<ExpressionError>(&parsed)) {
        problems.push_back(problem_of(*error, loaded.file, at));
        continue;
      }
      const Expectation& expectation = std::get<Expectation>(parsed);
      check_names(expectation.condition, things, loaded.file, at, problems);
      check_names(expectation.consequence, things, loaded.file, at, problems);
    } else {
      const auto parsed = parse_condition(at.text);
      if (const auto* error = std::get_if<ExpressionError>(&parsed)) {
        problems.push_back(problem_of(*error, loaded.file, at));
      } else {
        check_names(std::get<Expression>(parsed), things, loaded.file, at, problems);
      }
    }
  }
  return problems;
}

ScenarioFileLoad open_scenario(const std::string& path) {
  ScenarioFileLoad load;
  sim::ScenarioLoad read = sim::load_scenario_file(find_shipped(path));
  load.problems = std::move(read.problems);
  if (!read.loaded) return load;
  load.problems = check_expressions(*read.loaded);
  load.file = ScenarioFile{read.loaded->scenario, read.loaded->file, {}, std::move(read.loaded->warnings)};
  if (!read.loaded->scenario.lesson.empty()) load_lesson_of(*read.loaded, load);
  if (!load.problems.empty()) load.file.reset();
  return load;
}

}  // namespace sendscope::ui
