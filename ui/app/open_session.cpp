#include "ui/app/command_line.h"
#include "ui/app/replay_session.h"
#include "ui/app/sim_session.h"

namespace sendscope::ui {

Result<std::unique_ptr<Session>> open_session(const std::string& path, const std::uint64_t* seed) {
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
  auto session = SimSession::create(std::move(*load.file), seed);
  if (!session) return session.error();
  return std::unique_ptr<Session>(std::move(*session));
}

}  // namespace sendscope::ui
