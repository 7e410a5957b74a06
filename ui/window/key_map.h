// The keyboard: which keys the codes of GLFW are. Pure.
#pragma once

#include "ui/layout/commands.h"

namespace sendscope::ui {

// kNone: a key that no command has.
Key key_of_code(int code);

// `mods`: GLFW's bits.
Chord chord_of_code(int code, int mods);

}  // namespace sendscope::ui
