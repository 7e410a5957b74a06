// `sendscope replay TRACE`: prints a recorded run as `run` prints a new one.
#include <iostream>

#include "core/event/trace_file.h"
#include "ui/app/arguments.h"
#include "ui/app/event_printer.h"

namespace sendscope::ui {

int run_replay_command(Arguments words) {
  std::string path;
  std::string format = "text";
  CLI::App app("Prints the events of a recorded run.", "replay");
  app.add_option("trace", path, "the trace file")->required();
  app.add_option("--format", format, "text, jsonl or quiet")
      ->check(CLI::IsMember({"text", "jsonl", "quiet"}));
  if (const auto code = parse_arguments(app, words)) return *code;
  const auto trace = read_trace(path);
  if (!trace) return fail(kExitBadInput, trace.error().message);
  EventPrinter(*find_event_format(format), std::cout).print((*trace)->log);
  if (output_failed()) return fail(kExitFailed, "standard output cannot be written");
  if ((*trace)->damage.empty()) return kExitDone;
  return fail(kExitBadInput, path + ": " + (*trace)->damage + "; the events before that are whole");
}

}  // namespace sendscope::ui
