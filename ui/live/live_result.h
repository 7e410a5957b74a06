// How `produce` and `live` end.
#pragma once

#include "ui/live/load_generator.h"

namespace sendscope::ui {

// Closes the producer when that has not been done, finishes the trace, prints the summary to the standard
// error stream, with what became of the transactions (empty: there were none), and returns the exit code: 0
// when every record is stored, 130 or 143 after a signal. `failure`: what a transactional call failed with.
int end_live_run(LiveRun& run, const std::string& reason, const std::string& transactions,
                 const std::optional<Error>& failure);
// The same with what the load says. REQUIRES: load.done()
int end_load(LiveRun& run, const LoadGenerator& load, const std::string& reason);

}  // namespace sendscope::ui
