#include "ui/app/live_run.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "core/event/event_log.h"
#include "core/event/narration.h"
#include "core/event/trace_file.h"

namespace sendscope::ui {
namespace {

constexpr std::size_t kSinkEvents = 1u << 20;
// 640 MB of memory, and about as much on disk.
constexpr std::size_t kMostEvents = 20'000'000;
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
  void take_events();
  void keep(const Result<void>& outcome) {
    if (!outcome && !trace_error) trace_error = outcome.error();
  }

  live::Clock clock;
  EventSink sink;
  const bool keeps_log;
  bool wants_metrics = false;
  EventLog log;
  bool full = false;
  LiveStatistics statistics;
  std::unique_ptr<TraceWriter> trace;
  std::string trace_path;
  std::optional<Error> trace_error;
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
  for (const auto& [key, value] : options.config.given) {
    sink.emit({.t = now,
               .kind = EventKind::config_set,
               .actor = 0,
               .a = sink.intern(key),
               .b = sink.intern(value)});
  }
}

LiveRun::LiveRun(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
LiveRun::~LiveRun() = default;

Result<std::unique_ptr<LiveRun>> LiveRun::create(const LiveRunOptions& options) {
  const bool traced = !options.target.trace.empty();
  auto parts = std::make_unique<Parts>(traced || options.watched);
  parts->choose_events(options.target);
  parts->wants_metrics = options.target.metrics;
  if (traced) {
    parts->trace_path = options.target.trace;
    auto trace = TraceWriter::create(parts->trace_path, trace_metadata(options, parts->clock));
    if (!trace) return trace.error();
    parts->trace = std::move(*trace);
  }
  parts->announce(options);
  auto producer = live::BlockingProducer::create(options.config, {}, parts->sink, parts->clock, options.seed);
  if (!producer) return producer.error();
  parts->producer = std::move(*producer);
  return std::unique_ptr<LiveRun>(new LiveRun(std::move(parts)));
}

bool LiveRun::send(const Record& record, RecordSlots& slots, std::uint16_t thread) {
  const std::size_t bytes = (record.key ? record.key->size() : 0) + (record.value ? record.value->size() : 0);
  const Delivery delivery = slots.take();
  parts_->statistics.sent(bytes);
  const SendResult result = parts_->producer->send(record, delivery, thread);
  if (result.status == SendStatus::kThrown) {
    RecordSlots::give_back(delivery);
    parts_->statistics.failed(result.error ? *result.error : Error(ErrorCode::kKafkaException));
  }
  return result.status == SendStatus::kAccepted;
}

void LiveRun::Parts::take_events() {
  log.drain(sink);
  if (full || log.size() < kMostEvents) return;
  full = true;
  sink.set_all_wanted(false);
  sink.set_wanted(EventKind::run_ended, true);
}

void LiveRun::pump() {
  if (!parts_->keeps_log) return;
  parts_->take_events();
  if (parts_->trace != nullptr && !parts_->trace_error) parts_->keep(parts_->trace->append(parts_->log));
}

Result<void> LiveRun::finish(const std::string& reason) {
  if (!parts_->keeps_log) return {};
  pump();
  parts_->sink.emit(
      {.t = parts_->clock.now(), .kind = EventKind::run_ended, .a = parts_->sink.intern(reason)});
  pump();
  if (parts_->trace != nullptr && !parts_->trace_error) parts_->keep(parts_->trace->close(parts_->log));
  if (parts_->trace_error) return *parts_->trace_error;
  return {};
}

live::BlockingProducer& LiveRun::producer() { return *parts_->producer; }
const live::Clock& LiveRun::clock() const { return parts_->clock; }
LiveStatistics& LiveRun::statistics() { return parts_->statistics; }
const EventLog& LiveRun::log() const { return parts_->log; }
bool LiveRun::recording_full() const { return parts_->full; }
std::uint64_t LiveRun::dropped() const { return parts_->keeps_log ? parts_->sink.dropped() : 0; }

std::string LiveRun::metrics() const {
  return parts_->wants_metrics ? format_table(parts_->producer->metrics()) : std::string();
}

std::string LiveRun::trace_summary() const {
  if (parts_->trace == nullptr) return {};
  std::string text = "trace " + parts_->trace_path + ": " +
                     format_count(static_cast<std::int64_t>(parts_->log.size())) + " events";
  if (dropped() > 0) {
    text += ", " + format_count(static_cast<std::int64_t>(dropped())) +
            " lost because they came too fast (--no-record-events makes fewer)";
  }
  if (recording_full()) text += "; no more are kept, the run went on without";
  return text;
}

}  // namespace sendscope::ui
