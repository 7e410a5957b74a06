// How `produce` and `live` end.
#pragma once

#include "ui/app/live_run.h"

namespace sendscope::ui {

// Closes the producer when that has not been done, finishes the trace, prints the summary to the standard
// error stream and returns the exit code: 0 when every record is stored.
int end_live_run(LiveRun& run, const std::string& reason);
// The same with what became of the transactions (empty: there were none), and what a transactional call
// failed with.
int end_live_run(LiveRun& run, const std::string& reason, const std::string& transactions,
                 const std::optional<Error>& failure);

}  // namespace sendscope::ui
