#include "ui/workbench/playback.h"

#include <algorithm>
#include <cmath>

#include "core/event/steps.h"

namespace sendscope::ui {
namespace {

constexpr double kWordsPerSecond = 3, kLookUp = 1;

// The blanks between them, and one more.
std::size_t words_in(const std::string& text) {
  return static_cast<std::size_t>(
             std::count_if(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\n'; })) +
         1;
}

}  // namespace

double reading_seconds(const LessonText& step) {
  return kLookUp + static_cast<double>(words_in(step.heading) + words_in(step.text)) / kWordsPerSecond;
}

void Playback::seek_event(const EventLog& log, std::size_t events) {
  cursor_.events = std::min(events, log.size());
  cursor_.t = cursor_.events > 0 ? log[cursor_.events - 1].t : 0;
}

void Playback::step(const EventLog& log, int events) {
  std::size_t to = cursor_.events;
  // Between two events, the first step back goes to the moment of the last one.
  if (events < 0 && to > log.first() && cursor_.t > log[to - 1].t) ++events;
  for (; events > 0 && to < log.size(); --events) to = step_forward(log, to);
  for (; events < 0 && to > log.first(); ++events) to = step_back(log, to);
  seek_event(log, to);
}

void Playback::seek_time(const EventLog& log, Nanos t) {
  cursor_.t = std::clamp<Nanos>(t, 0, log.end_time());
  cursor_.events = log.count_until(cursor_.t);
}

void Playback::clamp(const EventLog& log) {
  if (cursor_.t > log.end_time()) {
    seek_event(log, log.size());
  } else {
    cursor_.events = log.count_until(cursor_.t);
  }
}

Nanos Playback::stride(const EventLog& log, double seconds, double speed, bool backward) const {
  if (speed <= 0) return static_cast<Nanos>(static_cast<double>(log.end_time()) * seconds / kWholeRun) + 1;
  // The silence the cursor stands in: from the last event to the next.
  const std::size_t next = cursor_.events;
  const Nanos before = next > 0 ? log[next - 1].t : 0;
  const Nanos after = next < log.size() ? log[next].t : log.end_time();
  const double per_second = std::max(speed * 1e9, static_cast<double>(after - before) / kLongestSilence);
  const Nanos wanted = static_cast<Nanos>(per_second * seconds);
  if (per_second <= speed * 1e9) return wanted;
  // Hurrying ends where the silence ends.
  return std::min(wanted, std::max<Nanos>(1, backward ? cursor_.t - before : after - cursor_.t));
}

bool Playback::play(const EventLog& log, double seconds, double speed, bool backward) {
  if (log.empty()) return false;
  const Cursor was = cursor_;
  const Nanos length = stride(log, seconds, speed, backward);
  rest_ = length == 0 ? rest_ + seconds * std::max(speed, 1e-3) * 1e9 : 0;
  Nanos move = length;
  if (move == 0 && rest_ >= 1) {
    move = static_cast<Nanos>(rest_);
    rest_ -= static_cast<double>(move);
  }
  if (backward) {
    cursor_.t = std::max<Nanos>(0, cursor_.t - move);
    cursor_.events = log.count_until(cursor_.t);
    return cursor_.t > 0 || was.t > 0;
  }
  seek_time(log, cursor_.t + move);
  return cursor_.t < log.end_time() || cursor_.events < log.size() || cursor_ != was;
}

}  // namespace sendscope::ui
