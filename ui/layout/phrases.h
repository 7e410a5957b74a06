// Events in a few words, for lists that stand beside the thing they are about.
#pragma once

#include <string>

#include "core/event/event_log.h"

namespace sendscope::ui {

// "ready: linger expired", "request 7 sent to node 1"; the whole sentence for kinds without a short form.
std::string short_phrase(const Event& event, const EventLog& log);

}  // namespace sendscope::ui
