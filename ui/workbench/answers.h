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

// The lessons of the menu that show the error which a person types or pastes a line about: its name, its Java
// class, or what Kafka's client says at an event (log_lines.def). Empty where the text is about no error.
std::vector<Answer> lessons_about(const std::string& text, const std::vector<MenuItem>& menu);

}  // namespace sendscope::ui
