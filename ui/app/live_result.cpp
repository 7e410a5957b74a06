#include "ui/app/live_result.h"

#include <iostream>

#include "ui/app/command_line.h"

namespace sendscope::ui {

int end_live_run(LiveRun& run, const std::string& reason) {
  run.producer().close();
  const Nanos elapsed = run.clock().now();
  const Result<void> finished = run.finish(reason);
  const LiveStatistics& statistics = run.statistics();
  std::cerr << statistics.summary(elapsed);
  std::cout << run.metrics() << std::flush;
  if (!finished) return fail(kExitFailed, finished.error().message);
  if (const std::string trace = run.trace_summary(); !trace.empty()) std::cerr << trace << '\n';
  if (statistics.failed() == 0 && statistics.stored() == statistics.sent()) return kExitDone;
  const std::string what = statistics.stored() == 0 ? "nothing was stored: " : "not everything was stored: ";
  for (const std::string& trouble : run.producer().troubles()) fail(kExitFailed, what + trouble);
  return kExitFailed;
}

int end_live_run(LiveRun& run, const std::string& reason, const std::string& transactions,
                 const std::optional<Error>& failure) {
  const int code = end_live_run(run, failure ? failure->message : reason);
  if (!transactions.empty()) std::cerr << transactions << '\n';
  return failure ? fail(kExitFailed, failure->message) : code;
}

}  // namespace sendscope::ui
