// Whose pool, queues and connections the stage shows, where there are several producers: those of the one
// that the moment speaks of.
#pragma once

#include <optional>

#include "ui/layout/frame.h"

namespace sendscope::ui {

// Who speaks of a producer: the thing that is selected, else the step of the lesson that is due, else the
// last event that has to do with one. What several producers share (a node) speaks of none.
struct Story {
  enum class By : std::uint8_t { kNothing, kEvent, kStep, kSelection };
  By by = By::kNothing;
  std::size_t producer = 0;
  Subject selected;  // kSelection: what it is
  int step = -1;     // kStep: which one

  // A selection or a step that was not the one before: a tab that was clicked before gives way to it.
  bool turns_from(const Story& before) const {
    return by >= By::kStep && (by != before.by || selected != before.selected || step != before.step);
  }
};

// A function of the model, the cursor, the lesson and the selection; of several producers it is the one that
// the next weaker of the three speaks of, or the one named first.
Story story_at(const FrameInput& input);

// The producer whom an event concerns.
std::optional<std::size_t> producer_of(const PipelineModel& model, const Event& event);

}  // namespace sendscope::ui
