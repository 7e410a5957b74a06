// What part of the timeline is seen, and which of its lanes.
#include <algorithm>
#include <cmath>

#include "ui/layout/timeline.h"
#include "ui/workbench/workbench.h"
#include "ui/workbench/workbench_parts.h"

namespace sendscope::ui {

void Workbench::zoom(double factor, double centre) {
  const double span = std::clamp((view_.axis_to - view_.axis_from) * factor, 1e-7, 1.0);
  const double part = (centre - view_.axis_from) / (view_.axis_to - view_.axis_from);
  view_.axis_from = std::clamp(centre - part * span, 0.0, 1.0 - span);
  view_.axis_to = view_.axis_from + span;
}

void Workbench::focus() {
  inspect();
  const bool whole = view_.axis_from == 0 && view_.axis_to == 1;
  double from = 0, to = 1;
  if (derived_->inspected && !derived_->inspected->events().empty() && whole) {
    const EventLog& log = session_->log();
    from = derived_->axis.place(log[derived_->inspected->events().front()].t);
    to = derived_->axis.place(log[derived_->inspected->events().back()].t);
    const double margin = std::max(1e-6, (to - from) * 0.08);
    from = std::max(0.0, from - margin);
    to = std::min(1.0, to + margin);
  }
  view_.axis_from = from;
  view_.axis_to = to;
}

void Workbench::pan(double part) {
  const double span = view_.axis_to - view_.axis_from;
  view_.axis_from = std::clamp(view_.axis_from + part * span, 0.0, 1.0 - span);
  view_.axis_to = view_.axis_from + span;
}

void Workbench::fold_lanes(std::int64_t group) {
  auto& folded = view_.folded;
  view_.scroll[static_cast<int>(ListName::kLanes)] = 0;
  if (group != kAllLanes) {
    bool& one = folded[static_cast<std::size_t>(group)];
    one = !one;
    return;
  }
  const bool all = std::all_of(folded.begin(), folded.end(), [](bool one) { return one; });
  folded.fill(!all);
}

void Workbench::act_on_timeline(const Action& action, float width, float height) {
  switch (action.verb) {
    case Verb::kTimelineMode:
      view_.axis = view_.axis == AxisMode::kCompressed ? AxisMode::kLinear : AxisMode::kCompressed;
      view_.axis_from = 0;
      view_.axis_to = 1;
      break;
    case Verb::kTimelineZoom: {
      const Rect plot = timeline_plot(make_regions(input(model(), width, height)));
      const bool inside = plot.contains(view_.pointer);
      const double part = inside ? (view_.pointer.x - plot.x) / plot.w : -1;
      const double centre = inside ? view_.axis_from + part * (view_.axis_to - view_.axis_from)
                                   : derived_->axis.place(cursor().t);
      zoom(std::pow(0.8, static_cast<double>(action.value)), centre);
      break;
    }
    case Verb::kTimelinePan: pan(static_cast<double>(action.value) / 1000); break;
    case Verb::kFoldLanes: fold_lanes(action.value); break;
    case Verb::kIdleLanes: view_.idle_lanes = !view_.idle_lanes; break;
    case Verb::kFocus: focus(); break;
    case Verb::kTimelineFit:
      view_.axis_from = 0;
      view_.axis_to = 1;
      break;
    default: break;
  }
}

}  // namespace sendscope::ui
