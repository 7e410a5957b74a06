#include "core/model/why.h"

#include <algorithm>
#include <optional>

#include "core/model/waiting.h"
#include "core/model/what_holds.h"

namespace sendscope {
namespace {

// Follows one batch or record through the events.
class Inquiry {
 public:
  Inquiry(const StringTable& strings, const Subject& subject) : strings_(strings), subject_(subject) {}

  bool of_record() const { return subject_.kind == SubjectKind::kRecord; }

  void apply(PipelineModel& model, const Event& event) {
    model.apply(event);
    if (!of_record()) {
      batch_ = subject_.id;
      const BatchModel* batch = model.batch(batch_);
      over_ = batch != nullptr && batch->completed >= 0;
      return;
    }
    if (event.kind == EventKind::batch_child && batch_beside(event.subject, event.a) == batch_)
      follow_child(model, event);
    if (event.subject != subject_.id) return;
    if (event.kind == EventKind::send_called) thread_ = event.actor;
    if (event.kind == EventKind::record_appended) batch_ = batch_beside(event.subject, event.a);
    if (event.kind == EventKind::record_completed || event.kind == EventKind::send_failed) over_ = true;
  }

  Waiting waiting(const PipelineModel& model, Nanos now) const {
    const BatchModel* batch = batch_ == 0 ? nullptr : model.batch(batch_);
    if (batch != nullptr)
      return waiting_of(model, wait_limits(model, strings_, batch->producer), *batch, now);
    const ThreadState state =
        thread_ < model.threads.size() ? model.threads[thread_].state : ThreadState::kRunning;
    if (state == ThreadState::kWaitingMetadata) return {WaitCause::kMetadata, 0, kForever};
    if (state == ThreadState::kWaitingMemory) return {WaitCause::kMemory, 0, kForever};
    return {WaitCause::kInSend, 0, kForever};
  }

  bool over() const { return over_; }

  NotYet not_yet(const PipelineModel& model, Nanos now) const {
    const Waiting waits = waiting(model, now);
    NotYet out{waits.cause, kNoPlace, {}, waits.until == kForever ? -1 : waits.until};
    const BatchModel* batch = batch_ == 0 ? nullptr : model.batch(batch_);
    if (batch != nullptr) {
      out.partition = batch->partition;
      out.behind = what_holds(model, *batch, waits.cause);
    } else if (waits.cause == WaitCause::kMemory) {
      out.behind = who_has_memory(model, thread_);
    }
    return out;
  }

 private:
  void follow_child(const PipelineModel& model, const Event& event) {
    const BatchModel* child = model.batch(event.subject);
    if (child == nullptr) return;
    const bool has_it = std::any_of(child->records.begin(), child->records.end(),
                                    [&](const RecordModel& record) { return record.id == subject_.id; });
    if (has_it) batch_ = child->id;
  }

  const StringTable& strings_;
  Subject subject_;
  std::uint16_t thread_ = kNoActor;
  BatchId batch_ = 0;
  bool over_ = false;
};

void add_slice(WaitReport& report, const Waiting& waiting, Nanos from, Nanos to, std::size_t event) {
  if (from == to) return;
  if (!report.slices.empty()) {
    WaitSlice& last = report.slices.back();
    if (last.cause == waiting.cause && last.attempt == waiting.attempt) {
      last.to = to;
      last.ended_by = event;
      return;
    }
  }
  report.slices.push_back({waiting.cause, waiting.attempt, from, to, event});
}

// Cuts from..to, where nothing happened but the passing of time, at the moments at which time alone ends a
// wait.
void add_slices(WaitReport& report, const Inquiry& inquiry, const PipelineModel& model, Nanos from, Nanos to,
                std::size_t event) {
  while (from < to) {
    const Waiting waiting = inquiry.waiting(model, from);
    const Nanos end = std::min(to, std::max(waiting.until, from + 1));
    add_slice(report, waiting, from, end, event);
    from = end;
  }
}

std::optional<std::size_t> beginning(const EventLog& log, const SubjectEvents& subject) {
  for (const std::size_t i : subject.events()) {
    const Event& event = log[i];
    if (event.subject != subject.subject().id) continue;
    const bool begins = subject.subject().kind == SubjectKind::kRecord
                            ? event.kind == EventKind::send_called || event.kind == EventKind::record_appended
                            : event.kind == EventKind::batch_opened || event.kind == EventKind::batch_child;
    if (begins) return i;
  }
  return std::nullopt;
}

}  // namespace

std::vector<WaitSlice> WaitReport::summary() const {
  std::vector<WaitSlice> out;
  for (const WaitSlice& slice : slices) {
    const auto same = std::find_if(out.begin(), out.end(), [&](const WaitSlice& other) {
      return other.cause == slice.cause && other.attempt == slice.attempt;
    });
    if (same == out.end()) {
      out.push_back(slice);
      continue;
    }
    same->to += slice.duration();
    same->ended_by = slice.ended_by;
  }
  return out;
}

WaitReport why(History& history, const SubjectEvents& subject, std::size_t events, Nanos now) {
  WaitReport report;
  const bool answerable =
      subject.subject().kind == SubjectKind::kBatch || subject.subject().kind == SubjectKind::kRecord;
  events = std::min(events, history.size());
  const std::optional<std::size_t> begin = answerable ? beginning(history.log(), subject) : std::nullopt;
  if (!begin || *begin >= events) return report;
  PipelineModel model = history.model_at(*begin);
  Inquiry inquiry(history.log().strings(), subject.subject());
  report.known = true;
  report.from = history.log()[*begin].t;
  Nanos at = report.from;
  for (std::size_t i = *begin; i < events && !inquiry.over(); ++i) {
    const Event& event = history.log()[i];
    if (event.t > at) add_slices(report, inquiry, model, at, event.t, i);
    at = event.t;
    inquiry.apply(model, event);
  }
  report.over = inquiry.over();
  if (!report.over && now > at) {
    add_slices(report, inquiry, model, at, now, events);
    at = now;
  }
  report.to = at;
  if (!report.over) report.not_yet = inquiry.not_yet(model, at);
  return report;
}

}  // namespace sendscope
