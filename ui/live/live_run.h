// A producer on real brokers with everything around it: clock, events, trace file, figures.
//
// Thread-safety: send() from any thread, each with slots of its own; pump(), log() and finish() from one
// thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/live/blocking_producer.h"
#include "ui/live/live_statistics.h"
#include "ui/live/live_target.h"
#include "ui/live/record_slots.h"

namespace sendscope {
class EventLog;
}

namespace sendscope::ui {

struct LiveRunOptions {
  LiveTarget target;
  ProducerConfig config;
  std::uint64_t seed = 0;
  std::vector<std::string> thread_names;  // one for every thread that sends
  bool watched = false;                   // somebody looks at the log, also without a trace
};

class LiveRun {
 public:
  // Fails with kConfig, or with the trace file's error.
  static Result<std::unique_ptr<LiveRun>> create(const LiveRunOptions& options);
  ~LiveRun();

  // Sends one record and counts it. The error: it was refused, or has failed already.
  Result<void> send(const Record& record, RecordSlots& slots, std::uint16_t thread);
  // What is not acknowledged by now never will be, and counts as given up; whoever is blocked in a call comes
  // back with an error. Any thread; waits for nothing.
  void give_up();
  // "InitProducerId: COORDINATOR_LOAD_IN_PROGRESS"; what the run waits for at the moment, and why. Any
  // thread.
  std::string waits_for() const;

  // Takes the events that have come since the last call into log and trace. Every few milliseconds.
  void pump();
  // After the producer was closed: takes the last events and gives the trace its name. Fails with what went
  // wrong with the trace at any time.
  Result<void> finish(const std::string& reason);

  live::BlockingProducer& producer();
  const live::Clock& clock() const;
  LiveStatistics& statistics();
  // What has happened, when the run is watched; nothing otherwise.
  const EventLog& log() const;
  // Something is no longer recorded, in a sentence; once each, by the thread that pumps. Empty: nothing new.
  std::string news();
  // "trace FILE: 120 000 events"; empty without a trace.
  std::string trace_summary() const;
  // A table of the producer's metrics as they stand; empty when nobody asked for them.
  std::string metrics() const;

 private:
  struct Parts;
  explicit LiveRun(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace sendscope::ui
