// The keyboard: which key asks for what. Pure; the codes are GLFW's.
#pragma once

#include "ui/layout/view.h"

namespace sendscope::ui {

struct KeyPress {
  int key = 0;
  bool shift = false, control = false;
};

// What the key asks for while no palette is open; nothing: the key has no meaning.
Action key_action(const KeyPress& press, const View& view, int due_lesson_step);

}  // namespace sendscope::ui
