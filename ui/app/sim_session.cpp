#include "ui/app/sim_session.h"

#include <chrono>

#include "core/event/event_log.h"
#include "core/event/narration.h"
#include "ui/layout/fault_menu.h"
#include "ui/model/queries.h"

namespace sendscope::ui {
namespace {

Error invalid(std::string text) { return Error(ErrorCode::kInvalidInput, std::move(text)); }

// "orders-0" as topic and number; false for anything else.
bool split_partition(const std::string& name, sim::FaultSpec& spec) {
  const std::size_t dash = name.rfind('-');
  if (dash == std::string::npos || dash == 0 || dash + 1 == name.size() || name.size() - dash > 9)
    return false;
  PartitionId number = 0;
  for (std::size_t i = dash + 1; i < name.size(); ++i) {
    if (name[i] < '0' || name[i] > '9') return false;
    number = number * 10 + (name[i] - '0');
  }
  spec.topic = name.substr(0, dash);
  spec.partition = number;
  return true;
}

// A connection is told by its two ends; a message by the number of its request.
bool name_request(RequestId request, const std::vector<sim::ProducerSpec>& producers, sim::FaultSpec& spec) {
  const std::size_t producer = producer_of_batch(request);
  if (producer >= producers.size()) return false;
  spec.client = producers[producer].name;
  if (spec.verb != sim::FaultVerb::kDisconnect) spec.request = request_number(request);
  return true;
}

}  // namespace

Result<sim::FaultSpec> fault_spec(const FaultOrder& order, const std::vector<sim::ProducerSpec>& producers) {
  const auto verb = sim::find_fault_verb(order.verb);
  if (!verb) return invalid("there is no fault '" + order.verb + "'");
  sim::FaultSpec spec;
  spec.verb = *verb;
  spec.times = static_cast<std::uint64_t>(std::max(0, order.times));
  spec.after_append = order.after_append;
  if (order.node != kNoNode) {
    (*verb == sim::FaultVerb::kMoveLeader ? spec.to : spec.node) = order.node;
  }
  if (!order.api.empty()) {
    const int api = find_api(order.api);
    if (api < 0) return invalid("there is no api '" + order.api + "'");
    spec.api = static_cast<std::int16_t>(api);
  }
  if (!order.partition.empty() && !split_partition(order.partition, spec)) {
    return invalid("'" + order.partition + "' is no partition");
  }
  if (!order.error.empty()) {
    const ErrorRow* row = find_error(order.error);
    if (row == nullptr) return invalid("there is no error '" + order.error + "'");
    spec.error = row->code;
  }
  if (!order.what.empty())
    spec.what = order.what == "response" ? MessageKind::kResponse : MessageKind::kRequest;
  if (order.by > 0) spec.by = sim::Distribution::constant(order.by);
  if (order.request != kNoRequest && !name_request(order.request, producers, spec)) {
    return invalid("nobody has sent request " + std::to_string(request_number(order.request)));
  }
  return spec;
}

SimSession::SimSession(ScenarioFile file, std::uint64_t seed) : file_(std::move(file)), seed_(seed) {
  info_.kind = SessionKind::kSimulated;
  info_.title = file_.scenario.title;
  info_.summary = file_.scenario.summary;
  info_.source = file_.path;
  info_.profile = file_.scenario.profile;
  info_.seed = seed_;
  info_.lesson = file_.lesson;
}

SimSession::~SimSession() = default;

Result<std::unique_ptr<SimSession>> SimSession::create(ScenarioFile file, const std::uint64_t* seed) {
  const std::uint64_t chosen = seed != nullptr ? *seed : file.scenario.seed;
  std::unique_ptr<SimSession> session(new SimSession(std::move(file), chosen));
  auto started = session->start_again({});
  if (!started) return started.error();
  session->generation_ = 0;
  return session;
}

Result<std::unique_ptr<SimulatedRun>> SimSession::start() const {
  SimulatedRunOptions options;
  options.seed = seed_;
  return SimulatedRun::create(file_.scenario, options);
}

Result<void> SimSession::start_again(const std::vector<Given>& given) {
  auto fresh = start();
  if (!fresh) return fresh.error();
  for (const Given& one : given) {
    (*fresh)->run_until(one.command.at);
    if (const std::string why = missed((*fresh)->model(), one.command.fault); !why.empty())
      return invalid(why + ": nothing was changed");
    auto taken = (*fresh)->submit(sim::InjectFault{one.fault});
    if (!taken) return taken;
  }
  run_ = std::move(*fresh);
  given_ = given;
  ++generation_;
  for (LessonStep& step : info_.lesson) step.due = -1;
  progress_ = std::make_unique<LessonProgress>(info_.lesson);
  lesson_model_ = {};
  lesson_events_ = 0;
  watch_lesson();
  return {};
}

bool SimSession::advance(Nanos wall_budget) {
  if (run_->finished()) return false;
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::nanoseconds(wall_budget);
  const std::size_t before = run_->log().size();
  do {
    for (int i = 0; i < 64; ++i) {
      if (!run_->step()) break;
    }
  } while (!run_->finished() && Clock::now() < end);
  watch_lesson();
  return run_->log().size() > before;
}

void SimSession::run_until(Nanos time) {
  if (time == kForever) {
    run_->finish();
  } else {
    run_->run_until(time);
  }
  watch_lesson();
}

Result<void> SimSession::submit(const Command& command) {
  auto spec = fault_spec(command.fault, file_.scenario.producers);
  if (!spec) return spec.error();
  std::vector<Given> given;
  for (const Given& earlier : given_) {
    if (earlier.command.at <= command.at) given.push_back(earlier);
  }
  given.push_back({command, std::move(*spec)});
  return start_again(given);
}

void SimSession::watch_lesson() {
  const EventLog& log = run_->log();
  while (lesson_events_ < log.size() && progress_->reached() < info_.lesson.size()) {
    const Event& event = log[lesson_events_++];
    lesson_model_.apply(event);
    const std::size_t before = progress_->reached();
    const std::size_t reached = progress_->observe(ModelNames(lesson_model_, log.strings(), &event));
    for (std::size_t i = before; i < reached; ++i) {
      info_.lesson[i].due = event.t;
      info_.lesson[i].due_events = lesson_events_;
    }
  }
}

}  // namespace sendscope::ui
