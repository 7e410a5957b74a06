// `sendscope state SCENARIO|TRACE`: the folded model at one moment.
#include <iostream>

#include "core/event/event_log.h"
#include "core/event/narration.h"
#include "core/event/trace_file.h"
#include "core/model/history.h"
#include "core/model/state_json.h"
#include "sim/run/simulated_run.h"
#include "ui/terminal/command_line.h"

namespace sendscope::ui {
namespace {

struct StateArguments {
  std::string path;
  std::string at;
  std::optional<std::uint64_t> event;
  bool json = false;
};

std::optional<int> read_arguments(Arguments words, StateArguments& out) {
  CommandLine line("state", "Prints the state of a run at one moment.");
  line.required("path", out.path, "a scenario or a trace");
  line.option("--at", out.at, "at this time, such as 250ms, all events then included", check_duration);
  line.option("--event", out.event, "after this many events");
  line.exactly_one_of("--at", "--event");
  line.flag("--json", out.json, "as JSON");
  return line.parse(words);
}

// How many events have happened at the moment asked for; nothing, and it is told, when it lies behind the
// end.
std::optional<std::size_t> events_at(const EventLog& log, const StateArguments& arguments) {
  if (!arguments.event) return log.count_until(duration_of(arguments.at));
  if (*arguments.event <= log.size()) return static_cast<std::size_t>(*arguments.event);
  fail(kExitBadInput, "--event: the run has " + std::to_string(log.size()) + " events");
  return std::nullopt;
}

int print_state(PipelineModel model, const EventLog& log, const StateArguments& arguments) {
  // The moment asked for, not that of the last thing that happened.
  if (!arguments.event && !model.run.ended) model.time = duration_of(arguments.at);
  std::cout << (arguments.json ? state_json(model, log.strings()) : state_text(model, log.strings()));
  return kExitDone;
}

int state_of_trace(const std::string& path, const StateArguments& arguments) {
  auto trace = read_trace(path);
  if (!trace) return fail(kExitBadInput, trace.error().message);
  if (!(*trace)->later.empty()) std::cerr << "warning: " << path << ": " << (*trace)->later << '\n';
  if (!(*trace)->damage.empty()) std::cerr << "warning: " << path << ": " << (*trace)->damage << '\n';
  const EventLog& log = (*trace)->log;
  const auto events = events_at(log, arguments);
  return events ? print_state(model_after(log, *events), log, arguments) : kExitBadInput;
}

int state_of_scenario(const StateArguments& arguments) {
  const auto file = open_scenario_or_tell(arguments.path);
  if (!file) return kExitBadInput;
  auto run = run::SimulatedRun::create(run::recipe_of(file->scenario));
  if (!run) return fail(run.error());
  if (arguments.event) {
    while ((*run)->log().size() < *arguments.event && (*run)->step()) {
    }
  } else {
    (*run)->run_until(duration_of(arguments.at));
  }
  const auto events = events_at((*run)->log(), arguments);
  return events ? print_state((*run)->history().model_at(*events), (*run)->log(), arguments) : kExitBadInput;
}

}  // namespace

int run_state_command(Arguments words) {
  StateArguments arguments;
  if (const auto code = read_arguments(words, arguments)) return *code;
  const std::string path = run::find_shipped(arguments.path);
  return is_trace_file(path) ? state_of_trace(path, arguments) : state_of_scenario(arguments);
}

}  // namespace sendscope::ui
