// SIGINT and SIGTERM as something that a command looks at, so that it can end in good order.
//
// Thread-safety: any thread.
#pragma once

namespace sendscope::ui {

// From now on the first SIGINT or SIGTERM is only remembered. The process still ends a few seconds after it,
// whatever it is busy with; the next one ends it at once. A closed standard stream is an error of the write
// instead of the process's end.
void hold_interrupts();

bool interrupts_held();

// The signal that came; 0: none has.
int interrupt();
// What a process that a signal has ended exits with, as shells see it. REQUIRES: interrupt() != 0
int interrupted_exit_code();

}  // namespace sendscope::ui
