#include "core/event/steps.h"

#include <initializer_list>

#include "tests/support/catch.h"

namespace sendscope {
namespace {

EventLog log_of(std::initializer_list<EventKind> kinds) {
  EventLog log;
  for (const EventKind kind : kinds) log.append({.kind = kind, .actor = 0, .place = 1});
  return log;
}

void check_stops(const EventLog& log, std::initializer_list<std::size_t> stops) {
  std::size_t at = 0;
  for (const std::size_t stop : stops) {
    CHECK(step_back(log, stop) == at);
    at = step_forward(log, at);
    CHECK(at == stop);
  }
  CHECK(step_forward(log, at) == at);
  CHECK(step_back(log, 0) == 0);
}

TEST_CASE("what is set up before anything happens is one step") {
  const EventLog log = log_of({EventKind::run_started, EventKind::node_named, EventKind::partition_named,
                               EventKind::producer_created, EventKind::config_set, EventKind::thread_named,
                               EventKind::thread_state, EventKind::send_called, EventKind::thread_state,
                               EventKind::isr_changed, EventKind::node_state});
  CHECK(set_up_length(log) == 7);
  check_stops(log, {7, 8, 9, 10, 11});
  CHECK(step_forward(log, 3) == 7);
  CHECK(step_back(log, 3) == 0);
}

TEST_CASE("a sender that waits again and again is one step") {
  const auto waits = EventKind::sender_waits, happens = EventKind::waiter_woken;
  const EventLog log = log_of({happens, waits, happens, waits, waits, waits, happens, waits, waits});
  check_stops(log, {1, 2, 3, 6, 7, 9});
}

TEST_CASE("values that nobody set belong to the step after them") {
  EventLog log;
  const auto set = [&](ConfigSource source) {
    log.append({.kind = EventKind::config_set, .actor = 0, .place = static_cast<std::uint32_t>(source)});
  };
  log.append({.kind = EventKind::waiter_woken});
  set(ConfigSource::kGiven);
  set(ConfigSource::kDefault);
  set(ConfigSource::kDefault);
  log.append({.kind = EventKind::waiter_woken});
  set(ConfigSource::kDefault);
  check_stops(log, {1, 2, 5, 6});
}

TEST_CASE("a log of nothing, or of nothing but the set-up, can be stepped through") {
  check_stops(log_of({}), {});
  check_stops(log_of({EventKind::run_started, EventKind::node_named}), {2});
}

}  // namespace
}  // namespace sendscope
