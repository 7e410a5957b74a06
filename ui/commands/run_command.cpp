// `sendscope run SCENARIO`: runs a scenario without a picture and prints what happens.
#include <iostream>

#include "core/event/event_log.h"
#include "core/event/narration.h"
#include "sim/run/results_text.h"
#include "sim/run/simulated_run.h"
#include "ui/terminal/command_line.h"
#include "ui/terminal/event_printer.h"

namespace sendscope::ui {
namespace {

struct RunArguments {
  std::string scenario;
  std::optional<std::uint64_t> seed;
  std::string until;
  std::string trace;
  std::string format = "text";
  std::string profile;
  bool metrics = false;
};

std::optional<int> read_arguments(Arguments words, RunArguments& out) {
  CommandLine line("run", "Runs a scenario and prints its events.");
  line.required("scenario", out.scenario, "the scenario file");
  line.option("--seed", out.seed, "another seed than the scenario's");
  line.option("--until", out.until, "where to end, such as 250ms", check_duration);
  line.option("--trace", out.trace, "write the events to this file");
  line.choice("--format", out.format, {"text", "jsonl", "quiet"}, "text, jsonl or quiet");
  line.option("--profile", out.profile, "another generation of Kafka's client than the scenario's",
              check_profile);
  line.flag("--metrics", out.metrics, "print the metrics of the producers at the end");
  return line.parse(words);
}

// What a person wants to know after a run that told nothing else.
// Returns whether nothing is broken.
bool print_results(run::SimulatedRun& run, EventFormat format, bool metrics) {
  std::ostream& out = format == EventFormat::kJsonLines ? std::cerr : std::cout;
  if (metrics) out << (format == EventFormat::kPlain ? "\n" : "") << format_table(run.simulation().metrics());
  const std::vector<run::ExpectationResult> results = run.results();
  if (format == EventFormat::kPlain && !results.empty()) out << '\n';
  bool whole = true;
  for (const run::ExpectationResult& result : results) {
    out << run::result_line(result) << '\n';
    whole = whole && result.outcome != CheckOutcome::kBroken;
  }
  return whole;
}

}  // namespace

int run_run_command(Arguments words) {
  RunArguments arguments;
  if (const auto code = read_arguments(words, arguments)) return *code;
  auto file = open_scenario_or_tell(arguments.scenario);
  if (!file) return kExitBadInput;
  if (!arguments.profile.empty()) file->scenario.profile = arguments.profile;
  run::SimulatedRunOptions options;
  if (!arguments.until.empty()) options.until = duration_of(arguments.until);
  options.trace_file = arguments.trace;
  const run::Recipe recipe = run::recipe_of(file->scenario, arguments.seed);
  auto created = run::SimulatedRun::create(recipe, options);
  if (!created) return fail(created.error());
  run::SimulatedRun& run = **created;
  const EventFormat format = *find_event_format(arguments.format);
  EventPrinter printer(format, std::cout);
  do {
    printer.print(run.log());
    if (!std::cout) return kExitFailed;
  } while (run.step());
  printer.print(run.log());
  const bool whole = print_results(run, format, arguments.metrics);
  if (run.trace_error()) return fail(kExitFailed, run.trace_error()->message);
  return whole ? kExitDone : kExitFailed;
}

}  // namespace sendscope::ui
