#include "ui/window/key_map.h"

#include <GLFW/glfw3.h>

namespace sendscope::ui {

Key key_of_code(int code) {
  // GLFW numbers letters, numerals and signs by the capital characters of an American keyboard.
  if (code >= GLFW_KEY_SPACE && code <= GLFW_KEY_GRAVE_ACCENT) return key_of(static_cast<char>(code));
  switch (code) {
    case GLFW_KEY_LEFT: return Key::kLeft;
    case GLFW_KEY_RIGHT: return Key::kRight;
    case GLFW_KEY_UP: return Key::kUp;
    case GLFW_KEY_DOWN: return Key::kDown;
    case GLFW_KEY_HOME: return Key::kHome;
    case GLFW_KEY_END: return Key::kEnd;
    case GLFW_KEY_TAB: return Key::kTab;
    case GLFW_KEY_ENTER:
    case GLFW_KEY_KP_ENTER: return Key::kEnter;
    case GLFW_KEY_ESCAPE: return Key::kEscape;
    case GLFW_KEY_BACKSPACE: return Key::kBackspace;
    case GLFW_KEY_F1: return Key::kF1;
    case GLFW_KEY_KP_ADD: return Key::kPadPlus;
    case GLFW_KEY_KP_SUBTRACT: return Key::kPadMinus;
    default: return Key::kNone;
  }
}

Chord chord_of_code(int code, int mods) {
  return {key_of_code(code), (mods & GLFW_MOD_CONTROL) != 0, (mods & GLFW_MOD_SHIFT) != 0};
}

}  // namespace sendscope::ui
