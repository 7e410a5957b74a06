// The cursor of the window: how time on the wall becomes simulated time.
//
// The cursor stands after a number of events, at a time between the last of them and the next. Single steps
// are those of core/event/steps.h; playing moves the time and takes the events it passes. While playing, a
// silence longer than kLongestSilence of wall time is passed in that time.
#pragma once

#include "core/event/event_log.h"
#include "ui/layout/view.h"

namespace sendscope::ui {

// How long a step of a lesson takes to read: 180 words a minute, and a second to look up.
double reading_seconds(const LessonText& step);

class Playback {
 public:
  static constexpr double kLongestSilence = 0.7;  // seconds on the wall
  static constexpr double kWholeRun = 2.0;        // seconds for all of it at the speed "max"

  const Cursor& cursor() const { return cursor_; }

  void step(const EventLog& log, int events);
  void seek_event(const EventLog& log, std::size_t events);
  void seek_time(const EventLog& log, Nanos t);
  // Moves by `seconds` of wall time at `speed` (0: as fast as it goes). Returns whether the cursor moved;
  // false at the end (or start) of the log.
  bool play(const EventLog& log, double seconds, double speed, bool backward);
  // The log was taken back to `events` events at most: stays where it can.
  void clamp(const EventLog& log);

 private:
  // Simulated time to move through in `seconds`.
  Nanos stride(const EventLog& log, double seconds, double speed, bool backward) const;
  Cursor cursor_;
  double rest_ = 0;  // part of a nanosecond not moved yet
};

}  // namespace sendscope::ui
