// The keyboard: which keys the codes of GLFW are. Pure.
#pragma once

#include "ui/layout/commands.h"

namespace sendscope::ui {

// `printed`: what the key's cap says (glfwGetKeyName); nullptr: not known. Letters and signs go by it, as far
// as it is ASCII: on a German keyboard Z is where an American one has Y. kNone: a key that no command has.
Key key_of_code(int code, const char* printed);

// `mods`: GLFW's bits.
Chord chord_of_code(int code, const char* printed, int mods);

}  // namespace sendscope::ui
