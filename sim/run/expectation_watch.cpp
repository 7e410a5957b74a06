#include "sim/run/expectation_watch.h"

namespace sendscope::run {

ExpectationWatch::ExpectationWatch(const Expectation& expectation, std::size_t number, EventSink& sink)
    : monitor_(expectation), number_(number), sink_(sink) {
  result_.text = expectation.text;
}

bool ExpectationWatch::on_event(const Moment& moment) {
  if (monitor_.decided()) return false;
  if (!monitor_.observe(moment.events - 1, moment.event->t, moment.names)) return true;
  decided(moment.time);
  return false;
}

void ExpectationWatch::on_deadline(const Moment& moment) {
  monitor_.expire(moment.events, moment.names);
  decided(moment.time);
}

void ExpectationWatch::on_end(const Moment& moment, bool cut_short) {
  if (monitor_.decided()) return;
  monitor_.finish(moment.events, moment.time, moment.names, cut_short);
  decided(moment.time);
}

void ExpectationWatch::decided(Nanos now) {
  const Verdict& verdict = monitor_.verdict();
  const bool held = verdict.outcome == CheckOutcome::kHeld;
  result_.outcome = verdict.outcome;
  result_.event = verdict.event;
  result_.time = verdict.time;
  result_.values = held ? "" : verdict.values;
  result_.reason = held ? "" : verdict.reason;
  sink_.emit({.t = now,
              .kind = EventKind::check_decided,
              .subject = number_,
              .a = static_cast<std::uint32_t>(verdict.outcome),
              .b = sink_.intern(result_.text)});
}

}  // namespace sendscope::run
