#include "core/event/trace_file.h"
#include "sim/run/replay_session.h"
#include "sim/run/sim_session.h"

namespace sendscope::run {

Result<std::unique_ptr<Session>> open_session(const std::string& path, std::optional<std::uint64_t> seed) {
  if (is_trace_file(path)) {
    auto trace = ReplaySession::open(path);
    if (!trace) return trace.error();
    return std::unique_ptr<Session>(std::move(*trace));
  }
  ScenarioFileLoad load = open_scenario(path);
  if (!load.file) {
    std::string problems = sim::to_string(load.problems);
    problems.pop_back();  // the end of the last line
    return Error(ErrorCode::kInvalidInput, std::move(problems));
  }
  auto session = SimSession::create(*load.file, seed);
  if (!session) return session.error();
  return std::unique_ptr<Session>(std::move(*session));
}

}  // namespace sendscope::run
