#include "ui/live/live_recording.h"

#include "core/event/narration.h"

namespace sendscope::ui {
Result<std::unique_ptr<LiveRecording>> LiveRecording::create(EventSink& sink, RecordingOptions options) {
  std::unique_ptr<LiveRecording> recording(new LiveRecording(sink, std::move(options)));
  const RecordingOptions& own = recording->options_;
  if (own.trace.empty()) return recording;
  auto writer = TraceWriter::create(own.trace, own.metadata, own.last);
  if (!writer) return writer.error();
  recording->writer_ = std::move(*writer);
  return recording;
}

void LiveRecording::take(Nanos now) {
  const std::size_t before = pending_.size();
  pending_.drain(sink_);
  show(before);
  write(now);
  if (sink_.dropped() > 0 && !told_losses_) {
    told_losses_ = true;
    news_ += "events come faster than they are recorded; " + format_count(sink_.dropped()) +
             " are lost already (--no-record-events makes fewer). ";
  }
}

void LiveRecording::show(std::size_t from) {
  if (!options_.watched || full_) return;
  const StringTable& words = pending_.strings();
  std::vector<std::string> strings;
  for (StringId id = watched_.strings().size(); id < words.size(); ++id) strings.emplace_back(words.view(id));
  watched_.append_strings(std::move(strings));
  for (std::size_t i = from; i < pending_.size(); ++i) watched_.append(pending_[i]);
  if (watched_.size() < options_.most_watched) return;
  full_ = true;
  news_ += "after " + format_count(watched_.size()) + " events the window shows no more of what happens; " +
           (writes() ? "the trace and the load go on. " : "the load goes on. ");
  end_of_interest();
}

void LiveRecording::write(Nanos now) {
  if (writes()) {
    const bool due = now - flushed_ >= kFlushEvery;
    keep(due ? writer_->flush(pending_) : writer_->append(pending_));
    if (due) flushed_ = now;
  }
  pending_.forget_before(writes() ? writer_->written() : pending_.size());
}

void LiveRecording::keep(const Result<void>& outcome) {
  if (outcome || trace_error_) return;
  trace_error_ = outcome.error();
  news_ += outcome.error().message + ". Nothing more is recorded, the run goes on. ";
  end_of_interest();
}

// When nobody takes events any more, none are made.
void LiveRecording::end_of_interest() {
  if (!writes() && (!options_.watched || full_)) sink_.set_all_wanted(false);
}

Result<void> LiveRecording::finish() {
  pending_.drain(sink_);
  if (writes()) keep(writer_->close(pending_));
  if (trace_error_) return *trace_error_;
  return {};
}

std::string LiveRecording::news() {
  if (!news_.empty()) news_.pop_back();  // the blank before what would follow
  return std::exchange(news_, {});
}

std::string LiveRecording::summary() const {
  if (writer_ == nullptr) return {};
  std::string text = "trace " + options_.trace + ": ";
  if (options_.last > 0) text += "of the last " + format_duration(options_.last) + ", ";
  text += format_count(writer_->events()) + " events";
  if (writer_->events() < pending_.size()) text += " of " + format_count(pending_.size());
  if (sink_.dropped() > 0) {
    text += "; " + format_count(sink_.dropped()) +
            " were lost because they came too fast (--no-record-events makes fewer)";
  }
  return text;
}

}  // namespace sendscope::ui
