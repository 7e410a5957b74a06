#include "sim/run/simulated_run.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/event/event_log.h"
#include "core/event/trace_file.h"
#include "core/model/queries.h"
#include "sim/run/fault_target.h"
#include "sim/run/fault_trigger.h"

namespace sendscope::run {
namespace {

std::string trace_metadata(const Recipe& recipe, Nanos until) {
  nlohmann::ordered_json metadata;
  metadata["kind"] = "simulated";
  metadata["title"] = recipe.scenario.title;
  metadata["summary"] = recipe.scenario.summary;
  metadata["profile"] = recipe.scenario.profile;
  metadata["seed"] = recipe.seed;
  metadata["until_ns"] = until;
  return metadata.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// What is told at one instant about all that a scenario has, above all before anything happens, has room in
// it.
std::size_t sink_capacity(const sim::Scenario& scenario) {
  constexpr std::size_t kOthers = 1 << 16, kOfProducer = 64, kOfThread = 4, kOfPartition = 8;
  return kOthers + kOfProducer * scenario.producers.size() + kOfThread * sim::thread_count(scenario) +
         kOfPartition * sim::partition_count(scenario);
}

HistoryLimits limits_of(const SimulatedRunOptions& options) {
  return options.keep_history ? HistoryLimits{} : HistoryLimits::newest_only();
}

}  // namespace

struct SimulatedRun::Parts {
  Parts(std::size_t capacity, HistoryLimits limits) : sink(capacity), history(log, limits) {}

  EventSink sink;
  std::unique_ptr<sim::Simulation> simulation;
  EventLog log;
  History history;
  std::vector<std::unique_ptr<ExpectationWatch>> expectations;
  std::vector<std::unique_ptr<FaultTrigger>> triggers;
  std::vector<Watch*> watches;  // that are still shown events, in order
  Nanos next_deadline = kForever;
  std::unique_ptr<TraceWriter> trace;
  std::optional<Error> trace_error;
  bool cut_short = false;  // it ends before the scenario would
  bool finished = false;
  std::vector<std::string> refusals;  // by order

  void add_watches(const sim::Scenario& scenario, const std::vector<Watch*>& more);
  bool begins(std::size_t fault, std::size_t planned);

