// `sendscope replay TRACE`: prints a recorded run as `run` prints a new one.
#include <iostream>

#include "core/event/trace_file.h"
#include "ui/terminal/command_line.h"
#include "ui/terminal/event_printer.h"

namespace sendscope::ui {

int run_replay_command(Arguments words) {
  std::string path;
  std::string format = "text";
  CommandLine line("replay", "Prints the events of a recorded run.");
  line.required("trace", path, "the trace file");
  line.choice("--format", format, {"text", "jsonl", "quiet"}, "text, jsonl or quiet");
  if (const auto code = line.parse(words)) return *code;
  const auto trace = read_trace(path);
  if (!trace) return fail(kExitBadInput, trace.error().message);
  EventPrinter(*find_event_format(format), std::cout).print((*trace)->log);
  if (!(*trace)->later.empty()) std::cerr << "warning: " << path << ": " << (*trace)->later << '\n';
  if ((*trace)->damage.empty()) return kExitDone;
  return fail(kExitBadInput, path + ": " + (*trace)->damage);
}

}  // namespace sendscope::ui
