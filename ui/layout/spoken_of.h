// What a step of the lesson speaks of.
#pragma once

#include <string_view>
#include <vector>

#include "ui/layout/frame.h"

namespace sendscope::ui {

// A producer, thread or partition by its name, anything else by "batch:16"; nothing where the run has none.
Subject find_named(const FrameInput& input, std::string_view name);
// The things that the step names, in its order.
std::vector<Subject> named_by(const FrameInput& input, const LessonText& step);
// What is lit for the step that is read: what it names, and what the event speaks of that reached it. Empty:
// no step is read.
std::vector<Subject> lit_by_step(const FrameInput& input);

}  // namespace sendscope::ui
