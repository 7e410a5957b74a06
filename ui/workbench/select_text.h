// Things of a run by what a person types: "batch 16" or "#16", "request:3", "r7", "node 1", "orders-0",
// "app-1".
#pragma once

#include <string_view>
#include <vector>

#include "core/event/event_log.h"
#include "ui/layout/action.h"

namespace sendscope::ui {

// All things of that name in the run: several producers may have a batch of the same number each.
std::vector<Subject> find_subjects(const EventLog& log, std::string_view text);
// The first of them; nothing when the run has no such thing.
Subject find_subject(const EventLog& log, std::string_view text);

}  // namespace sendscope::ui
