// What a live run keeps of its events: a trace file, a log that a window looks at, or both.
//
// What is in the file is forgotten here, so a recording needs the same memory however long it runs; every
// half second the file is given to the system, so that even a killed process leaves all but its last moments.
// The log of a window cannot be forgotten: it ends at a limit, while the file goes on.
//
// Thread-safety: none; one thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/event/event_log.h"
#include "core/event/trace_file.h"

namespace sendscope::ui {

struct RecordingOptions {
  std::string trace;                      // the file's path; empty: none
  std::string metadata;                   // of the file, see TraceWriter
  Nanos last = 0;                         // how much of the end the file keeps; 0: everything
  bool watched = false;                   // somebody looks at log()
  std::size_t most_watched = 20'000'000;  // events of log(): 640 MB of memory
};

class LiveRecording {
 public:
  static constexpr Nanos kFlushEvery = kNanosPerSecond / 2;

  // The sink outlives it. Errors: the trace file's.
  static Result<std::unique_ptr<LiveRecording>> create(EventSink& sink, RecordingOptions options);

  // Takes what the sink holds. Call it every few milliseconds: what does not fit into the sink is lost.
  void take(Nanos now);
  // Takes the last events and gives the trace its name. Fails with what went wrong with the trace at any
  // time.
  Result<void> finish();

  // What has happened, for whoever watches; nothing otherwise.
  const EventLog& log() const { return watched_; }
  // Something is not recorded (a full disk, a limit, events that came too fast), in a sentence; once each.
  std::string news();
  // "trace FILE: 120 000 events"; empty without a trace.
  std::string summary() const;
  // How many events stand in memory besides log().
  std::size_t waiting() const { return pending_.size() - pending_.first(); }

 private:
  LiveRecording(EventSink& sink, RecordingOptions options) : sink_(sink), options_(std::move(options)) {}
  bool writes() const { return writer_ != nullptr && !trace_error_; }
  void show(std::size_t from);
  void write(Nanos now);
  void keep(const Result<void>& outcome);
  void end_of_interest();

  EventSink& sink_;
  RecordingOptions options_;
  EventLog pending_;  // on its way into the file
  EventLog watched_;
  std::unique_ptr<TraceWriter> writer_;
  std::optional<Error> trace_error_;
  Nanos flushed_ = -kFlushEvery;  // at once, so that there is a header
  bool full_ = false;             // watched_ takes no more
  std::string news_;
  bool told_losses_ = false;
};

}  // namespace sendscope::ui
