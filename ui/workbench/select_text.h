// Things of a run by what a person types: "batch:16", "request:3", "record:7", "node:1", "orders-0", "app-1".
#pragma once

#include <string_view>

#include "core/event/event_log.h"
#include "ui/layout/action.h"

namespace sendscope::ui {

// Nothing when the run has no such thing. Numbers are those of the first producer.
Subject find_subject(const EventLog& log, std::string_view text);

}  // namespace sendscope::ui
