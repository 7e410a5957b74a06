#include "core/event/trace_file.h"
#include "sim/run/replay_session.h"
#include "sim/run/sim_session.h"

namespace sendscope::run {
namespace {

Error cannot_be_changed() {
  return {ErrorCode::kInvalidInput, "what happened in this run cannot be changed"};
}

}  // namespace

const HandWork& Session::by_hand() const {
  static const HandWork nothing;
  return nothing;
}

Result<void> Session::submit(const sim::FaultSpec&, Nanos) { return cannot_be_changed(); }
Result<void> Session::change(HandWork, Nanos) { return cannot_be_changed(); }
Result<sim::FaultSpec> Session::change_of(const sim::Setting&, const std::string&, Nanos) const {
  return cannot_be_changed();
}
Result<std::string> Session::save() const {
  return Error(ErrorCode::kInvalidInput, "this run has no scenario that could be saved");
}

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

Result<std::unique_ptr<Session>> read_again(const Session& session, Nanos shown) {
  auto fresh = open_session(session.info().source, session.info().seed);
  if (!fresh) return fresh;
  if (const HandWork& work = session.by_hand(); !work.orders.empty() || !work.edits.empty()) {
    const auto changed = (*fresh)->change(work, shown);
    if (!changed) return changed.error();
  }
  const auto is_short = [&] { return !(*fresh)->finished() && (*fresh)->log().end_time() < shown; };
  while ((*fresh)->renewed_to() || is_short()) (*fresh)->advance(as_long_as_it_takes);
  return fresh;
}

}  // namespace sendscope::run
