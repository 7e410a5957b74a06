// A lesson as text: the narrated events of its scenario, with the steps told where they are reached.
#pragma once

#include <iosfwd>

#include "core/base/result.h"
#include "sim/run/scenario_file.h"

namespace sendscope::ui {

// Plays to the end. Steps that the run does not reach are not told.
Result<void> play_lesson(const run::ScenarioFile& file, std::ostream& out);

}  // namespace sendscope::ui
