// What the search answers to what a person types: a moment, a thing, a value, a condition, words.
#pragma once

#include <string>
#include <vector>

#include "core/event/event_log.h"
#include "core/model/pipeline_model.h"
#include "ui/layout/view.h"

namespace sendscope::ui {

// `model`: at the cursor.
std::vector<Answer> answers_to(const std::string& text, const EventLog& log, const PipelineModel& model);

}  // namespace sendscope::ui
