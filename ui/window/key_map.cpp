#include "ui/window/key_map.h"

#include <GLFW/glfw3.h>

namespace sendscope::ui {

namespace {

// The key that the cap names; kNone: no letter or sign of ASCII.
Key key_of_cap(const char* printed) {
  if (printed == nullptr || printed[0] == '\0' || printed[1] != '\0') return Key::kNone;
  const char cap = printed[0];
  if (cap >= 'a' && cap <= 'z') return key_of(static_cast<char>(cap - 'a' + 'A'));
  return cap > ' ' && cap <= '~' ? key_of(cap) : Key::kNone;
}

}  // namespace

Key key_of_code(int code, const char* printed) {
  const bool numeral = code >= GLFW_KEY_0 && code <= GLFW_KEY_9;  // by place: Shift may be what prints it
  const bool types = code > GLFW_KEY_SPACE && code <= GLFW_KEY_WORLD_2;
  if (types && !numeral) {
    if (const Key cap = key_of_cap(printed); cap != Key::kNone) return cap;
  }
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

Chord chord_of_code(int code, const char* printed, int mods) {
  return {key_of_code(code, printed), (mods & GLFW_MOD_CONTROL) != 0, (mods & GLFW_MOD_SHIFT) != 0};
}

}  // namespace sendscope::ui