  template <typename Act>
  void show(const Event* event, Act act);
  void fold();
  void note_deadlines();
  void expire(Nanos limit);
  void finish();
  void keep_trace(const Result<void>& outcome);
};

void SimulatedRun::Parts::add_watches(const sim::Scenario& scenario, const std::vector<Watch*>& more) {
  for (std::size_t i = 0; i < scenario.expect.size(); ++i) {
    expectations.push_back(std::make_unique<ExpectationWatch>(scenario.expect[i], i, sink));
    watches.push_back(expectations.back().get());
  }
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    if (!scenario.faults[i].when) continue;
    triggers.push_back(std::make_unique<FaultTrigger>(*scenario.faults[i].when, i, *simulation));
    watches.push_back(triggers.back().get());
  }
  watches.insert(watches.end(), more.begin(), more.end());
}

// Shows the watches the run as it stands.
template <typename Act>
void SimulatedRun::Parts::show(const Event* event, Act act) {
  const ModelNames names(history.latest(), log.strings(), event);
  act(Moment{history.size(), simulation->now(), event, history.latest(), names, log.strings()});
}

// Folds what the sink holds. Watches may emit events of their own, which follow at once.
void SimulatedRun::Parts::fold() {
  bool any = false;
  while (log.drain(sink) > 0) {
    any = true;
    while (const Event* event = history.take_next()) {
      show(event, [this](const Moment& moment) {
        std::erase_if(watches, [&](Watch* watch) { return !watch->on_event(moment); });
      });
    }
  }
  SENDSCOPE_CHECK(sink.dropped() == 0);
  if (any) note_deadlines();
}

void SimulatedRun::Parts::note_deadlines() {
  next_deadline = kForever;
  for (const Watch* watch : watches) next_deadline = std::min(next_deadline, watch->deadline());
}

// Deadlines that are over, by `limit`, before anything else happens are told at their time.
void SimulatedRun::Parts::expire(Nanos limit) {
  while (next_deadline <= limit && next_deadline != kForever) {
    const Nanos next = simulation->next_time();
    if (next == kForever || next_deadline >= next) return;
    const auto first = std::find_if(watches.begin(), watches.end(),
                                    [&](const Watch* watch) { return watch->deadline() == next_deadline; });
    simulation->run_until(next_deadline);
    show(nullptr, [&](const Moment& moment) { (*first)->on_deadline(moment); });
    fold();
    note_deadlines();
  }
}

void SimulatedRun::Parts::finish() {
  if (finished) return;
  finished = true;
  show(nullptr, [this](const Moment& moment) {
    for (Watch* watch : watches) watch->on_end(moment, cut_short);
  });
  fold();
  if (trace != nullptr && !trace_error) keep_trace(trace->close(log));
}

void SimulatedRun::Parts::keep_trace(const Result<void>& outcome) {
  if (!outcome && !trace_error) trace_error = outcome.error();
}

// Whether a fault that is due begins. planned: how many of them the scenario has by itself; the others were
// ordered by someone who saw another run, perhaps.
bool SimulatedRun::Parts::begins(std::size_t fault, std::size_t planned) {
  if (fault < planned) return true;
  const sim::Scenario& scenario = simulation->scenario();
  const auto exists = simulation->check(scenario.faults[fault]);
  std::string& why = refusals[fault - planned];
  why = exists ? missed(history.latest(), sim::producer_names(scenario), scenario.faults[fault])
               : exists.error().message;
  return why.empty();
}

SimulatedRun::SimulatedRun(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SimulatedRun::~SimulatedRun() = default;

Result<std::unique_ptr<SimulatedRun>> SimulatedRun::create(const Recipe& recipe,
                                                           const SimulatedRunOptions& options) {
  auto parts = std::make_unique<Parts>(sink_capacity(recipe.scenario), limits_of(options));
  const Nanos until = options.until.value_or(recipe.scenario.until);
  parts->cut_short = until < recipe.scenario.until;
  parts->refusals.resize(recipe.orders.size());
  sim::SimulationOptions simulated = options.simulation;
  simulated.judge = [asked = parts.get(), planned = recipe.scenario.faults.size()](std::size_t fault) {
    return asked->begins(fault, planned);
  };
  auto simulation = sim::Simulation::create(played(recipe), recipe.seed, parts->sink, simulated);
  if (!simulation) return simulation.error();
  parts->simulation = std::move(*simulation);
  parts->simulation->set_until(until);
  parts->add_watches(recipe.scenario, options.watches);
  if (!options.trace_file.empty()) {
    auto trace = TraceWriter::create(options.trace_file, trace_metadata(recipe, until));
    if (!trace) return trace.error();
    parts->trace = std::move(*trace);
  }
  parts->fold();
  return std::unique_ptr<SimulatedRun>(new SimulatedRun(std::move(parts)));
}

bool SimulatedRun::step() {
  if (parts_->finished) return false;
  parts_->expire(parts_->simulation->until());
  const bool more = parts_->simulation->step();
  parts_->fold();
  if (parts_->trace != nullptr && !parts_->trace_error)
    parts_->keep_trace(parts_->trace->append(parts_->log));
  if (!more) parts_->finish();
  return more;
}

bool SimulatedRun::run_until(Nanos time) {
  while (!parts_->finished && parts_->simulation->next_time() <= time) {
    if (!step()) return false;
  }
  if (parts_->finished) return false;
  parts_->expire(std::min(time, parts_->simulation->until()));
  // Nothing happens between here and `time`; or nothing at all, then the next step ends the run.
  return parts_->simulation->next_time() == kForever || time >= parts_->simulation->until() ? step() : true;
}

void SimulatedRun::finish() {
  while (step()) {
  }
}

bool SimulatedRun::finished() const { return parts_->finished; }
Nanos SimulatedRun::now() const { return parts_->simulation->now(); }
const EventLog& SimulatedRun::log() const { return parts_->log; }
const PipelineModel& SimulatedRun::model() const { return parts_->history.latest(); }
History& SimulatedRun::history() { return parts_->history; }

std::vector<ExpectationResult> SimulatedRun::results() const {
  std::vector<ExpectationResult> results;
  for (const auto& expectation : parts_->expectations) results.push_back(expectation->result());
  return results;
}

const std::vector<std::string>& SimulatedRun::refusals() const { return parts_->refusals; }
const std::optional<Error>& SimulatedRun::trace_error() const { return parts_->trace_error; }
sim::Simulation& SimulatedRun::simulation() { return *parts_->simulation; }

}  // namespace sendscope::run
