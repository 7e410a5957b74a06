#include "core/event/steps.h"

namespace sendscope {
namespace {

// Whether the moment after `events` events lies within a step.
bool is_within_step(const EventLog& log, std::size_t events, std::size_t set_up) {
  if (events == log.first() || events == log.size()) return false;
  if (events < set_up) return true;
  const Event &last = log[events - 1], &next = log[events];
  return is_default_value(last) ||
         (last.kind == EventKind::sender_waits && next.kind == EventKind::sender_waits);
}

}  // namespace

bool is_set_up(EventKind kind) {
  switch (kind) {
    case EventKind::run_started:
    case EventKind::node_named:
    case EventKind::partition_named:
    case EventKind::leader_elected:
    case EventKind::isr_changed:
    case EventKind::node_state:
    case EventKind::broker_config_set:
    case EventKind::producer_created:
    case EventKind::config_set:
    case EventKind::config_defaults:
    case EventKind::thread_named:
    case EventKind::thread_state: return true;
    default: return false;
  }
}

std::size_t set_up_length(const EventLog& log) {
  if (log.first() > 0) return 0;
  std::size_t length = 0;
  while (length < log.size() && is_set_up(log[length].kind)) ++length;
  return length;
}

std::size_t step_forward(const EventLog& log, std::size_t events) {
  const std::size_t set_up = set_up_length(log);
  if (events < log.size()) ++events;
  while (is_within_step(log, events, set_up)) ++events;
  return events;
}

std::size_t step_back(const EventLog& log, std::size_t events) {
  const std::size_t set_up = set_up_length(log);
  if (events > log.first()) --events;
  while (is_within_step(log, events, set_up)) --events;
  return events;
}

}  // namespace sendscope
