#include "sim/run/replay_session.h"

#include <algorithm>

namespace sendscope::run {

ReplaySession::ReplaySession(std::unique_ptr<Trace> trace, const std::string& path)
    : trace_(std::move(trace)), history_(trace_->log) {
  info_.kind = SessionKind::kTrace;
  info_.source = path;
  info_.title = path.substr(path.find_last_of('/') + 1);
  info_.warning = trace_->damage.empty() ? trace_->later : trace_->damage;
  const EventLog& log = trace_->log;
  // The run says who it is with its first events.
  for (std::size_t i = 0; i < std::min<std::size_t>(log.size(), 64); ++i) {
    if (log[i].kind != EventKind::run_started) continue;
    const bool live = log[i].place == 1;
    if (!live) info_.seed = log[i].subject;
    info_.profile = log.strings().view(log[i].b);
    const std::string_view title = log.strings().view(log[i].a);
    if (!title.empty()) info_.title = title;
    break;
  }
}

Result<std::unique_ptr<ReplaySession>> ReplaySession::open(const std::string& path) {
  auto trace = read_trace(path);
  if (!trace) return trace.error();
  return std::unique_ptr<ReplaySession>(new ReplaySession(std::move(*trace), path));
}

}  // namespace sendscope::run
