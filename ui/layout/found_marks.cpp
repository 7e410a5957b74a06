// The events that were searched for, as ticks on the timeline.
#include <algorithm>

#include "core/event/narration.h"
#include "ui/layout/format.h"
#include "ui/layout/texts.h"
#include "ui/layout/timeline.h"

namespace sendscope::ui {

// One tick a pixel, however many events lie there: the cost follows the width, not the search.
void draw_found(const Frame& frame, const Rect& plot) {
  constexpr float kTick = 7;
  const std::vector<std::size_t>& found = frame.in.view.found;
  const EventLog& log = frame.in.log;
  const auto at = [&](std::size_t n) { return timeline_x(plot, frame.in.axis, frame.in.view, log[n].t); };
  const Nanos from = timeline_time(plot, frame.in.axis, frame.in.view, plot.x);
  auto next = std::lower_bound(found.begin(), found.end(), log.count_before(from));
  while (next != found.end()) {
    const std::size_t event = *next;
    const float x = at(event);
    if (x > plot.right() || event >= log.size()) return;
    const bool here = event + 1 == frame.in.cursor.events;
    frame.scene().line({x, plot.y - 3}, {x, plot.y + kTick - 3}, {here ? Tone::kCursor : Tone::kAccent}, 2);
    frame.scene().hit({x - 2, plot.y - 4, 4, kTick + 2}, {}, "found",
                      format_time(log[event].t) + "\n" + narrate(log[event], log.strings(), log.names()),
                      act(Verb::kSeekEvent, static_cast<std::int64_t>(event) + 1));
    const Nanos beyond = timeline_time(plot, frame.in.axis, frame.in.view, x + 1);
    next = std::lower_bound(next + 1, found.end(), log.count_before(beyond));
  }
}

}  // namespace sendscope::ui
