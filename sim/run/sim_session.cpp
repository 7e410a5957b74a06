#include "sim/run/sim_session.h"

namespace sendscope::run {

SimSession::SimSession(const ScenarioFile& file, std::uint64_t seed) : lesson_(file.lesson) {
  const sim::Scenario& scenario = file.scenario;
  info_.kind = SessionKind::kSimulated;
  info_.title = scenario.title;
  info_.summary = scenario.summary;
  info_.source = file.path;
  info_.profile = scenario.profile;
  info_.seed = seed;
  info_.producers = sim::producer_names(scenario);
}

SimSession::~SimSession() = default;

Result<std::unique_ptr<SimSession>> SimSession::create(const ScenarioFile& file,
                                                       std::optional<std::uint64_t> seed) {
  Recipe recipe = recipe_of(file.scenario, seed);
  std::unique_ptr<SimSession> session(new SimSession(file, recipe.seed));
  auto started = session->start(std::move(recipe));
  if (!started) return started.error();
  return session;
}

Result<void> SimSession::start(Recipe recipe) {
  auto current = std::make_unique<Current>();
  current->lesson = lesson_;
  SimulatedRunOptions options;
  options.keep_history = true;
  options.watches = {&current->watch};
  auto run = SimulatedRun::create(recipe, options);
  if (!run) return run.error();
  current->run = std::move(*run);
  current_ = std::move(current);
  recipe_ = std::move(recipe);
  return {};
}

bool SimSession::advance(const TimeLeft& time_left) {
  constexpr int kStepsAtOnce = 64;
  SimulatedRun& run = *current_->run;
  if (run.finished()) return false;
  const std::size_t before = run.log().size();
  do {
    for (int i = 0; i < kStepsAtOnce && run.step(); ++i) {
    }
  } while (!run.finished() && time_left());
  return run.log().size() > before;
}

void SimSession::run_until(Nanos time) {
  if (time == kForever) {
    current_->run->finish();
  } else {
    current_->run->run_until(time);
  }
}

Result<void> SimSession::submit(const sim::Command& command) {
  Recipe recipe = recipe_;
  std::erase_if(recipe.commands, [&](const sim::Command& given) { return given.at > command.at; });
  recipe.commands.push_back(command);
  auto started = start(std::move(recipe));
  if (started) ++generation_;
  return started;
}

}  // namespace sendscope::run
