// `sendscope check PATH...`: runs scenarios and judges their expectations.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "core/base/output_path.h"
#include "core/base/whole_number.h"
#include "sim/run/results_text.h"
#include "sim/run/simulated_run.h"
#include "ui/terminal/command_line.h"

namespace sendscope::ui {
namespace {

namespace fs = std::filesystem;

struct SeedRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

// "7" or "1..200"
std::optional<SeedRange> parse_seeds(const std::string& text) {
  const std::size_t dots = text.find("..");
  const auto first = whole_number<std::uint64_t>(std::string_view(text).substr(0, dots));
  const auto last = dots == std::string::npos
                        ? first
                        : whole_number<std::uint64_t>(std::string_view(text).substr(dots + 2));
  if (!first || !last) return std::nullopt;
  constexpr std::uint64_t kMostSeeds = 1'000'000;
  if (*last < *first || *last - *first >= kMostSeeds) return std::nullopt;
  return SeedRange{*first, *last};
}

std::string check_seeds(const std::string& text) {
  return parse_seeds(text) ? "" : "'" + text + "' is no range of seeds; expected A..B, such as 1..200";
}

// A folder stands for the scenarios directly in it.
std::optional<std::vector<std::string>> find_scenarios(const std::vector<std::string>& paths) {
  std::vector<std::string> found;
  for (const std::string& given : paths) {
    const std::string path = run::find_shipped(given);
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      found.push_back(path);
      continue;
    }
    std::vector<std::string> here;
    for (const auto& entry : fs::directory_iterator(path, error)) {
      if (entry.path().extension() == ".json") here.push_back(entry.path().string());
    }
    if (here.empty()) {
      fail(kExitBadInput, path + ": no scenarios here; expected files that end in .json");
      return std::nullopt;
    }
    std::sort(here.begin(), here.end());
    found.insert(found.end(), here.begin(), here.end());
  }
  return found;
}

struct Totals {
  int held = 0;
  int broken = 0;
  int undecided = 0;
};

// With several seeds one line tells of an expectation that held for all of them, and a few lines of one that
// did not.
void print_check(const std::vector<run::CheckedRun>& runs, std::size_t begin, std::size_t check,
                 Totals& totals) {
  constexpr int kMostLines = 3;
  const bool several = runs.size() - begin > 1;
  int others = 0;
  for (std::size_t i = begin; i < runs.size(); ++i) {
    const run::ExpectationResult& result = runs[i].results[check];
    if (result.outcome == CheckOutcome::kHeld) {
      ++totals.held;
      continue;
    }
    ++(result.outcome == CheckOutcome::kBroken ? totals.broken : totals.undecided);
    if (++others > kMostLines) continue;
    std::cout << "  " << run::result_line(result);
    if (several) std::cout << " [--seed " << runs[i].seed << "]";
    std::cout << '\n';
  }
  if (others == 0) std::cout << "  " << run::result_line(runs[begin].results[check]) << '\n';
  if (others > kMostLines) std::cout << "             ... and for " << others - kMostLines << " more seeds\n";
}

std::optional<int> write_junit(const std::string& path, const std::vector<run::CheckedRun>& runs) {
  const OutputPath output(path, ".unfinished");
  const auto failed = [&] {
    const std::string reason =
        output.is_directory() ? "this is a directory; name a file" : std::strerror(errno);
    output.discard();
    return fail(kExitFailed, "cannot write " + path + ": " + reason);
  };
  if (output.is_directory()) return failed();
  std::ofstream out(output.staging_path(), std::ios::binary | std::ios::trunc);
  out << run::junit_xml(runs);
  out.close();
  if (!out || !output.publish()) return failed();
  return std::nullopt;
}

// Runs one scenario for every seed; an exit code when that could not be done.
std::optional<int> check_scenario(const run::ScenarioFile& file, std::optional<SeedRange> seeds,
                                  std::vector<run::CheckedRun>& runs) {
  const SeedRange range = seeds.value_or(SeedRange{file.scenario.seed, file.scenario.seed});
  run::Recipe recipe = run::recipe_of(file.scenario);
  for (std::uint64_t seed = range.first;; ++seed) {
    recipe.seed = seed;
    auto run = run::SimulatedRun::create(recipe);
    if (!run) return fail({run.error().code, file.path + ": " + run.error().message});
    (*run)->finish();
    runs.push_back({file.path, seed, (*run)->results()});
    if (seed == range.last) return std::nullopt;
  }
}

// Whether the scenario's own run answers all questions of its lesson; tells what it does not answer.
bool check_questions(const run::ScenarioFile& file) {
  std::vector<run::LessonStep> steps = file.lesson;
  if (std::none_of(steps.begin(), steps.end(), [](const auto& step) { return step.question.has_value(); }))
    return true;
  run::LessonWatch watch(steps);
  run::SimulatedRunOptions options;
  options.watches = {&watch};
  auto run = run::SimulatedRun::create(run::recipe_of(file.scenario), options);
  if (!run) return true;  // it was told already
  (*run)->finish();
  const std::string fault = run::question_fault(steps);
  if (!fault.empty()) std::cout << "  the lesson's question " << fault << '\n';
  return fault.empty();
}

struct CheckArguments {
  std::vector<std::string> paths;
  std::string seeds;
  std::string junit;
  std::string profile;
};

std::optional<int> read_arguments(Arguments words, CheckArguments& out) {
  CommandLine line("check", "Runs scenarios and tells which of their expectations hold.");
  line.required("paths", out.paths, "scenario files, or folders of them");
  line.option("--seeds", out.seeds, "run with each of these seeds, such as 1..200", check_seeds);
  line.option("--junit", out.junit, "write the results to this file as JUnit XML");
  line.option("--profile", out.profile, "another generation of Kafka's client than the scenarios'",
              check_profile);
  return line.parse(words);
}

}  // namespace

int run_check_command(Arguments words) {
  CheckArguments arguments;
  if (const auto code = read_arguments(words, arguments)) return *code;
  const auto paths = find_scenarios(arguments.paths);
  if (!paths) return kExitBadInput;
  std::vector<run::ScenarioFile> files;
  bool readable = true;
  for (const std::string& path : *paths) {
    auto file = open_scenario_or_tell(path);
    readable = readable && file.has_value();
    if (file && !arguments.profile.empty()) file->scenario.profile = arguments.profile;
    if (file) files.push_back(std::move(*file));
  }
  if (!readable) return kExitBadInput;
  const auto seeds = arguments.seeds.empty() ? std::nullopt : parse_seeds(arguments.seeds);
  std::vector<run::CheckedRun> runs;
  Totals totals;
  for (const run::ScenarioFile& file : files) {
    const std::size_t begin = runs.size();
    if (const auto code = check_scenario(file, seeds, runs)) return *code;
    std::cout << file.path << ": " << file.scenario.title << '\n';
    for (std::size_t check = 0; check < runs[begin].results.size(); ++check) {
      print_check(runs, begin, check, totals);
    }
    if (arguments.profile.empty() && !check_questions(file)) ++totals.broken;
  }
  std::cout << files.size() << " scenarios, " << runs.size() << " runs: " << totals.held << " held, "
            << totals.broken << " broken, " << totals.undecided << " undecided\n";
  if (!arguments.junit.empty()) {
    if (const auto code = write_junit(arguments.junit, runs)) return *code;
  }
  return totals.broken == 0 && totals.undecided == 0 ? kExitDone : kExitFailed;
}

}  // namespace sendscope::ui
