#include "ui/app/simulated_run.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/event/event_log.h"
#include "core/event/expectation.h"
#include "core/event/trace_file.h"
#include "ui/model/pipeline_model.h"
#include "ui/model/queries.h"

namespace sendscope::ui {
namespace {

struct PendingFault {
  std::size_t index;
  Expression when;
};

std::string trace_metadata(const sim::Scenario& scenario, std::uint64_t seed, Nanos until) {
  nlohmann::ordered_json metadata;
  metadata["kind"] = "simulated";
  metadata["title"] = scenario.title;
  metadata["summary"] = scenario.summary;
  metadata["profile"] = scenario.profile;
  metadata["seed"] = seed;
  metadata["until_ns"] = until;
  return metadata.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Error invalid(const std::string& text, const ExpressionError& error) {
  return {ErrorCode::kInvalidInput, "\"" + text + "\": " + to_string(error)};
}

}  // namespace

struct SimulatedRun::Parts {
  EventSink sink;
  std::unique_ptr<sim::Simulation> simulation;
  EventLog log;
  PipelineModel model;
  std::size_t folded = 0;  // events of the log that the model has
  std::vector<ExpectationMonitor> monitors;
  std::vector<ExpectationResult> results;
  std::vector<PendingFault> faults;  // whose `when` has not been true yet
  std::unique_ptr<TraceWriter> trace;
  std::optional<Error> trace_error;
  bool cut_short = false;  // it ends before the scenario would
  bool finished = false;

  Result<void> add_expectation(const std::string& text);
  Result<void> add_faults(const sim::Scenario& scenario);

  void fold();
  void observe(std::uint64_t index, const Event& event);
  void expire(Nanos limit);
  void decided(std::size_t check, const Verdict& verdict);
  void finish();
  void keep_trace(const Result<void>& outcome);
};

Result<void> SimulatedRun::Parts::add_expectation(const std::string& text) {
  auto parsed = parse_expectation(text);
  if (const auto* error = std::get_if<ExpressionError>(&parsed)) return invalid(text, *error);
  monitors.emplace_back(std::get<Expectation>(std::move(parsed)));
  results.emplace_back().text = text;
  return {};
}

Result<void> SimulatedRun::Parts::add_faults(const sim::Scenario& scenario) {
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    if (scenario.faults[i].when.empty()) continue;
    auto parsed = parse_condition(scenario.faults[i].when);
    if (const auto* error = std::get_if<ExpressionError>(&parsed))
      return invalid(scenario.faults[i].when, *error);
    faults.push_back({i, std::get<Expression>(std::move(parsed))});
  }
  return {};
}

// Folds what the sink holds. Firing a fault and deciding a check emit events of their own, which follow at
// once.
void SimulatedRun::Parts::fold() {
  while (log.drain(sink) > 0) {
    for (; folded < log.size(); ++folded) {
      model.apply(log[folded]);
      observe(folded, log[folded]);
    }
  }
  SENDSCOPE_CHECK(sink.dropped() == 0);
}

void SimulatedRun::Parts::observe(std::uint64_t index, const Event& event) {
  const ModelNames names(model, log.strings(), &event);
  for (std::size_t i = 0; i < monitors.size(); ++i) {
    if (!monitors[i].decided() && monitors[i].observe(index, event.t, names))
      decided(i, monitors[i].verdict());
  }
  for (std::size_t i = 0; i < faults.size();) {
    if (!faults[i].when.holds(names)) {
      ++i;
      continue;
    }
    simulation->fire_fault(faults[i].index);
    faults.erase(faults.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

// Expectations whose time runs out, by `limit`, before anything else happens are decided at that time.
void SimulatedRun::Parts::expire(Nanos limit) {
  const Nanos next = simulation->next_time();
  if (next == kForever) return;
  for (;;) {
    const auto first = std::min_element(
        monitors.begin(), monitors.end(),
        [](const ExpectationMonitor& a, const ExpectationMonitor& b) { return a.deadline() < b.deadline(); });
    if (first == monitors.end() || first->deadline() >= next || first->deadline() > limit) return;
    simulation->run_until(first->deadline());
    first->expire(log.size(), ModelNames(model, log.strings()));
    decided(static_cast<std::size_t>(first - monitors.begin()), first->verdict());
    fold();
  }
}

void SimulatedRun::Parts::decided(std::size_t check, const Verdict& verdict) {
  ExpectationResult& result = results[check];
  result.outcome = verdict.outcome;
  result.event = verdict.event;
  result.time = verdict.time;
  result.values = verdict.outcome == CheckOutcome::kHeld ? "" : verdict.values;
  result.reason = verdict.outcome == CheckOutcome::kHeld ? "" : verdict.reason;
  sink.emit({.t = simulation->now(),
             .kind = EventKind::check_decided,
             .subject = check,
             .a = static_cast<std::uint32_t>(verdict.outcome),
             .b = sink.intern(result.text)});
}

void SimulatedRun::Parts::finish() {
  if (finished) return;
  finished = true;
  const std::uint64_t events = log.size();
  const ModelNames names(model, log.strings());
  for (std::size_t i = 0; i < monitors.size(); ++i) {
    if (monitors[i].decided()) continue;
    decided(i, monitors[i].finish(events, simulation->now(), names, cut_short));
  }
  fold();
  if (trace != nullptr && !trace_error) keep_trace(trace->close(log));
}

void SimulatedRun::Parts::keep_trace(const Result<void>& outcome) {
  if (!outcome && !trace_error) trace_error = outcome.error();
}

SimulatedRun::SimulatedRun(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SimulatedRun::~SimulatedRun() = default;

Result<std::unique_ptr<SimulatedRun>> SimulatedRun::create(const sim::Scenario& scenario,
                                                           const SimulatedRunOptions& options) {
  auto parts = std::make_unique<Parts>();
  for (const std::string& text : scenario.expect) {
    if (auto added = parts->add_expectation(text); !added) return added.error();
  }
  if (auto added = parts->add_faults(scenario); !added) return added.error();
  const std::uint64_t seed = options.seed.value_or(scenario.seed);
  const Nanos until = options.until.value_or(scenario.until);
  parts->cut_short = until < scenario.until;
  auto simulation = sim::Simulation::create(scenario, seed, parts->sink, options.simulation);
  if (!simulation) return simulation.error();
  parts->simulation = std::move(*simulation);
  parts->simulation->set_until(until);
  if (!options.trace_file.empty()) {
    auto trace = TraceWriter::create(options.trace_file, trace_metadata(scenario, seed, until));
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

Result<void> SimulatedRun::submit(const sim::Command& command) {
  auto taken = parts_->simulation->submit(command);
  if (!taken) return taken;
  parts_->finished = false;
  parts_->fold();
  return taken;
}

const EventLog& SimulatedRun::log() const { return parts_->log; }
const PipelineModel& SimulatedRun::model() const { return parts_->model; }
const std::vector<ExpectationResult>& SimulatedRun::results() const { return parts_->results; }
const std::optional<Error>& SimulatedRun::trace_error() const { return parts_->trace_error; }
sim::Simulation& SimulatedRun::simulation() { return *parts_->simulation; }

}  // namespace sendscope::ui
