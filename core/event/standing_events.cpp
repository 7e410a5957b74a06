#include "core/event/standing_events.h"

#include <algorithm>

namespace sendscope {

bool StandingEvents::key_of(const Event& event, Key& key) {
  switch (event.kind) {
    case EventKind::run_started: key = {event.kind}; return true;
    case EventKind::producer_created:
    case EventKind::config_defaults:
    case EventKind::thread_named:
    case EventKind::metadata_updated:
    case EventKind::txn_state: key = {event.kind, event.actor}; return true;
    case EventKind::thread_state:
    case EventKind::metadata_wait_began:
    case EventKind::metadata_wait_ended:
    case EventKind::memory_wait_began:
    case EventKind::memory_wait_ended:
    case EventKind::flush_began:
    case EventKind::flush_ended:
    case EventKind::close_began:
    case EventKind::close_ended:
    case EventKind::txn_call_began:
    case EventKind::txn_call_ended: key = {EventKind::thread_state, event.actor}; return true;
    case EventKind::memory_allocated:
    case EventKind::memory_freed: key = {EventKind::memory_allocated, event.actor}; return true;
    case EventKind::producer_id:
    case EventKind::epoch_bumped: key = {EventKind::producer_id, event.actor}; return true;
    case EventKind::memory_reserved: key = {event.kind, event.actor}; return true;
    case EventKind::sticky_switched:
    case EventKind::config_set: key = {event.kind, event.actor, 0, event.a}; return true;
    case EventKind::partition_named:
    case EventKind::node_named: key = {event.kind, 0, event.place}; return true;
    case EventKind::connection_state:
    case EventKind::leader_known:
    case EventKind::sequence_set: key = {event.kind, event.actor, event.place}; return true;
    case EventKind::sequence_unresolved:
    case EventKind::sequence_resolved:
      key = {EventKind::sequence_unresolved, event.actor, event.place};
      return true;
    default: return false;
  }
}

void StandingEvents::apply(const Event& event) {
  ++applied_;
  Key key;
  if (key_of(event, key)) standing_[key] = {applied_, event};
}

std::vector<Event> StandingEvents::in_order() const {
  std::vector<Entry> entries;
  for (const auto& [key, entry] : standing_) entries.push_back(entry);
  std::sort(entries.begin(), entries.end(),
            [](const Entry& one, const Entry& other) { return one.number < other.number; });
  std::vector<Event> events;
  for (const Entry& entry : entries) events.push_back(entry.event);
  return events;
}

}  // namespace sendscope
