#include "sim/run/sim_session.h"

#include <algorithm>

#include "core/base/check.h"
#include "sim/run/saved_scenario.h"
#include "sim/run/texts.h"
#include "sim/simulation_check.h"

namespace sendscope::run {
namespace {

// Drops the orders that the scenario has no place for, whatever happens in the run.
void note_contradictions(sim::Scenario scenario, std::vector<Order>& orders) {
  for (Order& order : orders) {
    order.dropped = *order.fault.at > scenario.until ? say(Refusal::run_over) : "";
    scenario.faults.push_back(order.fault);
    if (const auto checked = sim::check_scenario(scenario); !checked) order.dropped = checked.error().message;
    if (!order.dropped.empty()) scenario.faults.pop_back();
  }
}

// What is wrong, without the place in a file that nobody has written.
std::string words_of(const sim::Problem& problem) {
  if (!problem.message.empty() && !problem.message.starts_with("found ")) return problem.message;
  if (!problem.message.empty()) return problem.path + ": " + problem.message;
  return problem.path + ": found " + problem.found + "; expected " + problem.expected;
}

// The scenario with the settings changed. Errors: it makes no sense so, in the words of whoever says so.
Result<ScenarioFile> edited(const ScenarioFile& file, const std::vector<Edit>& edits) {
  ScenarioFile out = file;
  for (const Edit& edit : edits) {
    auto text = sim::with_value(out.text, edit.path, sim::json_of_typed(edit.value));
    if (!text) return text.error();
    out.text = std::move(*text);
  }
  if (edits.empty()) return out;
  sim::ScenarioLoad load = sim::load_scenario_text(out.text, file.path);
  if (!load.loaded) return Error(ErrorCode::kInvalidInput, words_of(load.problems.front()));
  out.scenario = std::move(load.loaded->scenario);
  return out;
}

// Whether any order is dropped that was not before.
bool note_refusals(const std::vector<std::string>& refusals, std::vector<Order>& orders) {
  bool any = false;
  auto refusal = refusals.begin();
  for (Order& order : orders) {
    if (!order.dropped.empty()) continue;  // it was not tried
    order.dropped = *refusal++;
    any = any || !order.dropped.empty();
  }
  return any;
}

constexpr int kStepsAtOnce = 64;

// Whether everything up to and including that time has happened, and been told.
bool is_beyond(SimulatedRun& run, Nanos time) {
  return run.finished() || (run.simulation().next_time() > time && run.log().end_time() >= time);
}

bool earlier(const sim::FaultSpec& order, const Order& placed) { return *order.at < *placed.fault.at; }

}  // namespace

SimSession::SimSession(const ScenarioFile& file, std::uint64_t seed)
    : file_(file), settings_(sim::settings_of(file.text)), seed_(seed) {
  info_.kind = SessionKind::kSimulated;
  info_.source = file.path;
  info_.files = {file.path};
  if (!file.lesson.empty()) info_.files.push_back(lesson_path(file));
  info_.seed = seed;
  describe(file.scenario);
}

void SimSession::describe(const sim::Scenario& scenario) {
  info_.title = scenario.title;
  info_.summary = scenario.summary;
  info_.profile = scenario.profile;
  info_.producers = sim::producer_names(scenario);
}

SimSession::~SimSession() = default;

Result<std::unique_ptr<SimSession>> SimSession::create(const ScenarioFile& file,
                                                       std::optional<std::uint64_t> seed) {
  std::unique_ptr<SimSession> session(new SimSession(file, seed.value_or(file.scenario.seed)));
  auto current = session->begin(file, {});
  if (!current) return current.error();
  session->current_ = std::move(*current);
  return session;
}

Recipe SimSession::recipe(const ScenarioFile& file, const HandWork& work) const {
  Recipe recipe = recipe_of(file.scenario, seed_);
  for (const Order& order : work.orders) {
    if (order.dropped.empty()) recipe.orders.push_back(order.fault);
  }
  return recipe;
}

Result<std::unique_ptr<SimSession::Current>> SimSession::begin(const ScenarioFile& file,
                                                               HandWork work) const {
  auto current = std::make_unique<Current>();
  const Recipe recipe = this->recipe(file, work);
  current->work = std::move(work);
  current->lesson = file.lesson;
  current->file = file;
  SimulatedRunOptions options;
  options.keep_history = true;
  options.watches = {&current->watch};
  auto run = SimulatedRun::create(recipe, options);
  if (!run) return run.error();
  current->run = std::move(*run);
  return current;
}

Result<void> SimSession::begin_next(HandWork work, Nanos shown, std::optional<std::size_t> asked) {
  const auto file = edited(file_, work.edits);
  if (!file) return file.error();
  note_contradictions(file->scenario, work.orders);
  if (asked && !work.orders[*asked].dropped.empty())
    return Error(ErrorCode::kInvalidInput, say(Refusal::nothing_changed, work.orders[*asked].dropped));
  const Nanos last = work.orders.empty() ? 0 : *work.orders.back().fault.at;
  auto run = begin(*file, std::move(work));
  if (!run) return run.error();
  refusal_.reset();
  next_ = Next{std::move(*run), std::max(shown, last), asked};
  return {};
}

// An order that is dropped is no part of the run, not even as something that is still to come: the run begins
// again without it.
void SimSession::judge_next() {
  HandWork work = next_->run->work;
  if (!note_refusals(next_->run->run->refusals(), work.orders)) {
    adopt(std::move(next_->run));
    next_.reset();
    return;
  }
  if (next_->asked && !work.orders[*next_->asked].dropped.empty()) {
    refusal_ =
        Error(ErrorCode::kInvalidInput, say(Refusal::nothing_changed, work.orders[*next_->asked].dropped));
    next_.reset();
    return;
  }
  auto again = begin(next_->run->file, std::move(work));
  SENDSCOPE_CHECK(again.ok());  // it was possible with more orders
  next_->run = std::move(*again);
}

// Whether anything is to be shown.
bool SimSession::advance_next(const TimeLeft& time_left) {
  const std::uint64_t before = generation_;
  do {
    SimulatedRun& run = *next_->run->run;
    for (int i = 0; i < kStepsAtOnce && !is_beyond(run, next_->goal); ++i) run.step();
    if (is_beyond(run, next_->goal)) judge_next();
  } while (next_ && time_left());
  return generation_ != before;
}

bool SimSession::look_ahead(std::size_t events, const TimeLeft& time_left) {
  if (!current_->ahead) current_->ahead = std::make_unique<LookAhead>(recipe(current_->file, current_->work));
  return current_->ahead->go_to(events, time_left);
}

std::span<const Choice> SimSession::choices() const {
  return current_->ahead ? current_->ahead->choices() : std::span<const Choice>{};
}

std::optional<Nanos> SimSession::renewed_to() const {
  return next_ ? std::optional(next_->run->run->now()) : std::nullopt;
}

void SimSession::adopt(std::unique_ptr<Current> current) {
  current_ = std::move(current);
  describe(current_->file.scenario);
  ++generation_;
}

bool SimSession::advance(const TimeLeft& time_left) {
  if (next_) return advance_next(time_left);
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

Result<void> SimSession::submit(const sim::FaultSpec& order, Nanos shown) {
  HandWork work = current_->work;
  const auto place = std::upper_bound(work.orders.begin(), work.orders.end(), order, earlier);
  const auto index = static_cast<std::size_t>(place - work.orders.begin());
  work.orders.insert(place, {order, ""});
  return begin_next(std::move(work), shown, index);
}

Result<std::string> SimSession::save() const { return save_scenario(current_->file, seed_, current_->work); }

Result<void> SimSession::change(HandWork work, Nanos shown) {
  std::stable_sort(work.orders.begin(), work.orders.end(),
                   [](const Order& a, const Order& b) { return *a.fault.at < *b.fault.at; });
  return begin_next(std::move(work), shown, {});
}

}  // namespace sendscope::run
