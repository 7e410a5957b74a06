#include <exception>
#include <iostream>

#include "core/base/nearest.h"
#include "ui/commands/lesson_player.h"
#include "ui/terminal/command_line.h"
#include "ui/terminal/screen.h"

namespace sendscope::ui {
namespace {

constexpr const char* kFirstLesson = "scenarios/first-send.json";

constexpr CommandRow kCommands[] = {
    {"gui", "SCENARIO|TRACE [--seed N]", "shows a run in a window", run_gui_command},
    {"run", "SCENARIO [--seed N] [--until DUR] [--trace FILE] [--format text|jsonl|quiet]",
     "runs a scenario and prints its events", run_run_command},
    {"check", "PATH... [--seeds A..B] [--junit FILE]", "tells which expectations of scenarios hold",
     run_check_command},
    {"state", "SCENARIO|TRACE (--at DUR | --event N) [--json]", "prints the state of a run at one moment",
     run_state_command},
    {"replay", "TRACE [--format text|jsonl|quiet]", "prints the events of a recorded run",
     run_replay_command},
    {"live",
     "--bootstrap HOST:PORT --topic T [--rate N] [--size B] [--keys N] [--threads N] [--count N] [--for DUR]",
     "sends generated records to real brokers", run_live_command},
    {"produce", "--bootstrap HOST:PORT --topic T [-K DELIMITER] [-p PARTITION] [-H NAME=VALUE] < LINES",
     "sends lines to real brokers", run_produce_command},
    {"render",
     "SCENARIO|TRACE --at DUR -o FILE [--size WxH] [--theme dark|light] [--scale PERCENT] [--select THING]",
     "draws one frame without a display", run_render_command},
    {"conform", "PATH...", "replays transcripts of Kafka's own producer and prints the score",
     run_conform_command},
    {"help", "[expressions|events|config|deviations|schema|texts|COMMAND]",
     "explains a command, or prints a reference", run_help_command},
};

int show_first_lesson() {
  auto session = run::open_session(kFirstLesson);
  return session ? show_session(std::move(*session)) : fail(session.error());
}

int play_first_lesson() {
  std::cout << "There is no display, so here is the first lesson as text.\n"
               "For a picture: sendscope render scenarios/first-send.json --at 20ms -o first-send.png\n\n";
  const auto file = open_scenario_or_tell(kFirstLesson);
  if (!file) return kExitBadInput;
  const auto played = play_lesson(*file, std::cout);
  if (!played) return fail(played.error());
  std::cout << "\nMore lessons are in the folder scenarios; sendscope help lists what the program can do.\n";
  return kExitDone;
}

int run_named(const std::string& name, Arguments arguments) {
  std::vector<std::string_view> names;
  for (const CommandRow& row : kCommands) {
    if (name == row.name) return row.run(arguments);
    names.push_back(row.name);
  }
  const std::string_view near = nearest_word(name, names);
  return fail(kExitBadInput, "there is no command '" + name + "'" +
                                 (near.empty() ? "" : "; did you mean '" + std::string(near) + "'?") +
                                 " (sendscope help lists them)");
}

int run_words(Arguments words) {
  if (words.empty()) return display_available() ? show_first_lesson() : play_first_lesson();
  const std::string& name = words.front();
  if (name == "--help" || name == "-h") return run_help_command({});
  return run_named(name, words.subspan(1));
}

}  // namespace

std::span<const CommandRow> command_rows() { return kCommands; }

int run_program(Arguments arguments) {
  try {
    const int code = run_words(arguments);
    std::cout.flush();
    if (std::cout) return code;
    // A closed pipe or a full disk: what was printed is not whole.
    fail(kExitFailed, "standard output cannot be written");
    return code != kExitDone ? code : kExitFailed;
  } catch (const std::exception& error) {
    return fail(kExitFailed, error.what());
  }
}

}  // namespace sendscope::ui
