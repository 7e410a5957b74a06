#include "ui/live/live_run.h"

#include <nlohmann/json.hpp>

#include "ui/live/live_recording.h"

namespace sendscope::ui {
namespace {

constexpr std::size_t kSinkEvents = 1u << 20;
constexpr EventKind kRecordKinds[] = {EventKind::send_called, EventKind::record_appended,
                                      EventKind::record_completed};

std::string title_of(const LiveTarget& target) { return "live: " + target.topic + " at " + target.bootstrap; }

std::string trace_metadata(const LiveRunOptions& options, const live::Clock& clock) {
  nlohmann::ordered_json metadata;
  metadata["kind"] = "live";
  metadata["title"] = title_of(options.target);
  metadata["bootstrap"] = options.target.bootstrap;
  metadata["topic"] = options.target.topic;
  metadata["profile"] = options.target.profile;
  metadata["seed"] = options.seed;
  metadata["started_ms"] = clock.wall_millis(0);
  return metadata.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

struct LiveRun::Parts {
  explicit Parts(bool wanted) : sink(wanted ? kSinkEvents : 2), keeps_log(wanted) {}

  void choose_events(const LiveTarget& target);
  void announce(const LiveRunOptions& options);

  live::Clock clock;
  EventSink sink;
  const bool keeps_log;
  bool wants_metrics = false;
  LiveStatistics statistics;
  std::unique_ptr<LiveRecording> recording;
  std::unique_ptr<live::BlockingProducer> producer;
};

void LiveRun::Parts::choose_events(const LiveTarget& target) {
  if (!keeps_log) return sink.set_all_wanted(false);
  if (target.record_events) return;
  for (const EventKind kind : kRecordKinds) sink.set_wanted(kind, false);
}

void LiveRun::Parts::announce(const LiveRunOptions& options) {
  if (!keeps_log) return;
  const Nanos now = clock.now();
  sink.emit({.t = now,
             .kind = EventKind::run_started,
             .place = 1,
             .subject = options.seed,
             .a = sink.intern(title_of(options.target)),
             .b = sink.intern(options.target.profile)});
  std::uint16_t thread = 0;
  for (const std::string& name : options.thread_names) {
    sink.emit(
        {.t = now, .kind = EventKind::thread_named, .actor = thread++, .place = 0, .a = sink.intern(name)});
  }
}

LiveRun::LiveRun(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
LiveRun::~LiveRun() = default;

Result<std::unique_ptr<LiveRun>> LiveRun::create(const LiveRunOptions& options) {
  const bool traced = !options.target.trace.empty();
  auto parts = std::make_unique<Parts>(traced || options.watched);
  parts->choose_events(options.target);
  parts->wants_metrics = options.target.metrics;
  auto recording = LiveRecording::create(
      parts->sink, {.trace = options.target.trace,
                    .metadata = traced ? trace_metadata(options, parts->clock) : std::string(),
                    .last = options.target.trace_last,
                    .watched = options.watched});
  if (!recording) return recording.error();
  parts->recording = std::move(*recording);
  parts->announce(options);
  auto producer = live::BlockingProducer::create(options.config, {}, parts->sink, parts->clock, options.seed);
  if (!producer) return producer.error();
  parts->producer = std::move(*producer);
  return std::unique_ptr<LiveRun>(new LiveRun(std::move(parts)));
}

Result<void> LiveRun::send(const Record& record, RecordSlots& slots, std::uint16_t thread) {
  const std::size_t bytes = (record.key ? record.key->size() : 0) + (record.value ? record.value->size() : 0);
  const Delivery delivery = slots.take(bytes);
  parts_->statistics.count_sent();
  const SendResult result = parts_->producer->send(record, delivery, thread);
  if (result.status == SendStatus::kAccepted) return {};
  const Error error = result.error ? *result.error : Error(ErrorCode::kKafkaException);
  if (result.status == SendStatus::kThrown && !result.queued) {
    RecordSlots::give_back(delivery);
    parts_->statistics.failed(error);
  }
  return error;
}

void LiveRun::give_up() {
  parts_->statistics.give_up();
  parts_->producer->give_up();
}

std::string LiveRun::waits_for() const { return parts_->producer->waits_for(); }

void LiveRun::pump() {
  if (parts_->keeps_log) parts_->recording->take(parts_->clock.now());
}

Result<void> LiveRun::finish(const std::string& reason) {
  if (!parts_->keeps_log) return {};
  pump();
  parts_->sink.emit(
      {.t = parts_->clock.now(), .kind = EventKind::run_ended, .a = parts_->sink.intern(reason)});
  pump();
  return parts_->recording->finish();
}

live::BlockingProducer& LiveRun::producer() { return *parts_->producer; }
const live::Clock& LiveRun::clock() const { return parts_->clock; }
LiveStatistics& LiveRun::statistics() { return parts_->statistics; }
const EventLog& LiveRun::log() const { return parts_->recording->log(); }
std::string LiveRun::news() { return parts_->recording->news(); }
std::string LiveRun::trace_summary() const { return parts_->recording->summary(); }

std::string LiveRun::metrics() const {
  return parts_->wants_metrics ? format_table(parts_->producer->metrics()) : std::string();
}

}  // namespace sendscope::ui
