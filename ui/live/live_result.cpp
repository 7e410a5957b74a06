#include "ui/live/live_result.h"

#include <iostream>

#include "ui/terminal/command_line.h"
#include "ui/terminal/interrupt.h"

namespace sendscope::ui {

namespace {

// What a run without a signal is to be judged by.
int verdict(LiveRun& run) {
  const LiveStatistics& statistics = run.statistics();
  if (statistics.failed() == 0 && statistics.stored() == statistics.sent()) return kExitDone;
  const std::string what = statistics.stored() == 0 ? "nothing was stored: " : "not everything was stored: ";
  for (const std::string& trouble : run.producer().troubles()) fail(kExitFailed, what + trouble);
  return kExitFailed;
}

}  // namespace

int end_live_run(LiveRun& run, const std::string& reason, const std::string& transactions,
                 const std::optional<Error>& failure) {
  run.producer().close();
  const Nanos elapsed = run.clock().now();
  const Result<void> finished = run.finish(failure ? failure->message : reason);
  std::cerr << run.statistics().summary(elapsed);
  if (const std::string trace = run.trace_summary(); finished && !trace.empty()) std::cerr << trace << '\n';
  if (!transactions.empty()) std::cerr << transactions << '\n';
  std::cout << run.metrics() << std::flush;
  int code = verdict(run);
  if (!finished) code = fail(kExitFailed, finished.error().message);
  if (failure) code = fail(kExitFailed, failure->message);
  return interrupt() != 0 ? interrupted_exit_code() : code;
}

int end_load(LiveRun& run, const LoadGenerator& load, const std::string& reason) {
  const bool hopeless = load.hopeless() && !run.statistics().gives_up();
  const int code =
      end_live_run(run, hopeless ? "a first record failed" : reason, load.transactions(), load.failure());
  if (hopeless) tell("the load was stopped: a first record failed, and all records are alike");
  return code;
}

}  // namespace sendscope::ui
