// The program's subcommands. Each takes the words after its name, prints to the standard streams and returns
// the exit code: 0 done, 1 the work failed or a check did not hold, 2 the input was wrong, 130 or 143 ended
// by SIGINT or SIGTERM. run_program() turns an exception that leaves one into exit code 1, and looks once
// whether what was printed arrived. `sendscope help` prints which words each takes.
#pragma once

#include <span>
#include <string>

namespace sendscope::ui {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitBadInput = 2;

using Arguments = std::span<const std::string>;

int run_run_command(Arguments arguments);
int run_check_command(Arguments arguments);
int run_state_command(Arguments arguments);
int run_replay_command(Arguments arguments);
int run_conform_command(Arguments arguments);
int run_help_command(Arguments arguments);
int run_live_command(Arguments arguments);
int run_produce_command(Arguments arguments);
int run_gui_command(Arguments arguments);
int run_render_command(Arguments arguments);

// The whole program: finds the command by its name. No words at all: the first lesson, in a window when there
// is a display and as text when there is none. Exceptions do not leave it.
int run_program(Arguments arguments);

// One line a command, for `help`.
struct CommandRow {
  const char* name;
  const char* usage;
  const char* purpose;
  int (*run)(Arguments arguments);
};
std::span<const CommandRow> command_rows();

}  // namespace sendscope::ui
