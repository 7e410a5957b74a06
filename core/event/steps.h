// Single steps through a log: from one thing that a person sees happen to the next.
//
// What is set up before anything happens is one step, and so is the sender waiting again and again. The
// values of a configuration that nobody set belong to the step after them.
#pragma once

#include <cstddef>

#include "core/event/event_log.h"

namespace sendscope {

// What only says which things there are, when nothing has happened before it.
bool is_set_up(EventKind kind);
// How many events at the start of the log set the run up; 0 where the start is not kept.
std::size_t set_up_length(const EventLog& log);

// How many events have happened one step after, one step before the moment at which `events` have.
std::size_t step_forward(const EventLog& log, std::size_t events);
std::size_t step_back(const EventLog& log, std::size_t events);

}  // namespace sendscope
