// How what is waited for looks: a colour by how bad it is, a pattern that tells it from its like. Words stand
// beside it everywhere.
#pragma once

#include "core/model/wait_cause.h"
#include "ui/layout/scene.h"

namespace sendscope::ui {

struct WaitLook {
  Tone tone = Tone::kSecondary;
  bool hatched = false;
};
WaitLook wait_look(WaitCause cause);

// A box in this look, and the small one of a legend.
void draw_wait_ground(Scene& scene, Rect box, const WaitLook& look, float radius);
void draw_wait_sign(Scene& scene, Rect box, const WaitLook& look);

}  // namespace sendscope::ui
